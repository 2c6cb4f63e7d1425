"""A route description (走向说明) taken apart: legs from point to point, and what told nothing.

A leg begins at a point that can be placed on the line (a marker, a tri-point, an end of the line)
and ends at the next; points that cannot be placed (a hill, a bridge) lie on its way. Numbers are
read in every writing: ``1,810米``, ``1.81公里``, ``一千八百一十米``, ``三里半``, also in wide
figures; of a range (``480～520米``) the middle. What has told nothing is quoted in
`Reading.unread`, never dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from boundaries.description_numbers import CHINESE, NUMBER, UNITS, number
from boundaries.description_words import SECTOR_DEG, SECTORS

Kind = Literal["marker", "tri-point", "end", "place"]


class Point(NamedTuple):
    """A point that a text names: an end of the line is called ``start`` or ``end``."""

    kind: Kind
    name: str


class Step(NamedTuple):
    """A direction that a text tells: true azimuth in degrees, distance in metres or None.

    `wide` directions (大体, 大致) are told roughly; `straight` steps run as the crow flies.
    """

    azimuth_deg: float | None
    distance_m: float | None
    wide: bool = False
    straight: bool = False

    @property
    def sector(self) -> int | None:
        """Number of the nearest of the sixteen sectors, None where no direction is told."""
        return None if self.azimuth_deg is None else round(self.azimuth_deg / SECTOR_DEG) % 16


class Mention(NamedTuple):
    """A feature that a leg names: how, its name, and the number of the step it is told with."""

    how: Literal["follows", "crosses"]
    name: str
    step: int


class Quote(NamedTuple):
    """Words of the text, and the place of the first of them."""

    text: str
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """What a text tells of the line between two points that can be placed on it.

    Parameters
    ----------
    start, end
        None where the text does not say.
    via
        Points on the way, which cannot be placed.
    steps
        Directions and distances in their order.
    mentions
        Features followed and crossed.
    text, place
        The words, and where they begin.
    """

    start: Point | None
    end: Point | None
    via: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    mentions: tuple[Mention, ...] = ()
    text: str = ""
    place: int = 0

    @property
    def follows(self) -> tuple[str, ...]:
        """Names of the features that it runs along."""
        return tuple(each.name for each in self.mentions if each.how == "follows")

    @property
    def crosses(self) -> tuple[str, ...]:
        """Names of the features that it crosses."""
        return tuple(each.name for each in self.mentions if each.how == "crosses")

    @property
    def length_m(self) -> float | None:
        """Sum of the told distances in metres, None where one is missing."""
        lengths = [each.distance_m for each in self.steps]
        return None if not lengths or None in lengths else sum(each or 0.0 for each in lengths)

    def as_json(self) -> dict[str, Any]:
        """Return the leg as scripts read it."""
        sectors = [each.sector for each in self.steps if each.sector is not None]
        return {
            "start": self.start and self.start.name,
            "end": self.end and self.end.name,
            "via": list(self.via),
            "follows": list(self.follows),
            "crosses": list(self.crosses),
            "directions": [SECTORS[each].zh for each in sectors],
            "straight": any(each.straight for each in self.steps),
            "length_m": self.length_m,
            "text": self.text,
            "place": self.place,
        }


class Reading(NamedTuple):
    """What a text tells: its legs in order, and the words that told nothing."""

    legs: tuple[Leg, ...]
    unread: tuple[Quote, ...]


# ------------------------------------------------------------------ words

_POINTS = {each: place * SECTOR_DEG for place, each in enumerate(s.zh for s in SECTORS)}
_POINTS |= {"正" + each: _POINTS[each] for each in "东南西北"}
_OTHER = {
    22.5: "北东北 北北东 东北偏北",
    45.0: "北东",
    67.5: "东东北 东北偏东",
    112.5: "东东南 东南偏东",
    135.0: "南东",
    157.5: "南东南 南南东 东南偏南",
    202.5: "南西南 南南西 西南偏南",
    225.0: "南西",
    247.5: "西西南 西南偏西",
    292.5: "西西北 西北偏西",
    315.0: "北西",
    337.5: "北西北 北北西 西北偏北",
}
"""Other words in use for the sixteen directions, by their azimuth in degrees."""
_POINTS |= {word: azimuth for azimuth, words in _OTHER.items() for word in words.split()}
_WORDS = "|".join(sorted(_POINTS, key=len, reverse=True))
_BEARING = {"北": 0.0, "东": 90.0, "南": 180.0, "西": 270.0}

_ID = r"[0-9A-Za-z][0-9A-Za-z/_-]*"
_POINT = (
    rf"(?:第?\s*(?P<{{0}}marker>{_ID})\s*号?\s*(?:界桩|桩)|界桩\s*(?P<{{0}}marker2>{_ID})\s*号?"
    rf"|第?\s*(?P<{{0}}tri>{_ID})\s*号?\s*三交点|三交点\s*(?P<{{0}}tri2>{_ID})\s*号?"
    r"|(?P<{0}start>(?:本)?(?:界线|该线|本线)?起点)|(?P<{0}last>(?:本)?(?:界线|该线|本线)?(?:终点|止点))"
    r"|(?P<{0}place>[^，,。；;：:]+?))"
)
_TOKEN = re.compile(
    rf"(?:起自|起于|始于|从|自|由)\s*{_POINT.format('a_')}\s*(?:开始|起始|出发|为起点|起)"
    rf"|(?P<to>(?:直至|止于|终于|抵达|到达|至|到)\s*{_POINT.format('b_')}"
    r"(?=\s*(?:为止|止|后|，|,|。|；|;|：|:|\n|$|再|然后|又|接着|折|转|（|\()))"
    rf"|(?P<heading>(?P<wide>大体|大致|基本|总体|略)?(?:上|是|呈)?(?:向|往|朝|折|转)(?:向)?(?P<wide2>大体|大致)?"
    rf"(?:(?P<base>[东南西北])偏(?P<turn>[东南西北])(?P<degrees>{NUMBER})[度°]|(?P<word>{_WORDS}))"
    r"(?P<wide3>大体|大致)?)"
    rf"|(?P<distance>(?:(?P<least>{NUMBER})\s*(?:{'|'.join(UNITS)})?\s*(?:[~～—–-]+|至|到)\s*)?"
    rf"(?P<number>{NUMBER})\s*(?P<unit>{'|'.join(UNITS)})(?P<half>半)?"
    r"(?![A-Za-z]|宽|高|深|处|以内|以外|范围))"
    r"|(?P<along>(?:沿着|沿|顺着|顺|溯)(?P<along_name>[^，,。；;：:\n]+?)"
    r"(?=大体|大致|基本|向|往|朝|而行|而|至|到|上行|下行|延伸|前行|行|折|转|，|,|。|；|;|：|:|\n|$))"
    r"|(?P<over>(?:穿过|跨过|越过|横穿|横跨|跨越|穿越)(?P<over_name>[^，,。；;：:\n]+?)"
    r"(?=后|再|沿|向|至|到|，|,|。|；|;|：|:|\n|$))"
    r"|(?P<straight>以直线|呈直线|直线)"
    r"|(?P<stop>[。；;\n])"
)
_WIDE = "０-９Ａ-Ｚａ-ｚ．－／"
_WIDTH = {n: n - 0xFEE0 for n in range(0xFF01, 0xFF5F) if re.match(f"[{_WIDE}]", chr(n))}
"""Wide figures and letters as plain ones; wide punctuation keeps its part in a sentence."""
_BETWEEN = re.compile(r"[、和及与]")
_EMPTY = re.compile(
    r"^(?:[\s，,。；;：:、]|该?段?国?界线|再|然后|后|又|接着|继而|而行|行|方向|为止|止|长"
    r"|大约|约为|约|大概|将近|近|左右|上下|许)*$"
)
_ITEM = re.compile(
    rf"\s*(?:[（(]?第?[\d{CHINESE[:-3]}]{{1,3}}[）)]?(?:段|条|节)?[、.．，,：:）)]?|[①-⑳])\s*"
)
"""Number of an item in a list, at the beginning of a sentence: 1、 （一） 第二段："""


def read(text: str) -> Reading:
    """Take a description apart.

    Examples
    --------
    >>> (leg,) = read("从1A号界桩起，界线沿清水河向东1,250米，再向南三百米，至2A号界桩。").legs
    >>> leg.start.name, leg.end.name, leg.follows, leg.length_m, [each.sector for each in leg.steps]
    ('1A', '2A', ('清水河',), 1550.0, [4, 8])
    >>> read("界线沿山脊而行。").legs, [each.text for each in read("此处有争议。").unread]
    ((), ['此处有争议'])
    """
    plain = text.translate(_WIDTH)
    builder = _Builder(text)
    for match in _TOKEN.finditer(plain):
        builder.take(match)
    return builder.done()


@dataclass
class _Builder:
    """Legs as they grow; the only thing here that changes."""

    text: str
    legs: list[Leg] = field(default_factory=list)
    unread: list[Quote] = field(default_factory=list)
    begun: Point | None = None
    via: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    opened_at: int = 0
    read_to: int = 0
    straight: bool = False
    stated: bool = False

    def take(self, match: re.Match[str]) -> None:
        gap = Quote(self.text[self.read_to : match.start()], self.read_to)
        self._quote(gap, match)
        self.read_to = match.end()
        if match["stop"]:
            return
        if not self.stated:
            self.opened_at, self.stated = match.start(), True
        if match["to"]:
            self._reach(_point(match, "b_"), match.end())
        elif match["heading"]:
            wide = bool(match["wide"] or match["wide2"] or match["wide3"])
            self.steps.append(Step(_azimuth(match), None, wide, self.straight))
        elif match["distance"]:
            self._measure(match)
        elif match["along"] or match["over"]:
            self._mention(match)
        elif match["straight"]:
            self.straight = True
        else:
            self._start(_point(match, "a_"), match.start())

    def _quote(self, gap: Quote, match: re.Match[str]) -> None:
        """Keep what stands between two things understood, unless it is only a joining word."""
        begins = not self.read_to or self.text[self.read_to - 1] in "。；;\n"
        listed = _ITEM.match(gap.text) if begins else None
        if not _EMPTY.match(gap.text[listed.end() :] if listed else gap.text):
            words = gap.text.strip(" \n，,。；;：:、")
            self.unread.append(Quote(words, gap.place + gap.text.index(words)))

    def _start(self, point: Point, at: int) -> None:
        if point.kind == "place":
            self._pass(point.name)  # the text goes on from a point on its way
            return
        if self._going():
            self._close(None, at)
        self.begun, self.opened_at, self.stated = point, at, True

    def _going(self) -> bool:
        return bool(self.steps or self.via or (self.begun is not None and self.mentions))

    def _pass(self, name: str) -> None:
        if self.via[-1:] != [name]:
            self.via.append(name)

    def _reach(self, point: Point, at: int) -> None:
        if point.kind == "place":
            self._pass(point.name)
        else:
            self._close(point, at)
            self.begun = point

    def _close(self, end: Point | None, at: int) -> None:
        leg = Leg(
            start=self.begun,
            end=end,
            via=tuple(self.via),
            steps=tuple(self.steps),
            mentions=tuple(self.mentions),
            text=self.text[self.opened_at : at].strip(),
            place=self.opened_at,
        )
        self.legs.append(leg)
        self.begun, self.via, self.steps, self.mentions = None, [], [], []
        self.straight = self.stated = False

    def _measure(self, match: re.Match[str]) -> None:
        value = number(match["number"])
        if value is None:
            self.unread.append(Quote(match[0], match.start()))
            return
        least = number(match["least"]) if match["least"] else None
        value = value if least is None else (least + value) / 2  # the middle of a range
        metres = (value + (0.5 if match["half"] else 0.0)) * UNITS[match["unit"]]
        if self.steps and self.steps[-1].distance_m is None:
            self.steps[-1] = self.steps[-1]._replace(distance_m=metres, straight=self.straight)
        else:
            self.steps.append(Step(None, metres, False, self.straight))

    def _mention(self, match: re.Match[str]) -> None:
        names = match["along_name"] or match["over_name"]
        for name in filter(None, map(str.strip, _BETWEEN.split(names))):
            before = len(self.steps)
            step = before if match["along"] else max(before - 1, 0)
            self.mentions.append(Mention("follows" if match["along"] else "crosses", name, step))

    def done(self) -> Reading:
        rest = Quote(self.text[self.read_to :], self.read_to)
        if not _EMPTY.match(rest.text):
            self.unread.append(Quote(rest.text.strip(" \n，,。；;：:、"), rest.place))
        if self._going():
            self._close(None, len(self.text))
        elif self.mentions:
            self.unread.append(Quote(self.text[self.opened_at : self.read_to], self.opened_at))
        return Reading(tuple(self.legs), tuple(sorted(self.unread, key=lambda each: each.place)))


def _point(match: re.Match[str], side: str) -> Point:
    for group, kind in (("marker", "marker"), ("tri", "tri-point")):
        name = match[f"{side}{group}"] or match[f"{side}{group}2"]
        if name:
            return Point(kind, name)  # type: ignore[arg-type]
    if match[f"{side}start"]:
        return Point("end", "start")
    return Point("end", "end") if match[f"{side}last"] else Point("place", match[f"{side}place"])


def _azimuth(match: re.Match[str]) -> float:
    """Return a true azimuth: of a word, or of a bearing such as 北偏东30°."""
    if match["word"]:
        return _POINTS[match["word"]]
    base, toward = _BEARING[match["base"]], _BEARING[match["turn"]]
    sense = 1 if (toward - base) % 360 == 90 else -1
    return (base + sense * (number(match["degrees"]) or 0.0)) % 360
