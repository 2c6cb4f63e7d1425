"""`gazetteer init`, `info` and `log`: the county file itself."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from cli import commands, log_proofs, options, output, values, wording
from cli.sign_files import key_of


@commands.command()
@options.county
@click.option(
    "--division", required=True, metavar="CODE", help="Division code (421081); 00 for the nation."
)
@click.option("--name", default="", metavar="NAME", help="Name of the division (石首市).")
@options.dry_run
def init(county: Path, division: str, name: str) -> None:
    """Make an empty county file.

    \b
    Example:
      gazetteer init 石首.gpkg --division 421081 --name 石首市
    """
    from gazetteer import store
    from gazetteer.office.names import finding
    from maps.qgis import county_styles

    code = finding.division_code(division)
    store.create(county, division_code=code, name=name, styles=county_styles())
    wording.say(
        "{path}: new county file of {place}", path=county, place=f"{division} {name}".strip()
    )
    _tell_synced(county)


@commands.command()
@options.county
@options.json_output
@click.option("--migrate", is_flag=True, help="Bring an older file up to the present schema.")
@click.option("--schema", is_flag=True, help="Show where its schema is not this program's.")
def info(county: Path, as_json: bool, migrate: bool, schema: bool) -> None:
    """Say what a county file holds.

    With --schema only tables, columns, checks, triggers, views and indexes are looked at: a file
    that is refused can be looked at so. Exit status 1 where something in it could run that is not
    ours; what QGIS and GDAL lawfully add is listed, too.

    \b
    Examples:
      gazetteer info 石首.gpkg
      gazetteer info 来文/石首.gpkg --schema
    """
    from gazetteer.store import County

    if schema:
        _tell_schema(county, as_json=as_json)
        return
    with County(county, writing=migrate) as opened:
        facts = opened.info()
    if as_json:
        output.as_json(facts)
        return
    wording.say(
        "{path}: {division}, schema {schema}, {size:.1f} MB",
        path=facts["path"],
        division=f"{facts['division_code']} {facts['division_name'] or ''}".strip(),
        schema=facts["schema"],
        size=facts["bytes"] / 1e6,
    )
    shown = [{**each, "layer": values.layer(each["layer"])} for each in facts["layers"]]
    columns = output.columns(layer="Layer", rows="Records in force or earlier", history="Corrected")
    output.table(shown, columns)
    _tell_synced(county)


def _tell_schema(county: Path, *, as_json: bool) -> None:
    from gazetteer.store import foreign

    found = foreign.look(county)
    shown = foreign.shown(found)
    if as_json:
        output.as_json({"path": str(county), "schema": shown})
    else:
        for each, told in zip(found, shown, strict=True):
            lawful = each.runs == "never"
            wording.say(
                "{what} {kind} {name}: {runs}",
                what=values.called("difference", each.what),
                kind=values.called("schema_entry", each.type),
                name=each.name if each.table == each.name else f"{each.name} ({each.table})",
                runs=wording.word(each.why) if lawful else values.called("runs", each.runs),
            )
            for line in told["lines"]:
                click.echo(output.printable(f"{line[:1]}   {line[2:]}"))
        wording.say("{path}: {count} differences", path=county, count=len(found))
    if any(each.runs != "never" for each in found):
        raise SystemExit(1)


def _tell_synced(county: Path) -> None:
    from gazetteer.store.whereabouts import synced

    if found := synced(county):
        wording.say(
            "note: {folder} is synchronised by another program, which may copy a file half written "
            "or make conflicting copies: keep the county file elsewhere, put backups here",
            folder=found,
        )


@commands.group()
def log() -> None:
    """Show, seal and verify the log of all that was done.

    \b
    Example:
      gazetteer log verify 石首.gpkg --against 3f0c...
    """


@log.command()
@options.county
@options.json_output
@click.option("--last", default=20, show_default=True, help="How many events.")
def show(county: Path, as_json: bool, last: int) -> None:
    """List the last events; a name given that is not the account's own shows both.

    \b
    Example:
      gazetteer log show 石首.gpkg --last 5
    """
    from gazetteer.store import County, actors

    with County(county) as opened:
        events = opened.events(last=last)
    if as_json:
        output.as_json(events)
        return
    if not events:
        wording.say("Nothing was ever done to this file.")
        return
    output.table([_event(each, actors.who(each)) for each in events], EVENTS)


EVENTS = output.columns(
    id="Event", at="When", actor="By whom", command="What was done", source="From", counts="Records"
)


def _event(event: dict[str, Any], who: str) -> dict[str, Any]:
    return {
        **event,
        "at": values.moment(event["at"]),
        "actor": values.called("actor", who),
        "command": values.command(event["command"]),
        "source": values.source(event["source"]),
        "counts": values.landed(event["counts"] or {}),
    }


@log.command()
@options.county
@options.json_output
@click.option("--key", "key_file", type=options.path_type, help="Sign the head with this key.")
@options.dry_run
def seal(county: Path, as_json: bool, key_file: Path | None) -> None:
    """Seal edits made elsewhere and print the head of the chain, to be kept outside the file.

    Names that another program has written are completed first: spelling, keys of the search. With
    an office key (`signs key`) the receipt is signed: nobody without the key can make one.

    \b
    Example:
      gazetteer log seal 石首.gpkg --key 局钥.pem > 回执.txt
    """
    from gazetteer.office.county import receipts
    from gazetteer.office.names.completing import writing

    key = None if key_file is None else key_of(key_file)
    with writing(county) as opened:
        sealed = opened.seal()
        receipt = receipts.signed(opened, head=sealed["head"], at=sealed["at"], key=key)
    if as_json:
        output.as_json({**asdict(receipt), **sealed})
        return
    click.echo(receipts.written(receipt))


@log.command()
@options.county
@options.json_output
@click.option(
    "--against", "receipt", metavar="RECEIPT", help="Head kept outside, or the file it is in."
)
@click.option("--key", metavar="HEX", help="The office's public key: the receipt must be signed.")
def verify(county: Path, as_json: bool, receipt: str | None, key: str | None) -> None:
    """Recompute the chain, every row's part in it, and what is derived from the rows.

    Exit status 1 where something was changed: "broken" is a log or rows that do not agree,
    "differs" what was changed since the last event without one (settings, schema, styles), or is
    not what the rows give (search, R-tree); "noted" tells what the log says other programs did.
    Every received file beside the county file is read and compared with its hash, too. The
    signature of a receipt is held to --key, else to the keys registered in this very file, which
    whoever forges the file can register, too.

    \b
    Example:
      gazetteer log verify 石首.gpkg --against 回执.txt
    """
    from gazetteer.store import County, kept

    with County(county) as opened:
        found = opened.verify(against=log_proofs.head_of(receipt))
        listed = kept.listed(opened.connection)
    # read once the file is closed: no writer waits for a folder of photos
    files = kept.look(listed, kept.files_beside(county))
    unproved = log_proofs.signature_faults(county, receipt, key=key)
    found = replace(found, broken=(*found.broken, *unproved))
    if as_json:
        output.as_json(found.as_json() | files.as_json())
    else:
        wording.say(
            "{events} events, {sealed} sealed, {unsealed} unsealed",
            events=found.events,
            sealed=found.sealed,
            unsealed=found.unsealed,
        )
        wording.say("head {head}", head=found.head)
        for sentence in (*found.broken, *files.sentences()):
            wording.say("broken: {what}", what=wording.told(sentence))
        for sentence in found.differing:
            wording.say("differs: {what}", what=wording.told(sentence))
        for sentence in found.noted:
            wording.say("noted: {what}", what=wording.told(sentence))
        for sentence in files.unchecked():
            wording.say("not checked: {what}", what=wording.told(sentence))
        if found.whole and files.whole:
            wording.say("Nothing was changed outside the log.")
    if not (found.whole and files.whole):
        raise SystemExit(1)


for _command in (log_proofs.prove, log_proofs.check):
    log.add_command(_command)
