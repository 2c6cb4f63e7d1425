"""`gazetteer refresh`: what was made of a county file, and made again where it is out of date."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import commands, options, output, values, wording

if TYPE_CHECKING:
    from gazetteer.store.made import Cause, Work

AGAIN = frozenset(
    {
        *("map", "print", "qgis", "book", "figures", "export", "names check", "peace score"),
        *("boundaries describe", "boundaries forms", "boundaries lines", "disputes show"),
        *("inspection calendar", "inspection desk", "inspection network"),
        *("facilities catchments", "facilities cemeteries", "facilities geocode"),
        *("facilities reach", "facilities site", "facilities status", "signs list", "signs sheet"),
    }
)
"""Commands that are typed again: a county file comes from anywhere, and so does what its log says.

They read the county file and write what they are asked for, and nothing but the files that were
made (`gazetteer.common.leaving.only`).
"""
KINDS: Mapping[str, str] = {
    **dict.fromkeys((".html",), "map"),
    **dict.fromkeys((".pdf", ".svg"), "sheet"),
    **dict.fromkeys((".docx", ".ics"), "paper"),
    **dict.fromkeys((".qgz",), "project"),
}
"""Kind of a made file by its ending; every other is a table (lists and layers)."""
TABLE = "table"

FRESH, STALE, EDITED, GONE, ONCE = "fresh", "stale", "edited", "gone", "once"
REMADE, SAME, REFUSED = "remade", "same", "refused"
COLUMNS = output.columns(
    file="File", kind="Kind", shows="Shows event", at="Made at", state="State", why="Why"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A work, how it stands to the county file, and why."""

    work: Work
    state: str
    cause: Cause | None
    lost: tuple[str, ...] = ()
    told: str = ""

    @property
    def kinds(self) -> set[str]:
        """The kinds of its files."""
        return {kind(each) for each in self.work.files}

    def as_json(self) -> dict[str, Any]:
        """Return the object that scripts rely on."""
        work = self.work
        cause = None if self.cause is None else {"event": self.cause.event, "at": self.cause.at}
        return {
            "file": work.file,
            "files": [*work.files],
            "kinds": sorted(self.kinds),
            "line": ["gazetteer", *work.line],
            "shows_event": work.shows,
            "made_at": work.at,
            "made_by": work.by,
            "state": self.state,
            "changed_since": cause,
            "deleted_or_changed": [*self.lost],
            "why": self.told or work.once,
        }


def kind(file: str) -> str:
    """Return the kind of a made file.

    Examples
    --------
    >>> kind("图/区划.PDF"), kind("导出/地名.gpkg")
    ('sheet', 'table')
    """
    return KINDS.get(Path(file).suffix.lower(), TABLE)


@commands.command()
@options.county
@click.option(
    "--only",
    type=options.Choice([*dict.fromkeys(KINDS.values()), TABLE], "made"),
    help="Only works of this kind.",
)
@click.option("--all", "every", is_flag=True, help="Also what is up to date.")
@click.option(
    "--overwrite",
    is_flag=True,
    help="Also what was deleted, or changed by hand, since it was made.",
)
@click.option("--dry-run", is_flag=True, help="List what was made and how it stands; make nothing.")
@options.json_output
def refresh(
    county: Path, only: str | None, every: bool, overwrite: bool, dry_run: bool, as_json: bool
) -> None:
    """Make again what was made of the county file and shows an older state of it.

    Every map, sheet, paper and table that a command leaves is remembered in the county file's
    log: the command line, the event that it shows, its hashes. Each is made again by that very
    line, through the release gate; one that comes out the same is said to be. What bears a number
    or a seal, was handed out, or comes of a step is listed and stays. A file that was deleted or
    changed by hand is not written over without --overwrite.

    Exit status 1 where something that is out of date was left.

    \b
    Examples:
      gazetteer refresh 石首.gpkg --dry-run
      gazetteer refresh 石首.gpkg
      gazetteer refresh 石首.gpkg --only map --overwrite
    """
    found = [each for each in standing(county) if only is None or only in each.kinds]
    if not dry_run:
        wanted = {STALE} | ({FRESH} if every else set())
        found = [
            _remade(county, each) if _is_wanted(each, wanted, overwrite=overwrite) else each
            for each in found
        ]
    _tell(found, as_json=as_json)
    left = {REFUSED} | (set() if dry_run else {EDITED, GONE})
    if any(each.state in left and each.cause for each in found):
        raise SystemExit(1)


