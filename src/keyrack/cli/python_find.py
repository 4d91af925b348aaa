"""`keyrack python find`: the Python that a command would take."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import CACHE, EXCLUSIVE, GLOBAL, SYSTEM, switch, text
from keyrack.cli.grammar import Grammar, Group, Operand
from keyrack.cli.summary import warn
from keyrack.values.styled import Style, Styled

DOWNLOADS = text("--python-downloads-json-url", "ignored-json")
"""Taken, as uv takes it: there are no downloads that it could describe."""
GRAMMAR = Grammar(
    "python find",
    "Show the Python that a command would take",
    (
        Group(
            "Options",
            (
                switch("--no-project", "no-project", "Look for no project", "UV_NO_PROJECT"),
                *SYSTEM,
                switch("--show-version", "show-version", "Show its version instead of its path"),
                switch("--resolve-links", "resolve-links", "Show where the path leads in the end"),
                DOWNLOADS,
            ),
        ),
        CACHE,
        GLOBAL,
    ),
    operand=Operand("request", "REQUEST", "The Python that is meant"),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Print the path or the version."""
    import os  # late: start-up

    from keyrack.operations.configure import Words, layers  # late: start-up
    from keyrack.operations.environments import first_text, pythons_of  # late: start-up
    from keyrack.operations.python_find import find_python  # late: start-up

    words = Words(context.words, context.variables, context.folder)
    asked = context.text("request") or first_text(layers(words), "python")
    found = find_python(
        pythons_of(words, context.terminal.log),
        asked,
        system=context.told("system", "UV_SYSTEM_PYTHON"),
        with_project=not context.told("no-project", "UV_NO_PROJECT"),
    )
    for line in found.warnings:
        warn(context.terminal, line)
    path = found.python.executable
    shown = found.python.version if context.has("show-version") else path
    if context.has("resolve-links") and not context.has("show-version"):
        shown = os.path.realpath(path)
    context.terminal.detail(Styled(shown, Style.CYAN))
    return 0
