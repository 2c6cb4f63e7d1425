"""`gazetteer signs`: number, issue, print, scan, verify and inspect name signs."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import options, output

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from gazetteer.signs.verify import Known

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


@signs.command()
@options.county
@click.argument("street")
@click.option("--doors", type=options.path_type, required=True, help="File of door positions.")
@click.option("--profile", default="east-south", show_default=True, help="How the town numbers.")
@click.option("--start", metavar="LON,LAT", help="End of the street to start from.")
@click.option("--out", type=options.path_type, help="Where the list of addresses goes.")
@click.option("--dry-run", is_flag=True, help="Only show.")
@options.crs
@options.language
@options.json_output
def number(
    county: Path,
    street: str,
    doors: Path,
    profile: str,
    start: str | None,
    out: Path | None,
    dry_run: bool,
    crs: str | None,
    language: Any,
    as_json: bool,
) -> None:
    """Give the doors of STREET numbers and standard addresses; old numbers stay.

    New doors between numbered ones take the free number of their side, else a 附号.

    \b
    Example:
      gazetteer signs number 石首.gpkg 建设路 --doors 门.csv --profile beijing-2012
    """
    from gazetteer import exchange, register, signage
    from gazetteer.signs import numbering
    from gazetteer.store import County

    read = exchange.read(doors, "doors", crs=crs)
    with County(county, writing=not dry_run) as opened:
        found = signage.number_street(
            opened,
            street,
            read.frame,
            by=numbering.profile(profile),
            start=None if start is None else register.point(start),
            keep=not dry_run,
        )
    columns = ["number", "address", "side", "station_m", "kept"]
    if out is not None:
        exchange.write(found.doors[["number", "address"]], out, layer="标准地址")
    rows = found.doors[columns].round({"station_m": 1}).to_dict("records")
    if as_json:
        told = [each.as_json(language) for each in found.findings]
        output.as_json({"doors": rows, "rejected": len(read.rejects), "findings": told})
        return
    output.table(rows, {"number": "门牌号", "address": "标准地址", "station_m": "里程(米)"})
    for each in found.findings:
        click.echo(each.message.say(language))


@signs.command()
@options.county
@click.option("--name", "names", multiple=True, help="Standard name; repeatable.")
@click.option("--category", help="GB/T 18521 class or its beginning.")
@click.option("--division", help="Code of a division or its beginning.")
@click.option("--doors", metavar="STREET", help="The numbered doors of a street.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many.")
@click.option("--class", "plate_class", help="Plate class; else that of the kind of place.")
@click.option("--base", help="Base address of the codes; remembered.")
@click.option("--key", "key_file", type=options.path_type, help="Office key to sign with.")
@click.option("--decision", default="", help="Decision on names that have none of their own.")
@click.option("--revoke", metavar="CODE", help="Revoke this sign instead.")
@click.option("--reason", default="", help="Why it is revoked.")
@options.json_output
def issue(
    county: Path,
    plate_class: str | None,
    base: str | None,
    key_file: Path | None,
    decision: str,
    revoke: str | None,
    reason: str,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Give places their signs: a code each, once; or revoke one.

    \b
    Examples:
      gazetteer signs issue 石首.gpkg --category 街巷 --division 421081 --base https://dm.example.cn/s
      gazetteer signs issue 石首.gpkg --doors 建设路 --key 局钥.pem
      gazetteer signs issue 石首.gpkg --revoke "1000 0000 000X" --reason 道路取消
    """
    from gazetteer import signage
    from gazetteer.store import County

    key = None if key_file is None else _key(key_file)
    with County(county, writing=True) as opened:
        if revoke is not None:
            code = signage.revoke(opened, revoke, reason=reason)
            told: dict[str, Any] = {"revoked": code}
        else:
            found = signage.issue(
                opened,
                signage.Selection(**chosen),
                plate_class=plate_class,
                base=base,
                key=key,
                decision=decision,
            )
            told = {"issued": list(found.codes), "before": found.before}
    if as_json:
        output.as_json(told)
    elif revoke is not None:
        click.echo(f"{told['revoked']} revoked")
    else:
        click.echo(f"{len(told['issued'])} issued, {told['before']} had theirs before")


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
    from gazetteer import signage
    from gazetteer.store import County

    with County(county) as opened:
        frame = signage.signs(opened)
        register = signage.dated_register(opened) if register_file else None
    if register_file is not None:
        _write(register_file, json.dumps(register, ensure_ascii=False, indent=1).encode())
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