def standing(county: Path) -> list[Found]:
    """Return what was made of a county file and how each work stands to it."""
    from gazetteer.store import County, made

    today = date.today().isoformat()
    with County(county) as opened:
        works = made.works(opened.connection)
        causes = [made.outdated(opened.connection, each, today=today) for each in works]
    folder = county.resolve().parent
    return [_standing(*each, folder) for each in zip(works, causes, strict=True)]


def _standing(work: Work, cause: Cause | None, folder: Path) -> Found:
    from gazetteer.common.hashing import fingerprint

    there = [file for file in work.files if (folder / file).is_file()]
    lost = {*work.files} - {*there}
    lost |= {each for each in there if fingerprint(folder / each) != work.files[each]}
    if work.once:
        state = ONCE
    elif lost:
        state = EDITED if work.file in there else GONE
    else:
        state = STALE if cause else FRESH
    return Found(work, state, cause, tuple(sorted(lost)))


def _is_wanted(found: Found, wanted: set[str], *, overwrite: bool) -> bool:
    return found.state in wanted or (overwrite and found.state in (EDITED, GONE))


def _remade(county: Path, found: Found) -> Found:
    """Do the line of a work again; return how that ended."""
    refusal = _typed_again(county.resolve().parent, found.work)
    if refusal:
        return replace(found, state=REFUSED, told=refusal)
    now = _now(county, found.work)
    same = now.files == found.work.files
    return Found(now, SAME if same else REMADE, None)


def _now(county: Path, before: Work) -> Work:
    """Return the work that has taken the place of another."""
    from gazetteer.store import County, made

    with County(county) as opened:
        works = made.works(opened.connection)
    return next((each for each in works if each.files.keys() & before.files.keys()), before)


def _typed_again(folder: Path, work: Work) -> str:
    """Type the line of a work in a folder; return why it was refused, empty where it was done."""
    from cli.main import main
    from gazetteer.common import leaving

    if not {" ".join(work.line[:words]) for words in (1, 2)} & AGAIN:
        return wording.sentence("no command that is typed again")
    said = io.StringIO()
    with (
        contextlib.chdir(folder),
        leaving.only([folder / each for each in (*work.files, *work.manifests)]),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
    ):
        try:
            main.main([*work.line], prog_name="gazetteer", standalone_mode=False)
        except click.ClickException as error:
            return " ".join(error.format_message().split())
        except SystemExit as ended:
            if ended.code not in (None, 0, 1):
                return " ".join(said.getvalue().split())
    return ""


def _tell(found: Sequence[Found], *, as_json: bool) -> None:
    if as_json:
        output.as_json([each.as_json() for each in found])
        return
    if not found:
        wording.say("Nothing that was made of it is remembered.")
        return
    output.table([*_rows(found)], COLUMNS)
    counts: dict[str, int] = {}
    for each in found:
        counts[each.state] = counts.get(each.state, 0) + 1
    wording.say("{counts}", counts=values.counted(counts, field="made_state"))
    if any(each.state in (EDITED, GONE) for each in found):
        wording.say("What was deleted or changed by hand is made again with --overwrite.")


def _rows(found: Sequence[Found]) -> Iterator[dict[str, Any]]:
    for each in found:
        more = len(each.work.files) - 1
        others = wording.sentence(" and {count} more", count=more) if more else ""
        yield {
            "file": f"{each.work.file}{others}",
            "kind": values.listed([values.called("made_kind", one) for one in sorted(each.kinds)]),
            "shows": each.work.shows,
            "at": values.moment(each.work.at),
            "state": values.called("made_state", each.state),
            "why": _why(each),
        }


def _why(found: Found) -> str:
    """Return why a work stands as it does."""
    if found.told or found.state == ONCE:
        return found.told or wording.word(found.work.once)
    if found.cause is None:
        return ""
    if found.cause.event is None:
        return wording.sentence("versions came or went on {day}", day=found.cause.at)
    return wording.sentence(
        "event {event} changed what it shows ({at})",
        event=found.cause.event,
        at=values.moment(found.cause.at),
    )
