"""Which endings are generics of which kind, and how they part from the specific."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from gazetteer.common import tables as shipped
from gazetteer.names.romanization import classes, known_divisions, ordinals, tables


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMMITTEES: Final = (
    "社区村民委员会", "社区居民委员会", "农牧民委员会", "村民委员会", "居民委员会", "牧民委员会",
    "渔民委员会", "家属委员会", "社区居委会", "社区委员会", "街道办事处", "管理委员会",
    "行政委员会", "委员会", "村委会", "居委会", "家委会", "管委会", "牧委会", "渔委会", "农委会",
    "队委会", "街道办", "居委", "村委",
    "社区", "嘎查", "办事处", "生活区", "行政村", "自然村", "村民小组", "居民小组", "牧民小组",
)  # fmt: skip
"""Institutions and divisions of self-government: always apart from the village they serve."""


LONG_STREETS: Final = ("胡同", "大街", "大道", "马路", "环路", "公路", "夹道")
MODIFIERS: Final = frozenset("东南西北中前后左右上下内外新老旧横竖直斜支辅小大正")
SIDES: Final = frozenset("东南西北中")
MEASURES: Final = ("里", "道")
"""Generics of streets that rather count miles or steps behind a numeral."""
WHOLE_WORDS: Final = _set(
    "创新 革新 维新 更新 立新 高新 自新 向前 向上 以上 强大 光大 正大 伟大 广大 重大 中华 "
    "中心 中山 内外 上下 东西 南北"
)
PROTECTED: Final = ("东四", "西四", "东单", "西单")
NOT_ORDINAL: Final = _set("统一 唯一 太一 天一 归一 合一 崇一 守一 万一 划一 专一 初一 双一")
NUMBERED_ALONE: Final = _set(
    "马路 环路 条 弄 巷 胡同 环 支路 横路 大街 大道 街 路 道 高地 号路 号街 号巷"
)
ONLY_NUMBERED: Final = _set("条 里 环 段 号路 号街 号巷")
CODED: Final = ("高速公路", "高速", "国道", "省道", "县道", "乡道", "村道")
"""Roads that are called by a code."""
SECTIONS: Final = _set("东段 西段 南段 北段 中段 东延 西延 南延 北延")
VILLAGE_ENDINGS: Final = ("新村", "村", "庄", "屯", "寨", "堡", "店", "营", "集", "家")
NATURE: Final = (
    "大峡谷", "大沙漠", "山脉", "群岛", "列岛", "半岛", "高原", "平原", "盆地", "丘陵", "沙漠",
    "戈壁", "草原", "峡谷", "海峡", "海湾", "运河", "水库", "冰川", "瀑布", "雪山", "高地",
    "沙洲", "暗沙", "水道", "湿地", "沙地", "总干渠", "总渠", "干渠", "支渠", "山", "江", "河",
    "湖", "海", "岛", "峰", "岭", "渠", "屿", "峡", "水", "礁", "藏布", "错", "草地",
)  # fmt: skip
"""Natural features and waters that part from their specific when no class is given."""

_PARTED: Final = {
    "村民委员会": ("村民", "委员会"), "居民委员会": ("居民", "委员会"),
    "社区居民委员会": ("社区", "居民", "委员会"), "社区村民委员会": ("社区", "村民", "委员会"),
    "社区居委会": ("社区", "居委会"), "社区委员会": ("社区", "委员会"),
    "街道办事处": ("街道", "办事处"), "管理委员会": ("管理", "委员会"),
    "行政委员会": ("行政", "委员会"), "牧民委员会": ("牧民", "委员会"),
    "渔民委员会": ("渔民", "委员会"), "家属委员会": ("家属", "委员会"),
    "农牧民委员会": ("农牧民", "委员会"), "牧民小组": ("牧民", "小组"),
    "经济技术开发区": ("经济", "技术", "开发区"), "经济开发区": ("经济", "开发区"),
    "高新技术产业开发区": ("高新", "技术", "产业", "开发区"), "工业园区": ("工业", "园区"),
    "特别行政区": ("特别", "行政区"), "民族乡": ("民族", "乡"), "民族镇": ("民族", "镇"),
    "民族苏木": ("民族", "苏木"), "右翼前旗": ("右翼", "前旗"), "村民小组": ("村民", "小组"),
    "居民小组": ("居民", "小组"),
}  # fmt: skip


@cache
def _spaced() -> dict[str, tuple[str, ...]]:
    """Return generics that their own spelling writes as several words, as in Gāosù Gōnglù."""
    found = dict(_PARTED)
    for row in shipped.rows("generic_terms.csv"):
        term, spelling = row["通名"], row["pinyin"].split()
        if len(spelling) > 1 and term not in found:
            found[term] = _cut(term, [len(list(tables.syllables(word))) for word in spelling])
    return found


def _cut(text: str, sizes: list[int]) -> tuple[str, ...]:
    parts, at = [], 0
    for size in sizes:
        parts.append(text[at : at + size])
        at += size
    return tuple(parts)


def split_generic(generic: str) -> tuple[str, ...]:
    """Return the written words of a generic term.

    Examples
    --------
    >>> split_generic("村民委员会"), split_generic("高速公路"), split_generic("山")
    (('村民', '委员会'), ('高速', '公路'), ('山',))
    >>> split_generic("人民法院")
    ('人民', '法院')
    """
    if generic in _spaced():
        return _spaced()[generic]
    return tuple(_known_words(generic, whole=False)) if len(generic) > 3 else (generic,)


@cache
def _street_endings() -> tuple[str, ...]:
    rows = shipped.rows("generic_terms.csv")
    terms = {row["通名"] for row in rows if row["category"] == "街路巷"}
    skip = {"坊", "大桥", "桥", "立交桥", "隧道", "涵洞", "渡口", "路口", "里", "环岛"}
    chosen = {
        term
        for term in terms - skip
        if term[0] not in MODIFIERS or term in ("大街", "大道", "小街")
    }
    return tuple(sorted(chosen | ONLY_NUMBERED | {"胡同", "高架路"}, key=len, reverse=True))


def street_ending(name: str) -> str:
    """Return the generic a street name ends in, or an empty text.

    Examples
    --------
    >>> street_ending("朝阳门内大街"), street_ending("景山后街"), street_ending("周口店")
    ('大街', '街', '')
    """
    return next((term for term in _street_endings() if name.endswith(term)), "")


_FINE: Final = frozenset("家佳嘉雅名华豪花")
"""First characters of estates' generics that rather end the specific where it is so short."""


