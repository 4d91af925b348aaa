import pytest

from keyrack.policy.markers.assuming import extras_in, given, only_extras, with_extras, without_extras
from keyrack.policy.markers.diagram import FALSE, TRUE
from keyrack.policy.markers.reading import read
from keyrack.policy.markers.wording import text


def test_without_extras_the_rest_stays():
    here = read("(sys_platform == 'linux' and extra == 'a') or (os_name == 'java' and extra != 'b')")

    assert "os_name == 'java' or sys_platform == 'linux'" == text(without_extras(here))


def test_only_extras_leaves_the_environment_out():
    here = read("(sys_platform == 'linux' and extra == 'a') or (os_name == 'java' and extra == 'b')")

    assert "extra == 'a' or extra == 'b'" == text(only_extras(here))


def test_an_extra_that_is_asked_for_needs_no_words():
    here = read("sys_platform == 'linux' and extra == 'a' and extra == 'b'")

    assert "sys_platform == 'linux' and extra == 'b'" == text(with_extras(here, frozenset("a")))
    assert FALSE is with_extras(here, frozenset("a"), asked=False)
    assert here is with_extras(here, frozenset())


def test_the_extras_of_a_marker_are_found():
    assert frozenset("ab") == extras_in(read("extra == 'a' or (extra != 'b' and os_name == 'nt')"))


@pytest.mark.parametrize(
    ("marker", "assumption", "simpler"),
    [
        (
            "sys_platform == 'linux' and python_version < '3.11'",
            "sys_platform == 'linux'",
            "python_full_version < '3.11'",
        ),
        ("python_version < '3.11'", "sys_platform == 'linux'", "python_full_version < '3.11'"),
        ("sys_platform == 'linux'", "sys_platform == 'linux'", ""),
        ("sys_platform == 'linux'", "sys_platform != 'linux'", "python_version < '0'"),
        ("sys_platform == 'linux'", "python_version < '0'", "python_version < '0'"),
        ("sys_platform == 'linux'", "extra == 'a' or extra != 'a'", "sys_platform == 'linux'"),
        (
            "extra == 'a' and python_version < '3.11'",
            "(sys_platform == 'linux' and extra == 'a') or (sys_platform == 'zos' and extra == 'b' and extra == 'a')",
            "python_full_version < '3.11'",
        ),
    ],
    ids=str,
)
def test_what_follows_from_the_assumption_is_left_out(marker, assumption, simpler):
    assert simpler == text(given(read(marker), read(assumption)))


@pytest.mark.parametrize("end", [TRUE, FALSE], ids=["always", "never"])
def test_an_end_stays_what_it_is(end):
    assert end is given(end, read("sys_platform == 'linux'"))
