"""`keyrack pip show`: what is known of installed distributions."""

from __future__ import annotations

import os

from keyrack.cli.context import Context
from keyrack.cli.environment import find_environment, warn_of_faults
from keyrack.cli.flags import CACHE, CERT, EXCLUSIVE, GLOBAL, PLACES, PYTHON, STRICT, SYSTEM, switch
from keyrack.cli.grammar import Grammar, Group, Operand
from keyrack.cli.output import Output
from keyrack.operations.show import Shown
from keyrack.values.styled import Piece, Style, Styled

GRAMMAR = Grammar(
    "pip show",
    "Show what is known of installed packages",
    (
        Group(
            "Options",
            (
                *STRICT,
                switch("--files -f", "files", "List the installed files, too"),
                *SYSTEM,
                *PLACES,
                *CERT,
            ),
        ),
        PYTHON,
        CACHE,
        GLOBAL,
    ),
    operand=Operand("packages", "PACKAGE", "The packages to show", many=True, check="name"),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Print a block for each distribution; 1 if there is none of them."""
    if not context.listed("packages"):
        context.terminal.say(*_bare_warning("Please provide a package name or names."))
        return 1
    from keyrack.operations.show import show  # late: start-up
    from keyrack.values.names import package_name  # late: start-up

    environment = find_environment(context)
    names = sorted({package_name(text) for text in context.listed("packages")})
    there = {one.name for one in environment.installed}
    if missing := [name for name in names if name not in there]:
        what, listed = _bare_warning("Package(s) not found for: "), Styled(", ".join(missing), Style.BOLD)
        context.terminal.say(*what, listed)
    shown = show(environment, names, with_files=context.has("files"))
    for position, one in enumerate(shown):
        if position:
            context.terminal.detail("---")
        _print(context.terminal, one, _as_given(context, one.distribution.location))
    warn_of_faults(context, environment)
    return 0 if shown else 1


def _bare_warning(text: str) -> tuple[Piece, ...]:
    return Styled("warning", Style.WARNING), Styled(":", Style.BOLD), " ", text


def _as_given(context: Context, location: str) -> str:
    """Write a folder in the words in which `--target` or `--prefix` named it."""
    given = context.text("target") or context.text("prefix")
    root = os.path.join(context.folder, given) if given else ""
    inside = location.removeprefix(root)
    return f"{given}{inside}" if given and inside != location else location


def _print(output: Output, one: Shown, location: str) -> None:
    distribution = one.distribution
    output.detail(f"Name: {distribution.name}")
    output.detail(f"Version: {distribution.version}")
    output.detail(f"Location: {location}")
    if distribution.editable_at:
        output.detail(f"Editable project location: {distribution.editable_at}")
    if one.requires is not None:
        output.detail(" ".join(("Requires:", *[", ".join(one.requires)] * bool(one.requires))))
        output.detail(" ".join(("Required-by:", *[", ".join(one.required_by)] * bool(one.required_by))))
    if one.files is not None:
        output.detail("Files:")
        for path in one.files:
            output.detail(f"  {path}")
