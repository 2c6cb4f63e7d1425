"""Asking the command as a user or a script does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from cli.main import main

COUNTY = "楚溪县.gpkg"


def run(*arguments: object) -> Result:
    """Return what a command says; only a refusal or an exit status may end it."""
    result = CliRunner().invoke(main, [str(each) for each in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def told(*arguments: object, status: int = 0) -> Any:
    """Return the JSON that a command prints."""
    result = run(*arguments, "--json")
    assert result.exit_code == status, result.output
    return json.loads(result.stdout)  # what a script reads; notes for people go to standard error


def truth(demo: Path) -> dict[str, Any]:
    """Return the truth behind the demo."""
    found: dict[str, Any] = json.loads((demo / "truth.json").read_text(encoding="utf-8"))
    return found
