"""The papers of a round as blocks: minutes, record, report, forms, letter to the authority."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from boundaries.forms import office
from boundaries.forms.card import Card
from boundaries.inspection.papers import filing, log, minutes, pictures, plain, report
from boundaries.inspection.papers.results import Result, afterwards, results
from boundaries.inspection.papers.wording import Meeting, Say
from boundaries.inspection.round.state import RoundState
from boundaries.office import forms_written as forms
from boundaries.office.records import Records
from gazetteer import release
from gazetteer.common import tables
from gazetteer.common.language import Language, Text
from gazetteer.documents import word
from gazetteer.documents.word import Block

__all__ = ["MINUTES", "Meeting", "Result", "documents", "results"]

MINUTES = Text("会议纪要", "minutes")
LOG = Text("联检记录表", "record")
REPORT = Text("联检报告", "report")
CARDS = Text("界桩登记表", "marker-cards")
MAP = Text("联检地图", "map")
LIST = Text("界桩成果表", "marker-results")
FILING = Text("备案报告", "filing")
LETTERS = (MINUTES, FILING)
"""Papers that go out as letters do: GB/T 9704."""


class Documents(NamedTuple):
    """The papers of a round by name, what the gate let pass, the cards of its markers."""

    papers: dict[str, list[Block]]
    released: release.Released
    cards: list[Card]


def documents(
    state: RoundState,
    records: Records,
    *,
    figures: Mapping[str, bytes],
    meeting: Meeting | None = None,
    each_side: int = 1,
    language: Language = "zh",
) -> Documents:
    """Return the papers of a round, and what the release gate let pass into them.

    Parameters
    ----------
    state
        The round as it stands.
    records
        Of the county.
    figures
        A map of each line by its code, handed in.
    meeting
        When and where the sides met; left to fill in where not given.
    each_side
        Photos of each marker that are shown of a side.
    language
        Of the papers.

    Raises
    ------
    ReleaseError
        When something in them may not leave.
    """
    say = Say(language)
    every = results(state)
    photos = {
        each.number: pictures.captioned(
            state, pictures.chosen(state, each, each_side=each_side), language=language
        )
        for each in every
    }
    met = meeting or Meeting()
    after = afterwards(records, state)
    markers = after.markers[after.markers["line_code"].isin(state.lines["code"])]
    # the rows themselves may be classified above what leaves: the forms would not show it
    release.gate({"lines": state.lines, "markers": markers})
    listed = forms.registrations(after, markers.sort_values("number"))
    released = release.gate({"lines": state.lines, "markers": listed})
    listed = released.layers["markers"]
    below: dict[str, Sequence[Block]] = {
        number: [word.Pictures(shown)] for number, shown in photos.items() if shown
    }
    filled = forms.cards(after, listed)
    said = partial(plain.plain, state=state, language=language)
    cards = office.card_blocks(filled, below=below)
    made = {
        MINUTES: said(minutes.blocks(state, every, met, say)),
        LOG: said(log.blocks(state, every, met, say)),
        REPORT: said(report.blocks(state, every, met, say, figures=figures, photos=photos)),
        CARDS: _in_words(cards, language),
        LIST: _in_words(office.list_blocks(listed, "marker_results"), language),
    }
    enclosed = [name for name, blocks in made.items() if blocks]
    made[FILING] = said(filing.blocks(state, every, met, say, enclosed=enclosed))
    named = {say.of(name): blocks for name, blocks in made.items() if blocks}
    return Documents(named, released, filled)


def _in_words(blocks: Sequence[Block], language: Language) -> list[Block]:
    """Return a form with its labels in a language; what is filled in stays as it is."""
    if language == "zh":
        return list(blocks)
    labels = _labels()
    return [_translated(block, labels) for block in blocks]


def _labels() -> dict[str, str]:
    """Return the English words for the labels of forms."""
    english = {row["field"]: row["en"] for row in tables.rows("field_labels.csv")}
    more = {
        "界桩登记表": "Registration card of a marker",
        "界桩成果表": "Results of the markers",
        "方位物序号": "No.",
        "方位物名称": "Reference object",
        "坐标方位角": "Grid azimuth",
        "签字": "Signature",
        "技术负责人": "Surveyor",
        "登记日期": "Registered on",
        "经度": "Longitude",
        "纬度": "Latitude",
    }
    for row in tables.rows("survey_fields.csv"):
        if row["role"] not in ("registrations", "reference_objects", "marker_results"):
            continue
        label, unit = row["headers"].split("|")[0], row["unit"]
        title = more.get(label) or english.get(row["column"], row["column"])
        more.setdefault(label, title)
        end = f" ({unit})"
        more.setdefault(f"{label}（{unit}）", title if title.endswith(end) else f"{title}{end}")
    return more


def _translated(block: Block, labels: Mapping[str, str]) -> Block:
    match block:
        case word.Heading(text, level):
            return word.Heading(labels.get(text, text), level)
        case word.Table(rows, head):
            return word.Table(
                [
                    [labels.get(cell, cell) if isinstance(cell, str) else cell for cell in row]
                    for row in rows
                ],
                head,
            )
    return block
