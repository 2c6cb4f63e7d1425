"""Interactive maps in one HTML file that opens without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding
from gazetteer.common.language import Language, Sentence
from gazetteer.release import Released, Review, gate, leave, sha256
from maps import style
from maps.atlas import basemap, contents, page


@dataclass(frozen=True, slots=True)
class Atlas:
    """A map as the text of one HTML file, and what the gate said of what is on it.

    Parameters
    ----------
    html
        The page.
    released
        What the release gate returned for its layers.
    reviewed
        Whether its review holds.
    draft_sha256
        Hash of its draft.
    """

    html: str
    released: Released = field(repr=False, compare=False)
    reviewed: bool = False
    draft_sha256: str = ""

    def save(self, path: str | Path) -> Path:
        """Write the file, and its manifest beside it.

        Parameters
        ----------
        path
            Where the map is to lie.

        Returns
        -------
        Path
            Of the map.

        Raises
        ------
        WriteError
            When the folder cannot be written to.
        """
        return leave(Path(path), self.html.encode(), released=self.released)[0]


def atlas(  # noqa: PLR0913 - each is one thing that may stand on a page
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    title: str,
    names: pd.DataFrame | None = None,
    findings: Sequence[Finding] | None = None,
    theme: str = "overview",
    language: Language = "zh",
    release: Review | None = None,
    base_map: str | None = None,
    as_of: str | None = None,
    notice: str = "",
    released: Released | None = None,
    stated: str = "",
    designs: Mapping[str, style.LayerStyle] | None = None,
) -> Atlas:
    """Return an interactive map that opens from ``file://`` with the network off.

    Parameters
    ----------
    layers
        Frames by the name of their layer, in any stated coordinate reference system; those of
        the county file (`divisions`, `lines`, `markers`, ...) come with style and titles.
    title
        Title of the map.
    names
        Names with `text`, `lon`, `lat` (CGCS2000 degrees) and what else there is: `id`, `role`,
        `pinyin` (syllables), `initials`, `romanization`, `valid_from`, `valid_to`, ...
    findings
        Findings to list and to show.
    theme
        Which layers show at first: one of `data/map_themes.csv`.
    language
        Language of the page.
    release
        The review that this map has passed. It holds for exactly the file that was reviewed (this
        function's result without `release`); for any other the notice of a draft stays.
    base_map
        Address of tiles with ``{z}/{x}/{y}``, or ``tianditu:KEY``; then the map asks the network.
    as_of
        Day (ISO) that the time slider starts at; the day on which the map is opened when None.
    notice
        Classification notice at the foot of the page; that of `released` where there is one.
    released
        What the release gate returned for the layers; without it they pass it here, as internal.
    stated
        What is said of the state of the data, at the foot of the page beside the day shown.
    designs
        Styles of layers in place of those of the style table; such a layer shows at first.

    Returns
    -------
    Atlas
        The page, and whether its review holds.

    Raises
    ------
    CrsError
        When a frame does not state its coordinate reference system.
    InputError
        When a frame, a date or the title cannot be used.
    ReleaseError
        When a record is classified above internal.

    Examples
    --------
    >>> empty = gpd.GeoDataFrame({"name": []}, geometry=[], crs="EPSG:4490")
    >>> draft = atlas({"divisions": empty}, title="某县")
    >>> "未经审核" in draft.html, "cdn.jsdelivr" in draft.html
    (True, False)
    """
    if not title.strip():
        raise InputError(Sentence("The map has no title"), remedy=Sentence("Give one."))
    if released is not None:
        notice = released.notice.say(language)
    else:
        released = gate(dict(layers) if names is None else {**layers, "names": names})
        layers = {layer: released.layers[layer] for layer in layers}
    document: dict[str, Any] = contents.contents(
        layers,
        title=title,
        names=names,
        findings=findings,
        theme=style.theme(theme),
        language=language,
        as_of=as_of,
        designs=designs or {},
    )
    # 密级:公开 is said of what was reviewed: beside 不得公开 it would contradict it.
    open_draft = released.profile.ceiling == "public"
    document |= {"notice": "" if open_draft else notice, "stated": stated}
    if base_map:
        document["base_map"] = basemap.tiles(base_map)
    draft = page.page(document)
    digest = sha256(draft.encode())
    if release is None or not release.covers(draft.encode()):
        return Atlas(draft, released, draft_sha256=digest)
    marked = page.page({**document, "notice": notice, "review": f"审图号：{release.number}"})
    return Atlas(marked, released, reviewed=True, draft_sha256=digest)
