"""The table of point symbols: each class of things has one, told apart from all others."""

from __future__ import annotations

import re

import pytest

from gazetteer.common import tables
from maps import symbols

COMMANDS = {"M": 2, "L": 2, "C": 6, "A": 7, "Z": 0}
LEVELS = ("province", "prefecture", "county", "township", "village")


@pytest.mark.parametrize("row", tables.rows("place_categories.csv"), ids=lambda row: row["code"])
def test_a_class_of_the_standard_has_a_symbol(row: dict[str, str]) -> None:
    assert symbols.of_category(row["code"]).symbol != symbols.OTHER


@pytest.mark.parametrize("each", symbols.symbols(), ids=lambda each: each.symbol)
def test_a_symbol_stays_in_its_square_in_commands_that_every_medium_knows(
    each: symbols.Symbol,
) -> None:
    for path in filter(None, (each.path, each.ground)):
        pieces = re.findall(r"([A-Za-z])([^A-Za-z]*)", path)
        assert pieces[0][0] == "M"
        for command, numbers in pieces:
            values = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", numbers)]
            assert len(values) == COMMANDS[command]
            assert all(-1.2 <= value <= 1.2 for value in values)
    assert 0.3 <= each.size_mm <= 2.5 and 1 <= each.rank <= 9 and 3 <= each.zoom <= 18


def test_no_class_has_two_symbols_and_no_two_symbols_look_alike() -> None:
    codes = [code for each in symbols.symbols() for code in each.codes]
    looks = [(each.path, each.color, each.size_mm) for each in symbols.symbols()]
    assert len(set(codes)) == len(codes) and len(set(looks)) == len(looks)
    assert set(codes) <= {row["code"] for row in tables.rows("place_categories.csv")}


@pytest.mark.parametrize("level", LEVELS)
def test_the_seat_of_each_level_has_its_own_symbol(level: str) -> None:
    assert level in symbols.of_seat(level).levels


def test_a_colour_that_is_none_does_not_leave_its_attribute() -> None:
    assert '"><b>' not in symbols.svg(symbols.symbol("park"), color='"><b>')
