"""The table of sentences: each in both languages, each used, none with scraps of the other."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click

import cli
from cli import commands, wording
from cli.main import main
from gazetteer.common import tables

ROOT = Path(cli.__file__).parents[1]
HOUSE = ("gazetteer", "boundaries", "facilities", "maps", "cli")
PASSED_ON = {
    "cli/wording.py": "`sentence` passes on what its callers give",
}
"""Files in which a sentence is made of something else than a literal, and why."""
HAN = re.compile(r"[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff”）}][,;:?!] ?[\u4e00-\u9fff“（{]")
PLURAL = re.compile(r"\}s\b|(?<!http)\(s\)")
COMMAND = re.compile(r"`[^`]*`")
PLACE, LETTERS = re.compile(r"\{[^}]*\}"), re.compile("[A-Za-z]")
ROWS = {row["en"]: row["zh"] for row in tables.rows("sentences.csv")}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield the place and the call of each sentence that the code makes."""
    for path in sorted(each for room in HOUSE for each in (ROOT / room).rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _makes_sentence(node.func, place):
                yield place, node


def _makes_sentence(called: ast.expr, place: str) -> bool:
    if isinstance(called, ast.Name):
        return called.id == "Sentence"
    said = isinstance(called, ast.Attribute) and called.attr in ("sentence", "say")
    return (
        said
        and place.startswith("cli/")
        and isinstance(called.value, ast.Name)
        and called.value.id == "wording"
    )


def _literal(call: ast.Call) -> str | None:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


TEMPLATES = sorted({text for _, call in calls() if (text := _literal(call)) is not None})


def test_each_sentence_of_the_code_has_its_chinese() -> None:
    assert not [each for each in TEMPLATES if not ROWS.get(each)]


def test_each_sentence_is_a_literal() -> None:
    assert {place for place, call in calls() if _literal(call) is None} == set(PASSED_ON)


def test_each_sentence_is_given_what_stands_in_it() -> None:
    for place, call in calls():
        if (text := _literal(call)) is not None and not any(
            each.arg is None for each in call.keywords
        ):
            given = {each.arg for each in call.keywords} - {"err"}
            assert given == placeholders(text) or not given, (place, text)


def test_no_sentence_glues_an_ending_on() -> None:
    assert not [each for each in TEMPLATES if PLURAL.search(COMMAND.sub("", each))]


def test_the_chinese_of_a_sentence_holds_the_same_values() -> None:
    pairs = [(each, ROWS[each]) for each in TEMPLATES]
    assert not [each for each, zh in pairs if placeholders(zh) != placeholders(each)]
    assert not [zh for _, zh in pairs if "!r" in zh]


def test_the_chinese_of_a_sentence_is_chinese() -> None:
    for english in TEMPLATES:
        chinese = COMMAND.sub("", ROWS[english])
        assert HAN.search(chinese) or not LETTERS.search(PLACE.sub("", english)), english
        assert not HALF_WIDTH.search(chinese), chinese
        assert chinese[-1:] != "。" or english[-1:] in (".", "?"), chinese


def placeholders(text: str) -> set[str]:
    """Return the names of the places of a template."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_each_row_is_used() -> None:
    used = {*TEMPLATES, *EXAMPLES, *helped(), *literals()}
    assert not [each for each in ROWS if each not in used]


EXAMPLES = ("{code!r} is no code", "Choose {choices}.", "Look it up first.")
"""What only the examples of `Sentence` and `GazetteerError` say."""


def literals() -> Iterator[str]:
    """Yield the texts of the commands, among which are headings and words of tables."""
    for path in (ROOT / "cli").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


@cache
def helped() -> set[str]:
    """Return what the help of all commands says in English."""
    found: set[str] = set()
    with wording.spoken(["--lang", "en"]):
        for context in every(main, click.Context(main, info_name="gazetteer")):
            found |= {*commands.sentences(context.command.help or "")}
            parameters = context.command.get_params(context)
            found |= {each.make_metavar(context) for each in parameters}
            found |= {each.help or "" for each in parameters if isinstance(each, click.Option)}
            found |= {*context.command.collect_usage_pieces(context)}
    return found


def every(command: click.Command, context: click.Context) -> Iterator[click.Context]:
    """Yield the context of a command and of all below it."""
    yield context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            if (below := command.get_command(context, name)) is not None:
                yield from every(below, click.Context(below, info_name=name, parent=context))
