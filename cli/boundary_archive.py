"""`gazetteer boundaries archive`: the legal archive of one line, and a look whether it is whole."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import commands, options, output, wording

if TYPE_CHECKING:
    from boundaries.inspection.office.copies import Copy


FINISHED = "note: an earlier run was ended after its event; what it had written is in its place now"
"""Said by whatever archives; it has its row in the table of texts."""


@commands.command()
@options.county
@click.argument("line", required=False)
@click.argument("out", type=options.path_type, required=False)
@click.option("--verify", type=options.path_type, metavar="FOLDER", help="Check an archive.")
@click.option("--despite", metavar="REASON", help="Archive it although received files are gone.")
@options.dry_run
@options.answer
def archive(
    county: Path,
    line: str | None,
    out: Path | None,
    verify: Path | None,
    despite: str | None,
    language: Any,
    as_json: bool,
) -> None:
    """Write the legal archive (条例 13) of LINE, a code or name of today or earlier, to OUT.

    Every version of the line, its markers, reference objects and tri-points; its agreements; every
    round with what came in and its papers; every dispute with its steps; the events of the log: one
    new folder with a manifest, whose hash stands in the log. --verify tells what differs; exit
    status 1 where something does.

    \b
    Examples:
      gazetteer boundaries archive 石首.gpkg 421081100101 档案/石首公安线
      gazetteer boundaries archive 石首.gpkg --verify 档案/石首公安线
    """
    if (verify is None) == (line is None or out is None):
        told = "Name a line and a new folder, or an archive to --verify."
        raise click.UsageError(wording.sentence(told))
    if verify is not None:
        _verify(county, verify, as_json=as_json)
        return
    _archive(county, str(line), Path(str(out)), despite, language, as_json=as_json)


def _archive(
    county: Path, line: str, out: Path, despite: str | None, language: Any, *, as_json: bool
) -> None:
    from boundaries.office import line_archive
    from cli.inspection_closing import papers_of
    from gazetteer.store import County

    with County(county, writing=True) as opened:
        numbers = line_archive.sealed_rounds(opened, line)
        made = {each: papers_of(opened, each, font=None, language=language)[1] for each in numbers}
        done = line_archive.archive(opened, line, out, papers=made, despite=despite)
    if as_json:
        output.as_json({**asdict(done), "files": len(done.files)})
        return
    rounds, disputes = len(done.rounds), len(done.disputes)
    wording.say(
        "{folder}: {files} files, {rounds} rounds, {disputes} disputes",
        folder=out,
        files=len(done.files),
        rounds=rounds,
        disputes=disputes,
    )
    click.echo(f"SHA-256 {done.manifest}")
    if done.finished:
        wording.say(FINISHED)


def _verify(county: Path, folder: Path, *, as_json: bool) -> None:
    from boundaries.office import line_archive
    from gazetteer.store import County

    with County(county) as opened:
        known = line_archive.manifests(opened)
    tell(line_archive.check(folder, known=known), as_json=as_json)


def tell(found: Copy, *, as_json: bool) -> None:
    """Print what a look at an archived folder has found; exit status 1 where it is not whole."""
    verdict: dict[str, Any] = {
        "folder": str(found.folder),
        "good": found.good,
        "manifest": found.manifest,
        "manifest_known": found.known,
        "missing": list(found.missing),
        "changed": list(found.changed),
        "strange": list(found.strange),
    }
    if as_json:
        output.as_json(verdict)
    else:
        whole, not_whole = "{folder}: good", "{folder}: NOT what was archived"
        wording.say(whole if found.good else not_whole, folder=found.folder)
        for each in found.missing:
            wording.say("  missing: {name}", name=each)
        for each in found.changed:
            wording.say("  changed: {name}", name=each)
        for each in found.strange:
            wording.say("  strange: {name}", name=each)
        if not found.known:
            wording.say("  the log of the county file knows no such manifest")
    if not found.good:
        raise SystemExit(1)
