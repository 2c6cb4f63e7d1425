"""Make a folder that installs the toolkit on a machine without the internet.

    python offline/build.py 离线安装                             for machines like this one
    python offline/build.py 离线安装 --platform win_amd64        for Windows, from any machine

The folder holds every wheel, their hashes, and a script for either system; carried over on a
stick, ``install.bat`` or ``install.sh`` needs nothing but Python.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = ("install.sh", "install.bat", "安装说明.txt")


def build(out: Path, *, platforms: Sequence[str] = (), python: str | None = None) -> list[Path]:
    """Fill a folder with wheels and scripts; return the wheels.

    Parameters
    ----------
    out
        The folder; made where it is missing, wheels of an earlier run are taken away.
    platforms
        Tags of the machines it is for (``win_amd64``); this machine without them.
    python
        Version of their Python (``3.11``); that of this one without it.
    """
    wheels = out / "wheels"
    shutil.rmtree(wheels, ignore_errors=True)
    wheels.mkdir(parents=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", str(wheels), str(HERE.parent)], check=True)
    (own,) = wheels.glob("gazetteer_toolkit-*.whl")
    foreign = [part for tag in platforms for part in ("--platform", tag)]
    if python or platforms:
        version = python or f"{sys.version_info.major}.{sys.version_info.minor}"
        foreign += ["--python-version", version, "--implementation", "cp"]
    download = [*pip, "download", "--only-binary", ":all:", "-d", str(wheels), *foreign]
    subprocess.run([*download, str(own)], check=True)
    for name in SCRIPTS:
        text = (HERE / name).read_text(encoding="utf-8")
        if name == "install.sh":
            (out / name).write_text(text, encoding="utf-8", newline="\n")
        else:  # what Windows in Chinese shows without being told
            (out / name).write_text(text, encoding="gb18030", newline="\r\n")
    (out / "install.sh").chmod(0o755)
    found = sorted(wheels.glob("*.whl"))
    sums = [
        f"{hashlib.sha256(each.read_bytes()).hexdigest()}  wheels/{each.name}" for each in found
    ]
    (out / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8", newline="\n")
    return found


def main() -> None:
    """Build the folder and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--platform", action="append", default=[], metavar="TAG")
    parser.add_argument("--python", metavar="VERSION")
    asked = parser.parse_args()
    found = build(asked.out, platforms=asked.platform, python=asked.python)
    size = sum(each.stat().st_size for each in found)
    print(f"{asked.out}: {len(found)} wheels, {size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
