"""Printing: JSON for scripts, tables and findings for people."""

from __future__ import annotations

import codecs
import io
import json
import math
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from cli import values, wording
from gazetteer.common.json_values import as_json as plain

if TYPE_CHECKING:
    from gazetteer.common.findings import Finding
    from gazetteer.common.language import Language
    from gazetteer.names.rules import Unchecked

LISTED = 40
BLOCK = 1_000


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """Return what a console's encoding has not, written as JSON writes it."""
    assert isinstance(error, UnicodeEncodeError)
    lacking = error.object[error.start : error.end]
    return json.dumps(lacking)[1:-1], error.end


codecs.register_error("gazetteer", _escaped)


def say_everything() -> None:
    r"""Make standard output escape (``\\u3635``) what a console in GBK cannot show, not fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="gazetteer")


def as_json(value: Any, *, lines: bool = False) -> None:
    """Print a value as one JSON document (``lines``: on one line)."""
    click.echo(_document(value, indent=None if lines else 2))


def _document(value: Any, *, indent: int | None = None) -> str:
    return json.dumps(plain(value), ensure_ascii=False, indent=indent, allow_nan=False)


def _streamed(name: str, rows: Iterable[Any], others: Mapping[str, Any]) -> None:
    """Print a document whose first member is a long list, a block of rows at a time.

    It is the text of `as_json`, which never stands in memory as a whole.
    """
    opening = f"{{\n  {json.dumps(name)}: ["
    some = False
    for block in _blocks(_indented(row, 4) for row in rows):
        click.echo(("," if some else opening) + "\n" + ",\n".join(block), nl=False)
        some = True
    click.echo("\n  ]," if some else f"{opening}],")
    click.echo(_indented(dict(others), 0)[2:])


def _blocks(rows: Iterable[str]) -> Iterator[list[str]]:
    """Yield blocks: each is written at once, and flushed."""
    left = iter(rows)
    while block := list(islice(left, BLOCK)):
        yield block


def _indented(value: Any, by: int) -> str:
    return " " * by + _document(value, indent=2).replace("\n", "\n" + " " * by)


def columns(**titles: str) -> dict[str, str]:
    """Return the headings of a table by column: English words with a row in the table of texts."""
    return titles


def table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
    """Print rows in aligned columns under headings in the language that is spoken.

    Parameters
    ----------
    rows
        Values by column.
    columns
        Heading of each column, in order; see `columns`.
    """
    shown = [_cells([row.get(column) for row in rows]) for column in columns]
    titled = [
        [printable(wording.word(title)), *cells]
        for title, cells in zip(columns.values(), shown, strict=True)
    ]
    widths = [max(map(width, cells)) for cells in titled]
    for line in zip(*titled, strict=True):
        padded = [
            text + " " * (wide - width(text)) for text, wide in zip(line, widths, strict=True)
        ]
        click.echo("  ".join(padded).rstrip())


def rows(
    found: Sequence[Mapping[str, Any]],
    columns: Mapping[str, str],
    *,
    json_wanted: bool,
    shown: Sequence[Mapping[str, Any]] | None = None,
    empty: str = "",
) -> None:
    """Print rows whole as one JSON document, or in aligned columns as `table` does.

    Parameters
    ----------
    shown
        The rows as people read them, where that is not what scripts get.
    empty
        What is said where there is none.
    """
    if json_wanted:
        as_json(found)
    elif not found and empty:
        wording.say(empty)
    else:
        table(found if shown is None else shown, columns)


def _cells(values: Sequence[Any]) -> list[str]:
    """Return the cells of a column: its numbers all with digits behind the point, or none."""
    numbers = [each for each in values if isinstance(each, float) and math.isfinite(each)]
    digits = 0 if all(each.is_integer() for each in numbers) else 2
    return [_cell(each, digits) for each in values]


def _cell(value: Any, digits: int) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return wording.word("yes" if value else "no")
    if isinstance(value, list | tuple):
        return printable(values.listed(value))
    return printable(f"{value:.{digits}f}" if isinstance(value, float) else str(value))


def tell_left_out(count: int | None) -> None:
    """Say how many classified records were left out, where that was asked for."""
    if count is not None:
        wording.say("  {count} classified records left out", count=count)


def printable(text: str) -> str:
    """Return a text without the characters that move the cursor or turn the line around."""
    return "".join("·" if unicodedata.category(each) in {"Cc", "Cf"} else each for each in text)


def width(text: str) -> int:
    """Return the columns that a text takes on a terminal: two for each Chinese character."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def cut(text: str, columns: int) -> str:
    """Return the beginning of a text that fits so many columns of a terminal.

    Examples
    --------
    >>> cut("楚溪县 429921", 8), cut("曲江", 8)
    ('楚溪县…', '曲江')
    """
    if width(text) <= columns:
        return text
    fits = (at for at in range(len(text), 0, -1) if width(text[:at]) < columns)
    return text[: next(fits, 0)].rstrip() + "…"


def findings(
    found: Sequence[Finding],
    *,
    language: Language,
    json_wanted: bool,
    unchecked: Sequence[Unchecked] | None = None,
    lines: bool = False,
) -> None:
    """Print findings, and leave with status 1 where one is more than a note.

    Parameters
    ----------
    lines
        One JSON object a finding and line, instead of one document.
    unchecked
        Rules that say nothing, for checks that know them: said in every answer, none or some.
    """
    from gazetteer.common.findings import failed, summary

    if lines:
        texts = (_document(each.as_json(language)) for each in found)
        for block in _blocks(texts):
            click.echo("\n".join(block))
    elif json_wanted:
        answer: dict[str, Any] = {"summary": summary(found)}
        if unchecked is not None:
            answer["not_checked"] = [each.as_json(language) for each in unchecked]
        _streamed("findings", (each.as_json(language) for each in found), answer)
    else:
        for each in found[:LISTED]:
            told = printable(each.message.say(language))
            click.echo(f"{severity(each.severity.value)}{each.id}  {told}")
        if len(found) > LISTED:
            wording.say("... {count} more (--json lists all)", count=len(found) - LISTED)
        wording.say("{counts}", counts=values.counted(summary(found), field="severity"))
        not_checked(unchecked or (), language=language)
    if failed(found):
        raise SystemExit(1)


def severity(name: str) -> str:
    """Return the word for a severity, filled up to a column."""
    word = values.called("severity", name)
    return word + " " * (8 - width(word))


def not_checked(rules: Sequence[Unchecked], *, language: Language) -> None:
    """Print the rules that say nothing, one a line: no finding is no verdict on them."""
    for each in rules:
        wording.say(
            "not checked  {title} ({clause}): {reason}",
            title=each.title.say(language) or each.rule,
            clause=each.clause,
            reason=each.reason.say(language),
        )


def batch(answers: Iterable[Any]) -> None:
    """Print one JSON object a line, in the order of the items asked."""
    for answer in answers:
        as_json(answer, lines=True)


@contextmanager
def progress(label: str, *, quiet: bool = False) -> Iterator[Any]:
    """Yield a function that is told how many of how many are done; draws a bar on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def tell(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield tell
