"""What the gate says where the machine lacks something: plainly, in one line."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT, needs

pytestmark = pytest.mark.checkout


def program(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(f"#!{shutil.which('bash')}\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def ran(script: str, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [needs("bash", packages="bash"), str(ROOT / script), *words],
        env=os.environ | environment, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_without_a_network_the_line_to_run_later_is_printed(tmp_path: Path) -> None:
    program(tmp_path, "apt-get", "echo 'E: no route' >&2; exit 100")
    program(tmp_path, "id", "echo 0")
    program(tmp_path, "find", "true")
    done = ran("tests/system-packages.sh", PATH=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    (told,) = done.stdout.splitlines()
    assert "no network?" in told and "sudo apt-get install" in told


@pytest.mark.parametrize(("permitted", "ci"), [("", "true"), ("0", "true"), ("", "1")])
def test_a_machine_that_cannot_be_made_bare_fails_in_ci(
    tmp_path: Path, permitted: str, ci: str
) -> None:
    program(tmp_path, "unshare", "exit 1")
    path = os.pathsep.join([str(tmp_path), os.environ["PATH"]])
    work = tmp_path / "bare"
    done = ran(".ci/bare.sh", str(work), PATH=path, CI=ci, BARE_WITHOUT_NAMESPACE=permitted)
    assert done.returncode == 1 and not work.exists()
    (told,) = done.stderr.splitlines()
    assert "NOT PROVED" in told and "BARE_WITHOUT_NAMESPACE=1" in told
