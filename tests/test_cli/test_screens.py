"""What commands print is wholly Chinese where Chinese is spoken, and nothing stays untranslated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import cli
from cli import values, wording
from gazetteer.common import tables
from gazetteer.common.language import in_chinese
from gazetteer.kinds import LAYERS
from gazetteer.names.rules import catalogue
from gazetteer.store import schema
from tests.test_cli.asking import COUNTY, run
from tests.test_cli.examples import words

HAN = re.compile(r"[\u4e00-\u9fff]")
WORDS = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
ENGLISH = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,}\b")
ID = re.compile(r"\b[0-9a-f]{16}\b|\b[0-9a-f]{32}\b")
QUOTED = re.compile(r"`[^`]*`|gazetteer( [a-z]+)+|--[a-z][a-z-]*|\S*[/.]\S*|\[[^\]]*\]")
"""Commands and options to type, paths."""
DIGEST = "SHA-256"
SAYING = ("echo", "secho", "UsageError", "BadParameter", "ClickException", "prompt", "confirm",
          "fail", "print")  # fmt: skip
MODULES = [*Path(cli.__file__).parent.rglob("*.py")]


def calls(path: Path) -> Iterator[tuple[str, ast.Call, ast.AST]]:
    """Yield the calls of a module with the last word of what is called, and where they stand."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    places = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)]
    for place in (*places, tree):
        for node in ast.walk(place):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                yield str(name), node, place


