"""A file of any format becomes a frame of canonical columns and the rows that cannot land."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from gazetteer.common.errors import GazetteerError
from gazetteer.common.language import Text, said
from gazetteer.exchange import cleaning, headers, rejects
from gazetteer.exchange.locating import Axes, Stated
from gazetteer.exchange.shaping import shape
from gazetteer.exchange.sources import opening
from gazetteer.exchange.sources.opening import Opened
from gazetteer.exchange.work import Work, understood
from gazetteer.kinds import Kind, kind_of

Progress = Callable[[int, int], object]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a file gave: each of its rows is in `frame` or in `rejects`, never in both.

    Parameters
    ----------
    frame
        Rows that land: the fields of the kind as columns (missing values are ``None``), `_sheet`
        and `_row` of each, and a ``geometry`` in EPSG:4490 where the kind has one.
    rejects
        Rows that do not, as they came, with `_sheet`, `_row`, `_column`, `_reason_zh`,
        `_reason_en`.
    original
        The rows of `frame` as they came, under the file's own headers, row by row the same.
    read
        Number of rows in the file; rows without any content are none, nor are those `beyond`.
    mapping
        Field -> column as it was matched; may be given as `mapping` for the next file.
    unused
        Columns that are no field; kept in ``attributes`` where the kind has them.
    cleaned
        Every cell that was changed: sheet, row, column, what, before, after.
    suspect
        Every name that is likely dirty still, in the same columns; a person must decide.
    notes
        What else the user should know.
    source, sha256
        Name and fingerprint of the file.
    encoding
        Character encoding, where the format leaves it open.
    crs
        Coordinate system that the file came in, empty without coordinates.
    converted
        ``gcj02`` or ``bd09`` when the coordinates were decrypted, else ``None``.
    beyond
        Number of rows left out, since they lie outside the area that was asked for.
    """

    frame: pd.DataFrame
    rejects: pd.DataFrame
    original: pd.DataFrame
    read: int
    mapping: Mapping[str, str]
    unused: tuple[str, ...]
    cleaned: pd.DataFrame
    suspect: pd.DataFrame
    notes: tuple[Text, ...]
    source: str
    sha256: str
    encoding: str = ""
    crs: str = ""
    converted: str | None = None
    beyond: int = 0

    def place(self, row: int) -> str:
        """Return where a row of the frame stands in the file.

        Parameters
        ----------
        row
            Position in `frame`, from 0.

        Returns
        -------
        str
            File, sheet where it has one, and number of the row there.
        """
        found = self.frame.iloc[row]
        parts = [self.source, found[rejects.SHEET], f"row {found[rejects.ROW]}"]
        return ", ".join(str(part) for part in parts if part)


def read(  # noqa: PLR0913 - each is one thing a file may leave open
    path: Path | str,
    kind: str,
    *,
    mapping: Mapping[str, str] | None = None,
    crs: str | None = None,
    axes: Axes | None = None,
    header: bool | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    keep_crs: bool = False,
    repeats: bool = False,
    within: str | None = None,
    progress: Progress | None = None,
) -> Reading:
    r"""Read a table or layer of any format.

    Parameters
    ----------
    path
        CSV or TSV, Excel, GeoJSON, GeoPackage, Shapefile, KML, TopoJSON, FlatGeobuf, GML,
        MapInfo or DXF; also in .zip, .gz, .xz or .bz2.
    kind
        One of divisions, names, boundaries, facilities, roads, population, zones.
    mapping
        Field -> column (header or number from 1) for columns that are not matched by themselves.
    crs
        EPSG code or another name of the CRS; ``gcj02`` and ``bd09`` are converted; ``cgcs2000``
        leaves the zone to be told from zone-prefixed eastings.
    axes
        ``east-north`` or ``north-east``, when the order of the coordinates is in doubt.
    header
        False when the table has none, True when it must have one.
    sheet
        Sheet, layer or archive member to read; without it all that are of the kind.
    encoding
        Character encoding, when it is not to be told from the bytes.
    keep_crs
        Leave geometries in the CRS that they came in (to check a tiling as delivered).
    repeats
        Let rows land whose key an earlier row has (a tiling is checked with all its polygons).
    within
        Code of an area (2 to 12 digits): rows whose codes lie elsewhere are left out before
        anything else is done with them, and counted as `beyond`.
    progress
        Is told steps done and steps in all.

    Returns
    -------
    Reading
        Every row of the file, landed or rejected.

    Raises
    ------
    InputError, CrsError
        For a file that cannot be read or understood. One line with what is wrong, where, and what
        to do.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "区划.csv")
    ...     _ = path.write_text("行政区划代码,名称\n421081000000,石首市\n42108,x\n", "gbk")
    ...     found = read(path, "divisions")
    >>> found.frame[["code", "name", "level", "parent_code"]].values.tolist()
    [['421081', '石首市', 'county', '4210']]
    >>> found.rejects[["名称", "_row", "_reason_en"]].values.tolist()
    [['x', 3, "'42108' is no division code (2, 4, 6, 9 or 12 digits)"]]
    """
    path = Path(path)
    tell = progress or (lambda done, total: None)
    tell(0, 5)
    with _in_place(path.name):
        opened = opening.opened(path, sheet=sheet, encoding=encoding)
    return understand(
        opened,
        kind,
        mapping=mapping,
        crs=crs,
        axes=axes,
        header=header,
        keep_crs=keep_crs,
        repeats=repeats,
        within=within,
        progress=tell,
    )


