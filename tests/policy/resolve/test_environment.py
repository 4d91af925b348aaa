"""Whether a requirement applies, with an extra or without."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker

from keyrack.policy.resolve.environment import Environment
from keyrack.values.names import extra_name
from lab.pythons import a_python

HERE = a_python("3.12.1").markers
TESTS, DOCS = extra_name("tests"), extra_name("docs")
TERMS = ['extra == "tests"', 'extra == "docs"', 'python_version > "3.8"', 'python_version < "3.8"', '"tests" == extra']


def applies(text, extra=""):
    return Environment(HERE).applies(Marker(text), extra_name(extra) if extra else extra)


def test_a_requirement_without_marker_is_one_of_the_package_itself():
    environment = Environment(HERE)

    assert (True, False) == (environment.applies(None), environment.applies(None, TESTS))


@pytest.mark.parametrize(("text", "expected"), [('python_version > "3.8"', True), ('sys_platform == "win32"', False)])
def test_a_marker_is_evaluated_for_the_environment(text, expected):
    assert expected is applies(text)


def test_what_the_package_requires_anyway_is_not_added_by_an_extra():
    assert not applies('python_version > "3.8"', "tests")


@pytest.mark.parametrize(
    ("text", "extra", "expected"),
    [
        ('extra == "tests"', "", False),
        ('extra == "tests"', "tests", True),
        ('extra == "tests"', "docs", False),
        ("extra == 'Tests' and python_version > '3.8'", "tests", True),
        ("extra == 'tests' and python_version < '3.8'", "tests", False),
        ('"tests" == extra', "tests", True),
        ('extra == "tests" or extra == "docs"', "docs", True),
        ('extra == "tests" or python_version > "3.8"', "", True),
        ('extra == "tests" or python_version > "3.8"', "tests", False),
        ('extra != "tests"', "", True),
        ('(extra == "tests" or extra == "docs") and python_version > "3.8"', "tests", True),
    ],
)
def test_an_extra_adds_what_would_not_be_required_without_it(text, extra, expected):
    assert expected is applies(text, extra)


@given(st.recursive(st.sampled_from(TERMS), lambda inner: st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
    lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"), max_leaves=4), st.sampled_from(["", "tests", "docs"]))  # fmt: skip
def test_the_short_way_agrees_with_evaluating_twice(text, extra):
    plainly = Marker(text).evaluate({**HERE, "extra": ""})
    expected = Marker(text).evaluate({**HERE, "extra": extra}) and not plainly if extra else plainly

    assert expected == applies(text, extra)


@pytest.mark.parametrize(("text", "expected"), [('python_version > "3.8"', True), ('extra == "tests"', False)])
def test_a_marker_holds_without_any_extra(text, expected):
    assert expected is Environment(HERE).holds(Marker(text))


def test_no_marker_always_holds():
    assert Environment(HERE).holds(None)


@pytest.mark.parametrize(
    ("text", "extra"),
    [
        ('extra == "tests"', "tests"),
        ('python_version > "3.8" and extra == "Tests"', "tests"),
        ('extra == "tests" or extra == "docs"', ""),
        ('python_version > "3.8"', ""),
    ],
)
def test_the_one_extra_that_a_marker_needs_is_read_off_it(text, extra):
    assert extra == Environment(HERE).extra_of(Marker(text))


def test_no_marker_needs_no_extra():
    assert Environment(HERE).extra_of(None) == ""


def test_a_comparison_that_has_no_meaning_never_holds():
    assert not applies('platform_machine ~= "x86"')


def test_one_marker_is_evaluated_once():
    environment, marker = Environment(HERE), Marker('python_version > "3.8"')

    assert environment.holds(marker) is environment.holds(marker)
