"""What the user says of packages."""

import pytest
from packaging.version import Version

from keyrack.policy.resolve.believed import believed_metadata
from keyrack.values.metadata import Believed
from keyrack.values.names import package_name
from tests.policy.resolve.asking import parsed

LIB = package_name("lib")
ALL = Believed(LIB, None, parsed("all"))
ONE = Believed(LIB, Version("1"), parsed("one"))
TWO = Believed(LIB, Version("2"), parsed("two"))
OTHER = Believed(package_name("other"), None, parsed("other"))


@pytest.mark.parametrize(
    ("given", "version", "expected"),
    [
        ((ALL, ONE), "1", ("1", "one")),
        ((ALL, ONE), "3", ("3", "all")),
        ((ONE,), "3", None),
        ((OTHER,), "1", None),
        ((ONE,), None, ("1", "one")),
        ((ONE, TWO), None, None),
        ((ALL,), None, None),
        ((), "1", None),
    ],
)
def test_what_is_said_of_just_that_version_comes_first(given, version, expected):
    found = believed_metadata(given, LIB, None if version is None else Version(version))

    assert expected == (found and (str(found.version), found.requires[0].name))
