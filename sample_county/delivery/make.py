"""Make the delivery of the sample county's township survey, in good order or with defects."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from sample_county import world
from sample_county.delivery import files
from sample_county.delivery.defects import DEFECTS
from sample_county.delivery.survey import survey
from sample_county.model import World

FOLDERS = {"own": "own", "other": "other-side", "agreed": "agreed"}


@dataclass
class DeliveryTruth:
    """What was planted in a delivery.

    Parameters
    ----------
    own, other, agreed
        Folders (from the one given) of our side's delivery, the other side's of one line, and the
        line as both sides agreed on it.
    planted
        One entry a defect: `name`, `description`, `rule` and `subject`.
    counts
        Number of units, lines, markers, reference objects and tri-points surveyed.
    """

    own: str
    other: str
    agreed: str
    planted: list[dict[str, str]]
    counts: dict[str, int]


def make_delivery(
    folder: Path,
    *,
    defects: Collection[str] | None = None,
    county: World | None = None,
    seed: int = 421,
) -> DeliveryTruth:
    """Write a survey delivery to a folder, with ``delivery.json`` telling what is planted.

    Parameters
    ----------
    folder
        Made if absent; an earlier delivery in it is replaced.
    defects
        Names from `DEFECTS`; None plants all that can stand together, an empty collection none.
    county
        The county to survey, if it is already at hand; else that of the seed is made.
    seed
        Seed of the county.

    Raises
    ------
    ValueError
        When a name is not in `DEFECTS`.
    FileExistsError
        When the folder holds folders of these names that are not an earlier delivery.
    """
    names = [name for name, each in DEFECTS.items() if each.together]
    chosen = names if defects is None else sorted(defects, key=list(DEFECTS).index)
    found = survey(county if county is not None else world.build(seed))
    counts = {
        name: len(getattr(found, name))
        for name in ("units", "lines", "markers", "objects", "tri_points")
    }
    planted = []
    for name in chosen:
        defect = DEFECTS[name]
        subject = defect.plant(found)
        planted.append(
            {
                "name": name,
                "description": defect.description,
                "rule": defect.rule,
                "subject": subject,
            }
        )
    _clear(folder)
    files.write(found, folder / FOLDERS["own"])
    files.write_line(found.other, folder / FOLDERS["other"], encrypted=found.encrypted)
    files.write_line(found.agreed, folder / FOLDERS["agreed"])
    truth = DeliveryTruth(**FOLDERS, planted=planted, counts=counts)
    text = json.dumps(asdict(truth), ensure_ascii=False, indent=1)
    (folder / "delivery.json").write_text(text, encoding="utf-8")
    return truth


def _clear(folder: Path) -> None:
    """Remove an earlier delivery, and nothing else."""
    known = (folder / "delivery.json").is_file()
    for name in FOLDERS.values():
        if (folder / name).exists():
            if not known:
                msg = f"{folder / name} is not of an earlier delivery"
                raise FileExistsError(msg)
            shutil.rmtree(folder / name)
