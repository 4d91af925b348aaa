"""`keyrack tree`: the flags."""

from __future__ import annotations

from keyrack.cli import project_flags
from keyrack.cli.context import Context
from keyrack.cli.flags import (
    EXCLUSIVE,
    GLOBAL,
    INDEX,
    PYTHON,
    REFRESH,
    RESOLVER,
    choice,
    defaulted,
    several,
    switch,
    text,
)
from keyrack.cli.grammar import Grammar, Group

_OF_GROUPS = tuple(
    flag
    for flag in project_flags.GROUPS
    if flag.key in ("dev", "no-dev", "only-dev", "group", "no-group", "only-group", "all-groups", "no-default-groups")
)

GRAMMAR = Grammar(
    "tree",
    "Show what a project's lock holds as a tree of dependencies",
    (
        Group(
            "Options",
            (
                switch("--universal", "universal", "Show what is needed on any platform"),
                defaulted(choice("--format", "format", "text svg html", "The form of the tree"), "text"),
                text("--output-file -o", "output-file", "Write the picture into this file", check="filled"),
                text("--depth -d", "depth", "How many levels are shown [default: 255]", check="small number"),
                several("--prune", "prune", "Leave out this package and what only it needs", check="name"),
                several("--package", "package", "Show the tree of this package only", check="name"),
                switch("--no-dedupe", "no-dedupe", "Show again what was shown already"),
                switch("--invert", "invert", "Show who requires a package below it"),
                *_OF_GROUPS,
                *project_flags.MODE,
                project_flags.SCRIPT,
                text("--python-version", "python-version", "Show what another Python needs", check="python version"),
                *project_flags.PLATFORM,
            ),
        ),
        INDEX,
        RESOLVER,
        project_flags.PROJECT_BUILD,
        REFRESH,
        PYTHON,
        GLOBAL,
    ),
    exclusive=(
        *EXCLUSIVE[:1],
        ("only-group", "group"),
        ("only-dev", "group"),
        ("only-dev", "no-dev"),
        ("locked", "frozen"),
        ("universal", "python-version"),
        ("universal", "python-platform"),
    ),
)


def run(context: Context) -> int:
    """Print the tree, or draw it."""
    from keyrack.cli.drawing import carry_out  # late: start-up

    return carry_out(context)
