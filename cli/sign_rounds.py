"""`gazetteer signs` import, inspect, orders: old lists and the field round."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import commands, options, output, remembering, values, wording
from gazetteer.common.json_values import as_json as plain

if TYPE_CHECKING:
    pass


@commands.command("import")
@options.county
@click.argument("listed", type=options.path_type)
@click.option("--review", type=options.path_type, help="Where rows for review go (.xlsx).")
@options.dry_run
@options.crs
@options.column_map
@options.answer
def import_(
    county: Path,
    listed: Path,
    review: Path | None,
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
    from gazetteer import exchange
    from gazetteer.office.signs import old_lists
    from gazetteer.signs import matching
    from gazetteer.store import County

    read = exchange.read(listed, "sign_list", crs=crs, mapping=mapping)
    with County(county, writing=True) as opened:
        found = old_lists.match_list(opened, read)
        landed = old_lists.take_over(opened, read, found)
        marked = opened.marked()
    frame = read.original.assign(
        结果=[matching.OUTCOMES[each.outcome].say(language) for each in found],
        地名=[each.name for each in found],
        原因=[each.reason.say(language) for each in found],
    )
    doubtful = frame[[each.outcome != matching.MATCHED for each in found]]
    if review is not None:
        exchange.write(doubtful, review, layer="待核", marked=marked)
    counts = {
        "read": read.read,
        "landed": landed,
        "matched": len(frame) - len(doubtful),
        "review": len(doubtful),
        "rejected": len(read.rejects),
    }
    if as_json:
        output.as_json(counts)
        return
    wording.say(
        "{read} rows read, {landed} landed, {matched} matched, {review} for review, {rejected} "
        "rejected",
        read=counts["read"],
        landed=counts["landed"],
        matched=counts["matched"],
        review=counts["review"],
        rejected=counts["rejected"],
    )


@commands.command(once={"make_form": remembering.HANDED_OUT})
@options.county
@click.option("--photos", multiple=True, type=options.path_type, help="Photos of a round.")
@click.option("--form", type=options.path_type, help="Form that came back (.xlsx, .gpkg).")
@click.option("--make-form", type=options.path_type, help="Write an empty form for a round.")
@click.option("--visitor", default="", help="Who went round.")
@options.sign_tolerance
@options.dry_run
@options.answer
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
    from gazetteer.common.findings import failed
    from gazetteer.office.signs import rounds
    from gazetteer.signs import inspection
    from gazetteer.store import County

    if not (photos or form or make_form):
        raise click.UsageError(wording.sentence("Give --photos, --form or --make-form."))
    with County(county, writing=True) as opened:
        if make_form is not None:
            rows = rounds.form(opened, make_form)
            wording.say("{path}: {count} signs", path=make_form, count=rows, err=as_json)
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
        counts = {"visits": done.visits, "opened": done.opened, "closed": done.closed}
        counts |= {"refused": done.refused}
        output.as_json({**counts, "findings": [each.as_json(language) for each in found]})
    else:
        for sentence in [*refused, *(each.message.say(language) for each in found)]:
            click.echo(output.printable(sentence))
        wording.say(
            "{visits} visits, {opened} orders opened, {closed} closed",
            visits=done.visits,
            opened=len(done.opened),
            closed=len(done.closed),
        )
    if failed(found) or refused:
        raise SystemExit(1)


@commands.command()
@options.county
@click.option("--close", metavar="NUMBER", help="Close this order.")
@click.option("--remarks", default="", help="How it was done.")
@click.option("--all", "every", is_flag=True, help="Closed ones, too.")
@options.dry_run
@options.json_output
def orders(county: Path, close: str | None, remarks: str, every: bool, as_json: bool) -> None:
    """List open work orders, or close one.

    \b
    Examples:
      gazetteer signs orders 石首.gpkg
      gazetteer signs orders 石首.gpkg --close 2026-0001 --remarks 已更换
    """
    from gazetteer.office.signs import registry, rounds
    from gazetteer.store import County

    with County(county, writing=close is not None) as opened:
        if close is not None:
            rounds.close_order(opened, close, remarks=remarks)
        frame = registry.orders(opened, every=every)
    rows = plain(frame.drop(columns=["geometry", "sign_id"]))
    output.rows(
        rows,
        ORDERS,
        json_wanted=as_json,
        shown=[{**each, "state": values.called("order_state", each["state"])} for each in rows],
        empty="There is no work order."
        if every
        else "No work order is open; `--all` lists those closed.",
    )


ORDERS = output.columns(number="Order", name="Name", code="Code", work="Work", state="State")
