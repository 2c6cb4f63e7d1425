"""`gazetteer export`: layers out of the county file, through the release gate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import commands, options, output, remembering, values, wording
from gazetteer.kinds import LAYERS, name_of

if TYPE_CHECKING:
    from gazetteer.office.county.exporting import Left

_LAYERS = ", ".join(f"{kind.word} ({kind.title.zh})" for kind in LAYERS.values())
_FORMS = ", ".join(kind.word for kind in LAYERS.values() if kind.form)


@commands.command(
    epilog=f"Layers: {_LAYERS}. Forms: {_FORMS}.", once={"form": remembering.HANDED_OUT}
)
@options.county
@click.argument("layer", callback=lambda _, __, told: name_of(told))
@click.argument("out", type=options.path_type)
@options.release_profile
@click.option("--public", is_flag=True, help="The same as --profile public.")
@click.option(
    "--since",
    type=options.path_type,
    metavar="MANIFEST",
    help="Manifest of the last release: tell what is new, changed, gone.",
)
@click.option("--form", is_flag=True, help="An Excel form to be edited and imported again.")
@click.option("--within", metavar="CODE", help="Only rows of that division (for --form).")
@options.leave_out
@options.as_of
@options.answer
def export(
    county: Path,
    layer: str,
    out: Path,
    profile: str,
    public: bool,
    form: bool,
    within: str | None,
    language: Any,
    as_json: bool,
    **dated: Any,
) -> None:
    """Write a layer to a file: the ending of OUT says which format.

    .gpkg .shp .geojson .kml .xlsx .csv, and .tsv for names as GeoNames has them. A shapefile is
    in GB18030, with a legend of the field names it had to cut.

    What leaves passes the release gate: fields, precision and classification as the profile has
    them; a manifest (notice, hashes, what was withheld) is written beside it.

    \b
    Examples:
      gazetteer export 石首.gpkg names 地名.xlsx
      gazetteer export 石首.gpkg divisions 区划.geojson --public
      gazetteer export 石首.gpkg names 地名.xlsx --since 上次/地名.xlsx.manifest.json
      gazetteer export 石首.gpkg names 表单.xlsx --form
      gazetteer export 石首.gpkg names 地名.xlsx --leave-out-classified
    """
    from gazetteer.office.county import exporting
    from gazetteer.store import County

    if within and not form:
        raise click.UsageError(wording.sentence("--within goes with --form."))
    if form:
        if dated["leave_out"]:
            told = "--leave-out-classified does not go with --form."
            raise click.UsageError(wording.sentence(told))
        if public or dated["as_of"]:
            told = "A form holds what is in force now, for internal use."
            raise click.UsageError(wording.sentence(told))
        _form(county, layer, out, within=within, as_json=as_json)
        return
    with County(county) as opened:
        chosen = "public" if public else profile
        left = exporting.export(opened, layer, out, profile=chosen, **dated)
    if as_json:
        output.as_json(left.as_json())
        return
    _tell(left, out, language)


def _tell(left: Left, out: Path, language: Any) -> None:
    notice = left.notice.say(language)
    wording.say("{path}: {count} rows, {notice}", path=out, count=left.rows, notice=notice)
    output.tell_left_out(left.left_out)
    for each in left.withheld:
        what = "every field" if each.what == "*" else values.field(each.what)
        wording.say(
            "  withheld: {layer}, {what} ({count} records)",
            layer=values.layer(each.layer),
            what=wording.word(what),
            count=each.records,
        )
    for note in left.notes:
        click.echo(output.printable(f"  {note.say(language)}"))
    for what, keys in left.changes.items():
        wording.say(
            "  {what}: {count} {shown}",
            what=values.called("difference", what),
            count=len(keys),
            shown=values.listed(keys[:10]) + ("…" if len(keys) > 10 else ""),
        )
    wording.say("  manifest: {path}", path=left.manifest)


def _form(county: Path, layer: str, out: Path, *, within: str | None, as_json: bool) -> None:
    from gazetteer.office.county import forms
    from gazetteer.store import County

    with County(county) as opened:
        rows = forms.write(opened, layer, out, within=within)
    if as_json:
        output.as_json({"out": str(out), "rows": rows, "form": layer})
        return
    wording.say(
        "{path}: a form of {count} rows; edited, `gazetteer import form` takes it back",
        path=out,
        count=rows,
    )
