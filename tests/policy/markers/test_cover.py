import pytest

from keyrack.errors import InvalidText
from keyrack.policy.markers.cover import DONE, cover
from keyrack.policy.markers.diagram import FALSE, TRUE
from keyrack.policy.markers.joining import join, meet
from keyrack.policy.markers.reading import read


def said(one):
    """The diagram that a cover says."""
    if one is DONE:
        return TRUE
    found = FALSE
    for condition, rest in one.branches:
        found = join(found, meet(condition, said(rest)))
    return found


@pytest.mark.parametrize(
    "marker",
    [
        "extra == 'a'",
        "sys_platform != 'linux' and sys_platform != 'win32'",
        "(python_version < '3.8' and extra == 'a') or python_version >= '3.10' or sys_platform == 'linux'",
        "(extra == 'a' and extra == 'b') or (extra == 'b' and extra == 'c') or (extra == 'a' and extra != 'c')",
    ],
)
def test_a_cover_says_what_the_diagram_says(marker):
    here = read(marker)

    assert here is said(cover(here))


def test_what_holds_whatever_the_answer_is_said_once():
    found = cover(read("sys_platform == 'linux' or extra == 'a'"))

    assert [read("sys_platform == 'linux'"), TRUE] == [condition for condition, _ in found.branches]


def test_a_diagram_of_thousands_of_nodes_is_not_covered():
    with pytest.raises(InvalidText, match="too complex to be written"):
        cover(read(" or ".join(f"extra == 'a{i}'" for i in range(2001))))
