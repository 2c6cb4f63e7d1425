"""Chinese that people read has full-width punctuation: in code, tables, templates and pages."""

from __future__ import annotations

import ast
import csv
import re
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import cli

pytestmark = pytest.mark.checkout

ROOT = Path(cli.__file__).parents[1]
ROOMS = ("gazetteer", "boundaries", "facilities", "maps", "cli", "sample_county")
HAN = "\u3400-\u9fff"
CHINESE = HAN + "\u3001-\u301f\uff01-\uffef“”‘’·…—"
HALF = re.compile(f"[{CHINESE}] ?[,:;?!()]|[,:;?!()] ?[{CHINESE}]|[,;?!] ")
FREE = re.compile(r"`[^`]*`|https?://\S+|\w\.\w+）?:\d+|\d:\d+|(?<=\d)(?:\(\d+\))+")
"""What stands as it is typed: commands, addresses, lines of files, scales and times, articles."""
PLACE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{[^{}]*\}")
WORD, CHARACTER = re.compile(r"[A-Za-z]{3,}"), re.compile(f"[{HAN}]")
PATTERN = re.compile(r"\\|\(\?|\[\^|\[[^\[\]]*\][+*?{]")
"""How a regular expression looks where no call tells it."""

LEFT = {
    r"data/characters_.*|data/readings.*|data/variant_characters\.csv|data/.*synonyms\.csv": (
        "characters and words of others, with the notes of who collected them"
    ),
    r"data/(surname_readings|ethnic_names)\.csv": "the same",
    r"data/generic_terms\.csv category": "words of the code, compared and never shown",
    r"data/facility_words\.csv key": "keys: what plans in use say of a target",
    r"data/plan_.*\.toml (binding|unit|names)": "the same; names as the lists of others have them",
    r"data/plan_(?!example|chuxi).*\.toml quote": "quoted to the letter from a published plan",
    r"sample_county/(delivery/files|judged|lexicon|divisions|naming|places|plates|sheets)\.py": (
        "what offices deliver, as they deliver it"
    ),
    r"sample_county/inspection/(forms|plan)\.py": "the same",
    r"gazetteer/documents/page\.py": "lists of fonts, as Typst and Word take them",
    r"gazetteer/store/triggers\.py": "triggers of released county files",
}
"""Places whose punctuation stays, with the reason."""


def chinese(text: str) -> bool:
    """Tell whether a text is Chinese, rather than English that names a thing in Chinese."""
    plain = PLACE.sub("", FREE.sub("", text))
    characters, words = len(CHARACTER.findall(plain)), len(WORD.findall(plain))
    first = re.search(f"[A-Za-z{HAN}]", plain)
    begins = first is not None and CHARACTER.match(first[0]) is not None
    return characters > 4 * words or (begins and characters >= words > 0)


def remark(place: str, text: str) -> bool:
    """Tell whether it is a contributor's remark on a row, in English with names in Chinese."""
    return place.endswith((" source", " note")) and WORD.search(text) is not None


def half(text: str) -> str:
    """Return the place of a half-width sign beside Chinese; nothing where there is none."""
    found = HALF.search(PLACE.sub("字", FREE.sub("", text)))
    return "" if found is None else found[0]


