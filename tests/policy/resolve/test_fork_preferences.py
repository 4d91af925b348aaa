"""Versions to keep, in the order in which a fork tries them."""

from keyrack.policy.resolve.fork_preferences import ForkPreferences, Preferred, UniversalPreference
from keyrack.policy.resolve.forks import Fork
from keyrack.policy.resolve.question import PreferenceSource
from keyrack.values.names import package_name
from keyrack.values.points import point
from tests.policy.resolve.forking import marker

LIB = package_name("lib")
LINUX, WINDOWS = marker("sys_platform == 'linux'"), marker("sys_platform == 'win32'")


def ordered(*preferences, fork=LINUX, highest=True):
    found = ForkPreferences(Preferred({LIB: preferences}), Fork(fork), highest=lambda _: highest)
    return [str(one.version) for one in found.get(LIB, ())]


def preference(version, where=LINUX, **words):
    return UniversalPreference(point(version), marker=where, **words)


def test_those_of_the_own_environments_come_first():
    assert ["1", "2"] == ordered(preference("2", WINDOWS), preference("1"))


def test_else_the_highest_comes_first():
    assert ["3", "2", "1"] == ordered(*map(preference, "132"))


def test_or_the_lowest_where_that_is_wanted():
    assert ["1", "2", "3"] == ordered(*map(preference, "132"), highest=False)


def test_what_an_earlier_fork_chose_is_preferred_after_it_was_added():
    preferred = Preferred({})
    found = ForkPreferences(preferred, Fork(LINUX), highest=lambda _: True)

    preferred.add(LIB, preference("1", source=PreferenceSource.FORK))

    assert [PreferenceSource.FORK] == [one.source for one in found[LIB]]
    assert ([LIB], 1) == (list(found), len(found))
