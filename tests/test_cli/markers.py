"""What the check of the markers finds in the demo, and what it should."""

from __future__ import annotations

from pathlib import Path

from tests.test_cli.asking import COUNTY, told, truth


def marker_findings(demo: Path) -> set[tuple[str, str]]:
    """Return what the check of the markers finds: rule and subject."""
    found = told("boundaries", "markers", demo / COUNTY, status=1)["findings"]
    return {(each["rule"].removeprefix("records/"), each["subject"]) for each in found}


def gone(demo: Path) -> set[tuple[str, str]]:
    """Return the marker that lost a reference object in the joint inspection."""
    planted = truth(demo)["inspection"]["findings"]
    few = [each for each in planted if each["rule"] == "inspection/references-too-few"]
    return {("reference-count/too-few", each["subject"]) for each in few}
