"""Line codes and marker numbers: laws of writing and reading, hand-made cases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boundaries.numbering import (
    PROVINCIAL,
    SCHEMES,
    MarkerNumber,
    Scheme,
    letters_for,
    tri_point_code,
)
from gazetteer.common.errors import InputError

CODE = st.from_regex(r"[1-8][0-9]{8}", fullmatch=True)
LETTER = st.sampled_from("ABCDEQ")


@given(st.sampled_from(sorted(SCHEMES)), CODE, CODE, st.integers(1, 999), LETTER)
def test_a_number_reads_back_as_it_was_written(
    name: str, one: str, other: str, serial: int, letter: str
) -> None:
    scheme = SCHEMES[name]
    number = MarkerNumber(scheme.line_code(one, other), serial, letter)
    assert scheme.parse(scheme.format(number)) == number


@given(CODE, CODE)
def test_a_line_has_one_code_whichever_side_asks(one: str, other: str) -> None:
    for scheme in SCHEMES.values():
        assert scheme.line_code(one, other) == scheme.line_code(other, one)


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        number = PROVINCIAL.parse(text)
    except InputError as error:
        assert repr(text) in str(error)
    else:
        assert PROVINCIAL.format(number) == text


@pytest.mark.parametrize(
    "text", ["4243001", "424300１Q", "4243001F", "42430001Q", " 4243001Q", "4243000Q", ""]
)
def test_numbers_off_the_provincial_grammar_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        PROVINCIAL.parse(text)


def test_the_seven_digit_form_without_letter_is_a_scheme_of_its_own() -> None:
    """1253165 is the form of a published training case: line 1253, serial 165."""
    scheme = Scheme(line="{low:1-2}{high:1-2}", marker="{line}{serial:3}{side?}", source="case")
    assert scheme.parse("1253165") == MarkerNumber("1253", 165)
    assert scheme.parse("1253165B") == MarkerNumber("1253", 165, "B")


def test_an_office_may_number_by_its_own_template() -> None:
    scheme = Scheme(line="XZ{low:7-9}-{high:7-9}", marker="{line}/{serial:2}{side}", source="own")
    assert scheme.line_code("421081104", "421081102") == "XZ102-104"
    assert scheme.parse("XZ102-104/07Q") == MarkerNumber("XZ102-104", 7, "Q")


def test_a_serial_too_long_for_its_digits_is_refused() -> None:
    with pytest.raises(InputError, match=r"cannot be written|is no marker number"):
        PROVINCIAL.format(MarkerNumber("4243", 1000, "Q"))


def test_a_code_too_short_for_the_template_is_refused() -> None:
    with pytest.raises(InputError, match="no characters 7 to 9"):
        SCHEMES["township"].line_code("421081", "421081102")


@pytest.mark.parametrize(("letter", "kind"), [("Q", "single"), ("B", "double"), ("E", "triple")])
def test_letters_tell_the_type(letter: str, kind: str) -> None:
    assert MarkerNumber("4243", 1, letter).marker_type == kind


def test_the_smaller_code_takes_the_earlier_letter() -> None:
    assert letters_for(["3", "1", "2"], "triple") == {"1": "C", "2": "D", "3": "E"}


def test_three_counties_name_a_tri_point() -> None:
    """光泽 350723, 邵武 350781 and 建阳 350784 meet at 238184I (a published example)."""
    assert tri_point_code(["350723", "350781", "350784"]) == "238184I"
    with pytest.raises(InputError):
        tri_point_code(["350723", "350723", "350784"])
