"""An office's profile is read whole or refused in one line, whatever stands in a field."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boundaries.peace import profile as peace
from boundaries.survey import profile as survey
from gazetteer.common import tables
from gazetteer.common.errors import InputError

SHIPPED = {"peace_profile_example.toml": peace, "survey_profile_township_10000.toml": survey}
ODD = ("", '""', '"x"', "[]", "[1]", "{}", "true", "inf", "nan", "-1", "0.5", "2026-03-30", "[{}]")


@pytest.mark.parametrize("file", SHIPPED)
@given(data=st.data())
def test_a_field_of_another_kind_is_read_or_refused_by_name(file: str, data: st.DataObject) -> None:
    read: Callable[..., Any] = SHIPPED[file].parse
    lines = tables.text(file).splitlines()
    fields = [at for at, line in enumerate(lines) if re.match(r"\w+ = [^\[{]*$", line)]
    at, odd = data.draw(st.sampled_from(fields)), data.draw(st.sampled_from(ODD))
    name = lines[at].partition(" = ")[0]
    lines[at] = f"{name} = {odd}" if odd else ""
    try:
        read("\n".join(lines), place="mine.toml")
    except InputError as error:
        assert str(error).startswith("mine.toml: ") and "\n" not in str(error)


@pytest.mark.parametrize("file", SHIPPED)
def test_a_file_nested_too_deep_is_refused(file: str) -> None:
    with pytest.raises(InputError, match="is no TOML"):
        SHIPPED[file].parse("a = " + "[" * 20_000, place="mine.toml")


@pytest.mark.parametrize("file", SHIPPED)
def test_what_is_no_table_is_told_by_its_name(file: str) -> None:
    told = re.sub(r"^\[title\]\n(.*\n){2}", "", tables.text(file), flags=re.MULTILINE)
    assert told != tables.text(file)
    with pytest.raises(InputError, match=r"mine.toml: \[title\] is no table"):
        SHIPPED[file].parse(f"title = 3\n{told}", place="mine.toml")
