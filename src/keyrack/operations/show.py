"""What is installed in an environment, as `pip list`, `pip freeze` and `pip show` tell it."""

from __future__ import annotations

import os
from collections.abc import Iterable

import msgspec

from keyrack.adapters.site_packages import installed, read_file
from keyrack.errors import KeyrackError
from keyrack.formats.wheel_files import parse_record
from keyrack.operations.environments import Surveyed, metadata_of
from keyrack.policy.resolve.environment import Environment
from keyrack.values.installed import Installed
from keyrack.values.names import PackageName


class Shown(msgspec.Struct, frozen=True):
    """What `pip show` tells of one distribution. `requires` is None where its metadata cannot be read."""

    distribution: Installed
    requires: tuple[PackageName, ...] | None
    required_by: tuple[PackageName, ...] = ()
    files: tuple[str, ...] | None = None


def listed(
    found: Iterable[Installed], *, editable: bool | None = None, excluded: frozenset[PackageName] = frozenset()
) -> tuple[Installed, ...]:
    """Pick what a list shows, sorted by name and version; `editable` None takes both kinds."""
    kept = (one for one in found if one.name not in excluded)
    picked = (one for one in kept if editable is None or editable is (one.editable_at is not None))
    return tuple(sorted(picked, key=lambda one: (one.name, one.version)))


def at_paths(paths: tuple[str, ...]) -> tuple[Installed, ...]:
    """Give what is installed in folders that the user named (`pip freeze --path`)."""
    return installed(paths)


def frozen(one: Installed) -> tuple[str, str]:
    """Write a distribution as a requirements file pins it: its name, unless it is editable, and the rest."""
    if one.direct_url is not None:
        location = location_text(one)
        return ("", f"-e {location}") if one.direct_url.editable else (one.name, f" @ {location}")
    return (one.name, f"=={one.version}") if one.editable_at is None else ("", f"-e {one.editable_at}")


def location_text(one: Installed) -> str:
    """Write where a direct distribution came from, as a requirement says it (PEP 440, direct references)."""
    source = one.direct_url
    if source is None:
        return ""
    url = source.url.exact
    if source.revision:
        url = f"git+{url}@{source.revision}"
    return f"{url}#subdirectory={source.subdirectory}" if source.subdirectory else url


def show(found: Surveyed, names: Iterable[PackageName], *, with_files: bool = False) -> tuple[Shown, ...]:
    """Tell what is known of some distributions, by name; names that are not installed are left out."""
    wanted = [one for name in sorted(set(names)) for one in found.installed if one.name == name]
    requires = {one.name: _requires(one, found) for one in (found.installed if wanted else ())}
    return tuple(
        Shown(
            one,
            requires[one.name],
            tuple(sorted(name for name, needs in requires.items() if name != one.name and one.name in (needs or ()))),
            files_of(one) if with_files else None,
        )
        for one in wanted
    )


def _requires(one: Installed, found: Surveyed) -> tuple[PackageName, ...] | None:
    metadata = metadata_of(one)
    if metadata is None:
        return None
    environment = Environment(found.interpreter.markers)
    return tuple(sorted({each.name for each in metadata.requires if environment.holds(each.marker)}))


def files_of(one: Installed) -> tuple[str, ...]:
    record = read_file(one, "RECORD")
    if record is None:
        path = os.path.join(one.metadata_path, "RECORD")
        raise KeyrackError(f"failed to open file `{path}`", causes=("No such file or directory (os error 2)",))
    return tuple(row.path for row in parse_record(record.decode("utf-8", "replace")))
