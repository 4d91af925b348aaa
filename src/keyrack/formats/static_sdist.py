"""What a source distribution tells of itself without a build: PKG-INFO, else pyproject.toml (PEP 643, 621)."""

from __future__ import annotations

from collections.abc import Mapping

from packaging.version import InvalidVersion, Version

from keyrack.errors import InvalidText
from keyrack.formats.core_metadata import parse_metadata
from keyrack.formats.static_project import parse_static_project
from keyrack.values.metadata import Metadata

FILES = ("PKG-INFO", "pyproject.toml")
"""The files in the top folder that are read."""
_SINCE = Version("2.2")
_READ = frozenset({"requires-dist", "requires-python", "provides-extra"})


def static_metadata(files: Mapping[str, bytes]) -> Metadata | None:
    """Give what is certain before a build; None where only a build can tell.

    A file that cannot be read is passed over: the build may well write a better one.
    """
    for name, parse in (("PKG-INFO", _of_pkg_info), ("pyproject.toml", parse_static_project)):
        text = files.get(name)
        try:
            found = parse(text) if text is not None else None
        except InvalidText:
            found = None
        if found is not None:
            return found
    return None


def _of_pkg_info(text: bytes) -> Metadata | None:
    """Before version 2.2 every field of PKG-INFO may be changed by a build; since then only dynamic ones."""
    metadata = parse_metadata(text)
    try:
        is_promise = Version(metadata.metadata_version) >= _SINCE
    except InvalidVersion:
        return None
    return metadata if is_promise and not _READ & metadata.dynamic else None
