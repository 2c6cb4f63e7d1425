"""`gazetteer signs`: number, issue, print, scan, verify and inspect name signs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import options, output, sign_checks, sign_printing, sign_rounds
from cli.sign_files import key_of, new_key

if TYPE_CHECKING:
    import pandas as pd


COLUMNS = {
    "code": "编码",
    "name": "名称",
    "plate_class": "类型",
    "state": "状态",
    "address": "地址",
}


@click.group()
def signs() -> None:
    """Name signs with codes that anyone can scan and nobody can forge unnoticed.

    \b
    Example:
      gazetteer signs issue 石首.gpkg --name 建设路 --base https://dm.example.cn/s
    """


@signs.command("list")
@options.county
@click.option("--state", help="Only signs of this state.")
@click.option("--register", "register_file", type=options.path_type, help="Write the register.")
@options.json_output
def list_(county: Path, state: str | None, register_file: Path | None, as_json: bool) -> None:
    """List the signs; --register writes the dated register that `signs verify` reads.

    \b
    Example:
      gazetteer signs list 石首.gpkg --state damaged
    """
    from gazetteer import release
    from gazetteer.office.signs import registry
    from gazetteer.store import County

    with County(county) as opened:
        frame = registry.signs(opened)
        dated = registry.dated_register(opened) if register_file else None
    if register_file is not None:
        release.put(register_file, json.dumps(dated, ensure_ascii=False, indent=1).encode())
    rows = _rows(frame if state is None else frame[frame["state"] == state])
    if as_json:
        output.as_json(rows)
        return
    output.table(rows[: output.LISTED], COLUMNS)
    click.echo(f"{len(rows)} signs")


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    shown = frame.assign(lon=frame.geometry.x, lat=frame.geometry.y)
    shown = shown.drop(columns=["geometry", "key", "thing_id"]).astype(object)
    rows: list[dict[str, Any]] = shown.where(shown.notna(), None).to_dict("records")
    return rows


@click.command()
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
        click.echo(f"{field}: {output.printable(str(value))}")


def _plain(frame: pd.DataFrame, sign_id: str) -> list[dict[str, Any]]:
    own = frame[frame["sign_id"] == sign_id]
    own = own.drop(columns=[name for name in ("geometry", "sign_id") if name in own])
    own = own.astype(object)
    rows: list[dict[str, Any]] = own.where(own.notna(), None).to_dict("records")
    return rows


@click.command()
@options.county
@click.option("--new", "new_file", type=options.path_type, help="Make a key, into this file.")
@click.option("--add", "add_file", type=options.path_type, help="Register the key of this file.")
@click.option("--revoke", metavar="KEY", help="Revoke a key.")
@click.option("--reason", default="", help="Why it is revoked.")
@options.json_output
def key(
    county: Path,
    new_file: Path | None,
    add_file: Path | None,
    revoke: str | None,
    reason: str,
    as_json: bool,
) -> None:
    """Make, register, revoke and list office keys; only public halves are in the county file.

    The secret half stays in its own file (PEM, for its owner's eyes only), enciphered with the
    password in GAZETTEER_KEY_PASSWORD where that is set.

    \b
    Example:
      gazetteer signs key 石首.gpkg --new 局钥.pem
    """
    from gazetteer.office.signs import keys
    from gazetteer.store import County

    with County(county, writing=bool(new_file or add_file or revoke)) as opened:
        if new_file is not None:
            new_key(new_file)
        for file in (new_file, add_file):
            if file is not None:
                keys.add(opened, key_of(file).public_key())
        if revoke is not None:
            keys.revoke(opened, revoke, reason=reason)
        frame = opened.layer("sign_keys").drop(columns="id").astype(object)
    rows = frame.where(frame.notna(), None).to_dict("records")
    if as_json:
        output.as_json(rows)
        return
    output.table(rows, {"key_id": "密钥", "state": "状态", "since": "启用", "public_key": "公钥"})


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
