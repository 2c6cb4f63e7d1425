"""`gazetteer signs` number, certificate, issue, sheet: from the door to the plate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import commands, options, output, remembering, values, wording
from cli.importing import beside
from cli.sign_files import key_of, read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazetteer.signs.plates import Plate

HEADERS = {"number": "门牌号", "address": "标准地址"}
CERTIFIED = ("number", "address", "street", "romanization", "door", "postcode", "former", "code")


@commands.command()
@options.county
@click.argument("street")
@click.option("--doors", type=options.path_type, required=True, help="File of door positions.")
@click.option("--profile", default="east-south", show_default=True, help="How the town numbers.")
@click.option("--within", default="", metavar="CODE", help="Division, of streets of one name.")
@click.option("--postcode", default="", help="Postcode of the street, for large plates.")
@click.option("--start", metavar="LON,LAT", help="End of the street to start from.")
@click.option("--out", type=options.path_type, help="Where the list of addresses goes.")
@click.option("--rejects", type=options.path_type, help="Where refused rows go (.xlsx).")
@options.dry_run
@options.crs
@options.answer
def number(
    county: Path,
    street: str,
    doors: Path,
    out: Path | None,
    rejects: Path | None,
    crs: str | None,
    language: Any,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Give the doors of STREET numbers and standard addresses; old numbers stay.

    An old number stays as it is written (12A, 甲9, 十三); a row whose number cannot be one comes
    back as Excel, with the reason. New doors between numbered ones take the free number of their
    side, else a 附号.

    \b
    Example:
      gazetteer signs number 石首.gpkg 建设路 --doors 门.csv --profile beijing-2012
    """
    from gazetteer import exchange
    from gazetteer.office.names import finding
    from gazetteer.office.signs import doors as numbered
    from gazetteer.signs import numbering
    from gazetteer.store import County

    survey = exchange.read(doors, "doors", crs=crs)
    by, start = numbering.profile(chosen.pop("profile")), chosen.pop("start")
    with County(county, writing=True) as opened:
        found = numbered.number_street(
            opened,
            street,
            survey.frame,
            by=by,
            start=None if start is None else finding.point(start),
            **chosen,
        )
        marked = opened.marked()
    columns = ["number", "address", "side", "station_m", "kept"]
    if out is not None:
        listed = found.doors[["number", "address"]]
        exchange.write(listed, out, layer="标准地址", labels=HEADERS, marked=marked)
    rows = found.doors[columns].round({"station_m": 1}).to_dict("records")
    returned = numbered.rejects(survey, found.refused)
    where = None if returned.empty else rejects or beside(county, doors)
    if where is not None:
        where = exchange.write_rejects(returned, where, language=language)
    if as_json:
        file = None if where is None else str(where)
        listed = [each.as_json(language) for each in found.findings]
        output.as_json({"doors": rows, "rejected": len(returned), "rejects_file": file,
                        "findings": listed})  # fmt: skip
        return
    output.table(rows, DOORS)
    for each in (*found.refused.values(), *(each.message for each in found.findings)):
        click.echo(output.printable(each.say(language)))
    if len(returned):
        told = "{count} rejected" if where is None else "{count} rejected: {path}"
        wording.say(told, count=len(returned), path=where)


DOORS = output.columns(
    number="Door", address="Standard address", station_m="Metres along the street"
)


