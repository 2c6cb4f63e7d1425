"""`gazetteer log prove` and `log check`: proofs for people who hold only receipts."""

from __future__ import annotations

from pathlib import Path

import click

from cli import commands, options, output, values, wording


@commands.command()
@options.county
@click.option("--since", metavar="RECEIPT", help="An older head, or the file it is in.")
@click.option("--event", type=int, metavar="N", help="Show all that event N says.")
def prove(county: Path, since: str | None, event: int | None) -> None:
    """Prove to people who hold only receipts that this log goes on where theirs ended.

    The proof (JSON) leads from an older receipt along the chain of hashes to the present head:
    nothing before the receipt was changed, nothing was taken away. With --event it shows what that
    event says, too, and that it lies between. What other events say is not shown, but for
    those hashed before schema 3. `log check` goes along it, without the county file. Without
    --since the proof begins just before the event, or with the log.

    \b
    Example:
      gazetteer log prove 石首.gpkg --since 回执-2025.txt > 证明.json
      gazetteer log prove 石首.gpkg --event 70 > 证明.json
      gazetteer log check 证明.json --receipt 回执-2025.txt --receipt 回执.txt
    """
    from gazetteer.store import County, proving

    with County(county) as opened:
        proof = proving.prove(opened.connection, since=head_of(since), event=event)
    output.as_json(proof.as_json())


@commands.command()
@click.argument("proof", type=options.path_type)
@click.option(
    *("--receipt", "receipts"),
    multiple=True,
    metavar="RECEIPT",
    help="A head held from elsewhere, or the file it is in.",
)
@options.json_output
def check(proof: Path, receipts: tuple[str, ...], as_json: bool) -> None:
    """Go along a proof of `log prove`; exit status 1 where it does not lead past the receipts.

    \b
    Example:
      gazetteer log check 证明.json --receipt 回执-2025.txt --receipt 回执.txt
    """
    from gazetteer.store import proving

    read = proving.read(_text(proof))
    faults = proving.faults(read, receipts=[str(head_of(each)) for each in receipts])
    if as_json:
        told = {"since": read.since, "head": read.head, "events": len(read.links)}
        output.as_json({**told, "event": read.event, "faults": faults})
    else:
        wording.say(
            "{count} events from {since} to {head}",
            count=len(read.links),
            since=read.since,
            head=read.head,
        )
        for name, value in (read.event or {}).items():
            if value not in (None, ""):
                wording.say(
                    "{field}: {value}", field=values.field(name), value=values.shown(name, value)
                )
        for sentence in faults:
            wording.say("broken: {what}", what=wording.told(sentence))
    if faults:
        raise SystemExit(1)


def head_of(receipt: str | None) -> str | None:
    """Return the head that a receipt is, or that stands in the file it names."""
    from gazetteer.office.county import receipts

    return None if receipt is None else receipts.read(_written(receipt)).head


def _written(receipt: str) -> str:
    return _text(Path(receipt)) if Path(receipt).is_file() else receipt


def _text(path: Path) -> str:
    from cli.sign_files import read

    return read(path).decode("utf-8", "replace")


def signature_faults(county: Path, receipt: str | None, *, key: str | None) -> list[str]:
    """Return why the signature of a receipt proves nothing; see `receipts.faults`."""
    from gazetteer.office.county import receipts
    from gazetteer.signs import signing
    from gazetteer.store import County

    if receipt is None:
        return []
    own = receipts.read(_written(receipt))
    if key is not None:
        public = signing.public_key(key)
        return receipts.faults(own, keys={signing.key_id(public): key}, signed=True)
    with County(county) as opened:
        return receipts.faults(own, keys=receipts.keys_of(opened))
