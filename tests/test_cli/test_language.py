"""The command's own words, and those of click, in the language that is asked for."""

from __future__ import annotations

import ast
import csv
import gettext
import re
import unicodedata
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cli import commands, options, wording
from cli.main import main
from gazetteer.common import tables, typed_words
from gazetteer.common.language import in_chinese
from gazetteer.common.value_words import value_titles

HAN = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,}\b")
CITED = re.compile(r"`[^`]*`?|--[a-z-]+( [a-z]+)?")
AS_IT_IS = re.compile(r"[A-Z0-9|\[\]{}.a-z-]+")
"""Metavars that are values themselves: ``[A3|A4]``."""


def every(command: click.Command, context: click.Context) -> Iterator[click.Context]:
    yield context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from every(found, click.Context(found, info_name=name, parent=context))


CONTEXTS = [*every(main, click.Context(main, info_name="gazetteer"))]


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda each: each.command_path)
def test_every_help_is_wholly_chinese(context: click.Context) -> None:
    with wording.spoken(["--lang", "zh"]):
        told = context.command.get_help(context)
    plain = [
        line
        for line in told.partition("\n\n")[2].splitlines()
        if not line.strip().startswith(("gazetteer ", "--")) or "  " in line.strip()
    ]
    for line in plain:
        comment = line.strip().split("  ")[-1]
        assert not ENGLISH.search(CITED.sub("", comment)), line
    assert max(map(_width, plain)) <= 100
    assert HAN.search(told)


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda each: each.command_path)
def test_the_english_help_is_as_click_writes_it(context: click.Context) -> None:
    with wording.spoken(["--lang", "en"]):
        told = context.command.get_help(context)
    assert told.startswith("Usage: gazetteer") and "--lang" in told


def test_each_text_of_the_help_has_its_chinese() -> None:
    rows = {row["en"] for row in tables.rows("sentences.csv")}
    lacking = set()
    for context in CONTEXTS:
        wanted = {each for each in commands.sentences(context.command.help or "") if each}
        with wording.spoken(["--lang", "en"]):
            found = context.command.get_params(context)
            wanted |= {each.help or "" for each in found if isinstance(each, click.Option)}
            metavars = {each.make_metavar(context) for each in found}
        lacking |= {each for each in wanted if each and not HAN.search(in_chinese(each))}
        lacking |= {each for each in metavars if each and not AS_IT_IS.fullmatch(each)} - rows
    assert not lacking


def messages() -> Iterator[str]:
    """Yield what the installed click translates."""
    folder = Path(click.__file__).parent
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if named and node.func.id in ("_", "ngettext") and node.args:
                texts = [each for each in node.args if isinstance(each, ast.Constant)]
                yield from (str(each.value) for each in texts[:1])


def test_each_word_of_click_has_its_chinese() -> None:
    folder = str(files("gazetteer.data") / "locale")
    chinese = gettext.translation("messages", folder, languages=["zh_CN"])
    found = [*messages()]
    assert len(found) > 40
    assert not [each for each in found if each not in chinese._catalog  # type: ignore[attr-defined]
                and (each, 0) not in chinese._catalog]  # type: ignore[attr-defined]  # fmt: skip


@pytest.mark.checkout
def test_the_compiled_words_of_click_are_those_of_the_source() -> None:
    from babel.messages import mofile, pofile

    folder = Path(str(files("gazetteer.data"))) / "locale/zh_CN/LC_MESSAGES"
    with (folder / "messages.po").open("rb") as text, (folder / "messages.mo").open("rb") as made:
        source, compiled = pofile.read_po(text), mofile.read_mo(made)
    assert len(source) == len(compiled) and all(
        tuple(each.string) == tuple(compiled[each.id].string) for each in source if each.id
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["names", "search"], "缺少参数 '县文件'"),
        (["names", "serch"], "没有命令 serch"),
        (["names", "search", "甲.gpkg", "甲", "--limit", "x"], "'--limit' 的值无效"),
        (["print", "甲.gpkg", "甲.pdf", "--sheet", "某图"], "“某图”不在可选值中：行政区划图、"),
    ],
)
def test_what_click_refuses_is_said_in_chinese(line: list[str], said: str) -> None:
    result = CliRunner().invoke(main, ["--lang", "zh", *line])
    assert result.exit_code == 2 and said in result.output
    assert "Usage" not in result.output and "错误：" in result.output


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"GAZETTEER_LANG": "zh", "LANGUAGE": "en"}, "zh"),
        ({"GAZETTEER_LANG": "zh_CN.UTF-8", "LANGUAGE": "en"}, "zh"),
        ({"GAZETTEER_LANG": "EN-gb", "LANGUAGE": "zh"}, "en"),
        ({"GAZETTEER_LANG": "", "LANGUAGE": "", "LANG": "zh_CN.UTF-8"}, "zh"),
        ({"GAZETTEER_LANG": "", "LANGUAGE": "", "LC_ALL": "C.UTF-8", "LANG": "zh_CN"}, "en"),
    ],
)
def test_the_system_or_the_office_says_the_language(
    environment: dict[str, str], language: str
) -> None:
    for line in (["--help"], ["names", "search", "--help"], ["rules", "list", "--help"]):
        result = CliRunner().invoke(main, line, env=environment)
        assert result.exit_code == 0 and ("用法" in result.output) is (language == "zh")


