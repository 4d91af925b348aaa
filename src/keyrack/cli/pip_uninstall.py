"""`keyrack pip uninstall`: take distributions out of an environment."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.environment import name_environment
from keyrack.cli.flags import (
    CACHE,
    CERT,
    EXCLUSIVE,
    GLOBAL,
    KEYRING,
    MANAGED,
    PLACES,
    PYTHON,
    SYSTEM,
    several,
    switch,
)
from keyrack.cli.grammar import Grammar, Group, Operand
from keyrack.cli.summary import done, list_changes, warn, would
from keyrack.operations.configure import Words
from keyrack.operations.install import InstallOutcome
from keyrack.values.names import PackageName
from keyrack.values.url import Url

GRAMMAR = Grammar(
    "pip uninstall",
    "Take packages out of an environment",
    (
        Group(
            "Options",
            (
                several("--requirements -r --requirement", "requirements", "Take out what this file lists; repeatable"),
                KEYRING,
                *SYSTEM,
                *MANAGED,
                *PLACES,
                switch("--dry-run", "dry-run", "Say what would be done, and do nothing"),
                switch("--yes -y", "ignored-yes"),
                *CERT,
            ),
        ),
        PYTHON,
        CACHE,
        GLOBAL,
    ),
    operand=Operand("packages", "PACKAGE", "The packages to take out", many=True),
    one_of=("packages", "requirements"),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Remove what is there of what is named, and say so."""
    from keyrack.operations.environments import pythons_of  # late: start-up
    from keyrack.operations.targets import choose, refuse_managed, told  # late: start-up
    from keyrack.operations.uninstall import UninstallRequest, uninstall  # late: start-up

    words = Words(context.words, context.variables, context.folder)
    names, urls = _named(context, words)
    choice = told(words)
    acted = choose(pythons_of(words, context.terminal.log), choice)
    name_environment(context, acted.interpreter)
    refuse_managed(acted, choice)
    request = UninstallRequest(acted.scheme, names, urls, lock=acted.lock, dry_run=context.has("dry-run"))
    return _report(context, uninstall(request))


def _named(context: Context, words: Words) -> tuple[tuple[PackageName, ...], tuple[Url, ...]]:
    """Read what is named; only files need more than the words themselves (they may lie on the web)."""
    from keyrack.operations.uninstall_words import named  # late: start-up

    found = named(context.listed("packages"), context.folder)
    files = context.listed("requirements")
    if not files:
        return found.names, found.urls
    from keyrack.app import Surround, open_run  # late: start-up
    from keyrack.operations.inputs import InputRequest  # late: start-up

    inputs = InputRequest(folder=context.folder, requirement_files=files, variables=context.variables)
    with open_run(Surround(words, context.terminal.log), inputs) as tools:
        listed = tuple(one.name for one in tools.inputs.requirements)
    return (*found.names, *listed), found.urls


def _report(context: Context, outcome: InstallOutcome) -> int:
    terminal = context.terminal
    for text in outcome.warnings:
        warn(terminal, text)
    if outcome.dry_run:
        if not outcome.changes:
            terminal.say("Would make no changes")
            return 0
        terminal.say(*would("uninstall", outcome.uninstalled.count))
    elif outcome.changes:
        terminal.say(*done("Uninstalled", outcome.uninstalled.count, outcome.uninstalled.seconds))
    list_changes(terminal, outcome.changes)
    return 0