@signs.command()
@options.county
@click.argument("code")
@options.json_output
def show(county: Path, code: str, as_json: bool) -> None:
    """Show one sign: text, place, QR content, visits and orders.

    \b
    Example:
      gazetteer signs show 石首.gpkg "1000 0000 000X"
    """
    from gazetteer import signage
    from gazetteer.store import County

    with County(county) as opened:
        found = signage.find(opened, code)
        frame = signage.signs(opened)
        row = _rows(frame[frame["code"] == found["code"]])[0]
        row["visits"] = _plain(opened.frame("sign_visits"), found["id"])
        row["orders"] = _plain(opened.frame("sign_orders"), found["id"])
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


@signs.command()
@options.county
@click.argument("out", type=options.path_type)
@click.option("--code", "wanted", multiple=True, help="Only this sign; repeatable.")
@click.option("--class", "plate_class", help="Only this plate class.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many.")
@click.option("--paper", default="A4", show_default=True, help="A4, A3 or A1 with cut marks.")
@click.option("--font", type=options.path_type, help="Font file; else Noto Sans CJK.")
@options.json_output
def sheet(
    county: Path,
    out: Path,
    wanted: tuple[str, ...],
    plate_class: str | None,
    limit: int | None,
    paper: str,
    font: Path | None,
    as_json: bool,
) -> None:
    """Print plates at true size: many a sheet (OUT.pdf), or one SVG a sign (OUT a folder).

    Each QR code is read again from the finished sheet, each character is looked up in the font;
    else nothing is written.

    \b
    Examples:
      gazetteer signs sheet 石首.gpkg 门牌.pdf --class door-small --paper A3
      gazetteer signs sheet 石首.gpkg 路牌/ --class road
    """
    from gazetteer import signage
    from gazetteer.signs import payload, sheets
    from gazetteer.store import County
    from maps.print import plates

    with County(county) as opened:
        frame = signage.signs(opened)
    frame = frame[frame["code"].notna() & (frame["state"] != "revoked")]
    if wanted:
        frame = frame[frame["code"].isin({payload.split(each)[0] for each in wanted})]
    if plate_class:
        frame = frame[frame["plate_class"] == sheets.plate_class(plate_class).name]
    made = signage.plates(frame.head(limit or len(frame)))
    if out.suffix.lower() == ".pdf":
        pages = sheets.impose(made, paper=paper)
        _write(out, plates.pdf(pages, title=out.stem, font=font))
        files = [out]
    else:
        # named by code alone: no text of the county file reaches a path
        drawn = {each.code: plates.svg(sheets.single(each), font=font) for each in made}
        files = [out / f"{code}.svg" for code in drawn]
        for file, text in zip(files, drawn.values(), strict=True):
            _write(file, text.encode(), folder=True)
    if as_json:
        output.as_json({"signs": len(made), "files": [str(file) for file in files]})
        return
    click.echo(f"{len(made)} signs, each code read again: {out}")


@signs.command()
@options.county
@click.argument("photos", nargs=-1, required=True, type=options.path_type)
@click.option("--tolerance", default=50.0, show_default=True, help="Metres from the sign's place.")
@options.language
@options.json_output
def scan(
    county: Path, photos: tuple[Path, ...], tolerance: float, language: Any, as_json: bool
) -> None:
    """Read the codes in photos and say what each is worth. Exit status 1 where one is forged.

    PHOTOS are files or folders. Nothing is written: `signs inspect --photos` records a round.

    \b
    Example:
      gazetteer signs scan 石首.gpkg 巡查照片/ --json
    """
    from gazetteer import rounds
    from gazetteer.store import County

    with County(county) as opened:
        found = rounds.look(opened, photos)
    told = found.as_json(language)
    if as_json:
        output.as_json(told)
    else:
        rows = [{"file": each["file"], **code} for each in told for code in each["codes"]] + [
            {"file": each["file"], "state": each["error"]} for each in told if each["error"]
        ]
        columns = {"file": "照片", "code": "编码", "state": "结果", "distance_m": "距离(米)"}
        output.table(rows, columns)
        for each in found.findings(tolerance_m=tolerance):
            click.echo(output.printable(each.message.say(language)))
    if any(each.verdict.state == "forged" for each in found.seen):
        raise SystemExit(1)


