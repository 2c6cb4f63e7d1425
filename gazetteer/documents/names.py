"""What the documents of an application say, as plain values for `fill.filled`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.names.applications import KINDS, Application, document_title

Content = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Who issues a document, and whom to ask.

    Parameters
    ----------
    issuer
        The authority in whose name it goes out (石首市人民政府, 石首市民政局).
    superior
        To whom it files (荆州市人民政府).
    contact, telephone
        The clerk in charge.
    """

    issuer: str
    superior: str = ""
    contact: str = ""
    telephone: str = ""


def chinese_date(day: date) -> str:
    """Return a date as documents write it.

    Examples
    --------
    >>> chinese_date(date(2026, 5, 6))
    '2026年5月6日'
    """
    return f"{day.year}年{day.month}月{day.day}日"


def issued(office: Office, on: date) -> Content:
    """Return who issues a document and when."""
    return {
        "office": asdict(office),
        "contact": office.contact,
        "telephone": office.telephone,
        "date": chinese_date(on),
    }


def _common(application: Application, office: Office, on: date) -> Content:
    facts = application.facts
    wanted = ("romanization", "division", "location", "meaning", "origin", "reason")
    return {
        "id": application.id,
        "kind": KINDS[application.kind].zh,
        "name_label": "拟销名称" if application.kind == "abolishing" else "拟用名称",
        "filed_label": "销名地名" if application.kind == "abolishing" else "标准名称",
        "title": phrase(application),
        "text": application.text or application.old_text,
        "old_text": application.old_text or "无",
        "applicant": application.applicant,
        "name_class": application.authority.title.zh,
        "scale": "；".join(filter(None, (facts.get("scale"), facts.get("nature")))),
        **issued(office, on),
        **{name: facts.get(name, "") for name in wanted},
    }


def phrase(application: Application) -> str:
    """Return what is decided, as a title says it.

    Examples
    --------
    >>> from gazetteer.names.applications import new
    >>> phrase(new(id="1", kind="renaming", case="street", text="滨河路", old_text="宾河路",
    ...     applicant="住建局"))
    '“宾河路”更名为“滨河路”'
    """
    if application.kind == "naming":
        return f"“{application.text}”命名"
    if application.kind == "renaming":
        return f"“{application.old_text}”更名为“{application.text}”"
    return f"“{application.old_text}”销名"


def application_form(application: Application, office: Office, *, on: date) -> Content:
    """Return the values of the 申请书."""
    papers = [document_title(each).zh for each in ("scheme", "basic-facts")]
    return {**_common(application, office, on), "attachments": papers}


def reply(application: Application, office: Office, *, number: str, on: date) -> Content:
    """Return the values of the 批复.

    Raises
    ------
    InputError
        The number, the spelling, the division or the location is lacking.
    """
    _require(application, "romanization", "division", "location")
    values = _common(application, office, on)
    request = application.facts.get("request") or f"关于{values['title']}的申请"
    return {
        **values,
        "number": _number(number),
        "addressee": application.applicant,
        "request": request,
        "decision": _decision(application),
        "particulars": _particulars(application),
        "execution": _execution(application),
    }


def _execution(application: Application) -> str:
    signs = "拆除原有地名标志" if application.kind == "abolishing" else "设置地名标志"
    duty = f"请你单位配合地名行政主管部门做好{signs}和标准地名推广使用工作。"
    return f"备案、公告应当自批准之日起15日内办理。{duty}"


def _decision(application: Application) -> str:
    over = _over_errors(application)
    if application.kind == "naming":
        return f"同意将该{_thing(application)}命名为“{application.text}”。{over}"
    if application.kind == "renaming":
        return f"同意将“{application.old_text}”更名为“{application.text}”，原名称停止使用。{over}"
    return f"同意“{application.old_text}”销名，该名称停止使用。"


def _thing(application: Application) -> str:
    return application.facts.get("thing") or application.authority.title.zh.split("、")[0]


