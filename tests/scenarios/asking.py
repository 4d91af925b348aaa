"""A scenario as a request to the resolver, and what comes of it in memory."""

from __future__ import annotations

from packaging.markers import Marker
from packaging.specifiers import SpecifierSet

from keyrack.formats.requirement_text import parse_requirement
from keyrack.operations.resolve import ResolveRequest
from keyrack.operations.resolve_universal import UniversalRequest
from keyrack.policy.markers.algebra import diagram
from keyrack.values.names import package_name
from keyrack.values.settings import PrereleaseMode, ResolutionMode, Resolving, Selection
from lab.pythons import a_python
from lab.scenarios import Scenario


def to_universal_request(scenario: Scenario) -> UniversalRequest:
    """Ask for all environments."""
    return UniversalRequest(
        to_request(scenario),
        SpecifierSet(scenario.requires_python),
        required_environments=tuple(diagram(Marker(text)) for text in scenario.options.required_environments),
    )


def to_request(scenario: Scenario) -> ResolveRequest:
    """Ask as the scenario says. Its Python runs on a Linux of our own making."""
    options = scenario.options
    return ResolveRequest(
        requirements=tuple(parse_requirement(text) for text in scenario.root.requires),
        interpreter=a_python(scenario.environment.python),
        options=Resolving(
            prerelease=PrereleaseMode.ALLOW if options.prereleases else PrereleaseMode.IF_NECESSARY,
            resolution=ResolutionMode(options.resolution or "highest"),
            no_build=Selection(names=frozenset(map(package_name, options.no_build))),
            no_binary=Selection(names=frozenset(map(package_name, options.no_binary))),
        ),
        python_version=options.python,
        python_platform=options.python_platform,
    )
