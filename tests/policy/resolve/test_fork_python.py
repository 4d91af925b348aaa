"""The Pythons of a fork."""

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.policy.markers.algebra import Bounds, python_bounds, text
from keyrack.policy.resolve.fork_python import PythonRange, wanted_bounds
from keyrack.policy.resolve.python import PythonFrom


def pythons(text):
    return PythonRange(python_bounds(SpecifierSet(text)), Version("3.12.1"))


@pytest.mark.parametrize(
    ("range_", "asked", "meets"),
    [
        (">=3.9", None, True),
        (">=3.9", ">=3.8", True),
        (">=3.9", ">=3.9", True),
        (">=3.9", ">3.9", False),
        (">=3.9", ">=3.10", False),
        (">=3.9", "<3", True),
        ("<3.12", ">=3.8", False),
        ("<3.12", "<4", True),
        (">=3.9", "what", True),
    ],
)
def test_only_lower_bounds_count(range_, asked, meets):
    assert meets == pythons(range_).meets(asked)


def test_a_marker_raises_the_range_where_it_begins_later():
    range_ = pythons(">=3.9")

    assert [True, False, False] == [
        range_.is_raised_by(python_bounds(SpecifierSet(each))) for each in (">=3.10", ">=3.8", "<3.8")
    ]
    assert pythons("<4").is_raised_by(python_bounds(SpecifierSet(">=3")))


def test_a_narrowed_range_still_tells_of_the_whole():
    whole = PythonRange(python_bounds(SpecifierSet(">=3.9,<4")), Version("3.12.1"), PythonFrom.INTERPRETER)

    part = whole.narrowed(python_bounds(SpecifierSet(">=3.10")))

    assert (">=3.9, <4", whole.bounds, PythonFrom.INTERPRETER) == (part.wanted, part.whole, part.said_by)
    assert (">=3.10,<4", "python_full_version >= '3.10' and python_full_version < '4'") == (
        str(part.bounds),
        text(part.marker),
    )


def test_a_range_that_lies_within_stays_itself():
    range_ = pythons(">=3.9")

    assert range_ is range_.narrowed(Bounds())


@pytest.mark.parametrize(
    ("asked", "bounds"),
    [(">=3.9,<4", ">=3.9,<4"), (">3.9", ">3.9"), ("<=3.12", "<=3.12"), ("==3.10.*", ">=3.10,<3.11"), ("", "")],
)
def test_bounds_are_read_from_a_text(asked, bounds):
    assert bounds == str(wanted_bounds(asked))
