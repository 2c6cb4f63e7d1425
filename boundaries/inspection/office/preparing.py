"""Desk work and network on the county file: read, checked, and their papers through the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from boundaries.inspection import deskwork
from boundaries.inspection.deskwork import Desk, paper
from boundaries.inspection.office import planning
from boundaries.inspection.office.network import Network, network
from boundaries.office import records, sources
from boundaries.office.records import Records
from gazetteer import exchange, release
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding
from gazetteer.common.language import Language, Sentence, Text
from gazetteer.documents import word
from gazetteer.store import County


@dataclass(frozen=True)
class DeskWork:
    """What the desk work has read, compared with and found, by the code of each line."""

    number: str | None
    desk: Desk
    days: dict[str, str | None]
    findings: dict[str, list[Finding]]


def desk_work(
    county: County,
    number: str | None,
    lines: Sequence[str] = (),
    *,
    day: str | None = None,
    described: Path | None = None,
    features: Path | None = None,
    layer: str | None = None,
    today: str | None = None,
) -> DeskWork:
    """Do the desk work of a round, or of lines given by code or name.

    Parameters
    ----------
    county
        Open county file.
    number, lines
        Number of a round; where it is None, codes or names.
    day
        Day to compare with, for all lines; the last inspection of each where not given.
    described
        Document with route descriptions, in place of those on record.
    features, layer
        File (and layer) of rivers and other named lines as they are now.
    today
        ISO text; today where not given.

    Raises
    ------
    UnknownError, InputError, CrsError
        When there is no such round or line, or a file or day cannot be used.
    """
    known = records.of_county(county)
    codes = _codes(county, known, number, lines)
    rows = known.lines.set_index("code").to_dict("index")
    days = deskwork.since({code: rows[code] for code in codes}, day=day)
    further = None if features is None else sources.features(features, layer=layer)
    read = deskwork.of_county(county, days, features=further)
    _pass(known, codes)
    texts = {} if described is None else _descriptions(described, known, codes)
    moment = today or date.today().isoformat()
    return DeskWork(
        number, read, days, deskwork.check(read, days, descriptions=texts, today=moment)
    )


def _pass(known: Records, codes: Sequence[str]) -> None:
    """Refuse lines and markers that are classified above what may leave within the office.

    Raises
    ------
    ReleaseError
        With the list of what may not go.
    """
    markers = known.markers[known.markers["line_code"].isin(codes)]
    release.gate({"lines": known.lines[known.lines["code"].isin(codes)], "markers": markers})


def _codes(county: County, known: Records, number: str | None, lines: Sequence[str]) -> list[str]:
    if number is None:
        return list(dict.fromkeys(str(known.line(each)["code"]) for each in lines))
    wanted = planning.find(county, number).lines
    rows = known.lines[known.lines["id"].isin(wanted)]
    if rows.empty:
        raise InputError(
            Sentence("the lines of round {number!r} are no longer in force", number=number),
            place=str(county.path),
            remedy=Sentence("Plan a new round."),
        )
    return sorted(rows["code"])


def _descriptions(path: Path, known: Records, codes: Sequence[str]) -> dict[str, str]:
    return {
        code: records.text_of(path, about=(code, str(known.line(code)["name"] or "")))
        for code in codes
    }


def write_desk_work(
    done: DeskWork, folder: Path, *, page: str, language: Language = "zh"
) -> list[Path]:
    """Write the desk work as Word, Excel and map, with their manifest, through the release gate.

    Parameters
    ----------
    done
        From `desk_work`.
    folder
        Made if absent.
    page
        The map, handed in.
    language
        Of the documents.
    """

    def say(zh: str, en: str) -> str:
        return Text(zh, en).say(language)

    title = say("联合检查内业核查记录", "Desk work before the joint inspection")
    heading = title if done.number is None else f"{title}（{done.number}）"
    blocks = paper.blocks(done.desk, done.findings, done.days, title=heading, language=language)
    rows = paper.rows(done.findings, language=language)
    stem = say("内业核查", "desk-work")
    released = release.gate({"findings": rows})
    made: dict[str, release.Made] = {
        f"{stem}.docx": word.write(blocks),
        f"{stem}.xlsx": exchange.maker({stem: released.layers["findings"]}, "xlsx"),
        f"{stem}.html": page.encode(),
    }
    return release.leave_all(folder, made, released=released)


def whole_network(county: County, *, today: str | None = None) -> Network:
    """Return every line and marker of a county file by state, age and year due."""
    moment = today or date.today().isoformat()
    known = records.of_county(county)
    _pass(known, list(known.lines["code"]))
    return network(known, planning.of_county(county), today=moment)
