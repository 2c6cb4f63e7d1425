"""Print the newest supported Python beside this one (3.13, 3.12) that runs on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

VERSIONS = ("3.13", "3.12")
ASKED = "import sqlite3, ssl, sys, venv; print('%d.%d' % sys.version_info[:2])"


def places(version: str) -> Iterator[str]:
    """Yield where a Python of a version may be: on the PATH, or among those of pyenv."""
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield on_path
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from (str(each) for each in sorted(root.glob(f"versions/{version}.*/bin/python")))


def runs(python: str, version: str) -> bool:
    """Tell whether a program is a Python of a version with all that an environment needs."""
    try:
        asked = [python, "-c", ASKED]
        done = subprocess.run(asked, capture_output=True, check=False, timeout=60)
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.decode("ascii", "replace").strip() == version


if __name__ == "__main__":
    found = (each for version in VERSIONS for each in places(version) if runs(each, version))
    print(next(found, ""))
