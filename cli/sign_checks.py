"""`gazetteer signs` scan, verify, audit: what codes and plates are worth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import commands, options, output, wording
from cli.sign_files import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazetteer.signs.verify import Known


@commands.command()
@options.county
@click.argument("photos", nargs=-1, required=True, type=options.path_type)
@options.sign_tolerance
@options.answer
def scan(
    county: Path, photos: tuple[Path, ...], tolerance: float, language: Any, as_json: bool
) -> None:
    """Read the codes in photos and say what each is worth. Exit status 1 where one is forged.

    PHOTOS are files or folders. Nothing is written: `signs inspect --photos` records a round.

    \b
    Example:
      gazetteer signs scan 石首.gpkg 巡查照片/ --json
    """
    from gazetteer.office.signs import rounds
    from gazetteer.signs.verify import STATES
    from gazetteer.store import County

    with County(county) as opened:
        found = rounds.look(opened, photos)
    verdict = found.as_json(language)
    if as_json:
        output.as_json(verdict)
    else:
        rows = [
            {"file": each["file"], **code, "state": wording.told(STATES[code["state"]])}
            for each in verdict
            for code in each["codes"]
        ] + [{"file": each["file"], "state": each["error"]} for each in verdict if each["error"]]
        if rows:
            output.table(rows, SCANNED)
        else:
            wording.say("No code was read in these photos.")
        for each in found.findings(tolerance_m=tolerance):
            click.echo(output.printable(each.message.say(language)))
    if any(each.verdict.state == "forged" for each in found.seen):
        raise SystemExit(1)


SCANNED = output.columns(
    file="Photo", code="Code", state="What it is worth", distance_m="Distance (m)"
)


@commands.command()
@click.argument("items", nargs=-1, metavar="[COUNTY] TEXT...")
@click.option("--register", "register_file", type=options.path_type, help="Dated register.")
@click.option("--key", "keys", multiple=True, help="Public key (64 hex characters); repeatable.")
@click.option("--base", "bases", multiple=True, help="Base address of the office; repeatable.")
@options.batch
@options.answer
def verify(
    items: tuple[str, ...],
    register_file: Path | None,
    keys: tuple[str, ...],
    bases: tuple[str, ...],
    batch: Any,
    language: Any,
    as_json: bool,
) -> None:
    """Say what codes or texts of QR codes are worth: genuine, renamed, unknown, forged, revoked.

    Against the county file, a dated register, or the office's public key alone (offline). A
    register counts for a text only where it is signed with a --key that you have from the office;
    else only against it. A signed plate's bare code is unknown (unsigned), its address without the
    signature forged, and so is any that leads to another address than the office's (those of the
    county file or the register, or --base). A copied sticker is genuine here; it shows only by
    where it is scanned. Exit status 1 unless all are genuine or renamed.

    \b
    Examples:
      gazetteer signs verify 石首.gpkg "1000 0000 000X"
      gazetteer signs verify --key 3b6a27... HTTPS://DM.EXAMPLE.CN/S/10000000000X/AE...
    """
    from gazetteer.signs.verify import GOOD, STATES
    from gazetteer.signs.verify import verify as judge

    county, texts = options.split_county(items)
    known = _known(county, register_file, keys)
    if bases:
        known = replace(known, bases=frozenset(map(_base, bases)))
    if batch is not None:
        texts += [line.rstrip("\r\n") for line in batch if line.strip()]
    found = [judge(text, known=known) for text in texts]
    verdicts = [each.as_json(language) for each in found]
    if batch is not None:
        output.batch(verdicts)
    elif as_json:
        output.as_json(verdicts[0] if len(verdicts) == 1 else verdicts)
    else:
        for verdict in found:
            wording.say(
                "{code}: {state} {name} ({why})",
                code=verdict.code,
                state=STATES[verdict.state],
                name=verdict.name,
                why=verdict.reason.say(language),
            )
    if any(each.state not in GOOD for each in found):
        raise SystemExit(1)


def _base(text: str) -> str:
    from gazetteer.signs import addresses

    return addresses.same(addresses.base_url(text)) or ""


def _known(county: Path | None, register_file: Path | None, keys: Sequence[str]) -> Known:
    from gazetteer.office.signs import registry
    from gazetteer.signs import registers, signing
    from gazetteer.signs.verify import Key, Known, trusting
    from gazetteer.store import County

    given = {signing.key_id(signing.public_key(each)): Key(public_key=each) for each in keys}
    if register_file is not None:
        text = read(register_file).decode("utf-8", errors="replace")
        return registers.known(text, place=str(register_file), keys=given)
    if county is not None:
        with County(county) as opened:
            return trusting(registry.known(opened), given)
    if not keys:
        told = "Name a county file, a --register or a --key to check against."
        raise click.UsageError(wording.sentence(told))
    return Known(keys=given)


@commands.command()
@options.county
@options.dry_run
@options.answer
def audit(county: Path, language: Any, as_json: bool) -> None:
    """Compare all plates with the register and its history; open work orders.

    A plate that shows a former name is to be replaced, one of an abolished name to be taken down;
    the orders are opened once. Exit status 1 where something is found.

    \b
    Example:
      gazetteer signs audit 石首.gpkg
    """
    from gazetteer.common.findings import summary
    from gazetteer.office.signs import auditing
    from gazetteer.store import County

    with County(county, writing=True) as opened:
        found = auditing.findings(opened)
        opened_now = auditing.open_orders(opened, found)
        unchecked = auditing.unchecked(opened)
    if as_json:
        listed = [each.as_json(language) for each in found]
        output.as_json(
            {
                "findings": listed,
                "summary": summary(found),
                "opened": list(opened_now),
                "not_checked": [each.as_json(language) for each in unchecked],
            }
        )
    else:
        for each in found:
            wording.say(
                "{subject}: {message}",
                subject=each.subject,
                message=each.message.say(language),
            )
        wording.say(
            "{findings} findings, {orders} orders opened",
            findings=len(found),
            orders=len(opened_now),
        )
        output.not_checked(unchecked, language=language)
    if found:
        raise SystemExit(1)
