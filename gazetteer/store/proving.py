"""Proofs of the log for people who hold only receipts: nothing of the county file is needed.

The log is a chain: the hash of an event is made of the hash before it and of the hash of its header
(`events.linked`). A proof gives the links from a receipt to a later head. Whoever holds both goes
along them and arrives, or the log of the first is no beginning of the second's; no other links
lead there as long as SHA-256 holds. What the links hash is not shown, but for one event where its
header is laid open. This is the linear form of what RFC 9162 (2.1.3, 2.1.4) does with a tree: a
link is 64 characters, so a proof over 10,000 events is a file of 0.7 MB, and no tree is to be kept.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.language import Sentence, Told
from gazetteer.store import digests, events

FORMAT = "gazetteer log proof 1"
_HASH = re.compile(r"[0-9a-f]{64}")
Link = str | dict[str, Any]
"""The hash of a header; of an event of before (version 1), which hashes all at once, the header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The way along the chain from one head of the log to a later one.

    Parameters
    ----------
    since, head
        The two heads, 64 hexadecimal characters each.
    first
        Number of the event of the first link.
    links
        What each event between adds to the chain, in order.
    event
        Header of one of these events that is laid open, if one is.
    """

    since: str
    head: str
    first: int
    links: tuple[Link, ...]
    event: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the object that a proof's file holds."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return {"format": FORMAT, **told, "links": [*self.links]}


def prove(connection: sqlite3.Connection, *, since: str | None, event: int | None) -> Proof:
    """Return the proof that leads from a receipt, or from before an event, to the present head.

    Parameters
    ----------
    connection
        Open county file.
    since
        An older head; without it the proof begins before the event.
    event
        Number of the event to lay open; all that its header says is then in the proof.

    Raises
    ------
    UnknownError
        When no event has that head, or there is no such sealed event behind it.
    """
    with digests.any_text(connection):
        sealed = events.whole(connection, "hash NOTNULL")
    ids, heads = [each["id"] for each in sealed], [each["hash"] for each in sealed]
    if event is not None and event not in ids:
        remedy = Sentence("`gazetteer log show` lists them, `gazetteer log seal` seals.")
        raise UnknownError(Sentence("no sealed event {event}", event=event), remedy=remedy)
    start = _start(heads, since) if since else (ids.index(event) if event is not None else 0)
    if event is not None and ids.index(event) < start:
        remedy = Sentence("Prove it against an older receipt, or without one.")
        raise UnknownError(
            Sentence("event {event} was before this receipt", event=event), remedy=remedy
        )
    return Proof(
        since=heads[start - 1] if start else events.GENESIS,
        head=heads[-1] if heads else events.GENESIS,
        first=ids[start] if start < len(ids) else 0,
        links=tuple(_link(events.header(each)) for each in sealed[start:]),
        event=None if event is None else dict(events.header(sealed[ids.index(event)])),
    )


def _start(heads: Sequence[str], since: str) -> int:
    """Return how many events a receipt covers."""
    if since not in heads:
        raise UnknownError(
            Sentence("receipt {since}… is not in this chain", since=since[:12]),
            remedy=Sentence("`gazetteer log verify --against` says more."),
        )
    return heads.index(since) + 1


def _link(header: Mapping[str, Any]) -> Link:
    return events.header_hash(header) if "digest" in header else dict(header)


def read(text: str) -> Proof:
    """Return the proof that a file holds; nothing of it is believed yet.

    Raises
    ------
    InputError
        When it is no proof.

    Examples
    --------
    >>> read("{}")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: This is no proof of a log. Make one with ...
    """
    try:
        told = json.loads(text)
        proof = Proof(**{name: told[name] for name in Proof.__slots__ if name in told})
        sound = told["format"] == FORMAT and all(_is_link(each) for each in proof.links)
        sound = sound and all(_HASH.fullmatch(each) for each in (proof.since, proof.head))
        sound = sound and (proof.event is None or _is_header(proof.event))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        sound = False
    if not sound:
        remedy = Sentence("Make one with `gazetteer log prove`.")
        raise InputError(Sentence("This is no proof of a log"), remedy=remedy)
    return Proof(
        since=proof.since,
        head=proof.head,
        first=proof.first,
        links=tuple(proof.links),
        event=proof.event,
    )


def _is_link(link: object) -> bool:
    return bool(_HASH.fullmatch(link)) if isinstance(link, str) else _is_header(link)


def _is_header(told: object) -> bool:
    """Tell whether something is the header of an event: of version 2, or whole of version 1."""
    if not isinstance(told, dict):
        return False
    of_before = ([*events.HEADER_1], [*events.HEADER_1, *events.WORKPLACE])
    return told.get("digest") is not None or [*told] in of_before


def faults(proof: Proof, *, receipts: Sequence[str] = ()) -> list[str]:
    """Return why a proof does not show what it says; nothing where it does.

    Parameters
    ----------
    proof
        As read.
    receipts
        Heads that are held from elsewhere: each must be one that the proof passes.

    Examples
    --------
    >>> proof = Proof(since=events.GENESIS, head=events.GENESIS, first=0, links=())
    >>> faults(proof), faults(proof, receipts=["ab" * 32])
    ([], ['receipt abababababab… is not on the way of this proof'])
    """
    passed = [proof.since]
    for link in proof.links:
        passed.append(_next(link, passed[-1]))
    found: list[str] = []
    if passed[-1] != proof.head:
        found.append(Told.of("the links do not lead to head {head}…", head=proof.head[:12]))
    if proof.event is not None and _link(events.header(proof.event)) not in proof.links:
        found.append(Told.of("the event laid open is none of those between"))
    strange = [each for each in receipts if each not in passed]
    off = (
        Told.of("receipt {head}… is not on the way of this proof", head=each[:12])
        for each in strange
    )
    return [*found, *off]


def _next(link: Link, previous: str) -> str:
    if isinstance(link, str):
        return events.linked(link, previous)
    return events.chained(events.header(link), previous)
