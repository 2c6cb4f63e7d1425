"""The papers of a round in plain words: places by their names, no code or file name by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

from boundaries.inspection.round.state import RoundState
from gazetteer.common.language import Language
from gazetteer.documents import office_words, word

_FORM = re.compile(r"(?:表|form )“?[^“”：:，]*\.(?:xlsx|gpkg)”?")
_CODE = re.compile(r"(?<![0-9A-Za-z])(\d{6,15})(?:[:.](\d{1,3}))?(?![0-9A-Za-z])")


def plain(
    blocks: Iterable[word.Block], state: RoundState, *, language: Language
) -> list[word.Block]:
    """Return the blocks of a paper with names for codes, in Chinese with full-width punctuation.

    A code stays where its name stands with it, or where it has a cell of its own.
    """
    names = {**_lines(state), **state.names, **state.sides}

    def change(text: str) -> str:
        said = _FORM.sub("报送的表" if language == "zh" else "a form", text)
        said = named(said, names, language=language)
        return office_words.plain(said) if language == "zh" else said

    return office_words.told(blocks, change)


def _lines(state: RoundState) -> dict[str, str]:
    rows = zip(state.lines["code"], state.lines["name"], strict=True)
    return {str(code): str(name) for code, name in rows if isinstance(name, str) and name}


def named(text: str, names: dict[str, str], *, language: Language = "zh") -> str:
    """Return a text with the names of lines and divisions for their codes.

    Examples
    --------
    >>> known = {"429921101103": "大埔—六里铺线", "429921101": "大埔镇"}
    >>> named("除429921101103:4外，429921101与429921101103002A", known)
    '除大埔—六里铺线第4段外，大埔镇与429921101103002A'
    >>> named("大埔镇（429921101）", known), named("429921101", known)
    ('大埔镇（429921101）', '429921101')
    """

    def name(found: re.Match[str]) -> str:
        code, part = found[1], found[2]
        if code not in names or (found[0] == code and (text == code or names[code] in text)):
            return found[0]
        if not part:
            return names[code]
        return f"{names[code]}第{part}段" if language == "zh" else f"{names[code]}, stretch {part}"

    return _CODE.sub(name, text)
