import pytest
from packaging.specifiers import SpecifierSet

from keyrack.policy.markers.diagram import FALSE, TRUE
from keyrack.policy.markers.pythons import (
    Bounds,
    beyond_python,
    python_bounds,
    python_diagram,
    python_range,
    within_python,
)
from keyrack.policy.markers.reading import read
from keyrack.policy.markers.wording import text
from keyrack.values.points import point


@pytest.mark.parametrize(
    ("specifiers", "bounds"),
    [
        ("", ""),
        (">=3.9", ">=3.9"),
        (">3.9.2,<=3.12", ">3.9.2,<=3.12"),
        ("==3.11.*", ">=3.11,<3.12"),
        ("~=3.9", ">=3.9,<4"),
        (">=3.8,!=3.8.*", ">=3.9"),
        (">=3.8,!=3.10.*,<4", ">=3.8,<4"),
        (">=3.9,<3.8", ""),
        (">=3.13.0a1", ">=3.13"),
        ("===odd", ""),
    ],
    ids=str,
)
def test_specifiers_have_outer_bounds(specifiers, bounds):
    assert bounds == str(python_bounds(SpecifierSet(specifiers)))


@pytest.mark.parametrize(
    ("marker", "bounds"),
    [
        ("python_version == '3.8'", ">=3.8,<3.9"),
        ("python_full_version > '3.8' and python_full_version <= '3.9'", ">3.8,<=3.9"),
        ("python_version < '3.9' and sys_platform == 'linux'", "<3.9"),
        ("python_version < '3.9' or sys_platform == 'linux'", ""),
        ("python_version < '3.9' or (sys_platform == 'linux' and python_version < '3.11')", "<3.11"),
        ("implementation_version > '3' and python_version >= '3.9'", ">=3.9"),
        ("python_version >= '3.9' and extra == 'a'", ">=3.9"),
        ("extra == 'a'", ""),
        ("python_version != '3.9'", ""),
        ("python_version == '3.8' or python_version == '3.10'", ">=3.8,<3.11"),
    ],
    ids=str,
)
def test_a_marker_has_outer_bounds(marker, bounds):
    assert bounds == str(python_range(read(marker)))


@pytest.mark.parametrize("end", [TRUE, FALSE], ids=["always", "never"])
def test_what_does_not_ask_has_no_bounds(end):
    assert python_range(end).is_full


@pytest.mark.parametrize(
    ("marker", "specifiers", "inside"),
    [
        ("python_version >= '3.9' and python_version < '3.12'", ">=3.9", "python_full_version < '3.12'"),
        ("python_version >= '3.8'", ">=3.9", ""),
        ("python_version < '3.8'", ">=3.9", "python_version < '0'"),
        ("python_version == '3.12'", ">=3.9,<3.13", "python_full_version >= '3.12'"),
        ("python_version < '3.8' or sys_platform == 'linux'", ">=3.9", "sys_platform == 'linux'"),
        ("python_version == '3.10'", "<3.11", "python_full_version >= '3.10'"),
        ("python_full_version <= '3.10'", ">3.10", "python_version < '0'"),
        ("python_full_version >= '3.10'", ">3.10", ""),
        ("sys_platform == 'linux'", "", "sys_platform == 'linux'"),
    ],
    ids=str,
)
def test_what_goes_without_saying_is_left_out(marker, specifiers, inside):
    assert inside == text(within_python(read(marker), SpecifierSet(specifiers)))


def test_within_no_python_nothing_holds():
    nothing = Bounds((point("3.9"), 0), (point("3.9"), 0))

    assert nothing.is_empty
    assert FALSE is within_python(read("sys_platform == 'linux'"), nothing)
    assert TRUE is within_python(TRUE, nothing)
    assert FALSE is python_diagram(nothing)


def test_beyond_a_range_the_range_is_said():
    assert "python_full_version >= '3.9' and sys_platform == 'linux'" == text(
        beyond_python(read("sys_platform == 'linux'"), SpecifierSet(">=3.9"))
    )


def test_a_diagram_of_specifiers_knows_their_holes():
    assert read("python_version >= '3.8' and python_version != '3.10'") is python_diagram(
        SpecifierSet(">=3.8,!=3.10.*")
    )


def test_bounds_meet_in_the_middle():
    met = python_bounds(SpecifierSet(">=3.8,<3.12")).meet(python_bounds(SpecifierSet(">3.9")))

    assert ">3.9,<3.12" == str(met)
    assert "" == str(Bounds().meet(Bounds()))


@pytest.mark.parametrize(("release", "inside"), [("3.8", False), ("3.9", True), ("3.11.9", True), ("3.12", False)])
def test_bounds_contain_what_lies_between(release, inside):
    assert inside == python_bounds(SpecifierSet(">=3.9,<3.12")).contains(point(release))
