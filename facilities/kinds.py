"""Kinds of facilities as a data table that an office may add to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gazetteer.common import tables
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.language import Sentence, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of facility.

    Parameters
    ----------
    kind
        Identifier, as in the facility table.
    label
        What reports call it.
    group
        Field of work: elderly, cemetery, child_protection, community, health.
    counts_as
        ``station`` or ``person``: a designated person is present without a building, and counts
        only where an indicator says so.
    aliases
        Other names lists use.
    source
        Where the kind comes from.
    """

    kind: str
    label: Text
    group: str
    counts_as: str = "station"
    aliases: tuple[str, ...] = ()
    source: str

    def __post_init__(self) -> None:
        """Refuse a third way of being present."""
        if self.counts_as not in {"station", "person"}:
            message = Sentence(
                "kind {kind!r} counts as {counts_as!r}", kind=self.kind, counts_as=self.counts_as
            )
            raise InputError(message, remedy=Sentence("Use station or person"))


def kinds(extra: Iterable[Kind] = ()) -> Mapping[str, Kind]:
    """Return the shipped kinds and those an office adds, by identifier.

    Examples
    --------
    >>> own = Kind(kind="pet-cemetery", label=Text("宠物墓地", "pet cemetery"), group="cemetery",
    ...     source="本县")
    >>> table = kinds([own])
    >>> table["ash-hall"].label.zh, table["pet-cemetery"].counts_as
    ('骨灰堂', 'station')
    """
    shipped = map(_kind, tables.rows("facility_kinds.csv"))
    return {kind.kind: kind for kind in (*shipped, *extra)}


def _kind(row: Mapping[str, str]) -> Kind:
    return Kind(
        kind=row["kind"],
        label=Text(row["name_zh"], row["name_en"]),
        group=row["group"],
        counts_as=row["counts_as"],
        aliases=tuple(filter(None, row["aliases"].split("|"))),
        source=row["source"],
    )


def kinds_of_group(group: str) -> set[str]:
    """Return the shipped kinds of one group."""
    return {kind.kind for kind in kinds().values() if kind.group == group}


def kinds_by_word() -> Mapping[str, Kind]:
    """Return the shipped kinds by each of their words: identifier, names, aliases."""
    return {
        word: kind
        for kind in kinds().values()
        for word in (kind.kind, kind.label.zh, kind.label.en, *kind.aliases)
    }


def kind_in(name: str) -> str | None:
    """Return the kind that the name of a facility tells, by the longest word in it.

    Examples
    --------
    >>> kind_in("上海曹杨社区长者照护之家"), kind_in("爱志旺日间照料会所"), kind_in("爱照护总部")
    ('home-care-station', 'day-care-centre', None)
    """
    known = kinds_by_word()
    longest = max((word for word in known if word in name), key=len, default=None)
    return None if longest is None else known[longest].kind


def kind_named(word: str, *, table: Mapping[str, Kind] | None = None) -> Kind:
    """Return the kind that a list calls by identifier, name or alias.

    Raises
    ------
    UnknownError
        If no kind is called so; nothing is guessed.

    Examples
    --------
    >>> kind_named("骨灰寄存楼").kind, kind_named("elderly-home").label.zh
    ('ash-hall', '养老机构')
    >>> kind_named("加油站")
    Traceback (most recent call last):
    gazetteer.common.errors.UnknownError: no kind of facility is called '加油站'. Add it to the k...
    """
    for kind in (kinds() if table is None else table).values():
        if word.strip() in {kind.kind, kind.label.zh, kind.label.en, *kind.aliases}:
            return kind
    message = Sentence("no kind of facility is called {word!r}", word=word)
    raise UnknownError(message, remedy=Sentence("Add it to the kinds table or correct the word"))
