"""`keyrack self version` and `keyrack --version`: our version, and the version of uv whose language we speak."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import CACHE, EXCLUSIVE, GLOBAL, choice, defaulted, switch
from keyrack.cli.grammar import Grammar, Group
from keyrack.values.version import SPEAKS, VERSION

GRAMMAR = Grammar(
    "self version",
    "Show the version of keyrack",
    (
        Group(
            "Options",
            (
                switch("--short", "short", "Show the number only"),
                defaulted(choice("--output-format", "output-format", "text json", "The form of the result"), "text"),
            ),
        ),
        CACHE,
        GLOBAL,
    ),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Print the version."""
    terminal = context.terminal
    if context.text("output-format") == "json":
        terminal.raw_result(
            f'{{\n  "package_name": "keyrack",\n  "version": "{VERSION}",\n  "speaks": "{SPEAKS}"\n}}\n'
        )
    elif context.has("short"):
        terminal.detail(VERSION)
    else:
        terminal.detail(f"keyrack {VERSION} (speaks uv {SPEAKS})")
    return 0