def texts(node: ast.AST, tree: ast.AST) -> Iterator[str]:
    """Yield the texts that an argument may be: itself, either side of a choice, a name's values."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body, tree)
        yield from texts(node.orelse, tree)
    elif isinstance(node, ast.Name):
        for each in ast.walk(tree):
            if isinstance(each, ast.Assign) and node.id in map(ast.unparse, each.targets):
                yield from texts(each.value, tree)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_nothing_is_printed_past_the_table(path: Path) -> None:
    for name, call, tree in calls(path):
        if isinstance(tree, ast.Module):  # every call of a function stands in it, too
            continue
        for each in call.args if name in SAYING else ():
            odd = [text for text in literals(each, tree) if WORDS.search(text.replace(DIGEST, ""))]
            assert not odd, f"{path.name}:{call.lineno}"


def literals(node: ast.AST, tree: ast.AST) -> Iterator[str]:
    """Yield the texts of an argument that no function translates: f-strings with what they hold."""
    said = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", ""))
    if isinstance(node, ast.Subscript) or said in ("sentence", "word", "told", "said", "say"):
        return
    yield from texts(node, tree)
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.FormattedValue | ast.JoinedStr | ast.Call | ast.BinOp | ast.expr):
            yield from literals(each, tree)


def templates() -> Iterator[tuple[str, str]]:
    """Yield where and what: each sentence and heading that the screens say."""
    for path in MODULES:
        for name, call, tree in calls(path):
            where = f"{path.name}:{call.lineno}"
            said: list[ast.AST] = []
            if ast.unparse(call.func) in ("wording.say", "wording.sentence", "wording.word"):
                said = [*call.args[:1]]
            elif name == "columns" and not call.args:
                said = [each.value for each in call.keywords]
            elif name == "rows":
                said = [each.value for each in call.keywords if each.arg == "empty"]
            yield from ((where, text) for each in said for text in texts(each, tree))


def test_the_sentences_of_the_screens_have_their_chinese() -> None:
    found = [*templates()]
    assert len(found) > 250
    rows = {row["en"] for row in tables.rows("sentences.csv")}
    assert not [each for each in found if each[1] not in rows]
    places = re.compile(r"\{(\w+)")
    for where, text in found:
        same = set(places.findall(text)) == set(places.findall(in_chinese(text)))
        assert same, f"{where}: {text}"


def test_the_tables_and_column_of_the_county_file_have_their_words() -> None:
    with wording.spoken(["--lang", "zh"]):
        assert wording.language() == "zh"
        for table in schema.RECORDED:
            assert HAN.search(values.layer(table.name)), table.name
            for column in table.columns:
                told = values.field(column.name)
                assert HAN.search(told) or column.name in INWARD, f"{table.name}.{column.name}"
        assert all(HAN.search(values.layer(each)) for each in LAYERS)


INWARD = {"fid", "key", "sha256", "row_version"}


def test_the_words_for_stored_values_are_chinese() -> None:
    for row in tables.rows("screen_words.csv"):
        assert HAN.search(row["zh"]) and row["en"], row


READING = (
    "info COUNTY",
    "info COUNTY --schema",
    "log show COUNTY --last 60",
    "log verify COUNTY",
    "history COUNTY 友爱街",
    "history COUNTY CX-2025-001",
    "history COUNTY 429921103104",
    "diff COUNTY --known-at 10..40",
    "diff COUNTY --known-at 40..41",
    "today COUNTY",
    "refresh COUNTY --dry-run",
    "names search COUNTY 友爱",
    "names search COUNTY 囧囧囧",
    "names at COUNTY 112.41,29.72",
    "names at COUNTY 112°24′36″E,29°43′12″N",
    "names at COUNTY 1,1",
    "names romanize 解家庄 吕梁市",
    "names undecided COUNTY --limit 3",
    "names check COUNTY 友爱街 --category 街巷",
    "names duplicates COUNTY",
    "names repairs COUNTY",
    "names repairs 南砦村 茶?村",
    "names respell COUNTY",
    "rules list",
    "rules audit COUNTY",
    "ledger list COUNTY",
    "applications list COUNTY",
    "applications list COUNTY --all",
    "applications show COUNTY CX-2025-001",
    "applications facts COUNTY CX-2025-001",
    "applications deadlines COUNTY",
    "boundaries check COUNTY",
    "boundaries lines COUNTY",
    "boundaries markers COUNTY",
    "inspection due COUNTY",
    "inspection verify COUNTY",
    "disputes list COUNTY",
    "peace list COUNTY",
    "peace due COUNTY",
    "peace score COUNTY",
    "signs list COUNTY",
    "signs orders COUNTY",
    "signs orders COUNTY --all",
    "signs key COUNTY",
    "facilities geocode COUNTY 曲江街道",
    "facilities status COUNTY --as-of 2025-12-31",
    "facilities reach COUNTY --kind 日间照料中心 --age 60+",
)
WRITING = (
    "backup COUNTY 副本.gpkg",
    "names decide COUNTY 曲江 qǔjiāng --source 地名志",
    "peace contact COUNTY 联9 429921103104 --on 2026-03-01",
    "undo COUNTY {last}",
    "peace contact COUNTY 联9 429921103104 --on 2026-03-01",
    "inspection plan COUNTY 2026-9 429921001104 --starts 2026-03-01 --ends 2026-03-20",
    "inspection open COUNTY 2026-9",
    "inspection bundle COUNTY 2026-9 --side 429921001 发出",
    "disputes new COUNTY 争1 429921103104 --at 2026-03-01T08:30",
    "disputes step COUNTY 争1 report --at 2026-03-01T12:00",
    "disputes show COUNTY 争1",
    "disputes list COUNTY",
    "applications new COUNTY naming street --name 听涛路 --applicant 住建局 --number 2026-9 "
    "--fact division_code=429921001 --fact built_up=429921001",
    "applications show COUNTY 2026-9",
    "signs issue COUNTY --name 楚溪河",
    "signs audit COUNTY",
    "signs inspect COUNTY --make-form 巡查.xlsx",
    "import names COUNTY raw/城镇街道.csv --crs EPSG:4490 --dry-run",
    "export COUNTY names 地名.xlsx",
    "export COUNTY names 表单.xlsx --form",
    "import form COUNTY 表单.xlsx --dry-run",
    "rules audit COUNTY --keep",
    "qgis COUNTY",
    "today COUNTY",
    "log show COUNTY",
)


def stored() -> frozenset[str]:
    """Return the words by which values are stored, and the names of fields: none is for people."""
    found = {row["value"] for row in tables.rows("screen_words.csv")}
    found |= {row["value"] for row in tables.rows("value_labels.csv")}
    fields = {row["field"] for row in tables.rows("field_labels.csv")}
    return frozenset(each for each in found | fields if re.fullmatch(r"[a-z_-]{3,}", each))


def faults(line: str, said: str) -> list[str]:
    """Return what stands in an answer in Chinese that is not for people."""
    typed = {word for each in line.split() for word in re.split(r"[=:]", each)}
    if line == "rules list":  # the words to type stand in a column of their own
        typed |= {each["id"] for each in catalogue()}
    found, known = list[str](), stored()
    for row in said.splitlines():
        plain = QUOTED.sub(" ", row)
        left = [word for word in re.findall(r"[a-z_-]{3,}", plain) if word not in typed]
        found += [f"{word}: {row}" for word in left if word in known]
        found += [row for match in (ENGLISH.search(plain), ID.search(plain)) if match]
    return found


@pytest.mark.parametrize("line", READING)
def test_an_answer_in_chinese_has_nothing_else(
    line: str, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo)
    done = run(*line.replace("COUNTY", COUNTY).split(), "--lang", "zh")
    assert done.exit_code in {0, 1} and done.output.strip(), done.output
    assert not faults(line, done.output)


def test_a_day_of_writing_is_told_in_chinese(
    demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo_copy)
    for line in WRITING:
        done = run(*words(line, demo_copy), "--lang", "zh")
        assert done.exit_code in {0, 1} and done.output.strip(), (line, done.output)
        assert not faults(line, done.output), line


def test_what_is_written_for_scripts_is_the_same_in_both_languages(
    demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo)
    for line in ("log show", "inspection due", "disputes list", "signs orders", "peace due"):
        said = []
        for language in ("zh_CN", "en"):
            monkeypatch.setenv("LANGUAGE", language)
            said.append(run(*line.split(), COUNTY, "--json").output)
        assert said[0] == said[1], line