def _particulars(application: Application) -> str:
    facts, text = application.facts, application.text or application.old_text or ""
    # a location that only says the name again says nothing
    where = [facts["division"], *([facts["location"]] if facts["location"] != text else [])]
    sentences = [f"“{text}”的罗马字母拼写为“{facts['romanization']}”，位于{'，'.join(where)}"]
    told = {"名称含义": facts.get("meaning"), "名称来历": facts.get("origin")}
    if application.kind == "abolishing":
        told = {"销名理由": facts.get("reason")}
    sentences += [f"{label}：{value}" for label, value in told.items() if value]
    return "".join(f"{each.strip('，。 ')}。" for each in sentences)


def _approval(application: Application) -> Content:
    decided = application.done.get("approve")
    if decided is None:
        what = Sentence("Application {id} is not approved", id=application.id)
        raise InputError(what, remedy=Sentence("Record the approval first."))
    return {
        "approved_by": decided.actor,
        "approved_on": chinese_date(decided.on),
        "reply_number": application.facts.get("reply_number", ""),
    }


def filing_form(application: Application, office: Office, *, on: date) -> Content:
    """Return the values of the 地名备案登记表.

    Raises
    ------
    InputError
        The application is not approved, or the spelling, division or location is lacking.
    """
    _require(application, "romanization", "division", "location")
    clause = application.authority.filing_clause
    article = clause.replace("地名管理条例 13", "《地名管理条例》第十三条")
    for figure, word in enumerate("一二三四", start=1):
        article = article.replace(f"({figure})", f"第{word}项")
    values = _common(application, office, on)
    return {**values, **_approval(application), "filing_clause": article}


def filing_report(application: Application, office: Office, *, number: str, on: date) -> Content:
    """Return the values of the 备案报告.

    Raises
    ------
    InputError
        The application is not approved, or a field is lacking.
    """
    _require(application, "romanization", "division", "location")
    decided = _approval(application)
    under = f"（{decided['reply_number']}）" if decided["reply_number"] else ""
    approval = (
        f"{decided['approved_on']}，{decided['approved_by']}批准{phrase(application)}{under}。"
    )
    if not office.superior.strip():
        rule = application.authority.filed_with.zh
        raise InputError(
            Sentence("The office has no superior to file with"),
            remedy=Sentence("Name it: {rule}.", rule=rule),
        )
    return {
        **_common(application, office, on),
        **decided,
        "number": _number(number),
        "filed_with": office.superior,
        "particulars": _particulars(application),
        "approval": approval,
        "review": _review(application),
        "attachments": _attached(application),
    }


_SAID = {
    "assessment": "开展综合评估",
    "expert": "组织专家论证",
    "hearing": "举行社会听证",
    "survey": "开展民意调查",
    "opinions": "征求有关方面意见",
    "risk": "开展风险评估",
}


def _review(application: Application) -> str:
    done = application.done
    held = sorted((done[step].on, said) for step, said in _SAID.items() if step in done)
    steps = "，".join(f"{chinese_date(on)}{said}" for on, said in held)
    findings = done["review"].findings if "review" in done else ()
    unchecked = done["review"].unchecked if "review" in done else ()
    none = "已审查的各项未发现不符合规定的情形" if unchecked else "未发现不符合规定的情形"
    found = f"提出意见{len(findings)}条" if findings else none
    reviewed = f"经按地名命名规则审查，{found}。"
    before = f"{steps}。" if steps else ""
    return f"{before}{reviewed}{_unchecked(unchecked)}{_over_errors(application)}"


def _unchecked(rules: Sequence[Mapping[str, Any]]) -> str:
    """Return which rules say nothing of the name: no finding is no verdict on them."""
    titles = "；".join(dict.fromkeys(str(each["title"]) for each in rules))
    return f"下列各项因缺少核对资料，尚未审查：{titles}。" if titles else ""


def _over_errors(application: Application) -> str:
    """Return the errors over which a name was approved, with the reason given for it."""
    decided = next((each for each in application.steps if each.reason), None)
    if decided is None:
        return ""
    errors = "、".join(f"{each['message']}（{each['clause']}）" for each in decided.findings)
    return f"批准时仍有：{errors}；批准理由：{decided.reason}。" if errors else ""


