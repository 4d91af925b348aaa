"""The facts behind a failure can be walked."""

from keyrack.policy.solver.derivation import Derived, NotRoot, NoVersions, externals
from keyrack.policy.solver.ranges import Ranges
from tests.policy.solver.worlds import failure


def test_facts_are_walked_once_each_first_causes_first() -> None:
    everything: Ranges[int] = Ranges.full()
    root, nothing, other = NotRoot("root", 1), NoVersions("a", everything), NoVersions("b", everything)
    inner = Derived({}, nothing, root)

    found = list(externals(Derived({}, inner, Derived({}, inner, other))))

    assert [nothing, root, other] == found


def test_failure_carries_facts_about_all_packages_that_matter() -> None:
    tree = failure("""
        root: a
        a 1: b
        a 2: b>1
        b 1: c
        b 2: c
    """)

    found = {fact.package for fact in externals(tree)}

    assert {"root", "a", "b", "c"} == found
