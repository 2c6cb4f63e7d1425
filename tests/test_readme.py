"""The README's sessions are executed as they stand."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import main
from tests.conftest import ROOT

READMES = ("README.md", "README.zh.md")
SPOKEN = {"README.md": "en", "README.zh.md": "zh"}


def blocks(name: str, language: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def sessions(block: str) -> list[tuple[str, str]]:
    """Return (command, expected output) pairs of a console block."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [(part.partition("\n")[0], part.partition("\n")[2]) for part in parts]


@pytest.mark.parametrize("name", READMES)
def test_commands_print_what_the_readme_shows(
    name: str, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo)
    shown = [session for block in blocks(name, "console") for session in sessions(block)]
    assert shown
    for command, expected in shown:
        words = command.split()
        assert words[0] == "gazetteer"
        result = CliRunner().invoke(main, words[1:], env={"LANGUAGE": SPOKEN[name]})
        assert result.exit_code == 0, (command, result.output)
        plain = [line.split() for line in result.output.splitlines() if line.strip()]
        wanted = [line.split() for line in expected.splitlines() if line.strip()]
        assert plain[: len(wanted)] == wanted, command


@pytest.mark.parametrize("name", READMES)
def test_python_examples_run(name: str) -> None:
    text = "\n".join(blocks(name, "python"))
    test = doctest.DocTestParser().get_doctest(text, {}, name, name, 0)
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    runner = doctest.DocTestRunner(optionflags=flags)
    runner.run(test)
    assert test.examples and runner.summarize(verbose=False).failed == 0


@pytest.mark.checkout
def test_both_readmes_have_the_same_sections_and_links() -> None:
    told = {name: (ROOT / name).read_text(encoding="utf-8") for name in READMES}
    headings = {name: len(re.findall(r"^## ", text, re.M)) for name, text in told.items()}
    links = {name: set(re.findall(r"\]\((docs/[^)]+)\)", text)) for name, text in told.items()}
    assert len(set(headings.values())) == 1
    assert links["README.md"] == links["README.zh.md"]


@pytest.mark.checkout
@pytest.mark.parametrize("name", READMES)
def test_links_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#:]+)\)", text)
    assert targets and not [each for each in targets if not (ROOT / each).exists()]
