"""What a later list says otherwise under a known code: asked before anything of it is written.

A code with another specific name may be a unit renamed, a name put right, a code given to another
unit, or a list with codes of its own. Nothing in the file tells which, so a person decides; until
then the row comes back with its question, and the name on record stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd

from gazetteer.common.errors import ConflictError
from gazetteer.common.language import Sentence, Text
from gazetteer.common.missing import none
from gazetteer.importing import sameness
from gazetteer.importing.resolving import Refused
from gazetteer.kinds import KINDS
from gazetteer.store import County, renaming

Decision = Literal["renamed", "corrected", "kept", "rejected", "another", ""]
DECISIONS: tuple[Decision, ...] = ("renamed", "corrected", "kept", "rejected", "another")
ALL = "all"
DECIDED = "import/decided"
"""Setting with the names of lists that were not taken: code -> name -> decision."""


MOVED_M = 100.0
"""A default: what generalized positions and a house number's width leave open; GCJ-02 unsaid moves
everything by more (some 100 to 700 m)."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person has decided about the questions of one import.

    Parameters
    ----------
    codes
        Decision -> the codes that it is about; ``all`` stands for all that is asked.
    on
        ISO date from which a unit bears its new name, where the list says none; today if empty.
    moved_m
        Metres that a known facility may lie off without a question.
    """

    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    on: str = ""
    moved_m: float = MOVED_M

    def __post_init__(self) -> None:
        """Refuse what is decided twice about one code.

        Raises
        ------
        ConflictError
            With the code.
        """
        named = [code for codes in self.codes.values() for code in codes]
        if twice := sorted({code for code in named if named.count(code) > 1}):
            remedy = Sentence("Say one of them.")
            raise ConflictError(
                Sentence("{twice!r} was given two decisions", twice=twice[0][:20]), remedy=remedy
            )

    def of(self, code: str, *, asked: bool) -> Decision:
        """Return what was decided about a code; ``all`` holds for what is asked alone."""
        named = (each for each in DECISIONS if code in self.codes.get(each, ()))
        general = (each for each in DECISIONS if asked and ALL in self.codes.get(each, ()))
        return next(named, next(general, ""))

    def named(self) -> set[str]:
        """Return the codes that were named."""
        return {code for codes in self.codes.values() for code in codes} - {ALL}


@dataclass(frozen=True, slots=True)
class Question:
    """A row whose code is known under another name.

    Parameters
    ----------
    row
        Its index in the frame read.
    code, thing_id
        The code, and the thing that bears it.
    before, after
        Name on record, name in the list.
    likeness
        As of `gazetteer.importing.sameness.likeness`, or ``earlier`` where the list uses a name
        that the unit is known to have had.
    decision
        What becomes of it; empty while nobody has decided.
    elsewhere
        Code under which the register has the list's name, empty where it has it nowhere.
    relisted
        Code under which the list has the name on record, empty where it has it nowhere.
    on
        ISO date of the renaming.
    level
        Level of a division, None for a place.
    asks
        The question where it is about no name (see `gazetteer.importing.standing`).
    column
        Field that is to be looked at.
    key
        Under what the decision is remembered; the code where empty.
    """

    row: Any
    code: str
    thing_id: str
    before: str
    after: str
    likeness: str
    decision: Decision
    elsewhere: str = ""
    relisted: str = ""
    on: str = ""
    level: str | None = None
    asks: Text | None = None
    column: str = "name"
    key: str = ""

    @property
    def message(self) -> Text:
        """The question, or what was decided."""
        what = f"{self.code} {self.before} → {self.after}"
        if self.decision == "rejected":
            return Text(f"{what}：已决定不采用表中所写", f"{what}: decided not to take it")
        if self.asks:
            return Text(f"{what}：{self.asks.zh}", f"{what}: {self.asks.en}")
        asked = self._of_names()
        return Text(f"{what}：{asked.zh}", f"{what}: {asked.en}")

    def _of_names(self) -> Text:
        """Return what may have come to pass with a name."""
        if self.elsewhere:
            return Text(
                f"库中“{self.after}”的代码是 {self.elsewhere}，两份表编码不同，还是更名？",
                f"the register has {self.after} under {self.elsewhere}: are the codes of "
                "the list others, or was it renamed?",
            )
        if self.relisted:
            return Text(
                f"表中“{self.before}”的代码是 {self.relisted}，代码变更，还是代码另用？",
                f"the list has {self.before} under {self.relisted}: was it given another "
                "code, or this code to another unit?",
            )
        if self.likeness == "kind":
            change = sameness.change_of_kind(self.before, self.after, level=self.level)
            return Text(f"{change}？", f"was its kind changed ({change})?")
        if self.likeness == "better":
            return Text(
                "表中写法更全，改正库中名称，还是更名？",
                "the list writes it more fully: put right, or renamed?",
            )
        return Text(
            "更名、改错，还是代码另用？",
            "renamed, put right, or the code used for another unit?",
        )

    def as_json(self) -> dict[str, str]:
        """Return the object that scripts rely on."""
        names = {"code": self.code, "before": self.before, "after": self.after}
        more = {"elsewhere": self.elsewhere, "relisted": self.relisted, "decision": self.decision}
        return {**names, "likeness": self.likeness, **more, "message": self.message.zh}


@dataclass(frozen=True, slots=True)
class Asked:
    """The names of a list against those on record.

    Parameters
    ----------
    frame
        The frame read, with the name on record wherever that one stands.
    questions
        Each row whose name is not the one on record, decided or not.
    """

    frame: pd.DataFrame
    questions: tuple[Question, ...] = ()

    def having(self, *decisions: Decision) -> tuple[Question, ...]:
        """Return the questions with one of some decisions."""
        return tuple(each for each in self.questions if each.decision in decisions)

    @property
    def refused(self) -> list[Refused]:
        """The rows that cannot land: nobody has decided, or it was decided against them."""
        return [
            Refused(pd.Index([each.row]), each.column, each.message)
            for each in self.having("", "rejected")
        ]


def ask(county: County, kind: str, frame: pd.DataFrame, decided: Decided) -> Asked:
    """Compare the names of a list with those that the register has under its codes.

    Parameters
    ----------
    kind
        Kind of the list; those whose things bear no names have no questions.
    frame
        The frame read: ``code``, ``name``, perhaps ``role``, ``valid_from``.
    decided
        What a person has said about it.
    """
    known = _known(county, kind)
    if known is None or not {"code", "name"} <= set(frame.columns):
        return Asked(frame)
    questions = _questions(county, frame, known, decided)
    kept = [each for each in questions if each.decision == "kept"]
    if kept:
        names = frame["name"].astype(object).copy()
        names[[each.row for each in kept]] = [each.before for each in kept]
        frame = _with_their_kinds(frame.assign(name=names), kept, known)
    return Asked(frame, tuple(questions))


def _with_their_kinds(
    frame: pd.DataFrame, kept: Sequence[Question], known: pd.DataFrame
) -> pd.DataFrame:
    """Return a frame whose rows that keep their name keep the kind that belongs to it.

    A kind is read off the name (地区 off 温泉地区办事处): it would stand beside 温泉镇. Where the
    name is the same in another writing, or no kind is on record, the row's own stands.
    """
    if not {"kind"} <= set(frame.columns) & set(known.columns):
        return frame
    of_code = known.drop_duplicates("code", keep="last").set_index("code")["kind"]
    kinds = frame["kind"].astype(object).copy()
    for each in kept:
        standing = of_code.get(each.code)
        if each.likeness != "writing" and pd.notna(standing):
            kinds[each.row] = standing
    return frame.assign(kind=kinds)


def _known(county: County, kind: str) -> pd.DataFrame | None:
    """Return what has a code and a name: ``code``, ``id``, ``name``, ``level``, of units ``kind``.

    The kind of a zone is no part of its name.
    """
    if KINDS[kind].layer == "divisions":
        return pd.DataFrame(county.layer("divisions")[["code", "id", "name", "level", "kind"]])
    if kind == "names":
        return renaming.coded_places(county.connection).assign(level=None)
    if kind in ("zones", "water"):
        found = pd.DataFrame(county.layer(kind)[["code", "id", "name"]])
        return found[found["name"].notna() & found["code"].notna()].assign(level=None)
    return None


def _questions(
    county: County, frame: pd.DataFrame, known: pd.DataFrame, decided: Decided
) -> list[Question]:
    by_code = known.drop_duplicates("code", keep="last").set_index("code")
    standing = none(frame["code"].map(by_code["name"]))
    differs = standing.notna() & frame["name"].notna() & (standing != frame["name"])
    if "role" in frame:  # further names of a place are no other name
        differs &= frame["role"].isna() | (frame["role"] == "standard")
    rows = frame[differs]
    on_record = renaming.on_record(county.connection, by_code.loc[rows["code"], "id"])
    settled = json.loads(county.setting(DECIDED) or "{}")
    codes = known.drop_duplicates("name", keep=False).set_index("name")["code"].to_dict()
    listed = dict(zip(frame["name"], frame["code"], strict=True)) if len(rows) else {}
    approved = renaming.decided(county.connection) if len(rows) else {}
    starts = none(rows["valid_from"]) if "valid_from" in rows else [None] * len(rows)
    found = []
    for row, code, after, start in zip(rows.index, rows["code"], rows["name"], starts, strict=True):
        unit = by_code.loc[code]
        level = unit["level"] or ("village" if "category" in frame else None)
        one = Question(
            row, code, unit["id"], unit["name"], after,
            sameness.likeness(unit["name"], after, level=level), "",
            str(codes.get(after, "")), str(listed.get(unit["name"]) or ""),
            start or decided.on, level,
        )  # fmt: skip
        earlier, settles = on_record.get(unit["id"], set()), bool(approved.get(unit["id"]))
        found.append(_answered(one, decided, earlier, settled, approved=settles))
    return found


def _answered(
    one: Question,
    decided: Decided,
    on_record: Iterable[str],
    settled: Mapping[str, Any],
    *,
    approved: bool,
) -> Question:
    """Return a question with what follows: from a decision, else from what the names are."""
    if one.after in on_record:
        one = replace(one, likeness="earlier")
    if one.likeness == "better" and approved:  # no list completes what was approved as it is
        one = replace(one, likeness="writing")
    itself: dict[str, Decision] = {"writing": "kept", "earlier": "kept"}
    before: Decision = settled.get(one.code, {}).get(one.after, "")
    follows = itself.get(one.likeness, before)
    decision = decided.of(one.code, asked=not follows)
    if decision == "corrected" and approved:
        remedy = Sentence("Say --renamed or --keep.")
        raise ConflictError(
            Sentence("{before!r} was approved: no list corrects it", before=one.before),
            remedy=remedy,
        )
    if decision == "another":
        remedy = Sentence("Say --renamed, --corrected, --keep or --reject.")
        raise ConflictError(
            Sentence("{code!r} is one code: it has no second unit", code=one.code), remedy=remedy
        )
    return replace(one, decision=decision or follows)


def remembered(county: County, asked: Asked) -> str | None:
    """Return the setting that keeps what was decided against a list, None where nothing is new."""
    settled = json.loads(county.setting(DECIDED) or "{}")
    new = [
        each
        for each in (*asked.having("kept", "rejected"), *_beside(asked))
        if each.likeness in ("better", "kind", "other")
        and settled.get(each.key or each.code, {}).get(each.after) != each.decision
    ]
    for each in new:
        settled.setdefault(each.key or each.code, {})[each.after] = each.decision
    return json.dumps(settled, ensure_ascii=False) if new else None


def _beside(asked: Asked) -> Iterator[Question]:
    """Yield what was taken as the file has it and leaves the name on record (figures do)."""
    for each in asked.having("corrected"):
        if each.asks and each.column == "name":
            yield each


SHOWN = 40
SEVERAL = 2
"""So many names under other codes are no accident: the list has a numbering of its own."""
_HEADS = {
    "": Text(
        "待定 {0} 行（未写入）：更名 --renamed 代码，改错 --corrected，不改 --keep，不用 --reject",
        "{0} rows to decide (not written): --renamed CODE, --corrected, --keep or --reject",
    ),
    "renamed": Text("已按决定更名 {0} 个", "{0} renamed as decided"),
    "corrected": Text("按决定改正名称 {0} 个", "{0} names put right as decided"),
    "rejected": Text("按决定不采用 {0} 行", "{0} rows not taken, as decided"),
    "kept": Text(
        "{0} 行写法不同或用曾用名，以库中名称为准",
        "{0} rows write a name otherwise or use an earlier one: that on record stands",
    ),
}


_HEADS_OF_THINGS = {
    "": Text(
        "待定 {0} 行（未写入）：以表为准 --corrected 代码，以库为准 --keep，不用 --reject",
        "{0} rows to decide (not written): --corrected CODE, --keep or --reject",
    ),
    "corrected": Text("按决定以表为准 {0} 行", "{0} rows taken as the file has them, as decided"),
    "rejected": _HEADS["rejected"],
    "another": Text("按决定作为同名另一处入库 {0} 行", "{0} rows taken as places of their own"),
    "kept": Text("按决定以库为准 {0} 行", "{0} rows with what is on record, as decided"),
}


def sentences(questions: Iterable[Question]) -> Iterator[Text]:
    """Yield what to say about the names of a list: what is open first, each with its unit."""
    every = list(questions)
    renumbered = sum(bool(each.elsewhere) for each in every if not each.decision)
    if renumbered >= SEVERAL:
        yield Text(
            f"其中 {renumbered} 个名称在库中另有代码：多半是两份表编码不同（民政、统计），不是更名",
            f"{renumbered} of these names have other codes on record: the two lists likely number "
            "the units differently (civil affairs, statistics), and nothing was renamed",
        )
    for heads, asked in (
        (_HEADS, [each for each in every if not each.asks]),
        (_HEADS_OF_THINGS, [each for each in every if each.asks]),
    ):
        yield from _by_decision(asked, heads)


def _by_decision(every: Sequence[Question], heads: Mapping[str, Text]) -> Iterator[Text]:
    for decision, head in heads.items():
        decided_so = [each for each in every if each.decision == decision]
        shown = decided_so[: SHOWN if decision != "kept" else 3]
        if decided_so:
            yield Text(head.zh.format(len(decided_so)), head.en.format(len(decided_so)))
        for each in shown:
            plain = f"{each.code} {each.before} → {each.after}"
            text = each.message if not decision else Text(plain, plain)
            yield Text(f"  {text.zh}", f"  {text.en}")
        if rest := len(decided_so) - len(shown):
            yield Text(f"  另有 {rest} 行（--json 全列）", f"  and {rest} more (--json lists all)")
