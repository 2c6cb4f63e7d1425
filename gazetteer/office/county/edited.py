"""What people have changed in an Excel form: applied, or returned with the reason.

A row that somebody else has changed since the form was written is stale and comes back, the others
are applied.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.common.value_words import value_titles
from gazetteer.exchange import forms
from gazetteer.exchange.rejects import COLUMN, REASON_EN, REASON_ZH, ROW, SHEET
from gazetteer.office.county.forms import ABOUT, FORM, HIDDEN, LAYERS, editable, shown
from gazetteer.store import County, editing, rows
from gazetteer.store.frames import table_of


@dataclass(frozen=True, slots=True)
class Edited:
    """One row of a form that says something else than when it was written.

    Parameters
    ----------
    row
        Number of the row in the sheet.
    name
        What the row is about, for people.
    fields
        Field -> [before, after].
    state
        ``applied``, ``stale`` or ``refused``.
    reason
        Why it was not applied.
    """

    row: int
    name: str
    fields: Mapping[str, list[Any]]
    state: str
    reason: Text | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the object that scripts rely on."""
        return {
            "row": self.row,
            "name": self.name,
            "state": self.state,
            "fields": {name: [*both] for name, both in self.fields.items()},
            "reason": None if self.reason is None else self.reason.zh,
        }


@dataclass(slots=True)
class Returned:
    """What came back in a form: its layer, rows read, those that were edited, rejects."""

    layer: str
    read: int = 0
    edits: list[Edited] = field(default_factory=list)
    rejects: pd.DataFrame = field(default_factory=pd.DataFrame)

    def count(self, state: str) -> int:
        """Return how many edited rows ended so."""
        return sum(each.state == state for each in self.edits)


def bring_back(county: County, path: Path) -> Returned:
    """Apply what was edited in a form, as one event; stale and refused rows come back.

    Parameters
    ----------
    county
        County file, open for writing.
    path
        The form.

    Raises
    ------
    InputError
        When the file is no form of this county file.
    """
    layer, headers, cells = _read(county, path)
    returned = Returned(layer, read=len(cells))
    work = _Comparison(county, table_of(layer), headers)
    edits = [*work.edits(cells)]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if any(each.state == "applied" for each, _, _ in edits):
        with county.change("import form", source=path.name, source_hash=digest) as change:
            edits = [(work.carry_out(change, *each), *each[1:]) for each in edits]
            states = [each.state for each, _, _ in edits]
            change.count(**{state: states.count(state) for state in sorted(set(states))})
    returned.edits = [each for each, _, _ in edits]
    returned.rejects = _rejected(returned.edits, cells, headers)
    return returned


def _read(county: County, path: Path) -> tuple[str, dict[str, str], pd.DataFrame]:
    sheets = forms.read(path)
    remedy = Sentence("Give a file that `gazetteer export --form` wrote, not a copy of its cells.")
    if ABOUT not in sheets or FORM not in sheets:
        raise InputError(Sentence("is no form"), place=str(path), remedy=remedy)
    about = {str(row[0]): str(row[1]) for row in sheets[ABOUT].cells.to_numpy() if len(row) > 1}
    if about.get("division_code") != county.division_code or about.get("layer") not in LAYERS:
        msg = Sentence(
            "is a form of {form}, this file is {division_code}",
            form=about.get("division_code"),
            division_code=county.division_code,
        )
        raise InputError(msg, place=str(path), remedy=remedy)
    fields = {told: name.removeprefix("column ") for name, told in about.items() if " " in name}
    cells = sheets[FORM].cells.set_axis(sheets[FORM].rows, axis=0)
    found = [fields.get(str(each)) for each in cells.iloc[0]] if len(cells) else []
    if not set(HIDDEN) <= set(found) or len({*found}) != len(found):
        raise InputError(Sentence("its header row was changed"), place=str(path), remedy=remedy)
    body = cells.iloc[1:].set_axis(found, axis=1)
    body = body[[name for name in body.columns if name is not None]].dropna(how="all")
    return about["layer"], {name: told for told, name in fields.items()}, body


