"""What is installed in an environment, as `pip list` and `pip freeze` tell it."""

from __future__ import annotations

from keyrack.adapters.site_packages import installed
from keyrack.values.installed import Installed
from keyrack.values.names import PackageName


def listed(
    found: tuple[Installed, ...], *, editable: bool | None = None, excluded: frozenset[PackageName] = frozenset()
) -> tuple[Installed, ...]:
    """Pick what a list shows, sorted by name and version; `editable` None takes both kinds."""
    kept = (one for one in found if one.name not in excluded)
    picked = (one for one in kept if editable is None or editable is (one.editable_at is not None))
    return tuple(sorted(picked, key=lambda one: (one.name, one.version)))


def at_paths(paths: tuple[str, ...]) -> tuple[Installed, ...]:
    """Give what is installed in folders that the user named (`pip freeze --path`)."""
    return installed(paths)


def frozen(one: Installed) -> str:
    """Write a distribution as a requirements file pins it."""
    if one.direct_url is not None:
        location = location_text(one)
        return f"-e {location}" if one.direct_url.editable else f"{one.name} @ {location}"
    return f"{one.name}=={one.version}" if one.editable_at is None else f"-e {one.editable_at}"


def location_text(one: Installed) -> str:
    """Write where a direct distribution came from, as a requirement says it (PEP 440, direct references)."""
    source = one.direct_url
    if source is None:
        return ""
    url = source.url.exact
    if source.revision:
        url = f"git+{url}@{source.revision}"
    return f"{url}#subdirectory={source.subdirectory}" if source.subdirectory else url
