"""What people type as a number is one: nan and infinity pass every comparison."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from cli import options
from cli.main import main
from gazetteer.common.errors import InputError

NONE = ("nan", "-nan", "inf", "-Infinity", "1e999")


def parameters(command: click.Command) -> Iterator[click.Parameter]:
    yield from command.params
    if isinstance(command, click.Group):
        for each in command.commands.values():
            yield from parameters(each)


def test_every_number_that_a_command_takes_is_one() -> None:
    kinds = [each for each in parameters(main) if isinstance(each.type, click.types.FloatParamType)]
    assert kinds
    assert [each.name for each in kinds if not isinstance(each.type, options.Number)] == []
    assert not any(isinstance(each.type, click.FloatRange) for each in parameters(main))


@pytest.mark.parametrize("typed", NONE)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(click.BadParameter):
        options.number.convert(typed, None, None)
    for position in (f"{typed},29.7", f"112.4,{typed}"):
        with pytest.raises(InputError):
            options.position(position)


def test_a_number_has_its_least() -> None:
    assert options.Number(least=0).convert("0", None, None) == 0
    with pytest.raises(click.BadParameter):
        options.Number(least=0).convert("-1", None, None)
