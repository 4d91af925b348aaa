"""The versions in a page's file names, as they are written there (PEP 427, 625)."""

from __future__ import annotations

from collections.abc import Iterable

from keyrack.errors import InvalidText
from keyrack.values.artifact import SDIST_SUFFIXES, parse_sdist_name
from keyrack.values.names import PackageName, package_name


def grouped(name: PackageName, filenames: Iterable[str]) -> dict[str, list[int]]:
    """Sort the places of files under the version texts of their names; what is no file of the package is left out.

    A page spells the package's name in one or two ways, and the files of a version stand together: so the beginning of
    a name is compared with the last one before anything else.
    """
    groups: dict[str, list[int]] = {}
    group: list[int] = []
    wheel_stem = wheel_head = sdist_stem = " "
    for place, filename in enumerate(filenames):
        if filename.endswith(".whl"):
            if filename.count("-") not in (4, 5):
                continue
            if filename.startswith(wheel_head):
                group.append(place)
                continue
            end = filename.find("-")
            if filename[:end] != wheel_stem:
                if not _is_named(filename[:end], name):
                    continue
                wheel_stem = filename[:end]
            wheel_head = filename[: filename.find("-", end + 1) + 1]
            group = groups.setdefault(wheel_head[end + 1 : -1], [])
            group.append(place)
        elif (
            filename.startswith(sdist_stem) and filename.endswith(".tar.gz") and filename.find("-", len(sdist_stem)) < 0
        ):
            groups.setdefault(filename[len(sdist_stem) : -len(".tar.gz")], []).append(place)
        elif filename.endswith(SDIST_SUFFIXES):
            try:
                text = parse_sdist_name(filename, name).version_text
            except InvalidText:
                continue
            sdist_stem = filename[: filename.index(text, len(name))]
            groups.setdefault(text, []).append(place)
    return groups


def _is_named(stem: str, name: PackageName) -> bool:
    """Say whether the first part of a wheel's name is the package's."""
    try:
        return package_name(stem) == name
    except InvalidText:
        return False
