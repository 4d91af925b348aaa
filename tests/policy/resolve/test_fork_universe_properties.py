"""Whatever a small universe looks like: what is resolved for all environments is a solution in each of them.

Each environment sees one version of a package at most, sees what its requirements ask for there, and nothing that the
fork it lies in does not know. A refusal names a fork; it may be that an environment of it has a solution, because
requirements of different versions meet whatever their markers. With one environment to begin with, that cannot be.
"""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.policy.markers.algebra import holds, implies, python_bounds, python_diagram
from keyrack.policy.solver.solve import NoSolution
from keyrack.values.settings import ForkStrategy
from lab.catalogue import MemoryCatalogue
from lab.wheels import wheel
from tests.policy.resolve.forking import fork_question, marker, universal

NAMES = ("a", "b", "c", "d")
VERSIONS = ("1", "2", "3")
MARKERS = (
    "sys_platform == 'linux'",
    "sys_platform == 'win32'",
    "sys_platform != 'linux'",
    "python_version < '3.10'",
    "python_version >= '3.10'",
    "python_version >= '3.12'",
    "python_version < '3.11' and sys_platform == 'win32'",
    "python_version >= '3.11' or sys_platform == 'linux'",
)
PYTHONS = ("3.9", "3.10", "3.11", "3.12", "3.13")
ENVIRONMENTS = [
    {"sys_platform": system, "python_version": python, "python_full_version": f"{python}.1"}
    for system, python in product(("linux", "win32", "darwin"), PYTHONS)
]

specifiers = st.sampled_from(["", "", ">=2", "<2", "<=2", ">=3", "==1", "!=2"])
markers = st.sampled_from(["", "", "", *MARKERS])


@st.composite
def requirements(draw, names=NAMES):
    """Write one requirement."""
    extra = "[x]" if draw(st.integers(0, 5)) == 0 else ""
    where = draw(markers)
    return f"{draw(st.sampled_from(names))}{extra}{draw(specifiers)}" + (f" ; {where}" if where else "")


@st.composite
def universes(draw):
    """Give the requirements of the user, and what each version says of itself."""
    versions = {
        f"{name} {version}": {
            "requires": draw(st.lists(requirements(), max_size=2)),
            "requires_python": draw(st.sampled_from(["", "", "", ">=3.10", ">=3.12", "<4"])),
            "extras": {"x": draw(st.lists(requirements(), max_size=1))},
        }
        for name in NAMES
        for version in VERSIONS[: draw(st.integers(1, 3))]
    }
    return draw(st.lists(requirements(), min_size=1, max_size=4)), versions


def catalogue_of(versions):
    """Serve them."""
    return MemoryCatalogue([wheel(*key.split(), **about) for key, about in versions.items()])


def resolved(roots, versions, strategy=ForkStrategy.REQUIRES_PYTHON, forks=()):
    """Resolve; None where there is no solution."""
    asked = fork_question(*roots, pythons=">=3.9", fork={"strategy": strategy})
    try:
        return universal(asked, catalogue_of(versions), forks=forks)
    except NoSolution:
        return None


def present(found, environment):
    """Give the parts that an environment has, by walking from the request: a name, and "" or an extra of it."""
    chosen: dict[str, str] = {}
    parts = {("", "")}
    waiting = [("", "", None)]
    while waiting:
        _, extra, pin = waiting.pop()
        edges = found.roots if pin is None else [edge for edge in pin.edges if edge.extra == extra]
        for edge in edges:
            if holds(edge.marker, environment):
                target = found.pins[edge.pin]
                assert chosen.setdefault(target.name, str(target.version)) == str(target.version)
                if (target.name, edge.to_extra) not in parts:
                    parts.add((target.name, edge.to_extra))
                    waiting.append((target.name, edge.to_extra, target))
    return chosen, parts


