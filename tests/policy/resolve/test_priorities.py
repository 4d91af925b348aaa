"""Which package to decide next."""

from keyrack.policy.resolve.packages import PYTHON, ROOT, Package
from keyrack.policy.resolve.priorities import Priorities
from keyrack.values.names import extra_name, package_name

A, B, C = (Package(package_name(name)) for name in "abc")
A_FAST = Package(A.name, extra_name("fast"))


def discovered(*packages, pinned=(), urls=()):
    priorities = Priorities()
    for package in packages:
        priorities.discover(package, is_url=package in urls, is_pinned=package in pinned)
    return priorities


def order(priorities, *packages):
    return sorted(packages, key=priorities.key)


def conflict(priorities, deciding, culprit, times=5):
    found = [priorities.conflicts(deciding, [(deciding, [culprit])]) for _ in range(times)]
    return found[-1]


def test_the_request_and_python_come_first():
    assert [ROOT, PYTHON, A] == order(discovered(A, urls=[A]), A, PYTHON, ROOT)


def test_packages_come_in_the_order_of_their_discovery():
    assert [B, A, C] == order(discovered(B, A, C), A, B, C)


def test_a_url_comes_before_a_pin_and_a_pin_before_the_rest():
    assert [C, B, A] == order(discovered(A, B, C, pinned=[B], urls=[C]), A, B, C)


def test_a_later_pin_makes_a_package_more_urgent():
    priorities = discovered(A, B)
    priorities.discover(B, is_url=False, is_pinned=True)

    assert [B, A] == order(priorities, A, B)


def test_a_later_mention_without_a_pin_changes_nothing():
    priorities = discovered(A, B, pinned=[B])
    priorities.discover(B, is_url=False, is_pinned=False)

    assert [B, A] == order(priorities, A, B)


def test_an_extra_goes_with_its_package():
    assert [A, A_FAST, B] == order(discovered(A, B, A_FAST), B, A_FAST, A)


def test_an_extra_becomes_as_urgent_as_its_package():
    priorities = discovered(B, A, A_FAST)
    priorities.discover(A, is_url=False, is_pinned=True)

    assert [A, A_FAST, B] == order(priorities, A, A_FAST, B)


def test_who_is_ruled_out_often_comes_early_and_who_rules_out_comes_late_but_before_the_rest():
    priorities = discovered(A, B, C)
    conflict(priorities, C, B)

    assert [C, B, A] == order(priorities, A, B, C)


def test_a_culprit_is_gone_back_on_once():
    priorities = discovered(A, B, C)

    assert ([], [B], []) == (
        conflict(priorities, C, B, times=4), conflict(priorities, C, B, times=1), conflict(priorities, C, B, times=1)
    )  # fmt: skip


def test_a_package_that_is_early_never_becomes_late():
    priorities = discovered(A, B, C)
    conflict(priorities, C, B)

    assert ([], [A, C, B]) == (conflict(priorities, A, C), order(priorities, C, B, A))


def test_a_package_and_its_own_extra_are_never_in_conflict():
    priorities = discovered(A, A_FAST, B)
    conflict(priorities, A, A_FAST)

    assert [A, A_FAST, B] == order(priorities, A, A_FAST, B)


def test_the_request_is_never_reordered():
    priorities = discovered(A, B)

    assert [] == conflict(priorities, B, ROOT)
