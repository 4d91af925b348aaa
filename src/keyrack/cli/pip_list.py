"""`keyrack pip list`: what is installed, as a table, as lines or as JSON."""

from __future__ import annotations

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
    if context.has("outdated"):
        if form == "freeze":
            raise KeyrackError("`--outdated` cannot be used with `--format freeze`")
        raise KeyrackError("`--outdated` is not supported yet")
    environment = find_environment(context)
    editable = True if context.has("editable-only") else False if context.has("exclude-editable") else None
    excluded = frozenset(map(package_name, context.listed("exclude")))
    _print(context.terminal, form, listed(environment.installed, editable=editable, excluded=excluded))
    warn_of_faults(context, environment)
    return 0


def _print(output: Output, form: str, found: tuple[Installed, ...]) -> None:
    match form:
        case "json":
            output.raw_result(_json(found) + "\n")
        case "freeze":
            for one in found:
                output.result(Styled(one.name, Style.BOLD), f"=={one.version}")
        case _:
            for line in _columns(found) if found else ():
                output.result(line)


def _columns(found: tuple[Installed, ...]) -> list[str]:
    headings = ["Package", "Version"]
    rows = [[str(one.name), str(one.version)] for one in found]
    if any(one.editable_at for one in found):
        headings.append("Editable project location")
        rows = [[*row, one.editable_at or ""] for row, one in zip(rows, found, strict=True)]
    return table(headings, rows)


def _json(found: tuple[Installed, ...]) -> str:
    import msgspec  # late: only this form needs it

    entries = []
    for one in found:
        place = {"editable_project_location": one.editable_at} if one.editable_at else {}
        entries.append({"name": one.name, "version": str(one.version), **place})
    return msgspec.json.encode(entries).decode()
