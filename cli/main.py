"""The `gazetteer` command: its groups, and the one place where errors become sentences."""

from __future__ import annotations

import logging
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from cli import commands, logs, options, output, wording
from gazetteer import __version__
from gazetteer.common.errors import GazetteerError

if TYPE_CHECKING:
    from gazetteer.store.rechecking import Recheck

_log = logging.getLogger(__name__)


_LINE = "gazetteer.line"


class Refusal(click.ClickException):
    """What the user can put right; exit status 1 is kept for findings."""

    exit_code = 2


class Toolkit(commands.Group):
    """A group that prints the toolkit's own errors as one line, without traceback.

    All commands are loaded when one is asked for that is not among the `EARLY` ones, which people
    wait for at the counter.
    """

    def __init__(self, *args: Any, **settings: Any) -> None:
        self._loaded: MutableMapping[str, click.Command] = {}
        self._complete = False
        super().__init__(*args, **settings)

    @property
    def commands(self) -> MutableMapping[str, click.Command]:
        """All commands by name."""
        if not self._complete:
            self._complete = True
            _register()
        return self._loaded

    @commands.setter
    def commands(self, given: MutableMapping[str, click.Command]) -> None:
        self._loaded = given

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; finding a name loads nothing but the commands of names."""
        early = None if self._complete else EARLY.get(cmd_name)
        return super().get_command(ctx, cmd_name) if early is None else early()

    def main(self, args: Sequence[str] | None = None, *rest: Any, **settings: Any) -> Any:
        """Carry out a line in the language that it asks for."""
        given = sys.argv[1:] if args is None else list(args)
        with wording.spoken(given):
            return super().main(given, *rest, **settings)

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> click.Context:
        """Return the context of a line, which is kept so that it can be carried out again."""
        given = [*args]
        made = super().make_context(info_name, args, parent, **extra)
        made.meta[_LINE] = given
        return made

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error of the user's becomes one line.

        Where somebody else wrote the county file before the command could, it begins again.
        """
        from gazetteer.store import rechecking
        from gazetteer.store.snapshots import repeated

        output.say_everything()
        begun = time.monotonic()
        contexts = chain([ctx], self._again(ctx))
        try:
            with rechecking.using(_checks):
                return repeated(lambda: super(Toolkit, self).invoke(next(contexts)))
        except GazetteerError as error:
            raise Refusal(" ".join(error.say(wording.language()).split())) from error
        except UnicodeEncodeError as error:
            refusal = _unreadable()
            if refusal is None:
                raise
            raise refusal from error
        finally:
            _log.info("%s ended after %.2f s", ctx.invoked_subcommand, time.monotonic() - begun)

    def _again(self, ctx: click.Context) -> Iterator[click.Context]:
        """Yield further contexts of the same line."""
        while True:
            yield super().make_context(ctx.info_name, [*ctx.meta[_LINE]])


def _checks() -> Mapping[str, Recheck]:
    """Return the checks that a change asks again; they are loaded when there is one to ask."""
    from boundaries.office.rechecking import checks

    return checks()


def _unreadable() -> Refusal | None:
    """Return the refusal of the argument that the console has handed over in another encoding.

    Python keeps the bytes of such an argument as lone surrogates, and no file or database takes
    them; without one among the arguments the error is our own.
    """
    for each in sys.argv[1:]:
        if any("\udc80" <= character <= "\udcff" for character in each):
            encoding = sys.getfilesystemencoding()
            told = wording.sentence(
                "{shown!r} is no text in the console's encoding ({encoding}). "
                "Set the console to one encoding (chcp 65001, LANG=C.UTF-8), or rename the file.",
                shown=output.printable(each),
                encoding=encoding,
            )
            return Refusal(told)
    return None


@commands.group(cls=Toolkit, context_settings=options.CONTEXT)
@click.version_option(__version__, prog_name="gazetteer")
@click.option(
    "-v",
    "--verbose",
    count=True,
    help="Tell on standard error what is done; -vv with details (formats, locks waited for).",
)
@click.pass_context
def main(context: click.Context, verbose: int) -> None:
    """Place names, divisions, boundaries and civil facilities of a county.

    One county file (a GeoPackage) holds them all; any GIS opens it as it is.

    \b
    Examples:
      gazetteer demo demo            a sample county, from raw files to a map
      gazetteer init 石首.gpkg --division 421081
      gazetteer import divisions 石首.gpkg 区划.xlsx
      gazetteer names search 石首.gpkg 罗店
    """
    context.with_resource(logs.told(verbose))


def _names() -> click.Group:
    from cli import daily, naming, repairing, respelling

    naming.names.add_command(daily.duplicates)
    naming.names.add_command(repairing.repairs)
    naming.names.add_command(respelling.respell)
    return naming.names


EARLY: dict[str, Callable[[], click.Command]] = {"names": _names}


def _register() -> None:
    from cli import (
        application_papers,
        backups,
        boundaries,
        boundary_archive,
        county,
        daily,
        demo,
        disputes,
        exporting,
        facilities,
        importing,
        inspection,
        inspection_closing,
        inspection_desk,
        inspection_field,
        ledger,
        mapping,
        peace,
        publishing,
        refreshing,
        rules,
        signs,
        survey,
        templates,
        today,
    )

    boundaries.boundaries.add_command(boundary_archive.archive)
    further = (
        inspection_desk.desk,
        inspection_desk.network,
        inspection_closing.report,
        inspection_closing.archive,
        inspection_closing.verify,
        *inspection_field.COMMANDS,
    )
    for each in further:
        inspection.inspection.add_command(each)
    groups: tuple[click.Command, ...] = (
        county.init,
        county.info,
        county.log,
        backups.backup,
        backups.restore,
        daily.history,
        daily.undo,
        daily.diff,
        daily.merge,
        publishing.book,
        publishing.figures,
        importing.import_,
        _names(),
        rules.rules,
        ledger.ledger,
        application_papers.applications,
        templates.templates,
        today.today,
        boundaries.boundaries,
        signs.signs,
        survey.survey,
        inspection.inspection,
        disputes.disputes,
        peace.peace,
        facilities.facilities,
        mapping.map_,
        mapping.print_,
        mapping.qgis,
        exporting.export,
        refreshing.refresh,
        demo.demo,
    )
    for one in groups:
        main.add_command(one)


def run() -> None:
    """Run the installed command; what libraries warn of is for developers (``python -W``)."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    main()