def understand(
    opened: Opened,
    kind: str,
    *,
    mapping: Mapping[str, str] | None = None,
    crs: str | None = None,
    axes: Axes | None = None,
    header: bool | None = None,
    keep_crs: bool = False,
    repeats: bool = False,
    within: str | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Understand tables that are there already as records of a kind.

    Parameters
    ----------
    opened
        Tables, with the name and fingerprint of the file that they came from.
    kind, mapping, crs, axes, header, keep_crs, repeats, within, progress
        As for `read`.

    Returns
    -------
    Reading
        Frame and rejects, which together are the rows of the tables.

    Raises
    ------
    InputError, CrsError
        For tables that cannot be understood: one line with what is wrong, where, and what to do.

    Examples
    --------
    >>> from gazetteer.exchange.sources.raw import grid
    >>> rows = pd.DataFrame({"代码": ["421081", "x"], "名称": ["石首市", "y"]})
    >>> table = grid(rows, [3, 8])
    >>> found = understand(Opened(tables=(table,), source="表.docx", sha256=""), "divisions")
    >>> found.place(0), found.read, found.rejects["_row"].tolist()
    ('表.docx, row 3', 2, [8])
    """
    wanted = kind_of(kind)
    tell = progress or (lambda done, total: None)
    place = opened.source
    with _in_place(place):
        tell(1, 5)
        tables, notes = shape(
            opened.tables, wanted, chosen=mapping, header=header, place=place, within=within
        )
        tell(2, 5)
        stated = Stated(asked=crs, axes=axes, place=place)
        work = understood(tables, wanted, stated, keep_crs=keep_crs, repeats=repeats)
    tell(4, 5)
    result = _reading(work, opened, notes)
    tell(5, 5)
    return result


@contextmanager
def _in_place(place: str) -> Iterator[None]:
    """Name the file in an error that does not say where it is."""
    try:
        yield
    except GazetteerError as error:
        if error.place is None:
            raise type(error)(error.what, place=place, remedy=error.remedy) from error
        raise


def _reading(work: Work, opened: Opened, notes: Sequence[Text]) -> Reading:
    """Part the rows into those that land and those that do not."""
    original = pd.concat([table.raw.cells for table in work.tables], ignore_index=True)
    system = work.systems[0] if work.systems else None
    unused = tuple(dict.fromkeys(name for table in work.tables for name in table.unused))
    return Reading(
        frame=work.landing(),
        rejects=_rejected(work, original),
        original=original.loc[~work.problems.mask].reset_index(drop=True),
        read=len(original),
        mapping=work.tables[0].numbers or work.tables[0].mapping,
        unused=unused,
        cleaned=cleaning.table_of(
            [*(row for table in work.tables for row in table.cleaned), *work.repaired]
        ),
        suspect=work.suspect(),
        notes=tuple(dict.fromkeys([*notes, *work.notes, *_unmatched(unused, work.kind)])),
        source=opened.source,
        sha256=opened.sha256,
        encoding=work.tables[0].raw.encoding,
        crs=system.name if system else "",
        converted=system.encrypted if system else None,
        beyond=sum(table.beyond for table in work.tables),
    )


def _unmatched(unused: Sequence[str], kind: Kind) -> list[Text]:
    """Say which columns match no field, and what became of them."""
    if not unused or kind.figures:  # what becomes of figures is said with them
        return []
    zh, en = ("保留在属性中", "kept as attributes") if kind.attributes else ("未读入", "left out")
    columns = headers.listed(unused)
    told = (said(columns, "zh"), said(columns, "en"))
    return [
        Text(f"未匹配的列（{zh}）：{told[0]}", f"Columns that match no field ({en}): {told[1]}")
    ]


def _rejected(work: Work, original: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that do not land, those of a layer with their geometry as WKT."""
    found = rejects.collect(original, work.sheets, work.rows, work.problems)
    if "geometry" in found or all(table.raw.shapes is None for table in work.tables):
        return found
    none = [
        np.full(len(t.cells), None) if t.raw.shapes is None else t.raw.shapes for t in work.tables
    ]
    lost = np.concatenate(none)[work.problems.mask]
    return found.assign(geometry=shapely.to_wkt(lost, rounding_precision=-1))
