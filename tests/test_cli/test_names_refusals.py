"""What the place-name desk refuses: one line, exit status 2, nothing changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from gazetteer.store import County
from tests.test_cli.asking import run
from tests.test_gazetteer import desk_county

STREET = ("--category", "street")
NEW = ("applications", "new", "FILE", "naming", "street", "--applicant", "住建局", "--name")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = desk_county.make(tmp_path_factory.mktemp("desk") / "县.gpkg")
    made = run(*(path if each == "FILE" else each for each in NEW), "兰台路", "--number", "1")
    assert made.exit_code == 0, made.output
    return path


def state(path: Path) -> tuple[object, ...]:
    """Return what an event would change: the log's head, and the rows it vouches for."""
    with County(path) as county:
        sound = county.verify()
        return sound.head, sound.events, sound.broken, sound.unsealed


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("names", "check", "FILE", "", *STREET), "The name is empty"),
        (("names", "check", "FILE", "路" * 10_000, *STREET), "10,000 characters"),
        (("names", "check", "FILE", "滨\u202e河路", *STREET), "U+202E"),
        (("names", "check", "FILE", "滨\x07河路", *STREET), "U+0007"),
        (("names", "check", "FILE", "滨河路😀", *STREET), "U+1F600"),
        (("names", "check", "FILE", "<b>滨河路", *STREET), "markup"),
        (("names", "check", "FILE", "滨河路", "--category", "castle"), "castle"),
        (("names", "check", "FILE", "滨河路", *STREET, "--built-up", "Z"), "no built-up area 'Z'"),
        (("names", "check", "FILE", "滨河路", *STREET, "--map", "no/where.html"), "written"),
        (("names", "decide", "FILE", "调关", "x", "--source", "y"), "2 syllables"),
        (("rules", "audit", "FILE", "--rule", "beauty"), "No rule is called 'beauty'"),
        (("ledger", "open", "FILE", "0" * 12), "no open finding"),
        (("ledger", "advance", "FILE", "x", "visit"), "no ledger item 'x'"),
        ((*NEW, ""), "The name is empty"),
        ((*NEW, "滨\ue000路"), "U+E000"),
        ((*NEW, "滨江路", "--number", "1"), "is there already"),
        ((*NEW, "滨江路", "--fact", "lon=abc", "--fact", "lat=1"), "is no position"),
        ((*NEW, "滨江路", "--fact", "nonsense"), "is not FIELD=COLUMN"),
        ((*NEW, "滨江路", "--fact", "locaton=1"), "Use one of location"),
        ((*NEW, "滨江路", "--fact", "category=某类"), "no class of names"),
        (("applications", "show", "FILE", "9"), "no application '9'"),
        (("applications", "advance", "FILE", "1", "approve"), "it comes after"),
        (("applications", "advance", "FILE", "1", "dance"), "No step is called 'dance'"),
        (("applications", "advance", "FILE", "1", "apply"), "lacks application-form"),
        (("applications", "advance", "FILE", "1", "apply", "--on", "2025-02-30"), "no date"),
        (
            ("applications", "advance", "FILE", "1", "apply", "--document", "reply=gone.docx"),
            "gone.docx: the document cannot be read",
        ),
        (("applications", "advance", "FILE", "1", "apply", "--expected", "7"), "0 steps, not 7"),
        (("applications", "undo", "FILE", "1", "--note", "x"), "There is no step to undo"),
        (("applications", "reject", "FILE", "1", "--note", "x"), "it comes after review"),
        (("applications", "deadlines", "FILE", "--profile", "moon"), "No profile"),
        (("applications", "documents", "FILE", "1", "out", "--kind", "poem"), "'poem'"),
        (("applications", "documents", "FILE", "1", "out", "--kind", "reply"), "lacks"),
        (("today", "FILE", "--on", "tomorrow"), "is no date"),
        (("names", "search", "FILE", "兰台", "--within", "999999"), "no division '999999'"),
        (("names", "search", "FILE", "兰台", "--limit", "-1"), "-1 is not in the range"),
    ],
)
def test_a_refusal_is_one_line_and_changes_nothing(
    county: Path,
    arguments: tuple[str, ...],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = state(county)
    result = run(*(str(county) if each == "FILE" else each for each in arguments))
    assert result.exit_code == 2, result.output
    lines = [line for line in result.output.splitlines() if line.startswith("Error")]
    assert len(lines) == 1 and sentence in lines[0] and len(lines[0]) < 1_000
    assert "Traceback" not in result.output
    assert state(county) == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("brief", [(), ("--brief",)])
def test_a_spelling_that_nobody_decided_is_not_shown_as_if_it_were(brief: tuple[str, ...]) -> None:
    shown = run("names", "romanize", "洽川镇", "叶⿰土夭村", "石首市", *brief).output
    assert "洽 hé/qià" in shown
    assert shown.count("⿰土夭") > 2, "a character that nobody reads is named as open"
    sure = run("names", "romanize", "石首市", "--brief").output
    assert sure == "石首市 Shíshǒu Shì\n"
