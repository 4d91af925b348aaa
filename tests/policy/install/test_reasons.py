import pytest
from packaging.version import Version

from keyrack.policy.install.reasons import inclusion
from keyrack.values.graph import Pin, Resolution
from keyrack.values.metadata import Metadata
from keyrack.values.names import package_name


def pin(name, *required_by):
    name, version = package_name(name), Version("1.0")
    return Pin(name, version, frozenset(), None, (), Metadata(name, version), required_by=required_by)


def why(name, *pins):
    return inclusion(next(one for one in pins if one.name == name), Resolution(pins))


def test_what_the_user_named_needs_no_reason():
    assert "" == why("a", pin("a", "", "b"), pin("b", "a"))


def test_a_dependency_is_explained_by_who_asked_for_it():
    assert "`b` (v1.0) was included because `a` (v1.0) depends on `b`" == why("b", pin("a", ""), pin("b", "a"))


def test_the_shortest_way_is_told():
    pins = (pin("a", ""), pin("b", "a"), pin("c", "b", "x"), pin("x", "b"))

    expected = "`c` (v1.0) was included because `a` (v1.0) depends on `b` (v1.0) which depends on `c`"
    assert expected == why("c", *pins)


@pytest.mark.parametrize("pins", [(pin("a"),), (pin("a", "b"), pin("b", "a")), (pin("a", "not-there"),)])
def test_what_nobody_asked_for_has_no_reason(pins):
    assert "" == why("a", *pins)
