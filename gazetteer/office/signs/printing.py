"""Signs of the county file as plates: what was issued, and what the file knows besides."""

from __future__ import annotations

import pandas as pd

from gazetteer.names.romanization.spelling import toneless
from gazetteer.office.signs.registry import postcode_of, text_of
from gazetteer.signs import door_numbers
from gazetteer.signs.plates import Plate, Wording, plate, plate_class
from gazetteer.store import County


def plates(county: County, frame: pd.DataFrame) -> list[Plate]:
    """Return the plates of signs as they are to be made; the text is the one issued.

    Minority script, postcode, meaning and the sides of a boundary marker are those of the county
    file today.

    Parameters
    ----------
    frame
        Signs with codes, as `gazetteer.office.signs.registry.signs` gives them.
    """
    scripts, stories = _minority(county), _stories(county)
    postcodes, sides = _postcodes(county), _sides(county)
    return [
        plate(
            Wording(
                code=row["code"],
                text=text_of(row["text"]),
                romanization=toneless(text_of(row["romanization"])).upper(),
                number=door_numbers.on_plate(text_of(row["number"])),
                postcode=postcode_of(row["attributes"]) or postcodes.get(row["thing_id"], ""),
                minority=scripts.get(row["thing_id"], ""),
                heading=sides.get(row["thing_id"], ""),
                story=stories.get(row["thing_id"], ""),
                content=row["content"],
            ),
            of=plate_class(row["plate_class"]),
        )
        for row in frame.to_dict("records")
    ]


def _minority(county: County) -> dict[str, str]:
    names = county.layer("names")
    minority = names[names["role"] == "minority"]
    return dict(zip(minority["thing_id"], minority["text"], strict=True))


def _stories(county: County) -> dict[str, str]:
    """Return what is known of the standard names: meaning, origin, history, in this order."""
    names = county.layer("names")
    standard = names[names["role"] == "standard"]
    return {
        row["thing_id"]: "".join(_sentence(text_of(row[field])) for field in _TOLD)
        for row in standard.to_dict("records")
    }


_TOLD = ("meaning", "origin", "history")


def _sentence(text: str) -> str:
    """Return a text with the stop that ends it.

    Examples
    --------
    >>> _sentence(" 因渡口得名"), _sentence("古渡。"), _sentence("")
    ('因渡口得名。', '古渡。', '')
    """
    plain = text.strip()
    return plain + "。" if plain and plain[-1] not in "。！？.!?" else plain


def _postcodes(county: County) -> dict[str, str]:
    places = county.layer("places")
    found = {row["id"]: postcode_of(row["attributes"]) for row in places.to_dict("records")}
    return {thing: postcode for thing, postcode in found.items() if postcode}


def _sides(county: County) -> dict[str, str]:
    """Return the names of the two sides of the line of each boundary marker."""
    divisions = county.layer("divisions").drop_duplicates("code").set_index("code")["name"]
    lines = county.layer("lines").drop_duplicates("id").set_index("id")
    sides = {
        line: " │ ".join(str(divisions.get(code, code)) for code in codes if isinstance(code, str))
        for line, *codes in lines[["left_code", "right_code"]].itertuples(name=None)
    }
    markers = county.layer("markers")
    return {
        marker: sides[line]
        for marker, line in zip(markers["id"], markers["line_id"], strict=True)
        if line in sides
    }