@signs.command()
@click.argument("items", nargs=-1, metavar="[COUNTY] TEXT...")
@click.option("--register", "register_file", type=options.path_type, help="Dated register.")
@click.option("--key", "keys", multiple=True, help="Public key (64 hex characters); repeatable.")
@options.batch
@options.language
@options.json_output
def verify(
    items: tuple[str, ...],
    register_file: Path | None,
    keys: tuple[str, ...],
    batch: Any,
    language: Any,
    as_json: bool,
) -> None:
    """Say what codes or texts of QR codes are worth: genuine, renamed, unknown, forged, revoked.

    Against the county file, a dated register, or the office's public key alone (offline). A copied
    sticker is genuine here; it shows only by where it is scanned. Exit status 1 unless all are
    genuine or renamed.

    \b
    Examples:
      gazetteer signs verify 石首.gpkg "1000 0000 000X"
      gazetteer signs verify --key 3b6a27... HTTPS://DM.EXAMPLE.CN/S/10000000000X/AE...
    """
    from gazetteer import register
    from gazetteer.signs.verify import GOOD
    from gazetteer.signs.verify import verify as judge

    county, texts = register.split_county(items)
    known = _known(county, register_file, keys)
    if batch is not None:
        texts += [line.rstrip("\r\n") for line in batch if line.strip()]
    found = [judge(text, known=known) for text in texts]
    told = [each.as_json(language) for each in found]
    if batch is not None:
        output.batch(told)
    elif as_json:
        output.as_json(told[0] if len(told) == 1 else told)
    else:
        for each in told:
            line = f"{each['code']}: {each['state']} {each['name']} ({each['reason']})"
            click.echo(output.printable(line))
    if any(each.state not in GOOD for each in found):
        raise SystemExit(1)


def _known(county: Path | None, register_file: Path | None, keys: Sequence[str]) -> Known:
    from gazetteer import signage
    from gazetteer.signs import payload
    from gazetteer.signs.verify import Key, Known
    from gazetteer.store import County

    if register_file is not None:
        text = _read(register_file).decode("utf-8", errors="replace")
        return signage.known_of_register(text, place=str(register_file))
    if county is not None:
        with County(county) as opened:
            return signage.known(opened)
    if not keys:
        raise click.UsageError("Name a county file, a --register or a --key to check against.")
    given = {payload.key_id(payload.public_key(each)): Key(public_key=each) for each in keys}
    return Known(keys=given)


@signs.command("import")
@options.county
@click.argument("listed", type=options.path_type)
@click.option("--review", type=options.path_type, help="Where rows for review go (.xlsx).")
@click.option("--dry-run", is_flag=True, help="Only show.")
@options.crs
@options.column_map
@options.language
@options.json_output
def import_(
    county: Path,
    listed: Path,
    review: Path | None,
    dry_run: bool,
    crs: str | None,
    mapping: dict[str, str],
    language: Any,
    as_json: bool,
) -> None:
    """Match an old list of signs to places by name, division and distance.

    Rows without doubt land; the others go to the review list with the reason.

    \b
    Example:
      gazetteer signs import 石首.gpkg 标志台账.xlsx --review 待核.xlsx
    """
    from gazetteer import exchange, rounds
    from gazetteer.store import County

    read = exchange.read(listed, "sign-list", crs=crs, mapping=mapping)
    with County(county, writing=not dry_run) as opened:
        found = rounds.match_list(opened, read)
        landed = 0 if dry_run else rounds.take_over(opened, read, found)
    frame = read.original.assign(
        结果=[each.outcome for each in found],
        地名=[each.name for each in found],
        原因=[each.reason.say(language) for each in found],
    )
    doubtful = frame[frame["结果"] != "matched"]
    if review is not None:
        exchange.write(doubtful, review, layer="待核")
    told = {
        "read": read.read,
        "landed": landed,
        "matched": len(frame) - len(doubtful),
        "review": len(doubtful),
        "rejected": len(read.rejects),
    }
    if as_json:
        output.as_json(told)
        return
    click.echo(", ".join(f"{name} {count}" for name, count in told.items()))