def _attached(application: Application) -> list[str]:
    papers = [each.document for step in application.done.values() for each in step.documents]
    wanted = ["filing-form", "reply", "application-form", *papers]
    skipped = {"scheme", "basic-facts", "announcement", "filing-report", "photo"}
    return [document_title(each).zh for each in dict.fromkeys(wanted) if each not in skipped]


def announcement(
    applications: Sequence[Application], office: Office, *, number: str = "", on: date
) -> Content:
    """Return the values of a 公告 of one name or several (fields of 地名备案公告管理办法).

    Raises
    ------
    InputError
        No name, or one that is not approved or lacks its spelling, division or location.
    """
    if not applications:
        raise InputError(
            Sentence("There is no name to announce"),
            remedy=Sentence("Choose approved applications."),
        )
    kinds = [KINDS[kind].zh for kind in KINDS if kind in {each.kind for each in applications}]
    several = phrase(applications[0]) if len(applications) == 1 else f"地名{'、'.join(kinds)}"
    return {
        **_announcing({each.kind for each in applications}),
        "office": asdict(office),
        "title": several,
        "number": number,
        "date": chinese_date(on),
        "names": [_announced(each) for each in applications],
    }


_USE = "有关单位和个人应当按照《地名管理条例》第十八条的规定使用标准地名"


def _announcing(kinds: Collection[str]) -> Content:
    """Return what an announcement says around its table: a name that goes is not to be used."""
    goes, stays = "abolishing" in kinds, kinds != {"abolishing"}
    stopped = "上列销名的地名停止使用" if stays else "上列地名停止使用"
    said = "，".join([*([_USE] if stays else []), *([stopped] if goes else [])])
    what = "经批准的下列地名" if stays else "经批准销名的下列地名"
    return {
        "opening": f"根据《地名管理条例》第十四条的规定，现将{what}予以公告：",
        "name_label": ("地名" if goes else "标准名称") if stays else "销名地名",
        "closing": f"自公告之日起，{said}。",
    }


def _announced(application: Application) -> Content:
    _require(application, "romanization", "division", "location")
    remarks = {"naming": "", "renaming": f"原名{application.old_text}", "abolishing": "销名"}
    wanted = ("romanization", "division", "location")
    return {
        "text": application.text or application.old_text,
        "remark": remarks[application.kind],
        **{name: application.facts[name] for name in wanted},
        **_approval(application),
    }


def certificate(
    *,
    old_text: str,
    text: str,
    romanization: str,
    division: str,
    location: str = "",
    decided: str = "",
    holder: str = "",
    office: Office,
    number: str,
    on: date,
) -> Content:
    """Return the values of a 地名证明: an old name and the standard name are one place.

    Parameters
    ----------
    decided
        Who decided the change, when and under which number, when known.
    holder
        To whom it is given.

    Raises
    ------
    InputError
        A name, the spelling or the number is lacking.
    """
    for what, value in {
        Text("原地名", "old name"): old_text,
        Text("标准地名", "standard name"): text,
        Text("罗马字母拼写", "spelling"): romanization,
    }.items():
        if not value.strip():
            raise InputError(
                Sentence("The certificate has no {what}", what=what), remedy=Sentence("Give it.")
            )
    how = f"经{decided}，更名为" if decided else "现名"
    return {
        "number": _number(number),
        "holder": holder,
        "statement": f"原地名“{old_text}”，{how}“{text}”。",
        "text": text,
        "romanization": romanization,
        "division": division,
        "location": f"，{location}" if location else "",
        **issued(office, on),
    }


def _require(application: Application, *names: str) -> None:
    lacking = [name for name in names if not application.facts.get(name, "").strip()]
    if lacking:
        what = Sentence("Application {id} lacks {listed}", id=application.id, listed=tuple(lacking))
        raise InputError(what, remedy=Sentence("Fill it in before the document is made."))


def _number(number: str) -> str:
    if not number.strip():
        raise InputError(Sentence("The document has no number"), remedy=Sentence("Give its 文号."))
    return number