@lru_cache(maxsize=65536)
def institution_ending(name: str) -> str:
    """Return the institution generic a name ends in, longest first.

    A family's 家园 is a village (王家园), not an estate; nor has 御佳园 a specific of one syllable.

    Examples
    --------
    >>> institution_ending("北京工人体育馆"), institution_ending("密云水库")
    ('体育馆', '')
    >>> institution_ending("阳光家园"), institution_ending("区家园")
    ('家园', '')
    """
    words, longest = classes.institution_words(), _longest_word()
    for size in range(min(longest, len(name)), 1, -1):
        if words.get(ending := name[-size:]) in {"generic", "both"}:
            return "" if ending[0] in _FINE and len(name) - size == 1 else ending
    return ""


@cache
def _longest_word() -> int:
    return max(map(len, classes.institution_words()))


_TOWNSHIP: Final = re.compile("(.{1,4}[^古小老新城集乡水家村])(镇|乡)(?!村)")


def segment(stem: str) -> tuple[str, ...]:
    """Divide the specific of an institution: divisions first, known words, the rest whole.

    A specific that only begins like a division (四方岭, 东方红, 新蔡家新屋) is one of its own.

    Examples
    --------
    >>> segment("北京工人"), segment("浙江省"), segment("费县"), segment("文化路")
    (('北京', '工人'), ('浙江', '省'), ('费', '县'), ('文化路',))
    >>> segment("东方红"), segment("石门水库"), segment("新蔡家新屋")
    (('东方红',), ('石门', '水库'), ('新蔡家新屋',))
    """
    words: list[str] = []
    rest = stem
    while size := known_divisions.division_prefix(rest):
        words.extend(_unit(rest[:size]))
        rest = rest[size:]
    if not words:
        size = known_divisions.stem_prefix(rest)
        if size and _stands_alone(rest[:size], rest[size:]):
            words, rest = [rest[:size]], rest[size:]
    return (*words, *_township(rest))


