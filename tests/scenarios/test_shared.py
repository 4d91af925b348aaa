"""The public collections of resolver scenarios, through the real resolver and a catalogue in memory."""

from pathlib import Path

import pytest

from keyrack.operations.resolve import NoSolutionFound, resolve
from lab.catalogue import MemoryCatalogue
from lab.scenarios import load, scenario_files
from tests.scenarios.asking import to_request

SHARED = Path(__file__).resolve().parents[3] / "shared" / "scenarios"
# Universal resolution, for locks, comes later.
SINGLE = [path for path in scenario_files(SHARED) if "universal = true" not in path.read_text(encoding="utf-8")]


@pytest.mark.skipif(not SINGLE, reason="the shared scenarios are not here")
@pytest.mark.parametrize("path", SINGLE, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_scenario_has_the_outcome_that_it_declares(path):
    scenario = load(path)

    try:
        found = resolve(to_request(scenario), MemoryCatalogue(scenario.artifacts))
        actual = {str(pin.name): str(pin.version) for pin in found.pins}
    except NoSolutionFound:
        actual = None

    assert scenario.expected.satisfiable == (actual is not None)
    assert dict(scenario.expected.packages).items() <= (actual or {}).items()
