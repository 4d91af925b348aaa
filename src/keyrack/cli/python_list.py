"""`keyrack python list`: the Pythons of this machine, as a table or as JSON."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import CACHE, EXCLUSIVE, GLOBAL, choice, defaulted, switch
from keyrack.cli.grammar import Grammar, Group, Operand
from keyrack.cli.python_find import DOWNLOADS
from keyrack.values.styled import Style, Styled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keyrack.operations.python_find import ListedPython

GRAMMAR = Grammar(
    "python list",
    "List the Pythons of this machine",
    (
        Group(
            "Options",
            (
                switch("--all-versions", "all-versions", "List older patch versions, too; installed ones always are"),
                switch("--all-platforms", "ignored-platforms"),
                switch("--all-arches --all_architectures", "ignored-arches"),
                switch("--only-installed", "only-installed", "List installed ones only; there are no others"),
                switch("--only-downloads", "only-downloads", "List those that could be downloaded; there are none"),
                switch("--show-urls", "ignored-urls"),
                defaulted(choice("--output-format", "output-format", "text json", "The form of the list"), "text"),
                DOWNLOADS,
            ),
        ),
        CACHE,
        GLOBAL,
    ),
    operand=Operand("request", "REQUEST", "List only what fits this"),
    exclusive=(*EXCLUSIVE, ("only-installed", "only-downloads")),
)


def run(context: Context) -> int:
    """Print a line for each executable."""
    from keyrack.operations.configure import Words  # late: start-up
    from keyrack.operations.environments import pythons_of  # late: start-up
    from keyrack.operations.python_find import list_pythons  # late: start-up

    words = Words(context.words, context.variables, context.folder)
    pythons = pythons_of(words, context.terminal.log)
    rows = () if context.has("only-downloads") else list_pythons(pythons, context.text("request"))
    if context.text("output-format") == "json":
        context.terminal.raw_result(_json(rows) + "\n")
        return 0
    width = max((len(row.key) for row in rows), default=0)
    for row in rows:
        link = f" -> {row.link}" if row.link else ""
        context.terminal.result(f"{row.key:{width}}    ", Styled(row.path + link, Style.CYAN))
    return 0


def _json(rows: tuple[ListedPython, ...]) -> str:
    import msgspec  # late: only this form needs it

    entries = []
    for row in rows:
        release = (*row.python.python.release, 0, 0)
        system, machine, library = row.key.split("-")[2:5]
        entry: dict[str, object] = {
            "key": row.key,
            "version": row.python.version,
            "version_parts": {"major": release[0], "minor": release[1], "patch": release[2]},
            "path": row.path,
            "symlink": row.link,
            "url": None,
            "os": system,
            "variant": "freethreaded" if row.python.gil_disabled else "default",
            "implementation": row.python.implementation,
            "arch": machine,
            "libc": library,
        }
        entries.append(entry)
    return msgspec.json.encode(entries).decode()