def literals(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the line and text of each literal of a module that is no docstring and no pattern."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = set[int]()
    for node in ast.walk(tree):
        if id(node) in skipped:
            skipped |= {id(each) for each in ast.iter_child_nodes(node)}
            continue
        if isinstance(node, ast.Expr) or (
            isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.")
        ):
            skipped |= {id(each) for each in ast.walk(node)} if _mute(node) else set()
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "Text" and node.args:
            yield from _chinese_of(node.args[0])
        elif isinstance(node, ast.JoinedStr):
            skipped |= {id(each) for each in node.values if isinstance(each, ast.Constant)}
            yield str(node.lineno), "".join(map(_part, node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield str(node.lineno), node.value


def _chinese_of(first: ast.expr) -> Iterator[tuple[str, str]]:
    """Yield the Chinese of a `Text` that is made of values alone, with signs between them."""
    if isinstance(first, ast.JoinedStr):
        yield str(first.lineno), "".join(map(_part, first.values)).replace("{}", "字")


def _mute(node: ast.AST) -> bool:
    return not isinstance(node, ast.Expr) or isinstance(node.value, ast.Constant)


def _part(value: ast.expr) -> str:
    return str(value.value) if isinstance(value, ast.Constant) else "{}"


def code() -> Iterator[tuple[str, str]]:
    """Yield the literals of the house."""
    for path in sorted(each for room in ROOMS for each in (ROOT / room).rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        yield from ((f"{place} {line}", text) for line, text in literals(path)
                    if not PATTERN.search(text))  # fmt: skip


def tables() -> Iterator[tuple[str, str]]:
    """Yield the cells of the tables and the values of the profiles."""
    for path in sorted((ROOT / "data").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield from ((f"data/{path.name} {column}", text or "")
                            for column, text in row.items())  # fmt: skip
    for path in sorted((ROOT / "data").glob("*.toml")):
        yield from _values(f"data/{path.name}", tomllib.loads(path.read_text(encoding="utf-8")))


def _values(place: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _values(f"{place.split(' ', maxsplit=1)[0]} {key}", each)
    elif isinstance(value, list):
        for each in value:
            yield from _values(place, each)
    else:
        yield place, str(value)


def templates() -> Iterator[tuple[str, str]]:
    """Yield the paragraphs of Word templates and the lines of every other one."""
    for path in sorted((ROOT / "gazetteer/documents/templates").glob("*.docx")):
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                text = archive.read(member).decode() if member.endswith(".xml") else ""
                for each in re.findall(r"<w:p[ >].*?</w:p>", text, re.DOTALL):
                    said = "".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", each))
                    yield f"{path.name} {member}", said
    for path in sorted(each for room in ROOMS for each in (ROOT / room).rglob("*")):
        if path.suffix in (".typ", ".html", ".js", ".css", ".txt"):
            place = path.relative_to(ROOT).as_posix()
            for line in path.read_text(encoding="utf-8").splitlines():
                key, equals, rest = line.partition("=")
                named = bool(equals) and path.suffix == ".txt"
                yield f"{place} {key if named else ''}", rest if named else line


def pages() -> Iterator[tuple[str, str]]:
    """Yield the lines of what is written in Chinese about the project."""
    for path in (ROOT / "README.zh.md", *sorted((ROOT / "offline").glob("*.txt"))):
        fenced = False
        for line in path.read_text(encoding="utf-8").splitlines():
            fenced ^= line.startswith("```")
            yield path.name, "" if fenced else re.sub(r"\]\([^()]*\)|^#.*", "", line)


def faults(texts: Iterator[tuple[str, str]]) -> list[str]:
    """Return the texts in Chinese that have half-width punctuation, without the exceptions."""
    left = re.compile("|".join(f"(?:{each})(?: |$)" for each in LEFT))
    wrong = [each for each in texts if half(each[1]) and chinese(each[1]) and not remark(*each)]
    return [f"{place}: {half(text)!r} in {text[:80]!r}" for place, text in wrong
            if not left.match(place)]  # fmt: skip


def test_the_law_sees_what_it_should() -> None:
    for wrong in (
        "共 {n} 个,缺 {m} 个",
        "{name}:无",
        "长度(米)",
        "未知 (年)",
        "县库 (gpkg)",
        "何时?",
    ):
        assert chinese(wrong) and half(wrong), wrong
    for right in (
        "时间 8:30，比例 1:10000",
        "共 {n:,.1f} 亩",
        "用 `a(b, 桥)`",
        "GB/T 2260",
        "甲（乙）",
    ):
        assert not half(right), right
    assert not chinese("Kind of facility (养老院); repeatable.")


def test_the_code_says_chinese_with_full_width_punctuation() -> None:
    assert faults(code()) == []


def test_the_tables_hold_chinese_with_full_width_punctuation() -> None:
    assert faults(tables()) == []


def test_the_templates_hold_chinese_with_full_width_punctuation() -> None:
    found = [*templates()]
    assert len({place for place, _ in found}) > 20
    assert faults(iter(found)) == []


def test_the_pages_in_chinese_have_full_width_punctuation() -> None:
    assert faults(pages()) == []


def test_each_exception_is_still_one() -> None:
    every = [*code(), *tables(), *templates()]
    wrong = [place for place, text in every if half(text) and chinese(text)]
    for pattern in LEFT:
        assert any(re.match(pattern, place) for place in wrong), pattern
