"""Metadata as a value."""

from packaging.version import Version

from keyrack.values.metadata import Metadata


def test_metadata_asks_for_nothing_unless_it_says_so():
    found = Metadata("a", Version("1"))

    assert ((), None, (), frozenset()) == (found.requires, found.requires_python, found.extras, found.dynamic)


def test_metadata_is_equal_by_content():
    assert Metadata("a", Version("1.0")) == Metadata("a", Version("1"))
