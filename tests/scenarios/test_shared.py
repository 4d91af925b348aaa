"""The public collections of resolver scenarios, through the real resolver and a catalogue in memory."""

from pathlib import Path

import pytest

from keyrack.operations.resolve import NoSolutionFound, resolve
from keyrack.operations.resolve_universal import resolve_universal
from lab.catalogue import MemoryCatalogue
from lab.scenarios import load, scenario_files
from tests.scenarios.asking import to_request, to_universal_request

SHARED = Path(__file__).resolve().parents[3] / "shared" / "scenarios"
PATHS = scenario_files(SHARED)


@pytest.mark.skipif(not PATHS, reason="the shared scenarios are not here")
@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_scenario_has_the_outcome_that_it_declares(path):
    scenario = load(path)

    try:
        actual = {(pin.name, str(pin.version)) for pin in _resolved(scenario).pins}
    except NoSolutionFound:
        actual = None

    assert scenario.expected.satisfiable == (actual is not None)
    assert set(scenario.expected.packages.items()) <= (actual or set())


def _resolved(scenario):
    catalogue = MemoryCatalogue(scenario.artifacts)
    if scenario.options.universal:
        return resolve_universal(to_universal_request(scenario), catalogue)
    return resolve(to_request(scenario), catalogue)
