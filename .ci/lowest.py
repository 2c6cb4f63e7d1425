"""Print the lowest version of each dependency that setup.cfg allows, as constraints for pip."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
SETUP, LOCK = ROOT / "setup.cfg", ROOT / "locks" / "test.txt"
BOUNDS = re.compile(r"(?P<name>[\w-]+)>=(?P<lowest>[\d.]+),<(?P<above>[\d.]+)")
TOOLS = ("hypothesis", "networkx", "psutil", "pytest", "pytest-xdist", "xlwt")


def lowest(setup: Path = SETUP) -> list[str]:
    """Return ``name==version`` for each dependency; each must state a lower and an upper bound."""
    told = configparser.ConfigParser()
    told.read(setup, encoding="utf-8")
    asked = told["options"]["install_requires"].split()
    bounds = [BOUNDS.fullmatch(each) for each in asked]
    unbound = [each for each, found in zip(asked, bounds, strict=True) if found is None]
    if unbound:
        raise SystemExit(f"setup.cfg: no lowest and highest version: {', '.join(unbound)}")
    return [f"{each['name']}=={each['lowest']}" for each in bounds if each]


def tools(lock: Path = LOCK) -> list[str]:
    """Return ``name==version`` for what runs the tests, as it is locked for the lowest Python."""
    lines = re.findall(r"^([\w-]+)==([^\s;]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    first = dict(reversed(lines))
    return [f"{name}=={first[name]}" for name in TOOLS]


if __name__ == "__main__":
    print("\n".join([*lowest(), *tools()]))
