"""`keyrack pip tree`: what is installed, as a tree of dependencies."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.environment import find_environment, warn_of_faults
from keyrack.cli.flags import (
    CACHE,
    CERT,
    EXCLUSIVE,
    GLOBAL,
    INDEX,
    PYTHON,
    RESOLVER,
    STRICT,
    SYSTEM,
    several,
    switch,
    text,
)
from keyrack.cli.grammar import Grammar, Group
from keyrack.values.styled import Style, Styled

GRAMMAR = Grammar(
    "pip tree",
    "Show what is installed as a tree of dependencies",
    (
        Group(
            "Options",
            (
                switch("--show-version-specifiers", "show-version-specifiers", "Show which versions are required"),
                text("--depth -d", "depth", "How many levels are shown [default: 255]", check="small number"),
                several("--prune", "prune", "Leave out this package and what only it needs", check="name"),
                several("--package", "package", "Show the tree of this package only", check="name"),
                switch("--no-dedupe", "no-dedupe", "Show again what was shown already"),
                switch("--invert", "invert", "Show who requires a package below it"),
                switch("--outdated", "outdated", "Show newer versions that an index has"),
                switch("--show-sizes", "show-sizes"),
                *STRICT,
                *CERT,
                *SYSTEM,
            ),
        ),
        INDEX,
        Group(RESOLVER.heading, tuple(flag for flag in RESOLVER.flags if flag.key.startswith("exclude-newer"))),
        PYTHON,
        CACHE,
        GLOBAL,
    ),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Print the tree."""
    from keyrack.operations.tree import tree  # late: start-up
    from keyrack.policy.environment.tree import ALREADY, CYCLE, TreeOptions  # late: start-up
    from keyrack.values.names import PackageName, package_name  # late: start-up

    environment = find_environment(context)
    latest: dict[PackageName, str] = {}
    if context.has("outdated"):
        from keyrack.cli.newest import newer  # late: only this flag asks an index

        latest = {name: str(one.version) for name, one in newer(context, environment).items()}
    options = TreeOptions(
        depth=int(context.text("depth") or 255),
        prune=frozenset(map(package_name, context.listed("prune"))),
        packages=frozenset(map(package_name, context.listed("package"))),
        dedupe=not context.has("no-dedupe"),
        invert=context.has("invert"),
        show_specifiers=context.has("show-version-specifiers"),
        latest=latest,
    )
    for line in tree(environment, options):
        context.terminal.detail(Styled(line, Style.ITALIC) if line in (ALREADY, CYCLE) else line)
    warn_of_faults(context, environment)
    return 0
