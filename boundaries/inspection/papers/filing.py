"""The letter by which the sides file a round with the authority that approved the line (备案报告).

行政区域界线管理条例 (Order 353): the result of a joint inspection is filed by all that took part,
together (12); markers moved or added (6), markers of the line replaced after a change (8), land for
production and works across the line (10) are filed, too. Township lines follow by 19.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from boundaries.inspection.office.concluding import set_markers
from boundaries.inspection.papers import minutes, wording
from boundaries.inspection.papers.results import Result, state_word, word_of
from boundaries.inspection.papers.wording import Meeting, Say
from boundaries.inspection.round.doubts import CLERICAL
from boundaries.inspection.round.fields import key_of
from boundaries.inspection.round.state import RoundState
from gazetteer.common.findings import summary
from gazetteer.common.language import Text
from gazetteer.documents import word

ORDER = "《行政区域界线管理条例》（国务院令第353号）"
ROOM = "\u3000" * 8


def government(name: str) -> str:
    """Return the government of a division, which signs; a subdistrict has an office.

    Examples
    --------
    >>> government("佛子岭镇"), government("城关街道"), government("429921104")
    ('佛子岭镇人民政府', '城关街道办事处', '429921104')
    """
    if not name or name.isdigit():
        return name
    return f"{name}办事处" if name.endswith("街道") else f"{name}人民政府"


def blocks(
    state: RoundState,
    results: Sequence[Result],
    meeting: Meeting,
    say: Say,
    *,
    enclosed: Sequence[Text],
) -> list[word.Block]:
    """Return the letter.

    Parameters
    ----------
    state, results
        The round.
    meeting
        Whose ``authority`` it is sent to; left to fill in where not given.
    enclosed
        Papers that go along.
    """
    both = wording.sides(state, say)
    title = say(
        f"关于报送{both}\n行政区域界线联合检查结果备案的报告",
        f"Filing of the joint inspection of the boundary between {both}",
    )
    authority = meeting.authority or say(f"{ROOM}（界线批准机关）", "(approving authority) ____")
    draft = [] if state.round.state in wording.SEALED else [wording.standing(state, say)]
    return [
        word.Heading(title, 0),
        *draft,
        word.Paragraph(say(f"{authority}：", f"To {authority}:")),
        word.Paragraph(_opening(state, say)),
        word.Heading(say("一、联合检查结果（条例第十二条）", "1. Result (article 12)"), 2),
        word.Paragraph(_result(state, results, say)),
        _lines(state, say),
        word.Heading(say("二、界桩（条例第六条）", "2. Markers (article 6)"), 2),
        *_markers(state, results, say),
        word.Heading(
            say("三、标志物与修测（条例第八条）", "3. Objects, re-surveys (article 8)"), 2
        ),
        *_objects(state, say),
        word.Heading(say("四、跨界生产建设用地（条例第十条）", "4. Works across (article 10)"), 2),
        *_works(state, say),
        word.Heading(say("五、尚待处理的问题", "5. What is left to do"), 2),
        *minutes.left_to_do(state, say, but=CLERICAL),
        word.Paragraph(say("以上结果，请予备案。", "We ask that this be placed on file.")),
        *_enclosed(state, enclosed, say),
        *_signed(state, say),
        *wording.proof(state, say),
    ]


def _opening(state: RoundState, say: Say) -> str:
    inspected, every = state.round, wording.all_sides(state, say)
    who = say.listed([government(name) for name in state.sides.values()])
    towns = "township" in set(state.lines["level"])
    also, too = ("、第十九条", " and 19") if towns else ("", "")
    regular = inspected.cause == "regular"
    days = [wording.day(each, say) for each in (inspected.starts_on, inspected.ends_on)]
    kind = say("五年定期联合检查", "the five-yearly joint inspection")
    if not regular:
        kind = say(
            f"特定地段联合检查（{inspected.cause}）", f"a joint inspection ({inspected.cause})"
        )
    sealed = inspected.state in wording.SEALED
    agreed = say(
        f"检查结果已经{every}签字盖章确认，现共同报送备案。"
        if sealed
        else f"检查结果待{every}签字盖章确认后共同报送备案。",
        f"The result bears the signatures and seals of {every} and is filed jointly."
        if sealed
        else f"The result is filed jointly once {every} have signed and sealed.",
    )
    return say(
        f"根据{ORDER}第十二条{also}的规定，{who}于{days[0]}至{days[1]}"
        f"对{len(state.lines)}条界线进行了{kind}（第{inspected.number}号）。{agreed}",
        f"Under articles 12{too} of 行政区域界线管理条例 (Order 353), {who} carried out {kind}"
        f" {inspected.number} of {len(state.lines)} lines from {inspected.starts_on}"
        f" to {inspected.ends_on}. {agreed}",
    )


def _result(state: RoundState, results: Sequence[Result], say: Say) -> str:
    counts = Counter(say.of(state_word(each)) for each in results)
    states = say.listed([f"{name}{say('', ' ')}{number}" for name, number in counts.items()])
    totals, every = summary(state.findings), wording.all_sides(state, say)
    open_ = state.comparison
    course = wording.course(state, say) + say("。", ".")
    if not open_.settled:
        course = say(
            f"{every}尚未达成一致，暂不能备案。", "Not all is agreed: not to be filed yet."
        )
    return say(
        f"检查界桩（含三交点）{len(results)}个：{states}。发现问题{totals['total']}项，"
        f"其中已会同处理{_done(state)}项。{course}",
        f"Markers and tri-points inspected: {len(results)} ({states}). Findings: {totals['total']},"
        f" {_done(state)} of them put right together. {course}",
    )


def _done(state: RoundState) -> int:
    return sum("step" in each.details for each in state.findings)


def _lines(state: RoundState, say: Say) -> word.Table:
    zh = "界线|代码|长度（千米）|批准文件（协议书）|上次联检"
    rows = [say.heads(zh, "Line|Code|Length (km)|Agreement|Last inspected")]
    rows += [
        [
            row["name"] or "",
            row["code"],
            f"{float(row['length_m']) / 1000:.2f}",
            wording.agreement(row) or "—",
            wording.last_inspected(row, state),
        ]
        for row in state.lines.sort_values("code").to_dict("records")
    ]
    return word.Table(rows)


def _markers(state: RoundState, results: Sequence[Result], say: Say) -> list[word.Block]:
    """Return markers set, those that do not stand where agreed, and work with all present."""
    made: list[word.Block] = []
    new = [each for each in results if each.number in set_markers(state) and each.new]
    if new:
        made += [word.Paragraph(say("增设的界桩：", "Markers set:")), _new(state, new, say)]
    moved = [each for each in results if any(f.rule.endswith("-moved") for f in each.findings)]
    for each in moved:
        off = (
            ""
            if each.offset_m is None
            else say(f"{each.offset_m:.2f}米", f" {each.offset_m:.2f} m")
        )
        zh = f"界桩{each.number}被移动{off}，移动无效，以协议位置为准。"
        en = f"Marker {each.number} was moved{off}: without effect, the agreed position stands."
        made.append(word.Paragraph(say(zh, en)))
    done = [each for each in state.steps if each.kind != "resurvey"]
    if done:
        made += [
            word.Paragraph(say("会同处理：", "Done together:")),
            minutes.steps(state, done, say),
        ]
    return made or [_none(say)]


def _new(state: RoundState, new: Sequence[Result], say: Say) -> word.Table:
    rows = [
        say.heads(
            "界桩编号|类型|材质、埋设日期|经度、纬度|高程（米）",
            "Marker|Type|Made of, set on|Longitude, latitude|Height (m)",
        )
    ]
    for each in new:
        agreed = state.comparison.agreed.get(each.number, {})
        height = agreed.get("measured_height_m")
        kind = say.of(word_of("markers", "marker_type", each.marker_type))
        shown = "—" if height is None else f"{float(height):.2f}"
        rows.append([each.number, kind, each.description, wording.degrees(each.now), shown])
    return word.Table(rows)


def _objects(state: RoundState, say: Say) -> list[word.Block]:
    rows = [say.heads("界桩编号|标志物（方位物）|情况", "Marker|Object|What")]
    for key, each in sorted(state.comparison.agreed.items()):
        if each.get("layer") != "reference_objects":
            continue
        new = say("新选定", "newly chosen") if "/+" in key else ""
        presence = say.of(word_of("reference_objects", "presence", each.get("presence")))
        if new or each.get("presence") in ("gone", "changed"):
            rows.append([each["number"], each.get("name") or key, new or presence])
    done = [each for each in state.steps if each.kind == "resurvey"]
    made: list[word.Block] = [word.Table(rows)] if len(rows) > 1 else []
    if done:
        made += [word.Paragraph(say("修测：", "Re-surveyed:")), minutes.steps(state, done, say)]
    return made or [_none(say)]


def _works(state: RoundState, say: Say) -> list[word.Block]:
    rows = [
        say.heads(
            "界线段|起止|生产建设情况|毗邻方同意及审批文件",
            "Stretch|From – to|Works|Consent and approvals",
        )
    ]
    for base in state.base["segments"]:
        seen = state.comparison.agreed.get(key_of("segments", base), {})
        if seen.get("works") == "yes":
            ends = f"{base['from_number']} – {base['to_number']}"
            key = f"{base['line_code']}:{base['ordinal']}"
            rows.append([key, ends, seen.get("works_description") or "", ROOM])
    return [word.Table(rows)] if len(rows) > 1 else [_none(say)]


def _none(say: Say) -> word.Paragraph:
    return word.Paragraph(say("无。", "None."))


def _enclosed(state: RoundState, enclosed: Sequence[Text], say: Say) -> list[word.Block]:
    listed = [
        *(say.of(each) for each in enclosed),
        *([say("签字盖章页", "signed sheets")] if state.round.confirmation else []),
    ]
    paragraphs = [
        word.Paragraph(f"{say('附件：', 'Enclosed: ') if at == 1 else ROOM[:3]}{at}. {each}")
        for at, each in enumerate(listed, 1)
    ]
    return [*paragraphs]


def _signed(state: RoundState, say: Say) -> list[word.Block]:
    rows = [say.heads("报送单位（盖章）|负责人（签字）|日期", "Filed by (seal)|Signed|Date")]
    rows += [[f"{government(name)}\n\n", ROOM, ROOM] for name in state.sides.values()]
    contact = say(f"联系人：{ROOM}电话：", "Contact:                Telephone:")
    return [word.Table(rows), word.Paragraph(contact)]
