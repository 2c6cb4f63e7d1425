"""Commands and groups whose help is said in the language that is spoken."""

from __future__ import annotations

import copy
import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import click

from cli import output, rehearsing, remembering, wording
from cli.options import Choice, Word
from gazetteer.common import leaving, typed_words

_COMMENT = re.compile(r"(?P<line>\s*gazetteer .*?\s{2,})(?P<comment>\S.*)")
_PIECE = re.compile(r"\s+|[!-~]+|.")
_NEVER_FIRST = "，。；：！？、）》”’…"
"""No line begins with these (the forbidden rules of Chinese typesetting, GB/T 15834)."""


def paragraphs(text: str) -> Iterator[tuple[bool, list[str]]]:
    """Yield the paragraphs of a help text: whether its lines stand as they are, and the lines."""
    for each in inspect.cleandoc(text).split("\n\n"):
        lines = each.strip("\n").split("\n")
        raw = lines[0].strip() == "\b"
        yield raw, lines[1:] if raw else [" ".join(line.strip() for line in lines)]


def sentences(text: str) -> Iterator[str]:
    """Yield what is to be translated of a help text: paragraphs, headings, comments of examples."""
    for raw, lines in paragraphs(text):
        for line in lines:
            found = _COMMENT.fullmatch(line)
            if not raw or found or not line.lstrip().startswith(("gazetteer ", "--")):
                yield found["comment"] if raw and found else line.strip()


def helped(text: str | None) -> str | None:
    """Return a help text in the language that is spoken."""
    if not text or wording.language() == "en":
        return text
    done = ["\n".join(["\b"] * raw + [_line(each) for each in lines])
            for raw, lines in paragraphs(text)]  # fmt: skip
    return "\n\n".join(done)


def _line(line: str) -> str:
    if found := _COMMENT.fullmatch(line):
        return found["line"] + wording.word(found["comment"])
    indent = line[: len(line) - len(line.lstrip())]
    return indent + wording.word(line.strip())


def wrapped(text: str, columns: int) -> list[str]:
    """Return a paragraph in lines of so many columns of a terminal.

    Examples
    --------
    >>> wrapped("甲乙丙，丁 gazetteer", 8)
    ['甲乙丙，', '丁', 'gazetteer']
    """
    lines, line = list[str](), ""
    for piece in _PIECE.findall(text):
        if line and output.width(line + piece) > columns and piece not in _NEVER_FIRST:
            lines.append(line.rstrip())
            line = ""
        line += piece if line or not piece.isspace() else ""
    return [*lines, line.rstrip()]


class Formatter(click.HelpFormatter):
    """A formatter that knows that a Chinese character takes two columns."""

    def write_heading(self, heading: str) -> None:
        """Write a heading with its colon."""
        self.write(f"{' ' * self.current_indent}{heading}：\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs, each wrapped, one with ``\\b`` as it is."""
        indent = " " * self.current_indent
        parts = []
        for raw, lines in paragraphs(text):
            filled = lines if raw else wrapped(lines[0], self.width - self.current_indent)
            parts.append("\n".join(indent + line for line in filled))
        self.write("\n\n".join(parts) + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write terms and what they mean in two columns."""
        rows = list(rows)
        widest = max((output.width(first) for first, _ in rows), default=0)
        column = min(widest, col_max) + col_spacing
        for first, second in rows:
            told = " ".join(second.split()).replace("; ", "；")  # click parts a default so
            lines = wrapped(told, max(self.width - column - 2, 10))
            room = column - output.width(first)
            begin = first + " " * room if room >= col_spacing else f"{first}\n{' ' * column}"
            self._rows([begin + lines[0], *(" " * column + line for line in lines[1:])])

    def _rows(self, lines: Iterable[str]) -> None:
        for line in "\n".join(lines).split("\n"):
            self.write(f"{' ' * self.current_indent}{line}".rstrip() + "\n")


class _Spoken(click.Command):
    """What commands and groups share: words of the help in the language that is spoken."""

    _told: list[click.Parameter] | None = None

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the parameters, ``--lang`` among them, with their words as they are said."""
        found = super().get_params(ctx)
        if not any("--lang" in each.opts for each in found):
            found = [*found[:-1], LANGUAGE, *found[-1:]]
        if wording.language() == "en":
            return found
        if self._told is None:  # made once: click compares parameters by identity
            self._told = [_as_said(each, ctx) for each in found]
        return self._told

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what stands behind the command's name in its usage."""
        return [wording.word(each) for each in super().collect_usage_pieces(ctx)]

    def get_help(self, ctx: click.Context) -> str:
        """Return the help in the language that is spoken."""
        if wording.language() == "en":
            return super().get_help(ctx)
        formatter = Formatter(width=ctx.terminal_width, max_width=ctx.max_content_width)
        self.format_help(ctx, formatter)
        return formatter.getvalue().rstrip("\n")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command is for."""
        told = copy.copy(self)
        told.help = helped(self.help)
        click.Command.format_help_text(told, ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return what the command is for in one line."""
        if wording.language() == "en":
            return super().get_short_help_str(limit)
        first = next(paragraphs(helped(self.help) or ""), (False, [""]))[1][0]
        return output.cut(first.partition("。")[0], limit)


def _as_said(parameter: click.Parameter, ctx: click.Context) -> click.Parameter:
    told = copy.copy(parameter)
    metavar = wording.word(parameter.make_metavar(ctx))
    if isinstance(told, click.Option) and told.help:
        told.help = wording.word(told.help)
    if metavar != parameter.make_metavar(ctx):
        told.metavar = metavar
    if isinstance(told.type, Choice | Word) and isinstance(told.default, str):
        told.default = typed_words.title(told.type.field, told.default)
    return told


class Command(_Spoken):
    """A command that speaks the language asked for and may be rehearsed.

    The county file remembers the files that it leaves.

    Parameters
    ----------
    once
        Why `gazetteer refresh` does not make again what it has left: by the option that it was
        given, or empty for every case.
    repeats
        Whether it may be done again though it writes the county file.
    """

    def __init__(
        self, *args: Any, once: Mapping[str, str] | None = None, repeats: bool = False, **rest: Any
    ) -> None:
        self.once = dict(once or {})
        self.repeats = repeats
        super().__init__(*args, **rest)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words of a line, which are kept as they are."""
        ctx.meta[remembering.WORDS] = [*args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Carry the command out, or rehearse it; findings are no failure."""
        answer, found = None, None
        with leaving.noted() as left:
            try:
                answer = rehearsing.carried_out(ctx, lambda: super(Command, self).invoke(ctx))
            except SystemExit as ended:
                if ended.code not in (None, 0, 1):
                    raise
                found = ended
        if not rehearsing.asked(ctx):
            remembering.after(ctx, left)
        if found is not None:
            raise found
        return answer


class Group(_Spoken, click.Group):
    """A group of them."""

    command_class = Command
    group_class = type


LANGUAGE = click.Option(
    ["--lang"],
    type=wording.Spoken(),
    envvar=wording.CHOSEN,
    expose_value=False,
    help="Language of the answer; that of the system where not given.",
)

Decorated = Callable[..., Any]


def command(name: str | None = None, **settings: Any) -> Callable[[Decorated], Command]:
    """Return the decorator that makes a command of a function; see `click.command`."""
    return click.command(name, cls=Command, **settings)


def group(
    name: str | None = None, *, cls: type[Group] = Group, **settings: Any
) -> Callable[[Decorated], Group]:
    """Return the decorator that makes a group of a function; see `click.group`."""
    return click.group(name, cls=cls, **settings)
