"""The field round: what photos and forms say of signs, what is to be done about it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from gazetteer.common.coordinates import CGCS2000_ELLIPSOID
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Sentence, Text
from gazetteer.signs.scan import Photo
from gazetteer.signs.verify import Known, Verdict, verify

TOLERANCE_M = 50.0
"""A scan farther from the sign's place is doubted: phones err by some 10 m; our own default."""
STATES = {
    "present": Text("完好", "present"),
    "missing": Text("缺失", "missing"),
    "damaged": Text("损坏", "damaged"),
    "wrong-text": Text("错字", "wrong text"),
    "moved": Text("移位", "moved"),
}
WORK = {
    "missing": Text("补设", "set again"),
    "damaged": Text("修复或更换", "repair or replace"),
    "wrong-text": Text("更换牌面", "replace the plate"),
    "moved": Text("复位；查是否仿制", "set back; look whether it is a copy"),
    "abolished": Text("拆除", "take down"),
    "key-revoked": Text("重新签发并更换牌面", "issue anew and replace the plate"),
}
_WORDS = {word: state for state, text in STATES.items() for word in (state, text.zh, text.en)} | {
    "丢失": "missing",
    "破损": "damaged",
    "文字错误": "wrong-text",
    "移动": "moved",
    "正常": "present",
}


def state(word: str) -> str:
    """Return the state that a word of a form means.

    Examples
    --------
    >>> state("破损"), state(" 完好 ")
    ('damaged', 'present')
    >>> state("还行")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: '还行' is no state of a sign. Use 完好, 缺失, 损坏, 错字,...
    """
    plain = word.strip().lower()
    if plain not in _WORDS:
        remedy = Sentence("Use {listed}.", listed=tuple(each.zh for each in STATES.values()))
        raise InputError(Sentence("{word!r} is no state of a sign", word=word[:30]), remedy=remedy)
    return _WORDS[plain]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What was seen of one sign; `distance_m` from its place, on the ellipsoid.

    `lon`, `lat` in CGCS2000 degrees.
    """

    sign_id: str
    code: str
    state: str
    visited_on: str = ""
    visitor: str = ""
    text_read: str = ""
    photo: str = ""
    sha256: str = ""
    lon: float | None = None
    lat: float | None = None
    distance_m: float | None = None
    remarks: str = ""

    @property
    def number(self) -> str:
        """Sixteen characters, equal for the same report: it lands once."""
        told = [self.code, self.state, self.visited_on, self.visitor, self.sha256, self.remarks]
        return hashlib.sha256("\x1f".join(told).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A code in a photo: its verdict, and how far from the sign's place it was taken (m)."""

    photo: Photo
    text: str
    verdict: Verdict
    sign_id: str | None = None
    distance_m: float | None = None


def look(photos: Iterable[Photo], *, signs: pd.DataFrame, known: Known) -> list[Seen]:
    """Return each code of each photo with its verdict and its distance from the sign's place.

    Parameters
    ----------
    photos
        As read.
    signs
        ``id``, ``code`` and ``geometry`` (EPSG:4490) of the signs in force.
    known
        What codes are checked against.
    """
    by_code = {row["code"]: row for row in signs.to_dict("records")}
    return [_seen(photo, text, by_code, known=known) for photo in photos for text in photo.texts]


def _seen(
    photo: Photo, text: str, by_code: Mapping[str, Mapping[str, object]], *, known: Known
) -> Seen:
    verdict = verify(text, known=known)
    row = by_code.get(verdict.code)
    if row is None:
        return Seen(photo=photo, text=text, verdict=verdict)
    metres = distance_m(photo.position, row.get("geometry"))
    own = str(row["id"])
    return Seen(photo=photo, text=text, verdict=verdict, sign_id=own, distance_m=metres)


def distance_m(position: tuple[float, float] | None, point: object) -> float | None:
    """Return the metres on the ellipsoid between a position and a point, where both are known."""
    if position is None or point is None or getattr(point, "is_empty", True):
        return None
    x, y = point.x, point.y  # type: ignore[attr-defined]
    _, _, metres = CGCS2000_ELLIPSOID.inv(*position, x, y)
    return float(metres)


def visits(
    seen: Iterable[Seen], *, visitor: str = "", tolerance_m: float = TOLERANCE_M
) -> Iterator[Visit]:
    """Yield a visit for each genuine plate that was seen; a forged one is no visit of its sign."""
    for each in seen:
        if each.sign_id is None or each.verdict.state not in ("genuine", "renamed"):
            continue
        photo = each.photo
        lon, lat = photo.position or (None, None)
        yield Visit(
            sign_id=each.sign_id,
            code=each.verdict.code,
            state=_state(each, tolerance_m=tolerance_m),
            visited_on=photo.taken[:10],
            visitor=visitor,
            text_read=each.verdict.name,
            photo=photo.file,
            sha256=photo.sha256,
            lon=lon,
            lat=lat,
            distance_m=each.distance_m,
            remarks=each.verdict.reason.zh if each.verdict.state == "renamed" else "",
        )


