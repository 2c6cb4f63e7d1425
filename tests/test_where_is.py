"""The twenty questions of docs/where-is.md are answered by paths that are there."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.checkout
PAGE = ROOT / "docs" / "where-is.md"


def rows() -> list[tuple[str, list[str]]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    table = [line.strip("|").split("|") for line in lines if line.startswith("| ")][1:]
    return [(question.strip(), re.findall(r"`([^`]+)`", answer)) for question, answer in table]


def test_there_are_twenty_questions_at_least() -> None:
    assert len(rows()) >= 20


@pytest.mark.parametrize(("question", "places"), rows(), ids=[question for question, _ in rows()])
def test_each_is_answered_by_places_that_are_there(question: str, places: list[str]) -> None:
    assert places, question
    assert [each for each in places if not (ROOT / each).exists()] == []
