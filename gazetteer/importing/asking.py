"""What an import asks before it lands: which column is what, in which system coordinates are."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress

from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.errors import CrsError, InputError
from gazetteer.common.language import Sentence
from gazetteer.exchange import Reading
from gazetteer.exchange.recognising import SAME_M, guesses, question
from gazetteer.kinds import KINDS
from gazetteer.store import County
from gazetteer.store.settings import remember

MOST = 5
"""Matches kept for one kind of file; the oldest are forgotten."""


def remembered(county: County, kind: str) -> list[dict[str, str]]:
    """Return the column matches given for files of a kind before, the last one first."""
    setting = county.setting(f"columns/{KINDS[kind].word}")
    found: list[dict[str, str]] = [] if setting is None else json.loads(setting)
    return found


def remember_columns(county: County, kind: str, mapping: Mapping[str, str]) -> None:
    """Keep a column match for the next file of that office: one with the same headers."""
    known = remembered(county, kind)
    if mapping and dict(mapping) not in known[:1]:
        others = [each for each in known if each != dict(mapping)]
        kept = [dict(mapping), *others][:MOST]
        remember(county, f"columns/{KINDS[kind].word}", json.dumps(kept, ensure_ascii=False))


def read_as_before(
    county: County, kind: str, read: Callable[[Mapping[str, str]], Reading]
) -> tuple[Reading, bool]:
    """Read with the first remembered match that fits the file, else without any.

    Returns
    -------
    What was read, and whether a remembered match was used.
    """
    for mapping in remembered(county, kind):
        with suppress(InputError):  # its columns are not those of this file
            return read(mapping), True
    return read({}), False


def refuse_shifted(county: County, reading: Reading, *, kind: str) -> None:
    """Raise where polygons fit the known divisions only in an encrypted system.

    Whether it is so is asked, never assumed: who states the CRS is believed.

    Raises
    ------
    CrsError
        With the measured offsets and what to say.
    """
    if (
        KINDS[kind].layer != "divisions"
        or "geometry" not in reading.frame
        or "code" not in reading.frame
    ):
        return
    known = county.layer("divisions")
    known = known[known["geometry"].notna()]
    shapes = reading.frame[reading.frame["geometry"].notna()]
    if not set(shapes["code"]) & set(known["code"]):
        return
    found = guesses(shapes, known)
    as_is = next(each.offset_m for each in found if each.system == CGCS2000)
    if found[0].system != CGCS2000 and found[0].offset_m <= SAME_M < as_is:
        remedy = Sentence("If they are right as they are, say --crs {cgcs2000}.", cgcs2000=CGCS2000)
        raise CrsError(question(found), place=reading.source, remedy=remedy)
