"""The time that each layer of the suite took, for the end of a run."""

from collections import defaultdict

import pytest

LAYERS = ("journeys", "faults", "abuse", "platform", "structure")
REST = "unit and pages"


def layer_of(nodeid: str) -> str:
    """Return the layer of a test: its first folder where that is one, else unit and pages."""
    folder = nodeid.split("/")[1] if nodeid.startswith("tests/") else ""
    return folder if folder in LAYERS else REST


def layer_times(reports: list[pytest.TestReport]) -> list[str]:
    """Return 'layer: tests, seconds' for each layer that ran; the seconds of all processes are added up."""
    seconds: dict[str, float] = defaultdict(float)
    tests: dict[str, set[str]] = defaultdict(set)
    for report in reports:
        layer = layer_of(report.nodeid)
        seconds[layer] += report.duration
        tests[layer].add(report.nodeid)
    return [
        f"{layer}: {len(tests[layer])} tests, {seconds[layer]:.0f} s"
        for layer in (REST, *LAYERS)
        if tests[layer]
    ]
