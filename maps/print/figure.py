"""Maps as pictures for Word documents, from the same style as printed sheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd

from gazetteer.common.errors import InputError
from gazetteer.common.language import Language, Sentence, Text
from gazetteer.documents import fonts, word
from maps.print import imprint, sheet


def figure(
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    kind: str,
    title: str,
    form: str = "png",
    pixels_per_inch: float = 200.0,
    **options: Any,
) -> bytes:
    """Return a map as a picture for a Word document: PNG or SVG, from the same style as a sheet.

    Parameters
    ----------
    layers, kind, title
        As for a sheet.
    form
        png or svg.
    pixels_per_inch
        Fineness of a PNG; its map is 160 mm, as wide as the text of a page, on its longer side, and
        the legend lies under it.
    options
        As for a sheet; the paper is a figure's unless the edition says otherwise.

    Raises
    ------
    InputError
        When the form is neither, nothing has a place, or there is no font.
    """
    if form not in ("png", "svg"):
        raise InputError(
            Sentence("No picture is made as {form!r}", form=form),
            remedy=Sentence("Use png or svg."),
        )
    edition = options.pop("edition", None) or imprint.Edition(paper="figure")
    file = fonts.font_file(edition.font)
    content, _ = sheet.content_of(layers, kind=kind, title=title, edition=edition, **options)
    content.update({"font": fonts.family(file), "index": [], "table": [], "marks": []})
    return sheet.typeset(content, file, format=form, ppi=pixels_per_inch)


def illustration(
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    kind: str,
    title: Text,
    language: Language = "zh",
    **options: Any,
) -> list[word.Block]:
    """Return a map with its caption as blocks of a Word document.

    Without a Chinese font, or with nothing that has a place, the document says so instead: a
    report is not held up for want of its picture.

    Parameters
    ----------
    layers, kind, title, options
        As for a sheet.
    language
        Language of map and caption.
    """
    caption = title.say(language)
    edition = options.pop("edition", None) or imprint.Edition(paper="figure", language=language)
    try:
        drawn = figure(layers, kind=kind, title=caption, edition=edition, **options)
    except InputError as error:
        reason = Text(f"没有附图：{error}", f"No map: {error}").say(language)
        return [word.Paragraph(reason)]
    return [
        word.Picture(drawn, word.TEXT_WIDTH_CM),
        word.Paragraph(_CAPTION.say(language) + caption),
    ]


_CAPTION = Text("图 ", "Figure: ")
