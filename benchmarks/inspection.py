"""Joint inspection: 500 markers with 2,000 photos received, two sides compared.

python -m benchmarks.inspection [MARKERS] [PHOTOS]      (default 500 2000)
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from boundaries.inspection.office import closing, planning, receiving
from gazetteer.store import County
from maps import inspections
from tests.test_boundaries import round_sample as sample
from tests.test_boundaries.round_sample import LINE, NUMBER, A, B, spot

PIXELS = (4000, 3000)


def photos(folder: Path, *, markers: int, number: int) -> None:
    """Write photos as a phone takes them: 12 megapixels, some megabytes, each another."""
    folder.mkdir()
    noise = np.random.default_rng(1).integers(0, 255, (600, 800, 3), dtype=np.uint8)
    image = Image.fromarray(noise).resize(PIXELS, Image.Resampling.BICUBIC)
    for at in range(number):
        post = at % markers + 1
        exif = Image.Exif()
        exif[306] = f"2026:03:05 {at // 3600:02d}:{at // 60 % 60:02d}:{at % 60:02d}"
        where = spot(0.5 * post, 3.0)
        exif.get_ifd(0x8825).update(
            {1: "N", 2: sample.dms(where.y), 3: "E", 4: sample.dms(where.x)}
        )
        name = folder / f"{LINE}{post:03d}Q_{at // markers + 1}.jpg"
        if at == 0:
            packed = BytesIO()
            image.save(packed, "JPEG", quality=75)
            body = packed.getvalue()[20:]  # without its JFIF header
        name.write_bytes(_jpeg(exif.tobytes(), body))


def _jpeg(exif: bytes, body: bytes) -> bytes:
    return b"\xff\xd8\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + body


def timed(label: str, work: Callable[[], Any]) -> Any:
    """Tell how long something takes, wall and processor time of this process."""
    wall, own = time.perf_counter(), time.process_time()
    result = work()
    print(f"{label:44}{time.perf_counter() - wall:8.1f} s{time.process_time() - own:8.1f} s cpu")
    return result


def main() -> None:
    """Measure one round."""
    told = [int(each) for each in sys.argv[1:]]
    markers, number = (*told, *(500, 2000)[len(told) :])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = sample.county(folder, markers=markers)
        sample.opened(path)
        package, _ = sample.handed_out(path, folder / A, side=A)
        _, form = sample.handed_out(path, folder / B, side=B)
        sample.answered(package)
        sample.answered_workbook(form)
        photos(folder / "照片", markers=markers, number=number)
        size = sum(each.stat().st_size for each in (folder / "照片").iterdir()) / number / 1e6
        print(f"{markers} markers, {number} photos of {size:.1f} MB")
        with County(path, writing=True) as county:
            for label, side, files in (
                ("GeoPackage of side A and photos", A, [package, folder / "照片"]),
                ("Excel form of side B", B, [form]),
            ):
                come = lambda: receiving.receive(county, NUMBER, files, side=side)  # noqa: B023, E731
                came = timed(label, come)
                assert all(each.state == "received" for each in came), came
            found = timed("comparison of two sides", lambda: planning.state_of(county, NUMBER))
            papers = timed("papers as Word and PDF, map", lambda: _papers(county))
        assert found.comparison.settled and len(found.photos) == number
        size = sum(map(len, papers.files.values())) / 1e6
        print(f"{len(papers.files)} papers of {size:.0f} MB")


def _papers(county: County) -> closing.Papers:
    state, known = closing.read(county, NUMBER)
    figures = inspections.figures(county, state)
    page = inspections.of_round(county, state).html
    return closing.write_papers(state, known, figures=figures, page=page)


if __name__ == "__main__":
    main()
