"""Photos of a round for its papers: small, upright, without what the camera wrote into them."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageOps

from boundaries.inspection.papers.results import Result
from boundaries.inspection.round.state import Photo, RoundState
from boundaries.photos import MAX_PIXELS
from gazetteer.common import photographs
from gazetteer.common.language import Language, Text
from gazetteer.documents import word
from gazetteer.store.kept import Condition

LONGER_SIDE = 800
"""Pixels: 130 to the inch at the size of the page."""
QUALITY = 78


INSTEAD = {
    Condition.WHOLE: Text("不是可读的照片", "is no readable photo"),
    Condition.MISSING: Text("照片文件缺失", "the file is missing"),
    Condition.CHANGED: Text("照片文件与收到时不同", "the file is not what was received"),
    Condition.UNREADABLE: Text("照片文件无法读取", "the file cannot be read"),
}
"""What stands in the place of a photo that cannot be shown."""


def small(content: bytes) -> bytes | None:
    """Return a photo as a small JPEG, turned upright and without EXIF; None if it is none.

    Examples
    --------
    >>> small(b"no image") is None
    True
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(BytesIO(content))
            if image.width * image.height > MAX_PIXELS:
                return None
            image.draft("RGB", (LONGER_SIDE, LONGER_SIDE))
            upright = ImageOps.exif_transpose(image).convert("RGB")
            upright.thumbnail((LONGER_SIDE, LONGER_SIDE))
            target = BytesIO()
            upright.save(target, "JPEG", quality=QUALITY)
    except photographs.BROKEN:
        return None
    return target.getvalue()


def chosen(state: RoundState, result: Result, *, each_side: int) -> list[Photo]:
    """Return the photos of a marker that are shown: the latest of each side (by a right clock).

    Parameters
    ----------
    state, result
        The round, and the marker.
    each_side
        How many of a side.
    """
    photos = [state.photos[at] for at in result.photos]
    photos.sort(key=lambda each: (each.trusted, each.taken, each.receipt.file_name), reverse=True)
    kept = []
    for side in state.sides:
        kept += [each for each in photos if each.receipt.side == side][:each_side]
    return kept


def captioned(
    state: RoundState, photos: Sequence[Photo], *, language: Language
) -> list[word.Captioned]:
    """Return photos with captions; one whose file is missing or broken says so."""
    return [_captioned(state, each, language) for each in photos]


def _captioned(state: RoundState, photo: Photo, language: Language) -> word.Captioned:
    side = state.sides.get(photo.receipt.side, photo.receipt.side)
    who = [photo.number or Text("未归入界桩", "of no marker").say(language), side]
    when = [photo.taken.replace("T", " ") or Text("时间不详", "time unknown").say(language)]
    if photo.direction_deg is not None:
        towards = f"{photo.direction_deg:.0f}°"
        when.append(Text(f"方向{towards}", f"towards {towards}").say(language))
    where = [] if photo.lon is None else [f"{photo.lon:.6f}, {photo.lat:.6f}"]
    whole, kept_content = photo.receipt.kept.read(state.folder)
    content = small(kept_content) if whole is Condition.WHOLE else None
    instead = INSTEAD[whole]
    caption = "\n".join("  ".join(line) for line in (who, when, where))
    return word.Captioned(content, caption, "" if content else instead.say(language))
