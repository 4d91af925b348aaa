"""Entries of `dependency-metadata`."""

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.errors import InvalidText
from keyrack.formats.bad_key import BadKey
from keyrack.formats.settings_table import parse_table
from keyrack.values.metadata import Believed


def read(*entries):
    return parse_table({"dependency-metadata": list(entries)}, "/here", "uv.toml").dependency_metadata


def test_an_entry_says_what_core_metadata_says():
    (found,) = read(
        {
            "name": "Lib",
            "version": "1.0",
            "requires-dist": ["dep>1"],
            "requires-python": ">=3.8",
            "provides-extra": ["Fast"],
        }
    )

    assert ("lib", Version("1.0"), ["dep"], SpecifierSet(">=3.8"), ("fast",)) == (
        found.name,
        found.version,
        [one.name for one in found.requires],
        found.requires_python,
        found.extras,
    )


def test_an_entry_needs_only_a_name():
    assert (Believed("lib"),) == read({"name": "lib"})


@pytest.mark.parametrize("entry", [{"version": "1"}, {"name": "lib", "version": "x"}, {"name": "lib", "more": 1}])
def test_an_entry_that_says_something_else_is_refused(entry):
    with pytest.raises((BadKey, InvalidText)):
        read(entry)
