"""Which environments the files of a version serve."""

import pytest

from keyrack.policy.index.choose import FileRules
from keyrack.policy.index.coverage import coverage, usable_wheels, wheel_coverage
from keyrack.policy.index.listing import Listing
from keyrack.policy.index.python_tags import PythonTags
from keyrack.policy.markers.algebra import FALSE, TRUE, Bounds, text
from keyrack.policy.resolve.catalogue import FoundPages
from keyrack.values.names import package_name
from keyrack.values.points import point
from lab.catalogue import MemoryCatalogue
from lab.sdists import sdist
from lab.wheels import wheel

RELEASES = [
    ("macosx_10_9_x86_64", "platform_machine == 'x86_64' and platform_release >= '13' and sys_platform == 'darwin'"),
    ("macosx_11_0_arm64", "platform_machine == 'arm64' and platform_release >= '20' and sys_platform == 'darwin'"),
    ("macosx_15_0_arm64", "platform_machine == 'arm64' and platform_release >= '24' and sys_platform == 'darwin'"),
    ("macosx_26_0_arm64", "platform_machine == 'arm64' and platform_release >= '25' and sys_platform == 'darwin'"),
    ("macosx_27_0_arm64", "platform_machine == 'arm64' and platform_release >= '27' and sys_platform == 'darwin'"),
    (
        "macosx_10_9_universal2",
        "(platform_machine == 'arm64' and platform_release >= '20' and sys_platform == 'darwin')"
        " or (platform_machine == 'x86_64' and platform_release >= '13' and sys_platform == 'darwin')",
    ),
    ("win_amd64", "platform_machine == 'AMD64' and sys_platform == 'win32'"),
    ("manylinux2014_aarch64", "platform_machine == 'aarch64' and sys_platform == 'linux'"),
    ("musllinux_1_2_x86_64", "platform_machine == 'x86_64' and sys_platform == 'linux'"),
    ("android_21_arm64_v8a", "platform_machine == 'aarch64' and sys_platform == 'android'"),
    ("any", ""),
]


@pytest.mark.parametrize(("platform", "marker"), RELEASES)
def test_a_platform_tag_says_which_systems_and_machines(platform, marker):
    assert marker == text(wheel_coverage(f"lib-1.0-none-none-{platform}.whl"))


@pytest.mark.parametrize("platform", ["macosx_11_3_arm64", "macosx_16_0_arm64", "freebsd_13_x86_64"])
def test_what_no_marker_can_tell_serves_nobody(platform):
    assert FALSE is wheel_coverage(f"lib-1.0-py3-none-{platform}.whl")


@pytest.mark.parametrize(
    ("python", "abi", "marker"),
    [
        ("py3", "none", "python_full_version >= '3' and python_full_version < '4'"),
        ("py310", "none", "python_full_version == '3.10.*'"),
        ("cp310", "cp310", "python_full_version == '3.10.*' and platform_python_implementation == 'CPython'"),
        ("cp39", "abi3", "python_full_version >= '3.9' and platform_python_implementation == 'CPython'"),
        ("pp310", "pypy310_pp73", "python_full_version == '3.10.*' and platform_python_implementation == 'PyPy'"),
        ("py311.py312", "none", "python_full_version >= '3.11' and python_full_version < '3.13'"),
        ("none", "none", ""),
        ("unheard", "none", "python_version < '0'"),
    ],
)
def test_a_python_tag_says_which_pythons(python, abi, marker):
    assert marker == text(wheel_coverage(f"lib-1.0-{python}-{abi}-any.whl"))


def usable(*artifacts, **rules):
    name = package_name("lib")
    found: FoundPages = MemoryCatalogue(artifacts).pages(name)
    file_rules = FileRules(PythonTags(Bounds()), **rules)
    listing = Listing(name, found.pages, file_rules)
    return usable_wheels(name, point("1.0"), listing.choice(point("1.0")), file_rules)


def test_wheels_that_some_python_can_use_count():
    wheels = [wheel("lib", "1.0", tags=tags) for tags in ("py3-none-any", "cp27-cp27m-any")]

    assert ("lib-1.0-py3-none-any.whl",) == usable(*wheels)


def test_a_source_distribution_serves_everybody():
    assert usable(wheel("lib", "1.0"), sdist("lib", "1.0")) is None


def test_yanked_wheels_do_not_count():
    assert () == usable(wheel("lib", "1.0", yanked="why"))


@pytest.mark.parametrize(
    ("wheels", "marker"),
    [
        (None, ""),
        ((), "python_version < '0'"),
        (("lib-1-none-none-win32.whl", "lib-1-none-none-linux_i686.whl"), None),
    ],
)
def test_coverage_is_that_of_all_wheels(wheels, marker):
    expected = marker or (
        ""
        if wheels is None
        else "(platform_machine == 'i686' and sys_platform == 'linux') or (platform_machine == 'x86' and sys_platform == 'win32')"
    )

    assert expected == text(coverage(wheels))


def test_everything_is_covered_by_a_wheel_for_everything():
    assert TRUE is coverage(("lib-1-none-none-any.whl",))
