"""The papers of a round, written as Word, PDF and Excel, and its map."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from boundaries.forms import office
from boundaries.forms.card import Card
from boundaries.inspection import papers
from boundaries.inspection.office import planning
from boundaries.inspection.papers import Meeting
from boundaries.inspection.round.state import RoundState
from boundaries.office import records as kept
from boundaries.office.records import Records
from gazetteer import release
from gazetteer.common.errors import ConflictError
from gazetteer.common.language import Language, Sentence
from gazetteer.documents import pdf, word
from gazetteer.store import County

REPORTED = ("open", "compared", "to be sealed", "confirmed", "archived")
"""States of which papers can be made; before all sides have sealed they are drafts."""


@dataclass(frozen=True)
class Papers:
    """The files of a round's papers by name, what the gate let pass, characters the font lacks."""

    files: dict[str, bytes]
    released: release.Released
    missing: Mapping[str, list[str]]


def read(county: County, number: str) -> tuple[RoundState, Records]:
    """Return a round and the records that its papers are made of.

    From the moment it waits for seals both are as they were then: papers made later are the same.
    What has been classified since stays in, too.

    Raises
    ------
    UnknownError, ConflictError
        When there is no such round, it has not been opened, or what was sealed has been altered.
    ReleaseError
        When one of its lines or markers is classified above what may leave.
    """
    records = kept.of_county(county)
    state = planning.state_of(county, number, records=records)
    if state.round.state not in REPORTED:
        raise ConflictError(
            Sentence(
                "round {number!r} is {state}: there is nothing to report",
                number=number,
                state=state.round.state_title,
            ),
            remedy=Sentence("Open it: gazetteer inspection open COUNTY {number}.", number=number),
        )
    on_lines = records.markers["line_code"].isin(state.lines["code"])
    lines = records.lines["id"].isin(state.round.lines)
    release.gate({"lines": records.lines[lines], "markers": records.markers[on_lines]})
    return state, state.records or records


def write_papers(
    state: RoundState,
    records: Records,
    *,
    figures: Mapping[str, bytes],
    page: str,
    meeting: Meeting | None = None,
    each_side: int = 1,
    language: Language = "zh",
    font: Path | None = None,
) -> Papers:
    """Return the papers of a round as Word and PDF, its forms as Excel, too, and its map.

    Parameters
    ----------
    state, records
        From `read`.
    figures, page
        A map of each line by its code, and the interactive map, handed in.
    meeting
        When and where the sides met.
    each_side
        Photos of each marker that are shown of a side.
    language
        Of the papers.
    font
        Font of the PDFs; Noto Sans CJK where not given.

    Raises
    ------
    ReleaseError, InputError
        When something may not leave, or there is no font.
    """
    made, released, cards = papers.documents(
        state, records, figures=figures, meeting=meeting, each_side=each_side, language=language
    )
    files: dict[str, bytes] = {}
    missing: dict[str, list[str]] = {}
    for name, blocks in made.items():
        letter = name in {each.say(language) for each in papers.LETTERS}
        files[f"{name}.docx"] = word.write(blocks, letter=letter)
        set_ = pdf.write(
            blocks,
            title=f"{name} {state.round.number}",
            notice=released.notice.say(language),
            language=language,
            font=font,
        )
        files[f"{name}.pdf"] = set_.content
        for character, texts in set_.missing.items():
            missing.setdefault(character, []).extend(texts)
    files |= _workbooks(cards, released, language)
    files[papers.MAP.say(language) + ".html"] = page.encode()
    steady = {name: _steady(each, state.sealed_at) for name, each in files.items()}
    return Papers(steady, released, missing)


def _steady(content: bytes, at: str) -> bytes:
    """Return a Word or Excel file of a sealed round without the moment of its making.

    The same papers are the same bytes, whenever they are made: their hashes can be compared.
    """
    if not at or not content.startswith(b"PK"):
        return content
    moment = (int(at[:4]), int(at[5:7]), int(at[8:10]), 0, 0, 0)
    target = BytesIO()
    with ZipFile(BytesIO(content)) as given, ZipFile(target, "w", ZIP_DEFLATED) as made:
        for name in given.namelist():
            part = given.read(name)
            if name == "docProps/core.xml":
                part = _STAMP.sub(rb"\g<1>" + at.encode() + rb"\g<2>", part)
            made.writestr(ZipInfo(name, moment), part, ZIP_DEFLATED)
    return target.getvalue()


_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</)")


def _workbooks(
    cards: list[Card], released: release.Released, language: Language
) -> dict[str, bytes]:
    """Return the forms as Excel: these can be imported again."""
    listed = released.layers["markers"]
    if listed.empty:
        return {}
    return {
        f"{papers.CARDS.say(language)}.xlsx": office.write_cards(cards, kind="excel"),
        f"{papers.LIST.say(language)}.xlsx": office.write_list(listed, "marker_results"),
    }
