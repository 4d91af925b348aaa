"""One entry of `dependency-metadata`: what the user says of a package in place of its own metadata."""

from __future__ import annotations

from keyrack.formats.requirement_text import parse_requirement
from keyrack.formats.settings_shapes import BelievedTable
from keyrack.formats.specifier_text import parse_requires_python
from keyrack.values.artifact import parse_version
from keyrack.values.metadata import Believed
from keyrack.values.names import extra_name, package_name


def parse_believed(table: BelievedTable) -> Believed:
    """Read an entry. `InvalidText` where a field is not what core metadata says."""
    return Believed(
        name=package_name(table.name),
        version=None if table.version is None else parse_version(table.version),
        requires=tuple(parse_requirement(text) for text in table.requires_dist),
        requires_python=None if table.requires_python is None else parse_requires_python(table.requires_python),
        extras=tuple(extra_name(text) for text in (*table.provides_extra, *table.provides_extras)),
    )
