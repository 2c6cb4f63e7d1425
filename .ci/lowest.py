"""Print the lowest version of each dependency that setup.cfg allows, as constraints for pip."""

from __future__ import annotations

import configparser
from pathlib import Path

SETUP = Path(__file__).parent.parent / "setup.cfg"


def lowest(setup: Path = SETUP) -> list[str]:
    """Return ``name==version`` for each dependency; each must state a lower bound."""
    told = configparser.ConfigParser()
    told.read(setup, encoding="utf-8")
    pairs = [each.split(">=") for each in told["options"]["install_requires"].split()]
    return [f"{name}=={version}" for name, version in pairs]


if __name__ == "__main__":
    print("\n".join(lowest()))
