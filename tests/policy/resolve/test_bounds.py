"""Warnings of packages without a lower bound, and of files without a date."""

from datetime import UTC, datetime

import pytest

from keyrack.policy.resolve.bounds import unbounded, undated
from keyrack.policy.resolve.packages import ROOT
from keyrack.policy.resolve.universe import ROOT_VERSION, Universe
from keyrack.policy.solver.solve import solve
from keyrack.values.settings import ResolutionMode
from tests.policy.resolve.asking import graph, question, stock

DIRECT = (
    "The direct dependency `{}` is unpinned. Consider setting a lower bound when using `--resolution lowest`"
    " or `--resolution lowest-direct` to avoid using outdated versions."
)
TRANSITIVE = (
    "The transitive dependency `{}` is unpinned. Consider setting a lower bound with a constraint when using"
    " `--resolution lowest` to avoid using outdated versions."
)
LOWEST = ResolutionMode.LOWEST


def direct(*texts, resolution=LOWEST):
    return unbounded(question(*texts, resolution=resolution))


@pytest.mark.parametrize("resolution", [LOWEST, ResolutionMode.LOWEST_DIRECT])
@pytest.mark.parametrize("text", ["lib", "lib<2", "lib!=1"])
def test_a_direct_requirement_without_a_lower_bound_is_told(text, resolution):
    assert (DIRECT.format("lib"),) == direct(text, resolution=resolution)


@pytest.mark.parametrize(
    "texts", [("lib>=1",), ("lib==1",), ("lib", "lib>1"), ("lib>2,<1",), ("lib; os_name == 'nt'",)]
)
def test_a_requirement_that_is_bounded_somewhere_is_not_told(texts):
    assert () == direct(*texts)


def test_the_highest_version_needs_no_bound():
    assert () == direct("lib", resolution=ResolutionMode.HIGHEST)


def transitive(requires, resolution=LOWEST, **words):
    packages = {"a 1.0": requires, "lib 1.0": []}
    return graph(question("a>=1", resolution=resolution, **words), stock(packages)).warnings


def test_a_transitive_requirement_without_a_lower_bound_is_told():
    assert (TRANSITIVE.format("lib"),) == transitive(["lib<2"])


def test_a_transitive_requirement_is_told_in_the_lowest_mode_only():
    assert () == transitive(["lib"], ResolutionMode.LOWEST_DIRECT)


def test_a_constraint_is_a_bound_for_a_transitive_requirement():
    assert () == transitive(["lib"], constraints=["lib>=1"])


def test_a_url_is_a_bound_for_a_transitive_requirement():
    assert () == transitive(["lib", "lib @ https://pkgs.example/lib-1.0.tar.gz ; os_name == 'nt'"])


def test_a_transitive_requirement_with_a_bound_is_not_told():
    assert () == transitive(["lib~=1.0"])


def test_a_file_without_a_date_is_told_where_one_is_needed():
    asked = question("lib", rules={"exclude_newer": datetime(2024, 2, 1, tzinfo=UTC)})
    catalogue = stock({"lib 1.0": {"uploaded": "2024-01-01T00:00:00Z"}, "lib 2.0": {"uploaded": ""}})
    universe = Universe(asked, catalogue)

    solve(universe, ROOT, ROOT_VERSION)

    assert (
        "`lib-2.0-py3-none-any.whl` is missing an upload date, but user provided: 2024-02-01T00:00:00Z",
    ) == undated(universe.knowledge)