def unmet(roots, versions, chosen, parts, environment):
    """Give every requirement that is not met in an environment, and every version that is not for its Python."""
    for name, extra in parts:
        about = versions[f"{name} {chosen[name]}"] if name else {}
        texts = about.get("requires", ()) if not extra else about["extras"][extra]
        for text in texts if name else roots:
            asked = Requirement(text)
            if asked.marker is None or asked.marker.evaluate({**environment, "extra": ""}):
                wanted = [(asked.name, ""), *((asked.name, each) for each in asked.extras)]
                if asked.name != name and (
                    any(one not in parts for one in wanted) or chosen[asked.name] not in asked.specifier
                ):
                    yield text
                if asked.name == name and chosen[name] not in asked.specifier:
                    yield text
        if name and Version(environment["python_full_version"]) not in SpecifierSet(about["requires_python"]):
            yield f"{name} {chosen[name]}"


@given(universes(), st.sampled_from(ForkStrategy))
@settings(max_examples=150, deadline=None)
def test_in_each_environment_the_result_is_a_solution(universe, strategy):
    roots, versions = universe

    found = resolved(roots, versions, strategy)

    for environment in ENVIRONMENTS if found is not None else ():
        chosen, parts = present(found, environment)
        assert [] == list(unmet(roots, versions, chosen, parts, environment))


@given(universes())
@settings(max_examples=60, deadline=None)
def test_a_pin_is_needed_just_where_a_walk_reaches_it(universe):
    roots, versions = universe

    found = resolved(roots, versions)

    for environment in ENVIRONMENTS if found is not None else ():
        chosen, _ = present(found, environment)
        reached = {(pin.name, str(pin.version)) for pin in found.pins if holds(pin.marker, environment)}
        assert set(chosen.items()) == reached


@given(universes())
@settings(max_examples=60, deadline=None)
def test_forks_cover_all_environments_and_exclude_each_other(universe):
    found = resolved(*universe)

    if found is not None and found.forks:
        for environment in ENVIRONMENTS:
            assert 1 == sum(holds(fork, environment) for fork in found.forks)


@given(universes())
@settings(max_examples=60, deadline=None)
def test_a_pin_is_needed_only_in_forks_that_chose_it(universe):
    found = resolved(*universe)

    for pin in found.pins if found is not None and found.forks else ():
        for environment in ENVIRONMENTS:
            if holds(pin.marker, environment):
                assert any(holds(found.forks[place], environment) for place in pin.forks)


@given(universes(), st.sampled_from(ENVIRONMENTS))
@settings(max_examples=80, deadline=None)
def test_one_environment_alone_has_a_solution_just_where_trying_everything_finds_one(universe, environment):
    roots, versions = universe
    python = environment["python_version"]
    only = f"sys_platform == '{environment['sys_platform']}' and python_version == '{python}'"

    found = resolved(roots, versions, ForkStrategy.FEWEST, (only,))

    assert _exists(roots, versions, environment) == (found is not None)


def _exists(roots, versions, environment):
    """Try every choice of versions."""
    by_name = {name: [key.split()[1] for key in versions if key.startswith(name)] for name in NAMES}
    for choice in product(*by_name.values()):
        chosen = dict(zip(by_name, choice, strict=True))
        parts = _closure(roots, versions, chosen, environment)
        if not list(unmet(roots, versions, chosen, parts, environment)):
            return True
    return False


def _closure(roots, versions, chosen, environment):
    """Give the parts that a choice of versions needs."""
    parts: set[tuple[str, str]] = set()
    waiting = [("", "")]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in parts:
            continue
        parts.add((name, extra))
        about = versions[f"{name} {chosen[name]}"] if name else {"requires": roots}
        for text in about["extras"][extra] if extra else about["requires"]:
            asked = Requirement(text)
            if asked.marker is None or asked.marker.evaluate({**environment, "extra": ""}):
                waiting += [(asked.name, ""), *((asked.name, each) for each in asked.extras)]
    return parts


def test_the_environments_of_these_tests_are_supported():
    supported = python_diagram(python_bounds(SpecifierSet(">=3.9")))

    assert all(holds(supported, environment) for environment in ENVIRONMENTS)
    assert implies(marker(MARKERS[5]), marker(MARKERS[4]))
    assert all(isinstance(Marker(each), Marker) for each in MARKERS)
