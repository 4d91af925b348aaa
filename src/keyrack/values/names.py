"""Names of packages, extras and indexes, in the one form in which they are compared (PEP 503, PEP 685)."""

from __future__ import annotations

from functools import lru_cache
from typing import NewType

from keyrack.errors import InvalidText
from keyrack.values.late import pattern

PackageName = NewType("PackageName", str)
"""A project name in its normalised form (PEP 503): lower case, runs of `-_.` are one `-`."""

ExtraName = NewType("ExtraName", str)
"""An extra's name in its normalised form (PEP 685)."""

GroupName = NewType("GroupName", str)
"""A dependency group's name in its normalised form (PEP 735)."""

IndexName = NewType("IndexName", str)
"""An index's name as the user wrote it: ASCII letters, digits, `-`, `_`, `.`."""

_PROJECT = pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\Z")
_SEPARATORS = pattern(r"[-_.]+")
_INDEX = pattern(r"[A-Za-z0-9._-]+\Z")


@lru_cache(maxsize=8192)
def _normalise(text: str, kind: str) -> str:
    if not _PROJECT.match(text):
        raise InvalidText(
            f"Not a valid {kind} name: {text!r}",
            causes=("Names start and end with a letter or digit and may only contain letters, digits, `-`, `_`, `.`",),
        )
    return _SEPARATORS.sub("-", text).lower()


def package_name(text: str) -> PackageName:
    """Normalise a project name (PEP 503); `InvalidText` if it is none (PEP 508)."""
    return PackageName(_normalise(text, "package"))


def extra_name(text: str) -> ExtraName:
    """Normalise an extra's name (PEP 685); `InvalidText` if it is none."""
    return ExtraName(_normalise(text, "extra"))


def group_name(text: str) -> GroupName:
    """Normalise a dependency group's name (PEP 735); `InvalidText` if it is none."""
    return GroupName(_normalise(text, "group"))


def index_name(text: str) -> IndexName:
    """Check an index's name; `InvalidText` if it has other characters than letters, digits, `-`, `_`, `.`."""
    if not _INDEX.match(text):
        raise InvalidText(
            f"Not a valid index name: {text!r}",
            causes=("Only ASCII letters, digits, `-`, `_`, `.`",),
        )
    return IndexName(text)


def environment_stem(name: IndexName) -> str:
    """Give the part between `UV_INDEX_` and `_USERNAME` for an index: upper case, the rest `_`."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name).upper()
