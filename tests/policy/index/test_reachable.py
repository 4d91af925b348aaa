import pytest

from keyrack.formats.marker_text import parse_marker
from keyrack.policy.index.reachable import is_reachable
from keyrack.policy.markers.algebra import TRUE, diagram

LINUX = "sys_platform == 'linux'"
WINDOWS = "sys_platform == 'win32'"
MAC = "sys_platform == 'darwin'"
ARM = "platform_machine == 'aarch64'"
MANY = "manylinux_2_17_{}".format


@pytest.mark.parametrize(
    ("marker", "platforms", "expected"),
    [
        (LINUX, "any", True),
        (LINUX, MANY("x86_64"), True),
        (LINUX, "musllinux_1_1_aarch64", True),
        (LINUX, "linux_armv6l", True),
        (LINUX, "win32", False),
        (LINUX, "macosx_11_0_arm64", False),
        (LINUX, "android_21_x86_64", False),
        (LINUX, "macosx_10_9_universal2", False),
        (WINDOWS, "win_amd64", True),
        (WINDOWS, "win32", True),
        (WINDOWS, MANY("x86_64"), False),
        (MAC, "macosx_10_9_universal2", True),
        (MAC, "win_arm64", False),
        ("sys_platform == 'android'", "android_21_arm64_v8a", True),
        ("os_name == 'nt'", MANY("i686"), False),
        (ARM, MANY("aarch64"), True),
        (ARM, MANY("x86_64"), False),
        (ARM, MANY("s390x"), False),
        (ARM, "ios_13_0_arm64_iphoneos", True),
        (f"{WINDOWS} and platform_machine == 'ARM64'", "win_amd64", True),
        (f"{WINDOWS} and platform_machine == 'x86'", "win_amd64", False),
        ("platform_machine == 'armv8l'", MANY("armv7l"), True),
        (LINUX, "something_else", True),
    ],
)
def test_a_wheel_is_reachable_where_its_platform_can_be(marker, platforms, expected):
    assert expected is is_reachable(platforms.split("."), diagram(parse_marker(marker)))


def test_a_wheel_of_several_systems_is_asked_about_its_machine_alone():
    both = [MANY("x86_64"), "macosx_10_9_x86_64"]

    found = [is_reachable(both, diagram(parse_marker(marker))) for marker in (WINDOWS, ARM)]

    assert [True, False] == found


def test_a_wheel_of_several_machines_is_asked_about_its_system_alone():
    both = [MANY("x86_64"), MANY("aarch64")]

    found = [is_reachable(both, diagram(parse_marker(marker))) for marker in (WINDOWS, ARM)]

    assert [False, True] == found


def test_everywhere_every_wheel_is_reachable():
    assert is_reachable(["win32"], TRUE)