@signs.command()
@options.county
@click.option("--photos", multiple=True, type=options.path_type, help="Photos of a round.")
@click.option("--form", type=options.path_type, help="Form that came back (.xlsx, .gpkg).")
@click.option("--make-form", type=options.path_type, help="Write an empty form for a round.")
@click.option("--visitor", default="", help="Who went round.")
@click.option("--tolerance", default=50.0, show_default=True, help="Metres from the sign's place.")
@options.language
@options.json_output
def inspect(
    county: Path,
    photos: tuple[Path, ...],
    form: Path | None,
    make_form: Path | None,
    visitor: str,
    tolerance: float,
    language: Any,
    as_json: bool,
) -> None:
    """Record a round: what photos and forms say, and the work orders that follow.

    Exit status 1 where something is wrong. The same report lands once.

    \b
    Examples:
      gazetteer signs inspect 石首.gpkg --make-form 巡查.gpkg
      gazetteer signs inspect 石首.gpkg --form 巡查.xlsx
      gazetteer signs inspect 石首.gpkg --photos 巡查照片/ --visitor 王
    """
    from gazetteer import rounds
    from gazetteer.findings import failed
    from gazetteer.signs import inspection
    from gazetteer.store import County

    if not (photos or form or make_form):
        raise click.UsageError("Give --photos, --form or --make-form.")
    with County(county, writing=True) as opened:
        if make_form is not None:
            rows = rounds.form(opened, make_form)
            click.echo(f"{make_form}: {rows} signs", err=as_json)
            if not (photos or form):
                return
        scanned = rounds.look(opened, photos)
        visits = list(inspection.visits(scanned.seen, visitor=visitor, tolerance_m=tolerance))
        refused: list[str] = []
        if form is not None:
            more, refused = rounds.form_visits(opened, form)
            visits += more
        done = rounds.inspect(opened, visits, refused=refused)
    found = scanned.findings(tolerance_m=tolerance)
    if as_json:
        told = {"visits": done.visits, "opened": done.opened, "closed": done.closed}
        told |= {"refused": done.refused}
        output.as_json({**told, "findings": [each.as_json(language) for each in found]})
    else:
        for sentence in [*refused, *(each.message.say(language) for each in found)]:
            click.echo(output.printable(sentence))
        told = {"visits": done.visits, "opened": len(done.opened), "closed": len(done.closed)}
        click.echo(", ".join(f"{name} {count}" for name, count in told.items()))
    if failed(found) or refused:
        raise SystemExit(1)


@signs.command()
@options.county
@click.option("--close", metavar="NUMBER", help="Close this order.")
@click.option("--remarks", default="", help="How it was done.")
@click.option("--all", "every", is_flag=True, help="Closed ones, too.")
@options.json_output
def orders(county: Path, close: str | None, remarks: str, every: bool, as_json: bool) -> None:
    """List open work orders, or close one.

    \b
    Examples:
      gazetteer signs orders 石首.gpkg
      gazetteer signs orders 石首.gpkg --close 2026-0001 --remarks 已更换
    """
    from gazetteer import rounds, signage
    from gazetteer.store import County

    with County(county, writing=close is not None) as opened:
        if close is not None:
            rounds.close_order(opened, close, remarks=remarks)
        frame = opened.frame("sign_orders")
        known = signage.signs(opened).set_index("id")
    frame = frame if every else frame[frame["state"] == "open"]
    frame = frame.assign(
        code=frame["sign_id"].map(known["code"]), name=frame["sign_id"].map(known["name"])
    ).drop(columns="sign_id")
    frame = frame.astype(object)
    rows = frame.where(frame.notna(), None).to_dict("records")
    if as_json:
        output.as_json(rows)
        return
    columns = {"number": "单号", "name": "名称", "code": "编码", "work": "处理", "state": "状态"}
    output.table(rows, columns)


@signs.command()
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
    from gazetteer import signage
    from gazetteer.store import County

    with County(county, writing=bool(new_file or add_file or revoke)) as opened:
        if new_file is not None:
            _new_key(new_file)
        for file in (new_file, add_file):
            if file is not None:
                signage.add_key(opened, _key(file).public_key())
        if revoke is not None:
            signage.revoke_key(opened, revoke, reason=reason)
        frame = opened.frame("sign_keys").drop(columns="id").astype(object)
    rows = frame.where(frame.notna(), None).to_dict("records")
    if as_json:
        output.as_json(rows)
        return
    output.table(rows, {"key_id": "密钥", "state": "状态", "since": "启用", "public_key": "公钥"})


def _new_key(path: Path) -> None:
    from gazetteer.errors import StoreError
    from gazetteer.signs import payload

    content = payload.locked(payload.new_key(), password=_password())
    try:
        # a key that is there is never overwritten, and nobody else may read the new one
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        remedy = "Choose a file that does not exist, in a folder that does."
        raise StoreError(f"{error.strerror}", place=str(path), remedy=remedy) from None


def _key(path: Path) -> Any:
    from gazetteer.signs import payload

    return payload.unlocked(_read(path), ask=_password)


def _password() -> str:
    return os.environ.get("GAZETTEER_KEY_PASSWORD", "")


def _read(path: Path) -> bytes:
    from gazetteer.errors import InputError

    try:
        return path.read_bytes()
    except OSError as error:
        remedy = "Name a file that exists."
        raise InputError(f"{error.strerror}", place=str(path), remedy=remedy) from None


def _write(path: Path, content: bytes, *, folder: bool = False) -> None:
    from gazetteer.errors import StoreError

    try:
        if folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        remedy = "Choose a folder that exists and that you may write to."
        raise StoreError(f"{error.strerror}", place=str(path), remedy=remedy) from None
