"""`gazetteer today`: what is to be done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import commands, options, output
from cli.applications import DEADLINE_COLUMNS
from cli.peace import DUE_COLUMNS

if TYPE_CHECKING:
    from gazetteer.common.language import Language

HEADINGS = {
    "deadlines": ("期限", DEADLINE_COLUMNS),
    "applications": ("未办结的申请", {"number": "编号", "title": "事项", "state": "状态"}),
    "readings": (
        "待定读音",
        {"specific": "专名", "character": "字", "candidates": "可能读音", "names": "地名数"},
    ),
    "ledger": ("清理台账", {"number": "编号", "state": "状态", "message": "问题"}),
    "orders": (
        "标志工单",
        {"number": "单号", "name": "标志", "code": "编码", "work": "处理", "opened_on": "派单日期"},
    ),
    "provisional": ("暂用代码的政区，待带代码的区划表", {"code": "暂用代码", "name": "名称"}),
    "boundaries": ("平安边界", DUE_COLUMNS),
    "unsealed": ("未封存的外部编辑", {"at": "时间", "command": "操作", "detail": "内容"}),
}


@commands.command()
@options.county
@options.profile
@options.on_day
@options.answer
def today(county: Path, profile: str, on: str | None, language: Language, as_json: bool) -> None:
    """Say what is to be done: deadlines, readings, clean-up, signs, lines, edits made elsewhere.

    \b
    Example:
      gazetteer today 石首.gpkg
    """
    from boundaries.peace import recording as peace
    from gazetteer.office.names.agenda import agenda
    from gazetteer.store import County

    with County(county) as opened:
        answer = agenda(opened, on=options.day(on), profile=profile).as_json(language)
        answer["boundaries"] = peace.due_rows(opened, peace.owed(opened, today=answer["on"]))
    if as_json:
        output.as_json(answer)
        return
    click.echo(f"{answer['on']}: {answer['undecided']} 个地名读音待定")
    for part, (heading, columns) in HEADINGS.items():
        if answer[part]:
            click.echo(f"\n{heading} ({len(answer[part])})")
            output.table(answer[part], columns)
