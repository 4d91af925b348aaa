import pytest

from keyrack.policy.markers.diagram import FALSE, TRUE
from keyrack.policy.markers.releases import compared, compared_minor, interval, release_point
from keyrack.policy.markers.variables import PYTHON
from keyrack.values.points import point


@pytest.mark.parametrize(("release", "written"), [((3, 0), "3"), ((0, 0), "0"), ((3, 10), "3.10"), ((3, 1, 0), "3.1")])
def test_a_release_has_no_trailing_zeros(release, written):
    assert written == release_point(release).text


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("<", (None, ("3.8", 0))),
        ("<=", (None, ("3.8", 1))),
        (">", (("3.8", 1), None)),
        (">=", (("3.8", 0), None)),
        ("==", (("3.8", 0), ("3.8", 1))),
        ("==*", (("3.8", 0), ("3.9", 0))),
        ("~=", (("3.8", 0), ("4", 0))),
    ],
)
def test_an_operator_means_an_interval(operator, expected):
    assert interval(operator, (3, 8)) == tuple(cut and (point(cut[0]), cut[1]) for cut in expected)


@pytest.mark.parametrize(
    ("operator", "text"), [(">=", "3.8.*"), ("<>", "3.8"), (">=", "x"), ("~=", "3"), (">", "3+a"), ("in", "3,4")]
)
def test_what_does_not_fit_together_is_no_comparison(operator, text):
    assert compared(PYTHON, operator, text) is None
    assert compared_minor(operator, text) is None


@pytest.mark.parametrize(
    ("operator", "text"),
    [("==", "3.9.1"), ("===", "3.9.1"), ("~=", "3.9.1"), ("!=", "3.9.1.*"), ("not in", "3.9.1"), ("<", "0")],
)
def test_a_version_of_two_numbers_is_never_one_of_three(operator, text):
    assert FALSE is compared_minor(operator, text)


@pytest.mark.parametrize(("operator", "text"), [("!=", "3.9.1"), (">=", "0"), ("not in", "")])
def test_a_version_of_two_numbers_always_differs_from_one_of_three(operator, text):
    assert TRUE is compared_minor(operator, text)


def test_versions_that_touch_are_one_interval():
    assert 2 == len(compared_minor("in", "3.9 3.8").cuts)
