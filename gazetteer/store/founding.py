"""A new county file: empty, about one division, with its styles."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gazetteer.common.errors import StoreError
from gazetteer.common.language import Sentence
from gazetteer.store import origins, whereabouts
from gazetteer.store.county import County
from gazetteer.store.styles import LayerStyle
from gazetteer.store.styles import show as put_styles


def create(
    path: Path,
    *,
    division_code: str,
    name: str = "",
    actor: str | None = None,
    styles: Iterable[LayerStyle] = (),
) -> None:
    """Make an empty county file; `styles` say how QGIS shows its layers.

    Raises
    ------
    StoreError
        When a file is there already, or there is no such folder, or it is on a network share.
    WriteError
        When the folder cannot be written.
    """
    path = Path(path)
    if path.exists():
        raise StoreError(
            Sentence("already exists"), place=str(path), remedy=Sentence("Choose another name.")
        )
    whereabouts.refuse_unfit_folder(path.parent)
    from gazetteer.store import creation

    draft = creation.scratch()
    try:
        creation.write_empty(draft)
        with County(draft, writing=True) as county, county.change("init", actor=actor) as change:
            settings = {"division_code": division_code, "division_name": name}
            settings |= {origins.SETTING: origins.new()}
            change.connection.executemany("INSERT INTO setting VALUES (?, ?)", settings.items())
            put_styles(change.connection, styles)
        whereabouts.move_into_place(draft, path)
    finally:
        draft.unlink(missing_ok=True)
        draft.parent.rmdir()
