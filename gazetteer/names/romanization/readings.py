"""Which reading each character of a name has, from decisions, tables, rules and generation."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Final

from gazetteer.names.romanization import characters, known_divisions, tables, terms
from gazetteer.names.romanization.decisions import Decisions
from gazetteer.names.romanization.words import Division

RULE: Final = "rule"
DICTIONARY: Final = "通用规范汉字字典"
GENERATED: Final = "generated"
_BEFORE_SURNAMES: Final = frozenset("东西南北中前后上下大小新老左右里外内")
_NOT_AFTER_HOUSES: Final = frozenset("园委居乡长具乐")
_LAND_WITH_ZI: Final = frozenset(
    "庄营家杖台城店寨山堡岗庙甸海林房湾井洼坨园岭坝围泊沟口桥梁顶楼泉窑坡圈坊坪亭架栅屋埠咀嘴砬街"
    "崖崴院坎铺滩墩塘塔垭洞泡峪窝卡屯场碾棚宅圩岔岘厂巷槽套堤"
)
"""Nouns of the land whose suffix 子 is light where it ends a name."""
_THINGS_WITH_ZI: Final = frozenset("狮燕豹鸭鸽兔鹞李柿栗桃杏枣橘柑梨柚果竹苇麦豆碾架亭")
"""Animals, fruits and things whose suffix 子 is light wherever they stand."""
_MILES: Final = frozenset("一二三四五六七八九十百")


@dataclass(slots=True)
class Reading:
    """The syllables of a name, whether each is decided, and the source of the weightiest."""

    name: str
    syllables: list[str]
    decided: list[bool]
    source: str = DICTIONARY
    told: set[int] = field(default_factory=set)
    """Positions that a word or phrase has read, surely or not: no guess goes over them."""
    contradicted: set[int] = field(default_factory=set)
    """Positions that a phrase reads otherwise than place names mostly do."""

    def put(self, at: int, reading: tuple[str, ...], decided: bool, source: str) -> None:
        """Lay a reading over the characters from a position on.

        A guess leaves in doubt only characters that place names read in more than one way; one
        that agrees with what is decided changes nothing.
        """
        for place, syllable in enumerate(reading, start=at):
            usual = characters.usual(self.name[place], False) == (syllable, True)
            agreed = self.decided[place] and self.syllables[place] == syllable
            sure = decided or agreed or usual
            self.decided[place] = decided or (sure and place not in self.contradicted)
            self.syllables[place] = syllable
        self.source = source

    def put_row(self, row: tables.Row, size: int, decided: bool, *, at: int = 0) -> None:
        """Lay a row over the characters; where authorities differ the character is in doubt."""
        self.put(at, row.reading[:size], decided, row.source if decided else GENERATED)
        for other in row.alternatives:
            for offset, syllable in enumerate(other.split()[:size]):
                if syllable != row.reading[offset]:
                    self.decided[at + offset] = False


def read(name: str, division: Division, *, decisions: Decisions) -> Reading:
    """Return the reading of a name of Chinese characters; later layers override earlier ones."""
    reading = _by_character(name)
    settled = all(reading.decided)
    _generics(reading, division)
    boundary = len(division.specific) if division.generic else len(name)
    _words(reading, name, {boundary, *accumulate(len(word.text) for word in division.words)})
    _contradictions(reading, name[:boundary])
    _surname(reading, name)
    if not settled and not all(reading.decided):
        _generate(reading, name, decisions.within[:2])
    _light_suffix(reading, name, division)
    _rows(reading, name, division, decisions.within)
    if decisions.by_text:
        _decided(reading, name, division, decisions)
    return reading


def _by_character(name: str) -> Reading:
    pairs = [characters.usual(name[0], True)]
    pairs += [characters.usual(character, False) for character in name[1:]]
    return Reading(name, [pair[0] for pair in pairs], [pair[1] for pair in pairs])


def _generics(reading: Reading, division: Division) -> None:
    """Read each generic word by the table of generic terms (巷 xiàng, 弄 lòng, 观 guàn)."""
    at = 0
    for word in division.words:
        if word.role == "generic":
            known = tables.generics().get(word.text)
            if known and word.text not in tables.usual():
                reading.put(at, known, True, reading.source)
            elif known:
                decided = reading.decided[at] or word.text in terms.DECIDED_GENERICS
                reading.put(at, known, decided, reading.source)
        elif word.role == "ethnic":
            reading.put(at, tables.ethnic_readings()[word.text], True, "GB/T 3304")
        at += len(word.text)


def _words(reading: Reading, name: str, boundaries: set[int]) -> None:
    """Lay the shipped words over the name, longer ones last, none across the start of a word.

    Words that overlap and read a character otherwise leave it in doubt, as does a word across the
    end of the name of a division (首长 in 石首长江村).
    """
    starts, known, stem = tables.word_starts(), tables.words(), known_divisions.stem_prefix(name)
    laid: list[tuple[int, tables.Row]] = []
    for at, character in enumerate(name):
        for size in starts.get(character, ()):
            row = known.get(name[at : at + size])
            if row is None or len(row.name) != size or _crosses(boundaries, at, at + size):
                continue
            sure = row.decided and not _crosses({stem}, at, at + size)
            if not sure:
                reading.contradicted.update(_ambiguous(row.name, at))
            reading.put_row(row, size, sure, at=at)
            reading.told.update(range(at, at + size))
            laid.append((at, row))
    for (first, one), (second, other) in pairwise(laid):
        for place in range(second, first + len(one.name)):
            if second + len(other.name) > first + len(one.name) and first < second:
                _disagree(reading, place, one.reading[place - first], other.reading[place - second])


def _crosses(boundaries: set[int], start: int, end: int) -> bool:
    return any(start < each < end for each in boundaries)


def _disagree(reading: Reading, place: int, one: str, other: str) -> None:
    if one != other:
        reading.decided[place] = False
        reading.contradicted.add(place)


def _ambiguous(word: str, at: int) -> set[int]:
    """Return the places of a word's characters that have more than one reading."""
    usual = tables.usual()
    return {place for place, character in enumerate(word, start=at) if character in usual}


