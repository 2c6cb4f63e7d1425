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


def table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
    """Print rows in aligned columns.

    Parameters
    ----------
    rows
        Values by column.
    columns
        Heading of each column, in order.
    """
    cells = [list(columns.values())]
    cells += [[_cell(row.get(column)) for column in columns] for row in rows]
    widths = [max(width(line[i]) for line in cells) for i in range(len(columns))]
    for line in cells:
        padded = [
            text + " " * (wide - width(text)) for text, wide in zip(line, widths, strict=True)
        ]
        click.echo("  ".join(padded).rstrip())


def rows(
    found: Sequence[Mapping[str, Any]], columns: Mapping[str, str], *, json_wanted: bool
) -> None:
    """Print rows whole as one JSON document, or in aligned columns as `table` does."""
    if json_wanted:
        as_json(found)
    else:
        table(found, columns)


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    text = f"{value:,.2f}" if isinstance(value, float) else str(value)
    return printable(text)


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
            click.echo(f"{each.severity.value:8}{each.id}  {printable(each.message.say(language))}")
        if len(found) > LISTED:
            click.echo(f"... {len(found) - LISTED} more (--json lists all)")
        counts = summary(found)
        click.echo(", ".join(f"{number} {name}" for name, number in counts.items()))
        not_checked(unchecked or (), language=language)
    if failed(found):
        raise SystemExit(1)


def not_checked(rules: Sequence[Unchecked], *, language: Language) -> None:
    """Print the rules that say nothing, one a line: no finding is no verdict on them."""
    for each in rules:
        sentence = f"{each.title.say(language)} ({each.clause}): {each.reason.say(language)}"
        click.echo(f"not checked  {each.rule}  {printable(sentence)}")


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
