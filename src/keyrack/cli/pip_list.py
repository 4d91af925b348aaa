"""`keyrack pip list`: what is installed, as a table, as lines or as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from keyrack.cli.context import Context
from keyrack.cli.environment import find_environment, warn_of_faults
from keyrack.cli.flags import (
    CACHE,
    CERT,
    EXCLUSIVE,
    GLOBAL,
    INDEX,
    PLACES,
    PYTHON,
    RESOLVER,
    STRICT,
    SYSTEM,
    choice,
    defaulted,
    several,
    switch,
)
from keyrack.cli.grammar import Grammar, Group
from keyrack.cli.output import Output
from keyrack.cli.table import table
from keyrack.errors import KeyrackError
from keyrack.values.installed import Installed
from keyrack.values.styled import Style, Styled

if TYPE_CHECKING:
    from keyrack.operations.outdated import Latest
    from keyrack.values.names import PackageName

GRAMMAR = Grammar(
    "pip list",
    "List what is installed as a table",
    (
        Group(
            "Options",
            (
                switch("--editable -e", "editable-only", "Show editable packages only"),
                switch("--exclude-editable", "exclude-editable", "Leave out editable packages"),
                several("--exclude", "exclude", "Leave out this package; repeatable", check="name"),
                defaulted(choice("--format", "format", "columns freeze json", "The form of the list"), "columns"),
                switch("--outdated", "outdated", "Show only packages that an index has a newer version of"),
                switch("--no-outdated", "outdated", kind="no"),
                *STRICT,
                *CERT,
                *SYSTEM,
                *PLACES,
            ),
        ),
        INDEX,
        Group(RESOLVER.heading, tuple(flag for flag in RESOLVER.flags if flag.key.startswith("exclude-newer"))),
        PYTHON,
        CACHE,
        GLOBAL,
    ),
    exclusive=(*EXCLUSIVE, ("editable-only", "exclude-editable")),
)


def run(context: Context) -> int:
    """Print the list in the form that was asked for."""
    from keyrack.operations.show import listed  # late: start-up
    from keyrack.values.names import package_name  # late: start-up

    form = context.text("format") or "columns"
    if context.has("outdated") and form == "freeze":
        raise KeyrackError("`--outdated` cannot be used with `--format freeze`")
    environment = find_environment(context)
    editable = True if context.has("editable-only") else False if context.has("exclude-editable") else None
    excluded = frozenset(map(package_name, context.listed("exclude")))
    found = listed(environment.installed, editable=editable, excluded=excluded)
    latest: Mapping[PackageName, Latest] = {}
    if context.has("outdated"):
        from keyrack.cli.newest import newer  # late: only this flag asks an index

        latest = newer(context, environment)
        found = tuple(one for one in found if one.name in latest)
    _print(context.terminal, form, found, latest)
    warn_of_faults(context, environment)
    return 0


def _print(output: Output, form: str, found: tuple[Installed, ...], latest: Mapping[PackageName, Latest]) -> None:
    match form:
        case "json":
            output.raw_result(_json(found, latest) + "\n")
        case "freeze":
            for one in found:
                output.result(Styled(one.name, Style.BOLD), f"=={one.version}")
        case _:
            for line in _columns(found, latest) if found else ():
                output.result(line)


def _columns(found: tuple[Installed, ...], latest: Mapping[PackageName, Latest]) -> list[str]:
    columns = [("Package", [str(one.name) for one in found]), ("Version", [str(one.version) for one in found])]
    if latest:
        columns.append(("Latest", [str(latest[one.name].version) for one in found]))
        columns.append(("Type", [latest[one.name].kind for one in found]))
    if any(one.editable_at for one in found):
        columns.append(("Editable project location", [one.editable_at or "" for one in found]))
    return table([heading for heading, _ in columns], list(zip(*(rows for _, rows in columns), strict=True)))


def _json(found: tuple[Installed, ...], latest: Mapping[PackageName, Latest]) -> str:
    import msgspec  # late: only this form needs it

    entries = []
    for one in found:
        entry = {"name": str(one.name), "version": str(one.version)}
        if one.name in latest:
            newer = latest[one.name]
            entry |= {"latest_version": str(newer.version), "latest_filetype": newer.kind}
        entries.append(entry | ({"editable_project_location": one.editable_at} if one.editable_at else {}))
    return msgspec.json.encode(entries).decode()
