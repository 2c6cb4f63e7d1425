"""The drill of the documentation works as it stands there: from a lost disk to a working file."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from benchmarks import drill
from gazetteer import store
from gazetteer.common import hashing
from gazetteer.store import County, kept
from gazetteer.store.kept import files_beside
from gazetteer.store.landing import land

pytestmark = [
    pytest.mark.checkout,
    pytest.mark.skipif(shutil.which("sh") is None, reason="the drill is written for a shell"),
]
PHOTO = b"a photo"


@pytest.fixture
def lost(tmp_path: Path) -> Path:
    """Return a county file with a received photo, on the disk that will be lost."""
    path = tmp_path / "旧" / drill.COUNTY
    path.parent.mkdir()
    store.create(path, division_code="429921", name="楚溪县")
    photo = path.parent / "甲.jpg"
    photo.write_bytes(PHOTO)
    own = kept.Kept(hashing.fingerprint(photo), photo.name)
    kept.keep(photo, files_beside(path), sha256=own.sha256, file_name=own.file_name)
    with County(path, writing=True) as opened, opened.change("inspection receive") as change:
        round_ = {"id": "r1", "number": "1", "cause": "x", "state": "open", "content": "{}"}
        land(change, "inspections", pd.DataFrame([round_]), key=["number"])
        paper = {"id": "a1", "thing_id": "r1", "kind": "photo", "file_name": own.file_name}
        more = {"sha256": own.sha256, "bytes": len(PHOTO), "attributes": "{}"}
        land(change, "attachments", pd.DataFrame([{**paper, **more}]), key=["id"])
    return path


def test_the_drill_brings_back_the_file_and_what_was_received(lost: Path, tmp_path: Path) -> None:
    new = tmp_path / "新"
    new.mkdir()
    with County(lost) as opened:
        head = opened.verify().head
    drill.lose(lost, new)
    shutil.rmtree(lost.parent)
    assert {*drill.drill(new)} >= {"gazetteer today 楚溪县.gpkg"}
    with County(new / drill.COUNTY) as opened:
        assert opened.verify(against=head).head == head
        assert kept.look(kept.listed(opened.connection), kept.files_beside(opened.path)).whole
    assert [each.read_bytes() for each in files_beside(new / drill.COUNTY).rglob("*.jpg")] == [
        PHOTO
    ]


def test_the_drill_stops_where_the_backup_is_not_what_was_sealed(
    lost: Path, tmp_path: Path
) -> None:
    new = tmp_path / "新"
    new.mkdir()
    drill.lose(lost, new)
    (new / drill.RECEIPT).write_text("0" * 64, encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError, match="log verify"):
        drill.drill(new)
    assert not (new / drill.COUNTY).exists()
