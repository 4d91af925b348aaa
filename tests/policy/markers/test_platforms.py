import pytest

from keyrack.policy.markers.diagram import FALSE, TRUE
from keyrack.policy.markers.platforms import both, canonical, either
from keyrack.policy.markers.reading import read


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("os_name == 'posix'", "sys_platform == 'win32'"),
        ("os_name == 'nt'", "sys_platform == 'linux'"),
        ("os_name == 'nt'", "platform_system == 'Darwin'"),
        ("platform_system == 'FreeBSD'", "sys_platform == 'linux'"),
        ("platform_system == 'iOS'", "sys_platform == 'wasi'"),
    ],
    ids=str,
)
def test_names_that_never_come_together_are_disjoint(first, second):
    assert FALSE is both(read(first), read(second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("os_name == 'posix'", "sys_platform == 'cygwin'"),
        ("platform_system == 'iPadOS'", "sys_platform == 'ios'"),
        ("platform_system == 'Java'", "sys_platform == 'linux'"),
        ("os_name == 'posix'", "platform_system == 'FreeBSD'"),
    ],
    ids=str,
)
def test_names_that_may_come_together_are_not(first, second):
    assert FALSE is not both(read(first), read(second))


def test_one_of_two_that_never_come_together_is_always_absent():
    assert TRUE is either(read("os_name != 'nt'"), read("sys_platform != 'linux'"))


def test_markers_that_differ_where_no_platform_is_are_the_same():
    windows = read("sys_platform == 'win32' and extra == 'a'")

    assert windows is read("sys_platform == 'win32' and os_name != 'posix' and extra == 'a'")
    assert windows is canonical(windows)


def test_a_system_between_two_names_is_told_apart():
    here = read(
        "(platform_system == 'FreeBSD' and os_name == 'posix') or (sys_platform == 'linux' and os_name == 'java')"
    )

    assert here is read(
        "(platform_system == 'FreeBSD' and os_name == 'posix' and sys_platform != 'linux')"
        " or (sys_platform == 'linux' and platform_system != 'FreeBSD' and os_name == 'java')"
    )
