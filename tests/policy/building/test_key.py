import msgspec
import pytest
from packaging.specifiers import SpecifierSet

from keyrack.policy.building.key import build_key
from keyrack.values.building import Building, ExtraRequirement
from keyrack.values.interpreter import Interpreter, Paths
from keyrack.values.names import package_name
from keyrack.values.requirement import FromIndex, Requirement
from keyrack.values.source_tree import SourceTree

NAME = package_name("a")
TREE = SourceTree("/tree", "a==1", FromIndex(), "sha256:00", name=NAME)
PYTHON = Interpreter(
    "/v/bin/python",
    "/v",
    "/usr",
    "/usr/bin/python",
    "3.11.7",
    "cpython",
    {},
    (),
    Paths("", "", "", "", ""),
    is_virtual=True,
    platform="manylinux_2_36_x86_64",
)
LIB = Requirement(package_name("lib"), specifier=SpecifierSet("<2"))


def test_a_tree_without_a_key_is_built_anew():
    tree = msgspec.structs.replace(TREE, key="")

    assert "" == build_key(tree, NAME, Building(), PYTHON)


@pytest.mark.parametrize(
    ("tree", "building", "python"),
    [
        ({"key": "sha256:01"}, {}, {}),
        ({"editable": True}, {}, {}),
        ({}, {"config_settings": (("k", "v"),)}, {}),
        ({}, {"config_settings_package": ((NAME, (("k", "v"),)),)}, {}),
        ({}, {"extra_requirements": ((NAME, (ExtraRequirement(LIB),)),)}, {}),
        ({}, {"extra_variables": ((NAME, (("K", "v"),)),)}, {}),
        ({}, {"constraints": (LIB,)}, {}),
        ({}, {"in_place": True}, {}),
        ({}, {}, {"version": "3.12.1"}),
        ({}, {}, {"platform": "musllinux_1_2_x86_64"}),
    ],
    ids=[
        "contents",
        "editable",
        "settings",
        "settings of it",
        "extra",
        "variables",
        "constraints",
        "in place",
        "python",
        "platform",
    ],
)
def test_whatever_may_change_the_wheel_changes_its_key(tree, building, python):
    other = build_key(
        msgspec.structs.replace(TREE, **tree), NAME, Building(**building), msgspec.structs.replace(PYTHON, **python)
    )

    assert build_key(TREE, NAME, Building(), PYTHON) != other


def test_what_is_said_of_other_packages_changes_nothing():
    building = Building(config_settings_package=((package_name("other"), (("k", "v"),)),))

    assert build_key(TREE, NAME, Building(), PYTHON) == build_key(TREE, NAME, building, PYTHON)