def test_a_line_may_ask_for_another_language_than_the_one_before() -> None:
    told = [
        CliRunner().invoke(main, ["names", "--help", "--lang", each]).output
        for each in ("zh", "en", "zh")
    ]
    assert told[0] == told[2] != told[1] and "Usage" in told[1]


@pytest.mark.parametrize("field", sorted({row["field"] for row in tables.rows("typed_words.csv")}))
def test_each_word_that_may_be_typed_means_one_value(field: str) -> None:
    rows = [row for row in tables.rows("typed_words.csv") if row["field"] == field]
    for row in rows:
        for word in (row["value"], *row["zh"].split("|"), row["en"]):
            assert typed_words.stored(field, word) == row["value"], word


@pytest.mark.parametrize("field", sorted(typed_words.OF_TABLES))
def test_each_title_of_a_table_may_be_typed(field: str) -> None:
    name, column = typed_words.OF_TABLES[field]
    for row in csv.DictReader(tables.text(name).splitlines()):
        assert typed_words.stored(field, row[column]) == row[column]
        assert typed_words.stored(field, row["zh"]) == row[column], row


@pytest.mark.parametrize("field", sorted(typed_words.OF_VALUES))
def test_each_word_of_a_stored_value_may_be_typed(field: str) -> None:
    for value, word in value_titles()[typed_words.OF_VALUES[field]].items():
        assert {typed_words.stored(field, each) for each in (value, word.zh, word.en)} == {value}


def test_a_step_may_be_typed_in_chinese(demo_copy: Path) -> None:
    county = str(next(demo_copy.glob("*.gpkg")))
    line = ["applications", "new", county, "命名", "街路", "--name", "听涛路", "--applicant", "甲",
            "--fact", "政区代码=429921001", "--fact", "位置=城东", "--json"]  # fmt: skip
    result = CliRunner().invoke(main, line, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert '"kind": "naming"' in result.output and '"location": "城东"' in result.output


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("gazetteer names se", "search"), ("gazetteer print a b --sheet na", "names"),
     ("gazetteer names search --li", "--limit")],
)  # fmt: skip
def test_the_shell_completes_commands_options_and_values(typed: str, offered: str) -> None:
    words = typed.split()
    environment = {"_GAZETTEER_COMPLETE": "bash_complete", "COMP_WORDS": typed,
                   "COMP_CWORD": str(len(words) - 1)}  # fmt: skip
    result = CliRunner().invoke(main, [], env=environment, prog_name="gazetteer")
    assert f"plain,{offered}" in result.output.splitlines()


CODES = {"--lang": "codes of languages", "--paper": "sizes of paper"}
"""Options whose values are the same in both languages, with what they are."""


def test_every_choice_takes_its_words_in_chinese() -> None:
    """No command has a plain choice of English words."""
    found = {
        option
        for context in every(main, click.Context(main, info_name="gazetteer"))
        for each in context.command.params
        if isinstance(each.type, click.Choice) and not isinstance(each.type, options.Choice)
        for option in each.opts
    }
    assert found <= set(CODES), found
    for context in every(main, click.Context(main, info_name="gazetteer")):
        for each in context.command.params:
            if isinstance(each.type, options.Choice):
                for value in map(str, each.type.choices):
                    word = typed_words.title(each.type.field, value)
                    assert HAN.search(word), f"{context.command_path} {value}"
                    assert typed_words.stored(each.type.field, word) == value
