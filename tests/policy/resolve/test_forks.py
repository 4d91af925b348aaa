"""Forks: parts of all environments, and how they are parted further."""

import pytest
from packaging.specifiers import SpecifierSet

from keyrack.policy.markers.algebra import FALSE, TRUE, Bounds, python_bounds, text
from keyrack.policy.resolve.fork_python import wanted_bounds
from keyrack.policy.resolve.forks import Fork, first_forks, split_on_marker, split_on_python
from keyrack.values.conflicts import ConflictItem
from keyrack.values.names import extra_name, group_name, package_name
from tests.policy.resolve.forking import marker

PROJECT = package_name("project")
CPU = ConflictItem(PROJECT, extra_name("cpu"))
GPU = ConflictItem(PROJECT, extra_name("gpu"))
DEV = ConflictItem(PROJECT, group=group_name("dev"))
WHOLE = ConflictItem(PROJECT)
LINUX = "sys_platform == 'linux'"


def bounds(text):
    return python_bounds(SpecifierSet(text))


def test_the_first_fork_is_everything():
    assert (Fork(),) == first_forks((), ())
    assert Fork().is_everything


def test_a_fork_admits_what_holds_somewhere_in_it():
    fork = Fork(marker(LINUX))

    assert [True, True, False] == [
        fork.admits(marker(each)) for each in ("", "python_version < '3'", "sys_platform == 'win32'")
    ]


def test_a_narrowed_fork_is_where_both_hold():
    assert "python_full_version >= '3.10' and sys_platform == 'linux'" == text(
        Fork(marker(LINUX)).narrowed(marker("python_version >= '3.10'")).marker
    )


def test_a_fork_has_the_pythons_of_its_marker():
    assert bounds(">=3.10,<3.12") == Fork(marker("python_version >= '3.10' and python_version < '3.12'")).pythons


def test_an_item_that_is_out_is_not_admitted():
    assert [False, True] == [Fork(excluded=frozenset((CPU,))).admits_item(item) for item in (CPU, GPU)]


def test_without_a_project_its_extras_are_out_unless_one_is_asked_for_and_its_groups_are_not():
    fork = Fork(included=frozenset((CPU,)), excluded=frozenset((WHOLE,)))

    assert [True, False, True] == [fork.admits_item(item) for item in (CPU, GPU, DEV)]


def test_rules_that_contradict_one_another_leave_nothing():
    fork = Fork(included=frozenset((CPU,)))

    assert (None, Fork(included=frozenset((CPU,)), excluded=frozenset((GPU,)))) == (
        fork.ruled((), (CPU,)),
        fork.ruled((), (GPU,)),
    )


def test_items_stand_in_the_marker_as_extras():
    fork = Fork(marker(LINUX), frozenset((CPU,)), frozenset((DEV,)))

    assert "sys_platform == 'linux' and extra == 'extra-7-project-cpu' and extra != 'group-7-project-dev'" == text(
        fork.with_items
    )


def test_forks_begin_where_a_lock_says_items_included():
    forks = first_forks(
        (
            marker("sys_platform == 'linux' and extra == 'extra-7-project-cpu' and extra != 'extra-7-project-gpu'"),
            marker("extra != 'extra-7-project-cpu'"),
        ),
        (CPU, GPU),
    )

    assert (
        Fork(marker(LINUX), frozenset((CPU,)), frozenset((GPU,))),
        Fork(TRUE, frozenset(), frozenset((CPU,))),
    ) == forks


def test_an_item_of_which_a_lock_leaves_both_open_is_left_open():
    either = marker("extra == 'extra-7-project-cpu' or extra == 'extra-7-project-gpu'")

    assert (Fork(),) == first_forks((either,), (CPU, GPU))


@pytest.mark.parametrize(
    ("fork", "shown"),
    [
        (Fork(), ""),
        (Fork(marker(LINUX)), "split (markers: sys_platform == 'linux')"),
        (
            Fork(included=frozenset((CPU,)), excluded=frozenset((GPU, DEV, WHOLE))),
            ("split (included: project[cpu]; excluded: project, project[gpu], project[group:dev])"),
        ),
    ],
    ids=["everything", "marker", "items"],
)
def test_messages_tell_a_fork_by_its_marker_and_items(fork, shown):
    assert shown == str(fork)


def parts(fork, pythons, wanted):
    return [text(part.marker) for part in split_on_python(fork, bounds(pythons), wanted_bounds(wanted))]


def test_a_fork_is_parted_at_the_python_that_a_version_asks_for():
    assert [
        "python_full_version >= '3.9' and python_full_version < '3.11'",
        "python_full_version >= '3.11'",
    ] == parts(Fork(), ">=3.9", ">=3.11")


@pytest.mark.parametrize("wanted", [">=3.8", ">=3.9", "<3.12", ">=3.14", "!=3.10,>=4,<3"])
def test_a_fork_is_not_parted_where_the_bound_lies_outside(wanted):
    assert [] == parts(Fork(), ">=3.9,<3.14", wanted)


def test_a_part_in_which_the_fork_is_not_is_left_out():
    fork = Fork(marker("python_version >= '3.11'"))

    assert ["python_full_version >= '3.11'"] == parts(fork, ">=3.9", ">=3.11")


def test_a_fork_is_parted_by_a_marker_unless_one_side_is_empty():
    linux = marker(LINUX)

    found = split_on_marker(Fork(), linux)

    assert [LINUX, "sys_platform != 'linux'"] == [text(part.marker) for part in found]
    assert [None, None] == [split_on_marker(Fork(linux), linux), split_on_marker(Fork(linux), FALSE)]


def test_bounds_of_an_unreadable_text_are_none():
    assert Bounds() == wanted_bounds("what")
