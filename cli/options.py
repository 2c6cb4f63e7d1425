"""Options that several commands share, each spelled and explained once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from cli import rehearsing, wording
from gazetteer.common import typed_words

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

Command = TypeVar("Command", bound=Callable[..., Any])

path_type = click.Path(path_type=Path)

county = click.argument("county", type=path_type)
json_output = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
language = click.option(
    "--lang",
    "language",
    type=wording.Spoken(),
    default="zh",
    show_default=True,
    envvar="GAZETTEER_LANG",
    help="Language of findings, maps and documents.",
)


def answer(command: Command) -> Command:
    """Add the options of a command that answers people or scripts: language, JSON."""
    return language(json_output(command))


crs = click.option(
    "--crs",
    metavar="CRS",
    help="CRS of the input where the file does not state it: EPSG:4490, EPSG:4547, gcj02, bd09 ...",
)
batch = click.option(
    "--batch",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="Read one item a line (- for standard input); print one JSON object a line.",
)
as_of = click.option(
    "--as-of", metavar="DATE", help="State of that date (2026-03-30); today where not given."
)
dry_run = rehearsing.option
quiet = click.option("--quiet", is_flag=True, help="No progress on the screen.")


def words(
    field: str,
) -> Callable[[click.Context, click.Parameter, tuple[str, ...]], tuple[str, ...]]:
    """Return the callback that takes words of a field in Chinese or English."""

    def stored(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(typed_words.stored(field, each) for each in given)

    return stored


leave_out = click.option(
    "--leave-out-classified",
    "leave_out",
    is_flag=True,
    help="Leave out classified records and say how many, instead of refusing the whole.",
)


def mapping(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """Return ``FIELD=COLUMN`` pairs as a dictionary."""
    pairs = [each.partition("=") for each in given]
    wrong = [field for field, equals, column in pairs if not (field and equals and column)]
    if wrong:
        told = wording.sentence("{given!r} is not FIELD=COLUMN", given=wrong[0])
        raise click.BadParameter(told)
    return {field: column for field, _, column in pairs}


def facts(
    context: click.Context, parameter: click.Parameter, given: tuple[str, ...]
) -> dict[str, str]:
    """Return ``FIELD=VALUE`` pairs by stored field, typed in Chinese or English."""
    pairs = mapping(context, parameter, given)
    return {typed_words.stored("fact", field): value for field, value in pairs.items()}


column_map = click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="FIELD=COLUMN",
    callback=mapping,
    help="Which column holds a field, where its header is not recognised; repeatable.",
)
actor = click.option("--actor", help="Who does it; GAZETTEER_ACTOR or the account where not given.")
on_day = click.option("--on", metavar="DATE", help="Day (2026-03-30); today where not given.")
profile = click.option(
    "--profile", default="national", show_default=True, help="Local limits above the national ones."
)


def pairs(
    context: click.Context, parameter: click.Parameter, given: tuple[str, ...]
) -> tuple[tuple[str, Path], ...]:
    """Return ``KIND=FILE`` pairs with the file as a path."""
    pairs = [each.partition("=") for each in given]
    wrong = [each for each, pair in zip(given, pairs, strict=True) if not (pair[0] and pair[2])]
    if wrong:
        told = wording.sentence("{given!r} is not KIND=FILE", given=wrong[0])
        raise click.BadParameter(told)
    return tuple((_paper(kind), Path(path)) for kind, _, path in pairs)


def _paper(kind: str) -> str:
    """Return the stored kind of a paper: of an application, or evidence in a dispute."""
    stored = typed_words.stored("document", kind)
    return typed_words.stored("evidence", kind) if stored == kind else stored


documents = click.option(
    "--document",
    "documents",
    multiple=True,
    metavar="KIND=FILE",
    callback=pairs,
    help="A paper of the step (reply=批复.docx); repeatable.",
)


class Number(click.types.FloatParamType):
    """A number that is one: neither nan nor infinity, which every comparison lets pass.

    Parameters
    ----------
    least
        Smallest that may be typed.
    """

    def __init__(self, *, least: float = -math.inf) -> None:
        self.least = least

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number that was typed."""
        found = float(super().convert(value, param, ctx))
        if not math.isfinite(found) or found < self.least:
            told = wording.sentence("{given!r} is no number that can be.", given=value)
            self.fail(told, param, ctx)
        return found


number = Number()


class Word(click.ParamType[str]):
    """A word in Chinese or English for a stored value; what is unknown is the command's to refuse.

    Parameters
    ----------
    field
        Of `gazetteer.common.typed_words`.
    """

    name = "text"

    def __init__(self, field: str) -> None:
        self.field = field

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the stored value."""
        return typed_words.stored(self.field, str(value))


release_profile = click.option(
    "--profile",
    type=Word("release-profile"),
    default="internal",
    show_default=True,
    help="Release profile.",
)


class Choice(click.Choice[str]):
    """One of a few values, typed as it is stored, in Chinese or in English.

    Parameters
    ----------
    choices
        Stored values.
    field
        Of `gazetteer.common.typed_words`.
    """

    def __init__(self, choices: Sequence[str], field: str) -> None:
        super().__init__(choices)
        self.field = field

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the stored value."""
        return str(super().convert(typed_words.stored(self.field, str(value)), param, ctx))

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """Return what is said of a word that is none of them."""
        if wording.language() == "en":
            return super().get_invalid_choice_message(value, ctx)
        listed = [typed_words.title(self.field, each) for each in self.choices]
        return wording.sentence("{value!r} is none of {choices}.", value=value, choices=listed)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        """Return the values as one may type them."""
        if wording.language() == "en":
            return super().get_metavar(param, ctx)
        listed = "|".join(typed_words.title(self.field, each) for each in self.choices)
        return f"{{{listed}}}" if param.param_type_name == "argument" else f"[{listed}]"


def who(given: str | None) -> str:
    """Return who works here."""
    from gazetteer.store import default_actor

    return default_actor() if given is None else given


def day(given: str | None) -> date:
    """Return the day that is meant, today where none is given.

    Raises
    ------
    InputError
        Not a date.
    """
    from gazetteer.common.workdays import parse

    return date.today() if given is None else parse(given)


def position(given: str | None) -> tuple[float | None, float | None]:
    """Return longitude and latitude of ``LON,LAT``; nothing where nothing was given."""
    if given is None:
        return None, None
    from gazetteer.office.names import finding

    return finding.point(given)


def split_county(items: Sequence[str]) -> tuple[Path | None, list[str]]:
    """Return the county file (when the first item is one) and the names that follow it.

    Examples
    --------
    >>> split_county(["解家庄", "吕梁市"])
    (None, ['解家庄', '吕梁市'])
    """
    if items and items[0].lower().endswith(".gpkg"):
        return Path(items[0]), list(items[1:])
    return None, list(items)


sign_tolerance = click.option(
    "--tolerance",
    type=number,
    default=50.0,
    show_default=True,
    help="Metres from the sign's place.",
)
