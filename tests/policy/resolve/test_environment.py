"""Whether a requirement applies, with an extra or without."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker

from keyrack.policy.markers import algebra
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


# As uv 0.13.9 judges them for CPython 3.12.1 on Linux.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('platform_machine ~= "x86"', True),
        ('"a" == "b"', True),
        ("os_name == sys_platform", True),
        ('python_version > "abc"', True),
        ('python_version >= "3.8.*"', True),
        ('python_version >= "3.8, <4"', True),
        ('extra in "tests"', True),
        ('python_version in "3.12 3.8"', True),
        ('python_version in "3.12.1"', False),
        ('python_version not in "3.12.1"', False),
        ('python_full_version in "3.12.1 3.12.2"', True),
        ('sys_platform >= "linux"', True),
        ('sys_platform > "a"', False),
        ('platform_release < "1"', True),
        ('platform_version >= "a"', False),
        ('sys_platform == "win32" and os_name ~= "x"', False),
    ],
)
def test_what_not_everybody_takes_for_the_same_is_taken_as_uv_does(text, expected):
    assert expected is applies(text)


@given(st.sampled_from(["3.8", "3.9.1", "3.12", "3.12.1", "3.13", "4", "3.12.0", "3.0"]), st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), st.sampled_from(["python_version", "python_full_version"]))  # fmt: skip
def test_plain_comparisons_mean_the_same_to_everybody(version, operator, name):
    marker = Marker(f'{name} {operator} "{version}"')

    assert algebra.holds(algebra.diagram(marker), HERE) is applies(str(marker))


@pytest.mark.parametrize(("python", "expected"), [("3.13.0rc1", True), ("3.12.9", False)])
def test_a_prerelease_of_python_is_taken_for_what_it_is_going_to_be(python, expected):
    environment = Environment({**HERE, "python_full_version": python})

    assert expected is environment.holds(Marker('python_full_version >= "3.13"'))


@pytest.mark.parametrize(("extra", "expected"), [("", False), ("tests", True), ("docs", False)])
def test_an_extra_beside_something_odd_still_adds_what_it_adds(extra, expected):
    assert expected is applies('extra == "tests" and sys_platform >= "linux"', extra)


def test_one_marker_is_evaluated_once():
    environment, marker = Environment(HERE), Marker('python_version > "3.8"')

    assert environment.holds(marker) is environment.holds(marker)
