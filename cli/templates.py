"""`gazetteer templates`: the Word templates of papers, for an office to edit."""

from __future__ import annotations

from pathlib import Path

import click

from cli import commands, options, output
from gazetteer.common.language import Sentence


@commands.group()
def templates() -> None:
    """Hand out the Word templates of papers, for the office to edit.

    \b
    Example:
      gazetteer templates export 模板
    """


@templates.command()
@click.argument("out", type=options.path_type)
@options.json_output
def export(out: Path, as_json: bool) -> None:
    """Write every shipped template into a folder; none that is there is written over.

    Edit them in Word, leave {{ }} and {% %}, keep the names of the files. Documents of applications
    take them by --templates OUT, the certificate of an address by --template.

    \b
    Example:
      gazetteer templates export 模板
    """
    from gazetteer.common.errors import InputError
    from gazetteer.documents.fill import KINDS, template
    from gazetteer.release import make_folder, put

    made = {out / f"{kind}.docx": kind for kind in KINDS}
    present = next((path for path in made if path.exists()), None)
    if present is not None:
        what = Sentence("is there already and may have been edited")
        raise InputError(what, place=str(present), remedy=Sentence("Choose another folder."))
    make_folder(out)
    for path, kind in made.items():
        put(path, template(kind))
    if as_json:
        output.as_json([str(each) for each in made])
        return
    for path in made:
        click.echo(output.printable(str(path)))