@dataclass(slots=True)
class _Comparison:
    """Rows of a form held against the county file."""

    county: County
    table: Any
    headers: Mapping[str, str]

    def edits(self, cells: pd.DataFrame) -> Iterator[tuple[Edited, int, dict[str, Any]]]:
        """Yield each row that says something else, with its fid and what to write."""
        repeated = cells.duplicated(["fid"], keep=False)
        rows_of_form = zip(cells.index, cells.to_dict("records"), repeated, strict=True)
        for at, row, double in rows_of_form:
            found = self._edit(int(at), row, repeated=bool(double))
            if found is not None:
                yield found

    def _edit(
        self, at: int, cells: dict[str, Any], *, repeated: bool
    ) -> tuple[Edited, int, dict[str, Any]] | None:
        name = str(next((cells[c] for c in ("name", "text", "number") if cells.get(c)), ""))
        try:
            fid, version = int(cells["fid"]), int(cells["row_version"])
        except (TypeError, ValueError):
            reason = Text(
                "没有行标识；新行请用 gazetteer import 导入", "no row id: import new rows"
            )
            return Edited(at, name, {}, "refused", reason), 0, {}
        row_id = str(cells["id"])
        connection = self.county.connection
        base = editing.version(connection, self.table, fid=fid, thing=row_id, row_version=version)
        if base is None:
            reason = Text("行标识或版本被改动", "its id or version was changed")
            return Edited(at, name, {}, "refused", reason), fid, {}
        return self._compared(at, name, base, cells, repeated=repeated)

    def _compared(
        self, at: int, name: str, base: rows.Row, cells: dict[str, Any], *, repeated: bool
    ) -> tuple[Edited, int, dict[str, Any]] | None:
        fid = int(base["fid"])
        fields: dict[str, list[Any]] = {}
        values: dict[str, Any] = {}
        for column in (each for each in cells if editable(each, self.table)):
            if cells[column] == shown(column, base[column]):
                continue
            try:
                value = self._parsed(column, cells[column])
            except ValueError as error:
                reason = Text(*error.args)
                header = self.headers[column]
                told = {header: [shown(column, base[column]), str(cells[column])]}
                return Edited(at, name, told, "refused", reason), fid, {}
            if not _same(value, base[column]):
                values[column] = value
                told_before, told_after = shown(column, base[column]), shown(column, value)
                fields[self.headers[column]] = [told_before, told_after]
        now = rows.present(self.county.connection, self.table, [fid]).get(fid)
        if now is not None:
            values = {name: each for name, each in values.items() if not _same(each, now[name])}
        if not values:
            return None
        state, why = self._state(base, now, repeated=repeated)
        return Edited(at, name, fields, state, why), fid, values

    def _state(
        self, base: rows.Row, now: rows.Row | None, *, repeated: bool
    ) -> tuple[str, Text | None]:
        if repeated:
            return "refused", Text("同一行出现两次", "the same row stands here twice")
        if now is None:
            return "stale", Text("该行已不在库中", "the row is gone")
        if now["row_version"] != base["row_version"]:
            who = editing.last_change(self.county.connection, now)
            return "stale", Text(
                f"导出后已被他人修改（{who}），请重新导出", f"changed since by {who}: export again"
            )
        return "applied", None

    def _parsed(self, column: str, cell: Any) -> Any:
        """Return the value to store; raises ValueError with the reason in both languages."""
        if isinstance(cell, str):
            cell = cell.replace("\r\n", "\n")
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            return None
        if kind := rows.number_kind(self.table, column):
            return _number(cell, whole=kind == "integer")
        words = value_titles().get(column)
        if words:
            by_word = {word.zh: value for value, word in words.items()} | {v: v for v in words}
            if str(cell).strip() not in by_word:
                raise ValueError(f"“{cell}”不在值列表中", f"{cell!r} is not in the list")
            return by_word[str(cell).strip()]
        return _text(cell)

    def carry_out(self, change: Any, edit: Edited, fid: int, values: dict[str, Any]) -> Edited:
        """Write one row; what the county file refuses is refused."""
        if edit.state != "applied":
            return edit
        said = editing.write(change, self.table, fid=fid, values=values)
        if said is None:
            return edit
        return Edited(
            edit.row, edit.name, edit.fields, "refused", Text(f"库规则不允许：{said}", said)
        )


def _number(cell: Any, *, whole: bool) -> float | int:
    try:
        number = float(cell)
    except (TypeError, ValueError):
        raise ValueError(f"“{cell}”不是数字", f"{cell!r} is no number") from None
    if not -1e300 < number < 1e300 or (whole and number != int(number)):
        raise ValueError(f"“{cell}”不是合适的数字", f"{cell!r} does not fit")
    return int(number) if whole else number


def _text(cell: Any) -> str:
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return str(cell)


def _same(one: Any, other: Any) -> bool:
    """Tell whether two values are one; line ends and an empty text are no difference."""
    if isinstance(other, str):
        other = other.replace("\r\n", "\n")
        other = other if other.strip() else None
    return bool(one == other)


def _rejected(edits: list[Edited], cells: pd.DataFrame, headers: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows that were not applied, as they came, each with its reason."""
    back = [each for each in edits if each.reason is not None]
    if not back:
        return pd.DataFrame()
    shown_columns = [name for name in cells.columns if name not in HIDDEN]
    own = cells.loc[[each.row for each in back], shown_columns].rename(columns=dict(headers))
    about = {
        SHEET: FORM,
        ROW: [each.row for each in back],
        COLUMN: ["; ".join(each.fields) for each in back],
        REASON_ZH: [each.reason.zh for each in back if each.reason],
        REASON_EN: [each.reason.en for each in back if each.reason],
    }
    return own.reset_index(drop=True).assign(**about)
