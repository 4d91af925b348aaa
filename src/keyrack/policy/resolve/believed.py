"""Which metadata the user gives for a version, so that nobody has to read or to build it (`dependency-metadata`)."""

from __future__ import annotations

from collections.abc import Iterable

from packaging.version import Version

from keyrack.values.metadata import Believed, Metadata
from keyrack.values.names import PackageName


def believed_metadata(given: Iterable[Believed], name: PackageName, version: Version | None) -> Metadata | None:
    """Give what is believed of a version: what is said of just that one, else of all; None where nothing is.

    A version that nobody knows yet (of a tree) is the one that is named, if only one is.
    """
    own = [one for one in given if one.name == name]
    if version is None:
        found = own[0] if len(own) == 1 and own[0].version is not None else None
    else:
        exact = (one for one in own if one.version == version)
        found = next(exact, None) or next((one for one in own if one.version is None), None)
    known = version or (found.version if found else None)
    if found is None or known is None:
        return None
    return Metadata(name, known, found.requires, found.requires_python, found.extras)
