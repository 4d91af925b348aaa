"""A source tree that lies on this disk, ready to be built, and where it came from."""

from __future__ import annotations

import msgspec
from packaging.version import Version

from keyrack.values.names import PackageName
from keyrack.values.requirement import RequirementSource


class SourceTree(msgspec.Struct, frozen=True):
    """A folder that can be built into a wheel (PEP 517).

    `path` is absolute and holds the pyproject.toml or setup.py (a subdirectory is applied). `label` is what messages
    call it: `name==1.0`, or `name @ file:///...`, without secrets. `source` is where it comes from (`FromIndex` for an
    index's sdist; a repository's has its commit). `key` names its contents for the cache of built wheels; where it is
    empty, the wheel is built anew each time. `name` and `version` are what is known of it beforehand.
    """

    path: str
    label: str
    source: RequirementSource
    key: str = ""
    editable: bool = False
    name: PackageName | None = None
    version: Version | None = None
