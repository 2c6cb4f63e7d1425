"""A column of classifications (密级) in a file: understood, said, and never lost on the way in."""

from __future__ import annotations

import pandas as pd

from gazetteer.common import markings
from gazetteer.common.language import Text
from gazetteer.common.markings import Marking
from gazetteer.exchange import Reading
from gazetteer.importing.resolving import Refused
from gazetteer.kinds import Kind


def stated(reading: Reading) -> dict[str, dict[int, Marking]]:
    """Return the rows that are classified above internal, by the column that says so.

    Parameters
    ----------
    reading
        What a file gave; columns such as 密级, 涉密 or classification are looked at.
    """
    told = reading.original.loc[reading.frame.index]
    columns = [each for each in reading.unused if markings.is_marking(each) and each in told]
    return {each: found for each in columns if (found := _above(told[[each]]))}


def _above(column: pd.DataFrame) -> dict[int, Marking]:
    internal = markings.rank("internal")
    found = markings.rows_marked(column)
    return {at: known for at, known in found.items() if known.rank > internal}


def refused(reading: Reading, kind: Kind) -> list[Refused]:
    """Return the classified rows of a kind whose records have no place to bear a classification.

    They would stand in the county file as if they were for everybody.
    """
    if kind.attributes:
        return []
    return [
        Refused(
            reading.frame.index[list(found)],
            column,
            Text(
                "涉密记录：本类记录不能标密级，未收", "classified: no record of its kind can say so"
            ),
        )
        for column, found in stated(reading).items()
    ]


def notes(reading: Reading, kind: Kind) -> tuple[Text, ...]:
    """Return what to say of the columns of classifications of a file."""
    said = []
    for column, found in stated(reading).items():
        shown = "、".join(sorted({each.said for each in found.values()}))
        zh, en = (
            (
                "按涉密记录保管，输出时不予放行",
                "kept as classified: the release gate holds them back",
            )
            if kind.attributes
            else ("本类记录不能标密级，未收", "no record of this kind can say so: not taken")
        )
        said.append(
            Text(
                f"“{column}”列按密级理解：{len(found)} 行为{shown}，{zh}",
                f"Column '{column}' is taken as classification: {len(found)} rows ({shown}), {en}",
            )
        )
    return tuple(said)
