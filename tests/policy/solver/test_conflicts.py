"""Packages that meet in too many conflicts are decided in another order."""

from keyrack.policy.solver.conflicts import ConflictCounts, Reordered


def first_letter(package: str) -> str:
    """Tell a package and its proxies by their first letter."""
    return package[:1]


def test_culprit_of_five_conflicts_goes_late_once() -> None:
    counts: ConflictCounts[str] = ConflictCounts(first_letter)

    found = [counts.count(f"d{number}", [("a", ["b"])]) for number in range(6)]

    assert [Reordered()] * 4 + [Reordered(late=("b",)), Reordered()] == found


def test_package_affected_by_five_conflicts_goes_early_once() -> None:
    counts: ConflictCounts[str] = ConflictCounts(first_letter)

    found = [counts.count("d", [("a", [f"{number}"])]) for number in range(6)]

    assert [Reordered()] * 4 + [Reordered(early=("d",)), Reordered()] == found


def test_conflict_counts_once_for_the_decision_however_many_culprits_it_has() -> None:
    counts: ConflictCounts[str] = ConflictCounts(first_letter)

    found = counts.count("d", [("a", ["b", "c", "e", "f", "g"])])

    assert Reordered() == found


def test_conflict_between_a_package_and_its_proxy_does_not_count() -> None:
    counts: ConflictCounts[str] = ConflictCounts(first_letter)

    found = counts.count("d", [("a", ["a-proxy"])] * 9)

    assert Reordered() == found


def test_a_branch_of_counts_goes_on_from_them_and_on_its_own() -> None:
    counts: ConflictCounts[str] = ConflictCounts(first_letter)
    for _ in range(4):
        counts.count("d", [("a", ["b"])])

    crossed = [each.count("d", [("a", ["b"])]) for each in (counts.branch(), counts)]

    assert [Reordered(early=("d",), late=("b",))] * 2 == crossed
