"""The readings an office still has to decide, likeliest errors first."""

from __future__ import annotations

from collections.abc import Sequence

from gazetteer.common.lazy import pd
from gazetteer.names.romanization import spelling
from gazetteer.names.romanization.romanize import Decided, romanize_many

COLUMNS = ("specific", "character", "guess", "candidates", "names", "example", "weight")


def undecided(
    names: Sequence[str],
    decisions: Decided = None,
    *,
    categories: Sequence[str | None] | None = None,
    within: str = "",
) -> pd.DataFrame:
    """List the characters in doubt once for each specific part, likeliest errors first.

    The weight is the number of names times how far the candidates differ: a wrong letter counts
    double a wrong tone, a reading that no phrase supports more than one that a phrase does.

    Parameters
    ----------
    names
        Names as written; one that occurs again counts again.
    decisions
        What the office has decided already.
    categories
        Class of each name, row by row, as for `romanize`; None for all where not known.
    within
        Division code of the places, so that readings valid there alone apply.

    Returns
    -------
    pandas.DataFrame
        Columns `specific`, `character`, `guess`, `candidates`, `names` (how many one decision
        settles), `example`, `weight`.

    Examples
    --------
    >>> undecided(["调关镇", "调关村", "王村"])[["specific", "names"]].values.tolist()
    [['调关', 2]]
    """
    found: dict[tuple[str, str], tuple[int, str, tuple[str, ...]]] = {}
    for item in romanize_many(names, categories=categories, decisions=decisions, within=within):
        for doubt in item.undecided:
            key = (doubt.of, doubt.character)
            count, example = found.get(key, (0, item.name))[:2]
            found[key] = (count + 1, example, doubt.candidates)
    rows = [
        (
            *key,
            options[0] if options else "",
            (" / " if any(" " in each for each in options) else " ").join(options),
            count,
            example,
            count * _risk(options),
        )
        for key, (count, example, options) in found.items()
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.sort_values(["weight", "names"], ascending=False, ignore_index=True)


def _risk(candidates: Sequence[str]) -> float:
    """Return 2 where a wrong guess changes the letters, 1 where only the tone, 3 if unknown."""
    if not candidates:
        return 3.0
    return 1.0 if len(set(map(spelling.toneless, candidates))) == 1 else 2.0
