"""Metadata must be that of the file it was read for."""

import pytest
from packaging.version import Version

from keyrack.errors import InvalidText
from keyrack.policy.index.metadata_fit import check_fit
from keyrack.values.metadata import Metadata


@pytest.mark.parametrize(
    ("filename", "name", "version"),
    [
        ("foo_bar-1.0-py3-none-any.whl", "foo-bar", "1"),
        ("foo_bar-1.0+cpu-py3-none-any.whl", "foo-bar", "1.0"),
        ("foo_bar-1.0+cpu-py3-none-any.whl", "foo-bar", "1.0+cpu"),
        ("foo-bar-1.0.tar.gz", "foo-bar", "1.0"),
    ],
)
def test_metadata_of_the_file_fits(filename, name, version):
    check_fit(filename, Metadata(name, Version(version)))


@pytest.mark.parametrize(
    ("filename", "name", "version", "cause"),
    [
        ("a-1-py3-none-any.whl", "b", "1", "Package metadata name `b` does not match given name `a`"),
        ("a-1-py3-none-any.whl", "a", "2", "Package metadata version `2` does not match given version `1`"),
        ("a-1-py3-none-any.whl", "a", "1+x", "Package metadata version `1+x` does not match given version `1`"),
        ("a-1.tar.gz", "a", "2", "Package metadata version `2` does not match given version `1`"),
    ],
)
def test_metadata_of_another_distribution_does_not(filename, name, version, cause):
    with pytest.raises(InvalidText) as raised:
        check_fit(filename, Metadata(name, Version(version)))

    assert (f"`{filename}` has inconsistent metadata", (cause,)) == (raised.value.message, raised.value.causes)


def test_an_sdist_of_another_project_does_not_fit():
    with pytest.raises(InvalidText):
        check_fit("a-1.tar.gz", Metadata("b", Version("1")))
