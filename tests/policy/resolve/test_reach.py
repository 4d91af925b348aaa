import pytest

from keyrack.policy.markers.algebra import text
from keyrack.policy.resolve.environment import Environment
from keyrack.policy.resolve.reach import reached, used_markers
from keyrack.policy.resolve.requirements import Requirements
from tests.policy.resolve.asking import PYTHON, graph, parsed, question, stock

LINUX = "sys_platform == 'linux'"
POSIX = "os_name == 'posix'"
HERE = {"sys_platform": "linux", "os_name": "posix"}


def markers(packages, *direct):
    """Give where each part is needed, as text."""
    found = graph(question(*direct), stock(packages))
    where = reached(parsed(*direct), found, Requirements(Environment({**PYTHON.markers, **HERE})))
    return {f"{name}[{extra}]" if extra else name: text(marker) for (name, extra), marker in where.items() if name}


def test_what_is_asked_for_without_a_marker_is_needed_everywhere():
    assert {"a": "", "b": ""} == markers({"a 1.0": ["b"], "b 1.0": []}, "a")


def test_markers_on_the_way_are_joined():
    found = markers({"a 1.0": [f"b; {POSIX}"], "b 1.0": []}, f"a; {LINUX}")

    assert {"a": LINUX, "b": f"{POSIX} and {LINUX}"} == found


def test_of_two_ways_either_will_do():
    found = markers({"a 1.0": ["b"], "b 1.0": []}, f"a; {LINUX}", "b")

    assert {"a": LINUX, "b": ""} == found


def test_a_circle_ends():
    assert {"a": LINUX, "b": LINUX} == markers({"a 1.0": ["b"], "b 1.0": ["a"]}, f"a; {LINUX}")


def test_an_extra_has_a_marker_of_its_own():
    packages = {"a 1.0": {"extras": {"x": [f"b; {POSIX}"]}}, "b 1.0": []}

    assert {"a": "", "a[x]": LINUX, "b": f"{POSIX} and {LINUX}"} == markers(packages, "a", f"a[x]; {LINUX}")


def test_an_extra_of_extras_is_followed():
    packages = {"a 1.0": {"extras": {"all": ["a[x]"], "x": [f"b; {POSIX}"]}}, "b 1.0": []}

    assert POSIX == markers(packages, "a[all]")["b"]


def test_what_was_left_out_is_reached_by_no_way():
    found = graph(question("a", excludes=frozenset(["b"])), stock({"a 1.0": ["b"], "b 1.0": []}))

    where = reached(parsed("a"), found, Requirements(Environment(PYTHON.markers)))

    assert {"", "a"} == {name for name, _ in where}


@pytest.mark.parametrize(
    ("requires", "expected"),
    [
        (["b"], ""),
        ([f"b; {LINUX}"], LINUX),
        (["b; python_version >= '3.8'", f"b; {LINUX}"], f"python_full_version == '3.12.1' and {LINUX}"),
        (["b; extra == 'x'"], ""),
    ],
    ids=["nothing", "a platform", "a Python", "an extra"],
)
def test_the_markers_that_count_are_told_with_their_values(requires, expected):
    found = graph(question("a"), stock({"a 1.0": requires, "b 1.0": []}))

    assert expected == used_markers(parsed("a"), found, {**PYTHON.markers, **HERE})
