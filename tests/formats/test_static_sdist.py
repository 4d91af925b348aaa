"""What a source distribution tells without a build."""

import pytest
from packaging.version import Version

from keyrack.formats.static_sdist import static_metadata

PROJECT = b'[project]\nname = "a"\nversion = "2"\n'
DYNAMIC = b'[project]\nname = "a"\ndynamic = ["version"]\n'


def pkg_info(version, *fields):
    return "\n".join([f"Metadata-Version: {version}", "Name: a", "Version: 1", *fields]).encode()


@pytest.mark.parametrize(
    ("files", "version"),
    [
        ({"PKG-INFO": pkg_info("2.2")}, "1"),
        ({"PKG-INFO": pkg_info("2.10"), "pyproject.toml": PROJECT}, "1"),
        ({"PKG-INFO": pkg_info("2.2", "Dynamic: License"), "pyproject.toml": PROJECT}, "1"),
        ({"PKG-INFO": pkg_info("2.1"), "pyproject.toml": PROJECT}, "2"),
        ({"PKG-INFO": pkg_info("2.2", "Dynamic: Requires-Dist"), "pyproject.toml": PROJECT}, "2"),
        ({"PKG-INFO": pkg_info("2.2", "Dynamic: Provides-Extra"), "pyproject.toml": PROJECT}, "2"),
        ({"PKG-INFO": pkg_info("2.2", "Dynamic: Requires-Python"), "pyproject.toml": PROJECT}, "2"),
        ({"PKG-INFO": pkg_info("x"), "pyproject.toml": PROJECT}, "2"),
        ({"PKG-INFO": b"nothing", "pyproject.toml": PROJECT}, "2"),
        ({"pyproject.toml": PROJECT}, "2"),
    ],
)
def test_the_first_file_that_promises_is_taken(files, version):
    found = static_metadata(files)

    assert Version(version) == found.version


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"PKG-INFO": pkg_info("2.1")},
        {"PKG-INFO": pkg_info("2.1"), "pyproject.toml": DYNAMIC},
        {"PKG-INFO": pkg_info("2.1"), "pyproject.toml": b"broken ="},
    ],
)
def test_where_no_file_promises_only_a_build_can_tell(files):
    assert static_metadata(files) is None
