"""The platforms that `--python-platform` names."""

import pytest

from keyrack.errors import InvalidText
from keyrack.policy.index.tags import platform_tags
from keyrack.policy.index.targets import TARGETS, target_platform


@pytest.mark.parametrize("name", TARGETS)
def test_every_named_platform_has_tags_and_whole_markers(name):
    target = target_platform(name)

    assert target.newest in platform_tags(target.newest)
    assert {"os_name", "sys_platform", "platform_system", "platform_machine", "platform_release"} < set(target.markers)


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("manylinux2014_x86_64", "x86_64-manylinux2014"),
        ("manylinux_2_28_aarch64", "aarch64-manylinux_2_28"),
    ],
)
def test_a_platform_may_be_named_by_its_tag(alias, name):
    assert target_platform(name) == target_platform(alias)


def test_manylinux2014_is_glibc_2_17():
    assert target_platform("x86_64-manylinux2014").newest == "manylinux_2_17_x86_64"


@pytest.mark.parametrize("name", ["beos", "manylinux_2_99_x86_64", "manylinux"])
def test_an_unknown_platform_is_refused_with_the_known_ones(name):
    with pytest.raises(InvalidText, match=f"invalid value '{name}'") as caught:
        target_platform(name)

    assert caught.value.causes[0].startswith("possible values: windows, linux, macos, ")
