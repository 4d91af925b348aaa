"""The chosen versions and who asked for whom."""

from packaging.version import Version

from keyrack.values.graph import Pin, Resolution
from keyrack.values.metadata import Metadata
from keyrack.values.names import package_name
from keyrack.values.requirement import FromIndex


def test_a_pin_comes_from_an_index_and_is_not_installed_unless_said_otherwise():
    name = package_name("lib")

    pin = Pin(name, Version("1"), frozenset(), None, (), Metadata(name, Version("1")))

    assert (FromIndex(), (), None, ()) == (pin.source, pin.required_by, pin.installed, pin.expected)


def test_a_resolution_has_no_warnings_unless_given():
    assert Resolution(()).warnings == ()
