"""`gazetteer inspection report` and `archive`: the papers of a round, and its three copies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli import commands, options, output, remembering, values, wording
from cli.boundary_archive import FINISHED, tell

font_option = click.option(
    "--font", type=options.path_type, help="Font of the PDFs; Noto Sans CJK where not given."
)
photos_option = click.option(
    "--photos",
    "each_side",
    type=click.IntRange(0, 20),
    default=1,
    show_default=True,
    help="Photos of each marker shown of a side.",
)


def _meeting(command: Any) -> Any:
    for option in (
        click.option("--present", multiple=True, metavar="NAME", help="Who met; repeatable."),
        click.option("--place", default="", help="Where the sides met."),
        click.option(
            "--authority", default="", metavar="NAME", help="Approving authority (备案报告)."
        ),
        click.option("--met-on", default="", metavar="DATE", help="When the sides met."),
    ):
        command = option(command)
    return command


@commands.command(once={"": remembering.SIGNED})
@options.county
@click.argument("number")
@click.argument("out", type=options.path_type)
@_meeting
@photos_option
@font_option
@options.answer
def report(
    county: Path,
    number: str,
    out: Path,
    each_side: int,
    font: Path | None,
    language: Any,
    as_json: bool,
    **met: Any,
) -> None:
    """Write the papers of round NUMBER as Word and PDF, and its map, to the folder OUT.

    会议纪要, 联检记录表 (检查及修测记录), 联检报告 with maps and photo pages, 界桩登记表 and
    界桩成果表 (as Excel, too), the 备案报告 to the authority that approved the line, and an
    interactive map, through the release gate, with a manifest.
    Before all sides have signed and sealed they say that they are of no effect.

    \b
    Example:
      gazetteer inspection report 石首.gpkg 2026-1 联检成果 --met-on 2026-04-02 --place 石首市民政局
    """
    from boundaries.inspection.papers import Meeting
    from gazetteer import release
    from gazetteer.store import County

    meeting = Meeting(**met)
    with County(county) as opened:
        _, made = papers_of(
            opened, number, meeting=meeting, each_side=each_side, font=font, language=language
        )
    files = release.leave_all(out, made.files, released=made.released)
    if as_json:
        lacking = {character: len(texts) for character, texts in made.missing.items()}
        output.as_json({"files": [str(path) for path in files], "missing": lacking})
        return
    click.echo("\n".join(str(path) for path in files))
    for character, texts in made.missing.items():
        wording.say(
            "  the font lacks {character!r} (U+{code:04X}), wanted in {text}: its code stands "
            "there; give a font (--font)",
            character=character,
            code=ord(character),
            text=texts[0][:40],
            err=True,
        )


def papers_of(opened: Any, number: str, *, font: Path | None, language: Any, **how: Any) -> Any:
    """Return a round and its papers with their maps."""
    from boundaries.inspection.office import closing
    from maps import inspections

    state, records = closing.read(opened, number)
    return state, closing.write_papers(
        state,
        records,
        figures=inspections.figures(opened, state, language=language, font=font),
        page=inspections.of_round(opened, state, language=language).html,
        font=font,
        language=language,
        **how,
    )


@commands.command()
@options.county
@click.argument("number", required=False)
@options.json_output
def verify(county: Path, number: str | None, as_json: bool) -> None:
    """Tell whether what rounds have sealed is still what was compared (of NUMBER, else of all).

    From the moment a round waits for seals its comparison is kept under a digest, which stands on
    its papers and in the log beside each sheet. Exit status 1 where one was altered since. A round
    sealed before comparisons were kept says so: nothing can be said of it.

    \b
    Example:
      gazetteer inspection verify 石首.gpkg 2026-1
    """
    from boundaries.inspection.office import planning, sealing
    from gazetteer.store import County

    with County(county) as opened:
        known = planning.of_county(opened) if number is None else [planning.find(opened, number)]
        found = sealing.look(opened, known)
    if as_json:
        output.as_json({"rounds": found})
    else:
        for each in found:
            wording.say(
                "{number}: {state} {digest}",
                number=each.number,
                state=values.called("seal_state", each.state),
                digest=each.compared,
            )
            for key in each.rows:
                wording.say("  on record otherwise: {key}", key=key)
        if not found:
            wording.say(
                "No round has sealed anything; `gazetteer inspection due` tells what is due."
            )
    if any(each.state == "altered" for each in found):
        raise SystemExit(1)


@commands.command()
@options.county
@click.argument("number", required=False)
@click.argument("out", type=options.path_type, required=False)
@click.option("--verify", type=options.path_type, metavar="FOLDER", help="Check a copy.")
@click.option("--despite", metavar="REASON", help="Archive it although received files are gone.")
@_meeting
@photos_option
@font_option
@options.dry_run
@options.answer
def archive(
    county: Path,
    number: str | None,
    out: Path | None,
    verify: Path | None,
    as_json: bool,
    **how: Any,
) -> None:
    """Archive the confirmed round NUMBER: three copies in the folder OUT, with hashes.

    A copy holds the papers, every file received from any side, and the data. A round that not
    all sides have signed and sealed is refused. The hash of the manifest stands in the log, so that
    --verify finds a file and a manifest that were changed; sha256sum -c 校验.sha256 checks a copy
    without this program. Exit status 1 where a copy is not what was archived.

    \b
    Examples:
      gazetteer inspection archive 石首.gpkg 2026-1 档案
      gazetteer inspection archive 石首.gpkg --verify 档案/第2份
    """
    if (verify is None) == (number is None or out is None):
        told = "Name a round and a folder, or a copy to --verify."
        raise click.UsageError(wording.sentence(told))
    if verify is not None:
        _verify(county, verify, as_json=as_json)
        return
    _archive(county, str(number), Path(str(out)), as_json=as_json, **how)


def _archive(
    county: Path,
    number: str,
    out: Path,
    *,
    as_json: bool,
    despite: str | None,
    each_side: int,
    font: Path | None,
    language: Any,
    **met: Any,
) -> None:
    from boundaries.inspection.office import closing, planning
    from boundaries.inspection.papers import Meeting
    from gazetteer.store import County

    how = {"each_side": each_side, "font": font, "language": language}
    with County(county, writing=True) as opened:
        earlier = closing.finished(opened, number, out)
        if earlier is None:
            planning.find(opened, number).move("archived")  # refused before anything is made
            state, made = papers_of(opened, number, meeting=Meeting(**met), **how)
            digest = closing.archive(opened, state, made, out, despite=despite)
    folders = [str(out / each) for each in closing.COPIES]
    if as_json:
        answer = {"round": number, "copies": folders, "manifest": earlier or digest}
        output.as_json(answer | {"finished": earlier is not None})
        return
    click.echo("\n".join(folders))
    click.echo(f"SHA-256 {earlier or digest}")
    if earlier is not None:
        wording.say(FINISHED)


def _verify(county: Path, folder: Path, *, as_json: bool) -> None:
    from boundaries.inspection.office import closing
    from gazetteer.store import County

    with County(county) as opened:
        known = closing.manifests(opened)
    found = closing.check_copy(folder, archived=known)
    tell(found, as_json=as_json)
