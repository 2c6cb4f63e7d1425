"""How many of the names that a sheet is about stand on it, and which found no room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gazetteer.common.language import Language
from gazetteer.common.language import Text as Bilingual
from maps.atlas import features
from maps.print.compose import Composed
from maps.print.drawing import Drawn

WORDS = {
    "named": Bilingual("注记：", "Named: "),
    "rest": Bilingual("；其余见索引", "; the rest: see the index"),
    "unnamed": Bilingual("；未能注记：", "; without room: "),
}


@dataclass(frozen=True, slots=True)
class Named:
    """How many names of a class stand on a sheet, of how many; which found no room.

    `told` classes are those that the sheet is about: each name without room is told, the others
    are in the index.
    """

    key: str
    title: str
    standing: int
    bare: tuple[str, ...]
    told: bool

    @property
    def whole(self) -> int:
        """How many there are."""
        return self.standing + len(self.bare)


def named_of(
    made: Sequence[Composed], spec: Mapping[str, str], *, language: Language
) -> tuple[Named, ...]:
    """Return how many names stand on a sheet, over all its parts."""
    found: dict[tuple[str, str], tuple[set[int], set[int], Drawn]] = {}
    for part in made:
        for drawn in part.layers.about:
            if drawn.key not in _counted(spec):
                continue
            standing = part.placement.named(drawn.key)
            for at, value in _records(drawn):
                every, stands, _ = found.setdefault((drawn.key, value), (set(), set(), drawn))
                every.add(at)
                stands |= {at} & standing
    return tuple(_named(value, *sets, language=language) for (_, value), sets in found.items())


def _counted(spec: Mapping[str, str]) -> set[str]:
    return {"divisions", *spec["index"].split()} & set(spec["label_layers"].split())


def _records(drawn: Drawn) -> Iterable[tuple[int, str]]:
    """Yield the records that are to be named: of divisions those that have an area."""
    missing = set(drawn.shapes.missing.tolist())
    for at, label in enumerate(drawn.labels):
        area = drawn.shapes.kinds[at] == features.POLYGON
        meant = label and at not in missing and not drawn.is_whole(at)
        if meant and (area or drawn.key != "divisions"):
            yield at, drawn.looks[at].value


def _named(
    value: str, every: set[int], stands: set[int], drawn: Drawn, *, language: Language
) -> Named:
    look = drawn.design.style(value)
    bare = tuple(drawn.labels[at] for at in sorted(every - stands))
    told = drawn.key == "divisions" and value in drawn.filled
    return Named(drawn.key, look.title.say(language), len(stands), bare, told)


def said(named: Sequence[Named], language: Language) -> str:
    """Return how many names stand on a sheet, and that the others are in the index.

    Examples
    --------
    >>> town = Named("divisions", "乡级", 11, ("燕园街道",), True)
    >>> said([town, Named("divisions", "村级", 3, ("甲村",), False)], "zh")
    '注记：乡级 11/12、村级 3/4；未能注记：燕园街道；其余见索引'
    >>> said([], "zh")
    ''
    """
    if not named:
        return ""
    comma = {"zh": "、", "en": ", "}[language]
    text = WORDS["named"].say(language) + comma.join(
        f"{each.title} {each.standing}/{each.whole}" for each in named
    )
    unnamed = [name for each in named if each.told for name in each.bare]
    if unnamed:
        text += WORDS["unnamed"].say(language) + comma.join(unnamed)
    if any(each.bare for each in named if not each.told):
        text += WORDS["rest"].say(language)
    return text


def share(named: Sequence[Named], key: str) -> float:
    """Return which part of the names of a layer stand on the sheet; 1 where it has none."""
    counted: list[Any] = [each for each in named if each.key == key]
    whole = sum(each.whole for each in counted)
    return sum(each.standing for each in counted) / whole if whole else 1.0
