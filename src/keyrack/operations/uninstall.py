"""Remove distributions from an environment."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from keyrack.adapters.clock import monotonic
from keyrack.adapters.site_packages import installed
from keyrack.operations.commit import Commit, changing
from keyrack.operations.install import InstallOutcome, Phase, changes
from keyrack.values.installed import Installed
from keyrack.values.names import PackageName
from keyrack.values.plan import InstallPlan, Scheme
from keyrack.values.url import Url


class UninstallRequest(msgspec.Struct, frozen=True):
    """What to remove: by name, whatever its version, or by the URL that it was installed from."""

    scheme: Scheme
    names: tuple[PackageName, ...] = ()
    urls: tuple[Url, ...] = ()
    lock: str = ""
    dry_run: bool = False


def uninstall(request: UninstallRequest, stop: Callable[[], bool] = lambda: False) -> InstallOutcome:
    """Remove what is installed of what is named; the rest only warns. On any failure nothing is removed."""
    with changing(request.scheme, "" if request.dry_run else request.lock):
        return _uninstall(request, stop)


def _uninstall(request: UninstallRequest, stop: Callable[[], bool]) -> InstallOutcome:
    started = monotonic()
    there = installed(request.scheme.roots)
    going: dict[str, Installed] = {}
    warnings: list[str] = []
    for name in sorted(set(request.names)):
        found = [one for one in there if one.name == name]
        going |= {one.metadata_path: one for one in found}
        warnings += [] if found or request.dry_run else [f"Skipping {name} as it is not installed"]
    for url in request.urls:
        found = [one for one in there if one.direct_url and one.direct_url.url.bare == url.bare]
        going |= {one.metadata_path: one for one in found}
        warnings += [] if found or request.dry_run else [f"Skipping `{url}` as it is not installed"]
    change = InstallPlan(remove=tuple(sorted(going.values(), key=lambda one: (one.name, one.metadata_path))))
    if not going and not request.dry_run:
        warnings.append("No packages to uninstall")
    if going and not request.dry_run:
        commit = Commit(request.scheme, None, stop)
        commit.run(change.remove, (), monotonic)
        warnings += commit.warnings
    phase = Phase(len(going), monotonic() - started)
    return InstallOutcome(change, changes(change), uninstalled=phase, warnings=tuple(warnings), dry_run=request.dry_run)
