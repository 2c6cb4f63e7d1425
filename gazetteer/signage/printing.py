"""Signs of the county file as plates."""

from __future__ import annotations

import pandas as pd

from gazetteer.romanization.spelling import toneless
from gazetteer.signage.registry import text_of
from gazetteer.signs import numbering, sheets
from gazetteer.signs.sheets import Plate, Wording


def plates(frame: pd.DataFrame) -> list[Plate]:
    """Return the plates of signs as they are to be made; the text is the one issued."""
    return [
        sheets.plate(
            Wording(
                code=row["code"],
                text=text_of(row["text"]),
                romanization=toneless(text_of(row["romanization"])).upper(),
                number=numbering.on_plate(text_of(row["number"])),
                content=row["content"],
            ),
            of=sheets.plate_class(row["plate_class"]),
        )
        for row in frame.to_dict("records")
    ]
