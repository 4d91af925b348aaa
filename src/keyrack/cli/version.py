"""`keyrack version`: the version of the project around the folder, read or raised."""

from __future__ import annotations

import os

from keyrack.cli import project_flags
from keyrack.cli.context import Context
from keyrack.cli.flags import (
    EXCLUSIVE,
    GLOBAL,
    INDEX,
    INSTALLER,
    PYTHON,
    REFRESH,
    RESOLVER,
    choice,
    defaulted,
    several,
    switch,
    text,
)
from keyrack.cli.grammar import Grammar, Group, Operand
from keyrack.cli.usage import UsageError
from keyrack.values.styled import Style, Styled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keyrack.operations.project_version import Bump, VersionRequest, VersionTold

GRAMMAR = Grammar(
    "version",
    "Show or raise the version of the project",
    (
        Group(
            "Options",
            (
                several(
                    "--bump",
                    "bump",
                    "Raise a part: major, minor, patch, stable, alpha, beta, rc, post or dev; `PART=N` says to what",
                    check="filled",
                ),
                switch("--dry-run", "dry-run", "Write nothing"),
                switch("--short", "short", "Show the version only"),
                defaulted(choice("--output-format", "output-format", "text json", "The form of the result"), "text"),
                *project_flags.MODE,
                *project_flags.ACTIVE,
                switch("--no-sync", "no-sync", "Leave the environment as it is", "UV_NO_SYNC"),
                text("--package", "package", "The member of the workspace that is meant", check="filled"),
            ),
        ),
        INDEX,
        RESOLVER,
        INSTALLER,
        project_flags.PROJECT_BUILD,
        REFRESH,
        PYTHON,
        GLOBAL,
    ),
    operand=Operand("value", "VALUE", "The version that the project gets"),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Tell the version, or the change."""
    from keyrack.operations.project_version import VersionRequest  # late: start-up

    if context.text("value") is not None and context.listed("bump"):
        message = "the argument '[VALUE]' cannot be used with '--bump <BUMP>'"
        raise UsageError(message, "Usage: keyrack version <VALUE>")
    project = context.text("project")
    request = VersionRequest(
        folder=_folder(context),
        value=context.text("value"),
        bumps=_bumps(context),
        is_dry=context.has("dry-run"),
        is_explicit=project is not None,
    )
    _show(context, _told(context, request))
    return 0


def _folder(context: Context) -> str:
    if context.text("package") is not None:
        from keyrack.cli.editing import member_folder  # late: start-up
        from keyrack.cli.project_choice import workspace_around  # late: start-up

        return member_folder(context, workspace_around(context))
    project = context.text("project")
    return os.path.join(context.folder, project) if project else context.folder


def _told(context: Context, request: VersionRequest) -> VersionTold:
    if not (request.value or request.bumps):
        from keyrack.operations.project_version import project_version  # late: start-up

        return project_version(request)
    from keyrack.cli.editing import carry_out_version  # late: start-up

    return carry_out_version(context, request)


def _bumps(context: Context) -> tuple[Bump, ...]:
    from keyrack.operations.project_version import Bump, Part  # late: start-up

    found = list[Bump]()
    for word in context.listed("bump"):
        name, equals, number = word.partition("=")
        if name not in {part.value for part in Part} or (equals and not (number.isascii() and number.isdecimal())):
            raise UsageError(f"invalid bump component `{word}`", "Usage: keyrack version [OPTIONS] [VALUE]")
        found.append(Bump(Part(name), int(number) if equals else None))
    return tuple(found)


def _show(context: Context, told: VersionTold) -> None:
    terminal, version = context.terminal, told.new or told.old
    if context.text("output-format") == "json":
        terminal.raw_result(
            f'{{\n  "package_name": "{told.name}",\n  "version": "{version}",\n  "commit_info": null\n}}\n'
        )
    elif context.has("short"):
        terminal.result(Styled(version, Style.CYAN))
    elif told.new is None:
        terminal.result(f"{told.name} ", Styled(told.old, Style.CYAN))
    else:
        terminal.result(f"{told.name} ", Styled(told.old, Style.CYAN), " => ", Styled(told.new, Style.CYAN))
