"""The public collections of resolver scenarios, through the real resolver and a catalogue in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from keyrack.formats.requirement_text import parse_requirement
from keyrack.operations.resolve import NoSolutionFound, ResolveRequest, resolve
from keyrack.values.names import package_name
from keyrack.values.settings import PrereleaseMode, ResolutionMode, Resolving, Selection
from lab.catalogue import MemoryCatalogue
from lab.pythons import a_python
from lab.scenarios import Scenario, load, scenario_files

SHARED = Path(__file__).resolve().parents[3] / "shared" / "scenarios"
FILES = scenario_files(SHARED)
SINGLE = [path for path in FILES if "universal = true" not in path.read_text(encoding="utf-8")]


def request(scenario: Scenario) -> ResolveRequest:
    options = scenario.options
    names = {"no_build": options.no_build, "no_binary": options.no_binary}
    selections = {key: Selection(names=frozenset(map(package_name, some))) for key, some in names.items()}
    python = scenario.environment.python
    return ResolveRequest(
        requirements=tuple(parse_requirement(text) for text in scenario.root.requires),
        interpreter=a_python(python),
        options=Resolving(
            prerelease=PrereleaseMode.ALLOW if options.prereleases else PrereleaseMode.IF_NECESSARY,
            resolution=ResolutionMode(options.resolution or "highest"),
            **selections,
        ),
        python_version=options.python,
        python_platform=options.python_platform,
    )


@pytest.mark.skipif(not FILES, reason="the shared scenarios are not here")
@pytest.mark.parametrize("path", SINGLE, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_scenario_has_the_outcome_that_it_declares(path: Path) -> None:
    scenario = load(path)
    catalogue = MemoryCatalogue(scenario.artifacts)

    try:
        resolution = resolve(request(scenario), catalogue)
        actual = {pin.name: str(pin.version) for pin in resolution.pins}
    except NoSolutionFound:
        actual = None

    assert scenario.expected.satisfiable == (actual is not None)
    for name, version in scenario.expected.packages.items():
        assert version == (actual or {}).get(name)