def _contradictions(reading: Reading, specific: str) -> None:
    """Leave a character in doubt that a phrase reads otherwise than names do (里长, 长房).

    Nobody knows whether the phrase is meant: it gives the guess. In 十里长屯 it is none.
    """
    starts, known = tables.phrase_starts(), tables.phrases()
    for at, character in enumerate(specific):
        if character == "里" and at and specific[at - 1] in _MILES:
            continue
        for size in starts.get(character, ()):
            for place, syllable in enumerate(known.get(specific[at : at + size], ()), start=at):
                if place not in reading.told and reading.syllables[place] != syllable:
                    reading.syllables[place], reading.decided[place] = syllable, False
                    reading.told.add(place)
                    reading.contradicted.add(place)


def _surname(reading: Reading, name: str) -> None:
    """Read the surname of a surname village: 解家庄, 盖家堡, 东仇家庄, 前解家屯, 解庄, 仇村."""
    for at in range(_modifiers(name) + 1):
        for size in (2, 1):
            found = tables.surnames().get(name[at : at + size])
            sure = _surname_village(name, at, size) if found else None
            if found and (sure or (sure is False and found[1] and not _in_word(name, at))):
                reading.put(at, tuple(found[0].split()), found[1] and sure, RULE)
                return


def _in_word(name: str, at: int) -> bool:
    """Whether the character and the one before it are a word of their own (中华, 上任)."""
    return name[at - 1 : at + 1] in tables.words()


def _modifiers(name: str) -> int:
    """Return how many characters before a surname say which of several villages is meant."""
    count = 0
    while count < min(2, len(name) - 2) and name[count] in _BEFORE_SURNAMES:
        count += 1
    return count


def _surname_village(name: str, at: int, size: int) -> bool | None:
    """Tell whether a surname stands there: surely (仇家庄), likely (东解庄) or not (None)."""
    rest = name[at + size :]
    if rest[:1] == "家" and (not at or (len(rest) > 1 and rest[1] not in _NOT_AFTER_HOUSES)):
        return True
    if 0 < len(rest) <= 2 and rest[0] in "庄村屯寨营集" and name not in tables.divisions():
        return not at
    return None


def _generate(reading: Reading, name: str, province: str) -> None:
    """Guess what is left by the phrases of a general dictionary; never counted as decided."""
    for at, sure in enumerate(reading.decided):
        if sure:
            continue
        reading.source = GENERATED
        guess = "" if at in reading.told else _guess(name, at, province)
        if guess in characters.candidates(name[at]):
            reading.syllables[at] = guess
    for at, character in enumerate(name):
        if character == "堡" and _post_station(name, at):
            reading.put(at, ("pù",), True, "1984规则（84）中地字第17号 第8条")