def _state(each: Seen, *, tolerance_m: float) -> str:
    if each.distance_m is not None and each.distance_m > tolerance_m:
        return "moved"
    return "wrong-text" if each.verdict.state == "renamed" else "present"


def findings(
    photos: Sequence[Photo], seen: Sequence[Seen], *, tolerance_m: float = TOLERANCE_M
) -> Iterator[Finding]:
    """Yield what photos give cause to: forged, unknown, revoked, moved, copied, unreadable."""
    for photo in photos:
        if photo.error is not None:
            told = Text(f"{photo.file}{photo.error.zh}", f"{photo.file} {photo.error.en}")
            yield _finding("photo", Severity.WARNING, photo.file, told)
        elif not photo.texts:
            told = Text(f"{photo.file}中没有可读的码", f"{photo.file} shows no readable code")
            yield _finding("no-code", Severity.NOTE, photo.file, told)
    for each in seen:
        yield from _of_one(each, tolerance_m=tolerance_m)
    yield from _copies(seen, tolerance_m=tolerance_m)


def _of_one(each: Seen, *, tolerance_m: float) -> Iterator[Finding]:
    verdict, file = each.verdict, each.photo.file
    if verdict.state != "genuine":
        weight = Severity.ERROR if verdict.state == "forged" else Severity.WARNING
        told = Text(f"{file}：{verdict.reason.zh}", f"{file}: {verdict.reason.en}")
        yield _finding(verdict.state, weight, verdict.code, told, key=file)
    far = each.distance_m is not None and each.distance_m > tolerance_m
    if far and verdict.state in ("genuine", "renamed"):
        told = Text(
            f"{file}：在距标志应在位置 {each.distance_m:.0f} 米处扫得，标志移位或系仿制",
            f"{file}: scanned {each.distance_m:.0f} m from where the sign stands: moved or copied",
        )
        yield _finding(
            "moved", Severity.WARNING, verdict.code, told, key=file,
            measured=each.distance_m, tolerance=tolerance_m,
        )  # fmt: skip


def _copies(seen: Sequence[Seen], *, tolerance_m: float) -> Iterator[Finding]:
    """Yield codes that were scanned at places too far apart for one plate."""
    places: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for each in seen:
        if each.photo.position is not None:
            places[each.verdict.code].append(each.photo.position)
    for code, positions in places.items():
        first = positions[0]
        far = max(float(CGCS2000_ELLIPSOID.inv(*first, *other)[2]) for other in positions)
        if far > 2 * tolerance_m:
            told = Text(
                f"同一编码在相距 {far:.0f} 米的两处扫得：必有一块是仿制",
                f"one code scanned at places {far:.0f} m apart: one plate is a copy",
            )
            yield _finding(
                "copied", Severity.ERROR, code, told, measured=far, tolerance=2 * tolerance_m
            )


def _finding(
    rule: str,
    severity: Severity,
    subject: str,
    message: Text,
    *,
    key: str = "",
    measured: float | None = None,
    tolerance: float | None = None,
) -> Finding:
    return Finding(
        rule=f"signs/{rule}",
        clause="地名管理条例 19",
        severity=severity,
        subject=subject,
        message=message,
        key=key,
        measured=measured,
        tolerance=tolerance,
        unit=None if measured is None else "m",
    )


def orders(
    seen: Iterable[Visit], *, open_orders: pd.DataFrame, today: str, taken: int
) -> pd.DataFrame:
    """Return the work orders that visits open or close.

    Parameters
    ----------
    seen
        Visits, the last of a sign counts.
    open_orders
        ``number``, ``sign_id``, ``cause`` of those still open.
    today
        Date (ISO) on which orders open and close.
    taken
        How many orders there have been, for the numbers of the new.

    Returns
    -------
    Rows of ``sign_orders``: one open order a sign and cause; a sign found present closes its own.
    """
    last = {each.sign_id: each for each in seen}
    rows = []
    for sign_id, visit in last.items():
        own = open_orders[open_orders["sign_id"] == sign_id]
        if visit.state == "present":
            known = own[["number", "sign_id", "cause", "work", "opened_on"]].to_dict("records")
            rows += [{**order, "state": "closed", "closed_on": today} for order in known]
        elif visit.state not in set(own["cause"]):
            taken += 1
            rows.append(
                {
                    "number": f"{today[:4]}-{taken:04d}",
                    "sign_id": sign_id,
                    "cause": visit.state,
                    "work": WORK[visit.state].zh,
                    "opened_on": today,
                    "state": "open",
                    "closed_on": None,
                }
            )
    columns = ["number", "sign_id", "cause", "work", "opened_on", "state", "closed_on"]
    return pd.DataFrame(rows, columns=columns)
