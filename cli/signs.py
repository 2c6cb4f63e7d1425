"""`gazetteer signs`: number, issue, print, scan, verify and inspect name signs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import (
    commands,
    options,
    output,
    sign_checks,
    sign_printing,
    sign_rounds,
    values,
    wording,
)
from cli.sign_files import key_of, new_key
from gazetteer.common.missing import records

if TYPE_CHECKING:
    import pandas as pd


COLUMNS = output.columns(
    code="Code", name="Name", plate_class="Plate", state="State", address="Address"
)
KEY_COLUMNS = output.columns(
    key_id="Key of the office",
    state="State",
    since="In use since",
    revoked_on="Revoked",
    reason="Why",
    signs="Signs signed",
    public_key="Public key",
)


@commands.group()
def signs() -> None:
    """Name signs with codes that anyone can scan and nobody can forge unnoticed.

    \b
    Example:
      gazetteer signs issue 石首.gpkg --name 建设路 --base https://dm.example.cn/s
    """


@signs.command("list")
@options.county
@click.option("--state", type=options.Word("sign-state"), help="Only signs of this state.")
@click.option("--register", "register_file", type=options.path_type, help="Write the register.")
@click.option("--key", "key_file", type=options.path_type, help="Office key: signs the register.")
@options.json_output
def list_(
    county: Path,
    state: str | None,
    register_file: Path | None,
    key_file: Path | None,
    as_json: bool,
) -> None:
    """List the signs; --register writes the dated register that `signs verify` reads.

    A register proves something to others only with the office's signature: give --key.

    \b
    Examples:
      gazetteer signs list 石首.gpkg --state damaged
      gazetteer signs list 石首.gpkg --register 名册.json --key 局钥.pem
    """
    from gazetteer import release
    from gazetteer.office.signs import registry
    from gazetteer.store import County

    key = key_of(key_file) if register_file and key_file else None
    with County(county) as opened:
        frame = registry.signs(opened)
        dated = registry.dated_register(opened, key=key) if register_file else None
    if register_file is not None:
        text = json.dumps(dated, ensure_ascii=False, indent=1, allow_nan=False)
        release.leave(register_file, text.encode(), released=release.gate({"signs": frame}))
        if key is None and not as_json:
            wording.say(
                "note: {path} is not signed: nobody can tell it from a forged one, so that it "
                "counts for no plate; give --key",
                path=register_file,
                err=True,
            )
    rows = _rows(frame if state is None else frame[frame["state"] == state])
    if as_json:
        output.as_json(rows)
        return
    if rows:
        output.table([{**each, **_read(each)} for each in rows[: output.LISTED]], COLUMNS)
    wording.say("{count} signs", count=len(rows))
    if not rows:
        wording.say("`gazetteer signs issue` gives names their signs.")


def _read(sign: dict[str, Any]) -> dict[str, str]:
    return {
        "plate_class": values.plate(sign["plate_class"]),
        "state": values.called("state", sign["state"]),
    }


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    shown = frame.assign(lon=frame.geometry.x, lat=frame.geometry.y)
    return records(shown.drop(columns=["geometry", "key", "thing_id"]))


@commands.command()
@options.county
@click.argument("code")
@options.json_output
def show(county: Path, code: str, as_json: bool) -> None:
    """Show one sign: text, place, QR content, visits and orders.

    \b
    Example:
      gazetteer signs show 石首.gpkg "1000 0000 000X"
    """
    from gazetteer.office.signs import registry
    from gazetteer.store import County

    with County(county) as opened:
        found = registry.find(opened, code)
        frame = registry.signs(opened)
        row = _rows(frame[frame["code"] == found["code"]])[0]
        row["visits"] = _plain(opened.layer("sign_visits"), found["id"])
        row["orders"] = _plain(opened.layer("sign_orders"), found["id"])
    if as_json:
        output.as_json(row)
        return
    for field, value in row.items():
        if field in INWARD or value in (None, "", []):
            continue
        told = _in_lines(value) if isinstance(value, list) else _shown(field, value)
        wording.say("{field}: {value}", field=values.field(field), value=told)


INWARD = frozenset({"id", "signature", "salt"})
"""Fields of a sign that are of no use to people."""


def _shown(field: str, value: Any) -> str:
    return values.plate(value) if field == "plate_class" else values.shown(field, value)


def _in_lines(entries: list[dict[str, Any]]) -> str:
    """Return visits or orders, a line each."""
    lines = (
        values.listed(
            f"{values.field(name)} {_shown(name, each)}"
            for name, each in entry.items()
            if name not in INWARD and each not in (None, "")
        )
        for entry in entries
    )
    return "".join(f"\n  {line}" for line in lines)


def _plain(frame: pd.DataFrame, sign_id: str) -> list[dict[str, Any]]:
    visits = frame[frame["sign_id"] == sign_id]
    return records(
        visits.drop(columns=[name for name in ("geometry", "sign_id") if name in visits])
    )


@commands.command()
@options.county
@click.option("--new", "new_file", type=options.path_type, help="Make a key, into this file.")
@click.option("--add", "add_file", type=options.path_type, help="Register the key of this file.")
@click.option("--no-passphrase", is_flag=True, help="Leave the file of a new key unenciphered.")
@click.option("--revoke", metavar="KEY", help="Revoke a key; wants --reason.")
@click.option("--reason", default="", help="Why it is revoked.")
@options.on_day
@options.dry_run
@options.json_output
def key(
    county: Path,
    new_file: Path | None,
    add_file: Path | None,
    no_passphrase: bool,
    revoke: str | None,
    reason: str,
    on: str | None,
    as_json: bool,
) -> None:
    """Make, register, revoke and list office keys; only public halves are in the county file.

    The secret half stays in its own file (PEM, for its owner's eyes only), enciphered with the
    password in GAZETTEER_KEY_PASSWORD, or one that is asked for on a terminal. Revoking a key
    touches what it has signed and nothing else; `signs issue` with another key signs that again.

    \b
    Examples:
      gazetteer signs key 石首.gpkg --new 局钥.pem
      gazetteer signs key 石首.gpkg --revoke 3b6a2791 --on 2026-03-01 --reason 失窃
    """
    from gazetteer.office.signs import keys
    from gazetteer.store import County

    with County(county, writing=bool(new_file or add_file or revoke)) as opened:
        if new_file is not None:
            with new_key(new_file, passphrase=not no_passphrase, quiet=as_json):
                keys.add(opened, key_of(new_file).public_key())
        if add_file is not None:
            keys.add(opened, key_of(add_file).public_key())
        if revoke is not None:
            keys.revoke(opened, revoke, reason=reason, on=None if on is None else options.day(on))
        rows = records(keys.keys(opened))
    output.rows(
        rows,
        KEY_COLUMNS,
        json_wanted=as_json,
        shown=[{**each, "state": values.called("key_state", each["state"])} for each in rows],
        empty="No key is registered; `--new FILE` makes one.",
    )


for _command in (
    sign_printing.number,
    sign_printing.certificate,
    sign_printing.issue,
    list_,
    show,
    sign_printing.sheet,
    sign_checks.scan,
    sign_checks.verify,
    sign_checks.audit,
    sign_rounds.import_,
    sign_rounds.inspect,
    sign_rounds.orders,
    key,
):
    signs.add_command(_command)
