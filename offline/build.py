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
import tempfile
from collections.abc import Sequence
from pathlib import Path

from packaging.markers import Marker

HERE = Path(__file__).parent
LOCK = HERE.parent / "locks" / "run.txt"
SCRIPTS = ("install.sh", "install.bat", "安装说明.txt")
SYSTEMS = {"win": "win32", "macosx": "darwin", "manylinux": "linux", "linux": "linux"}


def locked(python: str, system: str, *, lock: Path = LOCK) -> list[str]:
    """Return what is locked for a Python and a system (``win32``), with hashes, without markers.

    pip reads markers for the machine it runs on, whatever platform it downloads for: what Windows
    alone asks for would be missing in a folder made elsewhere.
    """
    machine = {
        "python_version": python,
        "python_full_version": f"{python}.99",
        "sys_platform": system,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    entries = lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    split = [each.partition(" --hash") for each in entries if each]
    asked = [(*what.partition(";")[::2], mark + hashes) for what, mark, hashes in split]
    return [
        f"{name.strip()} {hashes.strip()}"
        for name, marker, hashes in asked
        if not marker.strip() or Marker(marker).evaluate(machine)
    ]


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
    foreign = [part for tag in platforms for part in ("--platform", tag)]
    version = python or f"{sys.version_info.major}.{sys.version_info.minor}"
    if python or platforms:
        foreign += ["--python-version", version, "--implementation", "cp"]
    download = [*pip, "download", "--only-binary", ":all:", "-d", str(wheels), *foreign]
    system = next((name for tag, name in SYSTEMS.items() if "".join(platforms).startswith(tag)), "")
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "locked.txt"
        listed.write_text("\n".join(locked(version, system or sys.platform)), encoding="utf-8")
        locked_alone = ["--no-deps", "--require-hashes", "--requirement", str(listed)]
        subprocess.run([*download, *locked_alone], check=True)
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
