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
    "cli/output.py": "what is said of an empty table is its caller's",
    "cli/inspection_closing.py": "what is said in the end stands beside the archive",
    "cli/boundary_archive.py": "what is said in the end stands beside the archive",
    "gazetteer/common/language.py": "`Told.of` passes on what its callers give",
}
"""Files in which a sentence is made of something else than a literal, and why."""
HAN = re.compile(r"[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff”）}][,;:?!] ?[\u4e00-\u9fff“（{]")
PLURAL = re.compile(r"\}s\b|(?<!http)\(s\)")
COMMAND = re.compile(r"`[^`]*`")
PLACE, LETTERS = re.compile(r"\{[^}]*\}"), re.compile("[A-Za-z]{3,}")
ROWS = {row["en"]: row["zh"] for row in tables.rows("sentences.csv")}


def calls() -> Iterator[tuple[str, ast.Call, list[str]]]:
    """Yield the place and the call of each sentence that the code makes, and its templates."""
    for path in sorted(each for room in HOUSE for each in (ROOT / room).rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        nodes = [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
        given: dict[str, list[str]] = {}
        for node in nodes:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                given.setdefault(node.targets[0].id, []).extend(_texts(node.value))
        for node in nodes:
            if isinstance(node, ast.Call) and node.args and _makes_sentence(node.func, place):
                first = node.args[0]
                named = given.get(first.id, []) if isinstance(first, ast.Name) else []
                yield place, node, named or _texts(first)


def _texts(value: ast.expr) -> list[str]:
    """Return what a literal says, or the two of which one is chosen."""
    if isinstance(value, ast.IfExp):
        return [*_texts(value.body), *_texts(value.orelse)]
    return [value.value] if isinstance(value, ast.Constant) and isinstance(value.value, str) else []


def _makes_sentence(called: ast.expr, place: str) -> bool:
    if isinstance(called, ast.Name):
        return called.id == "Sentence"
    if isinstance(called, ast.Attribute) and called.attr == "of":
        return isinstance(called.value, ast.Name) and called.value.id == "Told"
    said = isinstance(called, ast.Attribute) and called.attr in ("sentence", "say")
    return (
        said
        and place.startswith("cli/")
        and isinstance(called.value, ast.Name)
        and called.value.id == "wording"
    )


TEMPLATES = sorted({text for _, _, texts in calls() for text in texts})


def test_each_sentence_of_the_code_has_its_chinese() -> None:
    assert not [each for each in TEMPLATES if not ROWS.get(each)]


def test_each_sentence_is_a_literal() -> None:
    assert {place for place, _, texts in calls() if not texts} == set(PASSED_ON)


def test_each_sentence_is_given_what_stands_in_it() -> None:
    for place, call, texts in calls():
        given = {each.arg for each in call.keywords} - {"err"}
        if len(texts) == 1 and given:
            assert given == placeholders(texts[0]), (place, texts)


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
    """Yield the texts of the code, among which are headings, words of tables and reasons."""
    for path in (each for room in HOUSE for each in (ROOT / room).rglob("*.py")):
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


def _joined(value: ast.expr) -> bool:
    """Tell whether a list is made one text with a comma of one language."""
    called = value.func if isinstance(value, ast.Call) else None
    return (
        isinstance(called, ast.Attribute)
        and called.attr == "join"
        and isinstance(called.value, ast.Constant)
        and called.value.value in (", ", "、")
    )


def test_no_sentence_is_given_a_list_with_the_comma_of_one_language() -> None:
    found = [f"{place}:{call.lineno}" for place, call, _ in calls()
             for each in call.keywords if _joined(each.value)]  # fmt: skip
    assert found == []
