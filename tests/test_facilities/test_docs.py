import pathlib
import subprocess
import sys

import pytest

from facilities.indicators import MEASURES
from facilities.reach import REASONS
from facilities.siting import QUESTIONS
from facilities.targets.parse import parse_plan

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "facilities.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("word", [*MEASURES, *REASONS, *QUESTIONS])
def test_the_page_names_every_measure_reason_and_question(word):
    assert f"`{word}`" in PAGE


def test_the_target_file_of_the_page_is_a_plan():
    text = PAGE.split("```toml")[1].split("```")[0]
    plan = parse_plan(text)
    assert plan.indicators[0].targets[0].line == 493 and plan.scope[0].expected == 8


def test_the_planners_example_runs_and_names_the_unserved():
    command = [sys.executable, str(ROOT / "examples" / "planner_reach.py")]
    ran = subprocess.run(
        command, capture_output=True, encoding="utf-8", check=True, cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "PATH": ""},
    )  # fmt: skip
    assert "沙洲村" in ran.stdout and "差距 0%" in ran.stdout and "孤岛" in ran.stdout
