"""What is true in the sample county, and every defect planted in its files, as plain JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Truth:
    """The truth behind a folder of raw files.

    Parameters
    ----------
    seed
        Seed of the recipe.
    county
        `code`, `name`, `romanization`, areas, extent.
    files
        Each raw file by key: `path` (from the folder), `crs`, `encoding`, `rows`, `landed`, note.
    areas
        By division code: `name`, `plane_m2` (EPSG:4546), `geodesic_m2`.
    lines
        By line code: `name`, `left`, `right`, `plane_m`, `geodesic_m`.
    tiling
        Gaps and overlaps of the township file: `id`, `kind`, `units`, `area_m2` (EPSG:4546),
        `shift_m` (how far the edge was moved), `x`, `y`, `lon`, `lat`, `wkt`.
    rows
        Rows of tables that are not as they should be: `file`, `row` (as a spreadsheet numbers it),
        `kind`, `value`, `expected` (reject, clean, land), `reason`.
    readings
        `code`, `name`, `romanization`, `trap` for every division, place and street.
    twins, homophones, rare
        Same-named villages, villages of one sound, names with a character outside the common table.
    searches
        `kind`, `query`, `expected` (name), `code`, `matching` (how many names the query fits).
    delivery
        The survey delivery: `path`, and what `DeliveryTruth` says of it.
    applications, proposals
        Applications with their steps and papers; names proposed, each with the clauses it breaks.
    signs
        ``street`` with its ``doors`` and their numbers, outcomes of the ``old_list``, ``photos``.
    inspection
        The round of a joint inspection: ``number``, ``line``, ``sides``, days, ``files`` (what is
        wrong with each), ``forms`` (what people did to them), ``findings``, ``differing``,
        ``conflicts``, ``missing``, ``steps``.
    planned
        A plan to be judged: ``path``, ``as_of``, ``verdicts`` (`indicator`, `value`, `met`),
        ``findings`` on the plan (rule, subject), ``yard`` (metres walked by home), ``median`` (best
        sites by trying all, and their total).
    judged
        Figures and addresses to be judged: ``path``, ``as_of``, ``people`` (by township, each
        once), ``verdicts`` (`indicator`, `value`, `state`), ``findings`` (rule, indicator),
        ``addresses`` (`text`, `code`, whether it is `certain`).
    bordered
        Polygons and courses to be judged: ``path``; ``replaced`` (what follows a new course, and
        which course is refused), ``governed`` (parents, findings, notes), ``twice`` (slivers, areas
        and widest of a line drawn by two sides), ``itself`` (findings), ``beside`` (tri-points).
    sited
        Zones and ground to be judged: ``path``; ``profile``, ``within`` (the class of zone that
        each point lies in), ``slopes_percent`` (of each column of the ground).
    waters
        Lines and areas of waters: ``path``, ``layers`` (rows of each), ``rejected``; ``waters``
        (`code`, `name`, `class`, ``geodesic_m`` of lines, ``geodesic_m2`` of areas).
    """

    seed: int
    county: dict[str, Any] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    areas: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: dict[str, dict[str, Any]] = field(default_factory=dict)
    tiling: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    readings: list[dict[str, Any]] = field(default_factory=list)
    twins: list[list[str]] = field(default_factory=list)
    homophones: list[list[str]] = field(default_factory=list)
    rare: list[dict[str, str]] = field(default_factory=list)
    searches: list[dict[str, Any]] = field(default_factory=list)
    delivery: dict[str, Any] = field(default_factory=dict)
    applications: list[dict[str, Any]] = field(default_factory=list)
    proposals: list[dict[str, Any]] = field(default_factory=list)
    signs: dict[str, Any] = field(default_factory=dict)
    inspection: dict[str, Any] = field(default_factory=dict)
    planned: dict[str, Any] = field(default_factory=dict)
    judged: dict[str, Any] = field(default_factory=dict)
    bordered: dict[str, Any] = field(default_factory=dict)
    sited: dict[str, Any] = field(default_factory=dict)
    waters: dict[str, Any] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write the truth as JSON."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Truth:
        """Read the truth that was written beside the raw files.

        Examples
        --------
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "truth.json"
        >>> Truth(7, twins=[["a", "b"]]).write(path)
        >>> Truth.read(path).twins
        [['a', 'b']]
        """
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def path(self, folder: Path, key: str) -> Path:
        """Return where a raw file is, given the folder that the county was made in."""
        return folder / str(self.files[key]["path"])
