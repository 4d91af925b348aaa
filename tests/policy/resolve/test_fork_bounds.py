"""What `--resolution lowest` takes at its word in all environments."""

import msgspec
import pytest

from keyrack.policy.markers.algebra import TRUE
from keyrack.policy.resolve.fork_bounds import universal_unbounded
from keyrack.values.names import group_name
from keyrack.values.settings import ResolutionMode
from tests.policy.resolve.asking import parsed, stock
from tests.policy.resolve.forking import fork_question, project, solved, universal

LINUX = "sys_platform == 'linux'"


def told(asked, catalogue):
    """The names of direct dependencies without a bound, in the order in which they came up."""
    (first, *_) = solved(asked, catalogue)
    return [text.split("`")[1] for text in first.universe.world.told]


@pytest.mark.parametrize("mode", [ResolutionMode.LOWEST, ResolutionMode.LOWEST_DIRECT])
def test_direct_requirements_without_a_bound_are_told_once(mode):
    catalogue = stock({"b 1": [], "a 1": ["b"], "c 1": []})

    assert ["a", "b"] == told(fork_question("b", f"a; {LINUX}", "c>=1", "b<2", resolution=mode), catalogue)


def test_nothing_is_told_where_the_highest_versions_are_wanted():
    assert [] == told(fork_question("a"), stock({"a 1": []}))


def test_what_a_project_of_the_users_requires_is_direct_and_the_project_itself_needs_no_bound():
    catalogue = stock({"lib 1": ["dep"], "dep 1": [], "tool 1": []})
    app = project(catalogue, requires=["lib"], groups={"dev": ["tool"]})
    asked = fork_question(
        app,
        msgspec.structs.replace(app, groups=frozenset((group_name("dev"),))),
        resolution=ResolutionMode.LOWEST,
        fork={"members": frozenset((app.name,))},
    )

    assert ["lib", "tool"] == told(asked, catalogue)


def transitive(packages, *roots, constraints=()):
    found = universal(fork_question(*roots, resolution=ResolutionMode.LOWEST), stock(packages))
    return [text.split("`")[1] for text in universal_unbounded(found, parsed(*constraints))]


def test_transitive_requirements_without_a_bound_are_told():
    assert ["dep"] == transitive({"lib 1": ["dep", "leaf>=1"], "dep 1": ["leaf"], "leaf 1": []}, "lib>=1")


def test_a_constraint_is_a_bound():
    assert [] == transitive({"lib 1": ["dep"], "dep 1": []}, "lib>=1", constraints=["dep>=1"])


def test_what_the_user_asks_for_too_is_told_elsewhere():
    assert [] == transitive({"lib 1": ["dep"], "dep 1": []}, "lib>=1", "dep")


def test_a_package_that_its_own_group_needs_is_no_news():
    catalogue = stock({"lib 1": []})
    app = project(catalogue, name="app", groups={"dev": ["lib", "app"]})
    found = universal(fork_question(msgspec.structs.replace(app, groups=frozenset((group_name("dev"),)))), catalogue)

    assert ["lib"] == [text.split("`")[1] for text in universal_unbounded(found, ())]


def test_no_edges_mean_nothing_is_told():
    found = universal(fork_question("lib"), stock({"lib 1": []}))

    assert ([], TRUE) == (list(universal_unbounded(found, ())), found.pins[0].marker)
