"""What plates say against the register and its history: former names, other names, no name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text
from gazetteer.names.romanization.spelling import toneless

CLAUSE = "地名管理条例 19"
CAUSES = {
    "signs/former-name": "wrong-text",
    "signs/other-name": "wrong-text",
    "signs/spelling": "wrong-text",
    "signs/abolished": "abolished",
    "signs/key-revoked": "key-revoked",
}
"""What each finding gives as the cause of a work order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A plate as it stands: code, what it names, its text and spelling as issued."""

    code: str
    thing_id: str
    text: str
    romanization: str = ""
    number: str = ""
    geometry: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names of one thing.

    Parameters
    ----------
    standard, romanization
        Standard name in force and its spelling; empty when the name was abolished.
    former
        Names it bore before, each with the date (ISO) until which it was in force, or empty.
    """

    standard: str = ""
    romanization: str = ""
    former: Mapping[str, str]


def audit(plates: Iterable[Told], names: Mapping[str, Names]) -> Iterator[Finding]:
    """Yield a finding for each plate whose text the register does not bear out.

    Parameters
    ----------
    plates
        Plates that stand.
    names
        By id of what they name; a plate of a thing that the register does not know is passed over.

    Examples
    --------
    >>> plates = [Told(code="10000000000X", thing_id="p", text="江堤路", romanization="Jiāngdī Lù")]
    >>> known = Names(standard="滨河路", romanization="Bīnhé Lù", former={"江堤路": "2026-03-01"})
    >>> [each.message.zh for each in audit(plates, {"p": known})]
    ['牌面“江堤路”已于 2026-03-01 更名为“滨河路”']
    >>> list(audit(plates, {"p": Names(standard="江堤路", romanization="JIANGDI LU", former={})}))
    []
    """
    for plate in plates:
        if plate.thing_id in names:
            yield from _of_one(plate, names[plate.thing_id])


def of_lost_keys(plates: Iterable[Told], keys: Mapping[str, str]) -> Iterator[Finding]:
    """Yield a finding for each plate whose signature was revoked with its key.

    Parameters
    ----------
    plates
        Plates that stand.
    keys
        Id of the revoked key by code, of the plates that it signed.
    """
    for plate in plates:
        if plate.code in keys:
            shown, key = plate.text + plate.number, keys[plate.code]
            told = Text(
                f"牌面“{shown}”由已作废的密钥 {key} 签名，应重新签发并更换",
                f"plate {shown} is signed with key {key}, revoked: issue and print it anew",
            )
            yield _finding("key-revoked", Severity.WARNING, plate, told)


def _of_one(plate: Told, known: Names) -> Iterator[Finding]:
    shown = plate.text + plate.number
    if not known.standard:
        told = Text(f"“{shown}”已销名，牌面应拆除", f"{shown} is abolished: take the plate down")
        yield _finding("abolished", Severity.WARNING, plate, told)
    elif plate.text == known.standard:
        yield from _spelling(plate, known, shown=shown)
    elif plate.text in known.former:
        on = known.former[plate.text]
        told = Text(
            f"牌面“{shown}”已{f'于 {on} ' if on else ''}更名为“{known.standard}”",
            f"plate {shown}: renamed {known.standard}{f' on {on}' if on else ''}",
        )
        yield _finding("former-name", Severity.WARNING, plate, told)
    else:
        told = Text(
            f"牌面“{shown}”与标准地名“{known.standard}”不符，也不是其曾用名",
            f"plate {shown} is neither the standard name {known.standard} nor a former one",
        )
        yield _finding("other-name", Severity.ERROR, plate, told)


def _spelling(plate: Told, known: Names, *, shown: str) -> Iterator[Finding]:
    """Yield a finding where the letters on the plate are not those of the register."""
    if not plate.romanization or not known.romanization:
        return
    old, new = (toneless(each).upper() for each in (plate.romanization, known.romanization))
    if old != new:
        told = Text(
            f"牌面“{shown}”拼写 {old}，应为 {new}", f"plate {shown} spells {old}, not {new}"
        )
        yield _finding("spelling", Severity.WARNING, plate, told)


def _finding(rule: str, severity: Severity, plate: Told, message: Text) -> Finding:
    return Finding(
        rule=f"signs/{rule}",
        clause=CLAUSE,
        severity=severity,
        subject=plate.code,
        message=message,
        geometry=plate.geometry,
        key=plate.text,
    )
