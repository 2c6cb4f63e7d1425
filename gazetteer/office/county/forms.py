"""Excel forms: a layer to be edited by people.

A form carries, hidden, the id and the version of each row. So it can be told what its editor
changed, and whether somebody else has changed the same row meanwhile (see
`gazetteer.office.county.edited`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from gazetteer import release
from gazetteer.common import tables
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.hierarchy import Hierarchy
from gazetteer.common.language import Sentence
from gazetteer.common.value_words import value_titles
from gazetteer.exchange import forms
from gazetteer.kinds import KINDS
from gazetteer.store import County
from gazetteer.store.frames import CODES, table_of

MOST_ROWS = 20_000
HIDDEN = ("fid", "id", "row_version")
LOCKED = (
    *("thing_id", "marker_id", "line_id", "street_id", "attributes", "source", "crs_source"),
    *("finding", "details"),
)
LEFT_OUT = {"geometry", "romanization_decided", "thing_id", "line_id", "marker_id", "street_id"}
FORM, ABOUT = "表单", "_form"
LAYERS = tuple(kind.name for kind in KINDS.values() if kind.form)


def write(county: County, layer: str, path: Path, *, within: str | None = None) -> int:
    """Write a layer as a form: locked header, lists of values, hidden id and version.

    Parameters
    ----------
    county, layer, path
        What to write where; geometry stays out (it is edited in a GIS).
    within
        Division code; only its rows (20,000 at most go into a form).

    Returns
    -------
    Number of rows.
    """
    if layer not in LAYERS:
        raise UnknownError(
            Sentence("no form for layer {layer!r}", layer=layer),
            remedy=Sentence("Layers: {listed}.", listed=tuple(LAYERS)),
        )
    if path.suffix.lower() != ".xlsx":
        raise InputError(
            Sentence("a form is an Excel file"), place=str(path), remedy=Sentence("Name it .xlsx.")
        )
    frame = _within(county, county.layer(layer, keep=HIDDEN), within)
    if len(frame) > MOST_ROWS:
        msg = Sentence(
            "{count} rows are too many for one form ({most_rows:,})",
            count=len(frame),
            most_rows=MOST_ROWS,
        )
        raise InputError(msg, place=layer, remedy=Sentence("Take a part with --within CODE."))
    released = release.gate({layer: frame})
    passed = released.layers[layer]
    shown = pd.DataFrame(passed[_columns(county, layer, passed)])
    about = {"layer": layer, "division_code": county.division_code}
    about |= {f"column {name}": heading for name, heading in _headers(shown.columns).items()}
    sheet = _sheet(shown, table_of(layer))
    release.leave(
        path,
        lambda draft: forms.write(draft, [sheet], about=(ABOUT, about)),
        released=released,
    )
    return len(shown)


def _within(county: County, frame: pd.DataFrame, code: str | None) -> pd.DataFrame:
    column = next((each for each in ("division_code", "code") if each in frame), None)
    if code is None:
        return frame
    if column is None:
        raise InputError(
            Sentence("this layer has no division"), remedy=Sentence("Leave --within out.")
        )
    held = Hierarchy.of(county.layer("divisions"))
    return frame[[held.holds(code, each) for each in frame[column]]]


def _columns(county: County, layer: str, frame: pd.DataFrame) -> list[str]:
    return [*HIDDEN, *(each for each in frame.columns if each not in {*HIDDEN, *LEFT_OUT})]


def _sheet(frame: pd.DataFrame, table: Any) -> forms.Sheet:
    """Return a layer as a sheet: what its columns are called, and which may be changed."""
    words = {
        name: [each.zh for each in titles.values()]
        for name, titles in value_titles().items()
        if name in table.c
    }
    columns = [
        forms.Column(
            heading=heading,
            width=max(10, 2 * len(heading) + 2),
            free=editable(name, table),
            hidden=name in HIDDEN,
            words=words.get(name, ()),
        )
        for name, heading in _headers(frame.columns).items()
    ]
    rows = [
        [shown(name, each) for name, each in zip(frame.columns, row, strict=True)]
        for row in frame.itertuples(index=False, name=None)
    ]
    return forms.Sheet(name=FORM, columns=columns, rows=rows)


def editable(name: str, table: Any) -> bool:
    """Tell whether people may change a column in a form."""
    return name in table.c and name not in {*HIDDEN, *LOCKED, *CODES, *CODES.values()}


def _headers(columns: pd.Index) -> dict[str, str]:
    """Return the header of each column, in Chinese, no two alike."""
    labels = {row["field"]: row["zh"] for row in tables.rows("field_labels.csv")}
    told: dict[str, str] = {}
    for name in columns:
        label = labels.get(name, name)
        told[name] = label if label not in told.values() else f"{label}（{name}）"
    return told


def shown(name: str, value: Any) -> Any:
    """Return a stored value as a form shows it; None where there is none.

    Examples
    --------
    >>> shown("role", "former"), shown("name", None), shown("length_m", 2.5)
    ('曾用名', None, 2.5)
    """
    if value is None or value is pd.NA or value != value or value == "":  # noqa: PLR0124 - NaN
        return None
    word = value_titles().get(name, {}).get(value)
    return value if word is None else word.zh