@commands.command()
@options.county
@click.option("--name", "names", multiple=True, help="Standard name; repeatable.")
@click.option("--category", help="GB/T 18521 class: code, its beginning, or word (街巷).")
@click.option("--division", help="Code of a division; all that lies in it.")
@click.option("--doors", metavar="STREET", help="The numbered doors of a street.")
@click.option("--markers", metavar="LINE", help="The markers of a boundary line ('' for all).")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many.")
@click.option("--class", "plate_class", help="Plate class; else that of the kind of place.")
@click.option("--base", help="Base address of the codes; remembered.")
@click.option("--key", "key_file", type=options.path_type, help="Office key to sign with.")
@click.option("--decision", default="", help="Decision on names that have none of their own.")
@click.option("--revoke", metavar="CODE", help="Revoke this sign instead.")
@click.option("--reason", default="", help="Why it is revoked.")
@options.dry_run
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

    A sign whose signature was revoked with its key keeps its code and is signed again with --key.

    \b
    Examples:
      gazetteer signs issue 石首.gpkg --category 街巷 --division 421081 --base https://dm.example.cn/s
      gazetteer signs issue 石首.gpkg --doors 建设路 --key 局钥.pem
      gazetteer signs issue 石首.gpkg --markers 421081001002
      gazetteer signs issue 石首.gpkg --revoke "1000 0000 000X" --reason 道路取消
    """
    from gazetteer.office.signs import issuing
    from gazetteer.store import County

    key = None if key_file is None else key_of(key_file)
    with County(county, writing=True) as opened:
        if revoke is not None:
            code = issuing.revoke(opened, revoke, reason=reason)
            answer: dict[str, Any] = {"revoked": code}
        else:
            found = issuing.issue(
                opened,
                issuing.Selection(**chosen),
                plate_class=plate_class,
                base=base,
                key=key,
                decision=decision,
            )
            answer = {"issued": list(found.codes), "before": found.before}
            if found.signed_again:
                answer["signed_again"] = list(found.signed_again)
            if found.withheld:
                answer["withheld"] = list(found.withheld)
    if as_json:
        output.as_json(answer)
    elif revoke is not None:
        wording.say("{code} revoked", code=answer["revoked"])
    else:
        issued, before = len(answer["issued"]), answer["before"]
        wording.say("{issued} issued, {before} had theirs before", issued=issued, before=before)
        if again := answer.get("signed_again"):
            wording.say("{count} signed again: print their plates anew", count=len(again))
        if withheld := answer.get("withheld"):
            wording.say(
                "{count} classified, without a sign: {names}",
                count=len(withheld),
                names=values.listed(withheld),
            )


@commands.command()
@options.county
@click.argument("out", type=options.path_type)
@click.option("--code", "wanted", multiple=True, help="Only this sign; repeatable.")
@click.option("--class", "plate_class", help="Only this plate class.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many.")
@click.option("--paper", default="A4", show_default=True, help="A4, A3 or A1 with cut marks.")
@click.option(
    "--font",
    "fonts",
    multiple=True,
    type=options.path_type,
    help="Font file, repeatable: Chinese first, then other scripts; else Noto Sans CJK.",
)
@options.json_output
def sheet(
    county: Path,
    out: Path,
    wanted: tuple[str, ...],
    plate_class: str | None,
    limit: int | None,
    paper: str,
    fonts: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Print plates at true size: many a sheet (OUT.pdf), or one SVG a sign (OUT a folder).

    Each QR code is read again from the plate as it will print, each character is looked up in the
    fonts; else nothing is written. Minority script, postcode, meaning and the sides of a boundary
    marker come from the county file.

    \b
    Examples:
      gazetteer signs sheet 石首.gpkg 门牌.pdf --class door-small --paper A3
      gazetteer signs sheet 石首.gpkg 路牌/ --class road --font NotoSerifTibetan-Bold.ttf
    """
    from gazetteer import release
    from gazetteer.office.signs import printing, registry
    from gazetteer.signs import payload, sheets
    from gazetteer.signs.plates import plate_class as plate_class_of
    from gazetteer.store import County
    from maps.print import plates

    with County(county) as opened:
        frame = registry.standing_signs(opened)
        if wanted:
            frame = frame[frame["code"].isin({payload.split(each)[0] for each in wanted})]
        if plate_class:
            frame = frame[frame["plate_class"] == plate_class_of(plate_class).name]
        frame = frame.head(limit or len(frame))
        made = printing.plates(opened, frame)
    released = release.gate({"signs": frame})
    if out.suffix.lower() == ".pdf":
        pages = sheets.impose(made, paper=paper)
        pdf = plates.pdf(pages, title=out.stem, font=fonts)
        files = release.leave(out, pdf, released=released)[:1]
    else:
        # named by code alone: no text of the county file reaches a path
        drawn = {
            f"{each.code}.svg": plates.svg(sheets.single(each), font=fonts).encode()
            for each in made
        }
        *files, _ = release.leave_all(out, drawn, released=released)
    if as_json:
        output.as_json(
            {"signs": len(made), "files": [str(file) for file in files], "codes": _sizes(made)}
        )
        return
    wording.say("{count} signs, each code read again: {path}", count=len(made), path=out)
    for each in _sizes(made):
        wording.say(
            "  {side:.0f} mm: modules of {module} mm, read from {distance} m",
            side=each["qr_mm"],
            module=each["module_mm"],
            distance=each["reads_m"],
        )


def _sizes(made: Sequence[Plate]) -> list[dict[str, float]]:
    """Return the sides of codes with their smallest modules, and from where a phone reads them."""
    from gazetteer.signs import qr

    least: dict[float, float] = {}
    for each in made:
        least[each.qr_side] = min(each.module_mm, least.get(each.qr_side, each.module_mm))
    return [
        {
            "qr_mm": side,
            "module_mm": round(module, 2),
            "reads_m": round(qr.reading_distance_m(module), 1),
        }
        for side, module in sorted(least.items())
    ]


@commands.command(once={"": remembering.NUMBERED})
@options.county
@click.argument("door")
@click.argument("out", type=options.path_type)
@click.option("--document-number", default="", metavar="文号", help="Number of the certificate.")
@click.option("--holder", default="", help="To whom it is given.")
@click.option("--issuer", default="", help="In whose name; the civil affairs office otherwise.")
@click.option("--contact", default="", help="Clerk in charge.")
@click.option("--telephone", default="", help="Telephone.")
@click.option("--template", type=options.path_type, help="The office's own template (.docx).")
@click.option("--blank", is_flag=True, help="Write the template to be edited.")
@options.on_day
@options.json_output
def certificate(
    county: Path,
    door: str,
    out: Path,
    document_number: str,
    holder: str,
    template: Path | None,
    blank: bool,
    on: str | None,
    as_json: bool,
    **office: str,
) -> None:
    """Write the certificate of a standard address (标准地址证明) as a Word file.

    DOOR is its address, its street and number, or the code of its sign. With --blank OUT is the
    template itself: edit it in Word, then name it with --template.

    \b
    Example:
      gazetteer signs certificate 石首.gpkg 建设路12号附1号 证明.docx --document-number 石址证3号
    """
    import pandas as pd

    from gazetteer import release
    from gazetteer.documents.addresses import address_certificate
    from gazetteer.documents.fill import filled
    from gazetteer.documents.fill import template as shipped
    from gazetteer.office.names import papers
    from gazetteer.office.signs import certificates
    from gazetteer.store import County

    if blank:
        release.put(out, shipped("address_certificate"))
        click.echo(str(out))
        return
    with County(county) as opened:
        content = address_certificate(
            certificates.address(opened, door),
            office=papers.office(opened, **office),
            number=document_number,
            on=options.day(on),
            holder=holder,
        )
        told = pd.DataFrame([content])
        released = release.gate({"addresses": told}, marked=opened.marked())
    edited = None if template is None else read(template)
    made = filled("address_certificate", content, edited=edited)
    release.leave(out, made, released=released)
    if as_json:
        output.as_json({**{name: content[name] for name in CERTIFIED}, "file": str(out)})
        return
    wording.say("{path}: {address}", path=out, address=content["address"])
