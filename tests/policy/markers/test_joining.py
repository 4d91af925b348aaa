import pytest

from keyrack.errors import InvalidText
from keyrack.policy.markers.diagram import FALSE, TRUE, switch
from keyrack.policy.markers.joining import any_of, join, meet
from keyrack.policy.markers.reading import read
from keyrack.policy.markers.variables import extra
from tests.policy.markers.worlds import explosive


def test_ends_are_joined_at_once():
    here = switch(extra("a"))

    assert (here, here, FALSE, FALSE) == (meet(here, TRUE), meet(TRUE, here), meet(here, FALSE), meet(FALSE, here))
    assert (TRUE, here) == (join(here, TRUE), join(FALSE, here))


def test_cuts_of_both_lines_come_in_order():
    joined = join(read("sys_platform == 'b'"), join(read("sys_platform == 'a'"), read("sys_platform == 'c'")))

    assert ["a", "a", "b", "b", "c", "c"] == [value for value, _ in joined.cuts]


def test_any_of_none_never_holds():
    assert FALSE is any_of(())


def test_a_walk_over_too_many_pairs_is_given_up():
    first, second = read(explosive("a", "c")), read(explosive("b", "d"))

    with pytest.raises(InvalidText, match="too complex to be joined"):
        meet(first, second)