def _township(text: str) -> list[str]:
    """Part the township that an institution's specific begins with (高基庙镇中心小学)."""
    match = _TOWNSHIP.match(text)
    if not match:
        return _known_words(text)
    rest = text[match.end() :]
    return [match[1], match[2], *(_known_words(rest) if rest else ())]


def _stands_alone(stem: str, rest: str) -> bool:
    """Whether a specific begins with the name of a division: a known word or a large city's."""
    if len(rest) < 2 or rest[0] == "家":
        return False
    if all(map(_is_known, _known_words(rest))):
        return True
    large = any(
        len(code) <= 4 for row in known_divisions.stem_rows()[stem] for code in row.scope.split()
    )
    return large and tables.generics().get(rest[-1]) is None


def _unit(name: str) -> tuple[str, ...]:
    ending = known_divisions.ending(name)
    return (name[: len(name) - len(ending)], ending) if ending else (name,)


def _known_words(text: str, *, whole: bool = True) -> list[str]:
    """Divide a text by words and generics of several syllables, none leaving one character.

    Not `whole`: the text itself is no word.
    """
    words, plain, at = [], "", 0
    while at < len(text):
        sizes = range(min(_longest_word(), len(text) - at, len(text) - (not whole)), 1, -1)
        size = next((n for n in sizes if _is_known(text[at : at + n])), 0)
        size = max(size, ordinals.ordinal_prefix(text[at:])) if size else 0  # 第三 in 第三十二
        if size and "家" not in (plain[-1:], text[at + size : at + size + 1]):  # 曹家祠堂, 新区家嘴
            words.extend([plain] * bool(plain))
            words.append(text[at : at + size])
            plain = ""
        else:
            plain, size = plain + text[at], 1
        at += size
    found = [*words, plain] if plain else words
    return [text] if any(len(word) == 1 for word in found) else found


def _is_known(text: str) -> bool:
    return text in classes.institution_words() or text in classes.long_generics()


@cache
def _written(how: str) -> frozenset[str]:
    rows = (row for same in tables.named().values() for row in same)
    return frozenset(row.name for row in rows if row.romanization == how)


@cache
def joined_names() -> frozenset[str]:
    """Return names written as one word: division stems, and sights the tables list as joined."""
    return (_written("joined") | frozenset(known_divisions.division_stems())) - _written("parted")


@cache
def parted_names() -> frozenset[str]:
    """Return names that the tables write with the generic apart."""
    return _written("parted")


@cache
def joined_generics() -> frozenset[str]:
    """Return the generics that a natural village is joined with (rule 3)."""
    rows = shipped.rows("generic_terms.csv")
    return frozenset(row["通名"] for row in rows if row["write_separately"] == "N")


def any_ending(name: str) -> str:
    """Return the longest generic term of any class that the name ends in, short of its whole.

    Examples
    --------
    >>> any_ending("二道沟"), any_ending("京津公路"), any_ending("渤海湾")
    ('沟', '公路', '湾')
    """
    known = tables.generics()
    starts = [*range(2, len(name)), 1]
    return next((name[at:] for at in starts if name[at:] in known), "")


DECIDED_GENERICS: Final = frozenset({"巷", "弄", "圩堤"})
"""Generics with more than one reading whose reading as a generic is certain."""

SETTLEMENT_ENDINGS: Final = (
    *VILLAGE_ENDINGS,
    "社区",
    "村委会",
    "居委会",
    "村民委员会",
    "居民委员会",
)


def is_settlement(generic: str) -> bool:
    """Whether the generic names a village or its committee, whose name may be read locally."""
    return generic.endswith(SETTLEMENT_ENDINGS)


def is_unit(generic: str) -> bool:
    """Whether the generic names a division or village of its own, whatever it is called after.

    Examples
    --------
    >>> is_unit("镇"), is_unit("街道"), is_unit("大桥"), is_unit("路")
    (True, True, False, False)
    """
    return is_settlement(generic) or generic.endswith(known_divisions.DIVISIONS)


def keeps_together(stem: str, at: int) -> bool:
    """Whether a direction inside a street's specific belongs to the word around it."""
    return (
        stem[at - 1 : at + 1] in known_divisions.division_stems()
        or stem[at : at + 2] in known_divisions.division_stems()
    )
