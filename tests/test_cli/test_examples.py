"""The example of each command that writes is one: it is typed in a finished demo, and writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from gazetteer.store import County
from tests.test_cli import examples
from tests.test_cli.asking import COUNTY, run
from tests.test_cli.test_commands import COMMANDS


def state(county: Path) -> object:
    """Return what any writing changes: the last event, and the head of the sealed log."""
    with County(county) as opened:
        return opened.events(last=1)[0]["id"], opened.info()["head"]


@pytest.mark.parametrize("command", examples.WRITING)
def test_an_example_writes(command: str, demo_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(demo_copy)
    lines = examples.WRITING[command]
    assert lines[-1].startswith(f"{command} ")
    examples.run_up_to(lines, demo_copy)
    county = demo_copy / (examples.NEW if examples.NEW in lines[-1] else COUNTY)
    before = state(county)
    done = run(*examples.words(lines[-1], demo_copy))
    assert done.exit_code in {0, 1}, done.output
    assert state(county) != before


def test_examples_are_of_commands() -> None:
    assert examples.WRITING.keys() <= {" ".join(each) for each in COMMANDS}
