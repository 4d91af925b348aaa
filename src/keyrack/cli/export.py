"""`keyrack export`: the flags."""

from __future__ import annotations

from keyrack.cli import project_flags
from keyrack.cli.context import Context
from keyrack.cli.flags import EXCLUSIVE, GLOBAL, INDEX, PYTHON, REFRESH, RESOLVER, choice, several, switch, text
from keyrack.cli.grammar import Grammar, Group

_EMIT = (
    switch("--no-emit-project --no-install-project", "no-emit-project", "Leave out the project itself"),
    switch("--no-emit-workspace --no-install-workspace", "no-emit-workspace", "Leave out all members"),
    switch("--no-emit-local --no-install-local", "no-emit-local", "Leave out all that lies on this disk"),
    several(
        "--no-emit-package --unsafe-package --no-install-package",
        "no-emit-package",
        "Leave out this package",
        check="name",
    ),
    several("--prune", "prune", "Leave out this package and what only it needs", check="name"),
)
_OUTPUT = (
    choice("--format", "format", "requirements.txt pylock.toml", "The form of the output"),
    text("--output-file -o", "output-file", "Write into this file as well", check="filled"),
    switch("--no-hashes", "no-hashes", "Do not list hashes"),
    switch("--hashes", "no-hashes", kind="no"),
    switch("--no-header", "no-header", "Do not say how the file was made"),
    switch("--header", "no-header", kind="no"),
    switch("--no-annotate", "no-annotate", "Do not say who needs a package"),
    switch("--annotate", "no-annotate", kind="no"),
)

GRAMMAR = Grammar(
    "export",
    "Write what a project's lock holds in another form",
    (
        Group(
            "Options",
            (
                *project_flags.GROUPS,
                *project_flags.EDITABLE,
                *_EMIT,
                *_OUTPUT,
                *project_flags.MODE,
                *project_flags.PACKAGES,
            ),
        ),
        INDEX,
        RESOLVER,
        project_flags.PROJECT_BUILD,
        REFRESH,
        PYTHON,
        GLOBAL,
    ),
    exclusive=(*EXCLUSIVE[:1], *project_flags.EXCLUSIVE),
)


def run(context: Context) -> int:
    """Export."""
    from keyrack.cli.exporting import carry_out  # late: start-up

    return carry_out(context)