def _guess(name: str, at: int, province: str) -> str:
    """Return the likeliest reading: by the region, a phrase, the place in the name."""
    character = name[at]
    if here := tables.regional().get((character, province)):
        return here
    if at < (size := known_divisions.stem_prefix(name)):
        return known_divisions.stem_rows()[name[:size]][0].reading[at]
    if phrase := characters.phrases(name, at):
        return phrase[0]
    if character == "堡" and name[at - 1 : at] == "家":
        return "bǔ"  # 现代汉语词典 堡 bǔ: a village with walls, in names of places
    usual = tables.usual().get(character)
    return usual.first if usual and at == 0 else ""


def _light_suffix(reading: Reading, name: str, division: Division) -> None:
    """Read the suffix 子 as zi (东桑家堡子, 狮子山), unlike the child or master of 长子, 太子."""
    last = len(division.specific or name) - 1
    at = name.find("子", 1)
    while at > 0:
        before = name[at - 1]
        if before in _THINGS_WITH_ZI or (at == last and before in _LAND_WITH_ZI):
            reading.put(at, ("zi",), True, RULE)
        at = name.find("子", at + 1)


def _post_station(name: str, at: int) -> tuple[str, ...]:
    """Read 堡 after a number of miles as pù (十里堡 Shílǐpù, rule 8)."""
    counted = name[at] == "堡" and at > 1 and name[at - 1] == "里" and name[at - 2] in _MILES
    return ("pù",) if counted else ()


def _rows(reading: Reading, name: str, division: Division, within: str) -> None:
    """Lay the row of the whole name, or of its specific part, over the name."""
    if row := _fitting(tables.divisions().get(name) or tables.named().get(name), within):
        reading.put_row(row, len(name), row.decided)
        return
    stem = division.specific
    if not stem or not name.startswith(stem):
        return
    village = terms.is_settlement(division.generic)
    if row := _fitting(tables.named().get(stem), within):
        here = known_divisions.names_a_place(row.scope)
        reading.put_row(row, len(stem), row.decided and (not village or here))
    elif rows := known_divisions.stem_rows().get(stem):
        _stem(reading, stem, rows, division.generic, within)


def _stem(
    reading: Reading, stem: str, rows: tuple[tables.Row, ...], generic: str, within: str
) -> None:
    """Read what is called after a division like it.

    A village may be read otherwise even there; a town elsewhere (朝阳镇) is no evidence at all.
    """
    size = len(stem)
    here = [row for row in rows if within and known_divisions.covers(row.scope, within)]
    row = here[0] if here else rows[0]
    same = tuple(reading.syllables[:size]) == row.reading[:size]
    village = terms.is_settlement(generic)
    if village and same and all(reading.decided[:size]):
        return
    alike = {each.reading[:size] for each in rows} == {row.reading[:size]}
    sure = bool(here) or (alike and not terms.is_unit(generic) and not _doubtful(stem))
    reading.put_row(row, size, row.decided and sure and not village)


def _doubtful(word: str) -> bool:
    """Whether a word is read in several ways (朝阳)."""
    row = tables.words().get(word)
    return row is not None and not row.decided


def _fitting(rows: tuple[tables.Row, ...] | None, within: str) -> tables.Row | None:
    """Return the row for the place; a row for another place, or several, is only a guess."""
    if not rows:
        return None
    here = [row for row in rows if within and known_divisions.covers(row.scope, within)]
    if here:
        return here[0]
    first = next((row for row in rows if not row.scope), rows[0])
    division = first.name in tables.divisions()
    if within and first.scope and not division:
        return None  # another place of this name
    elsewhere = bool(first.scope) and (bool(within) or not division)
    if elsewhere or any(row.reading != first.reading for row in rows):
        return first._replace(confidence="low")
    return first


def _decided(reading: Reading, name: str, division: Division, decisions: Decisions) -> None:
    """Lay the office's own decisions over everything: whole name, specific part, its start."""
    if item := decisions.by_text.get(name):
        reading.put(0, item.reading, True, item.source)
        return
    stem = division.specific
    for size in range(len(stem), 0, -1):
        item = decisions.by_text.get(stem[:size])
        if item and (size > 1 or size == len(stem)) and name.startswith(stem):
            reading.put(0, item.reading, True, item.source)
            return
