"""`keyrack venv`: create a virtual environment."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import CACHE, INDEX, PYTHON, Flag, add_flags
from keyrack.cli.usage import Parser

OWN = (
    Flag(("--seed",), "seed", help="Install seed packages (pip) into the environment", variable="UV_VENV_SEED"),
    Flag(("-c", "--clear"), "clear", help="Remove any existing files at the target path", variable="UV_VENV_CLEAR"),
    Flag(("--allow-existing",), "allow-existing", help="Keep what lies at the target path"),
    Flag(("--prompt",), "prompt", "text", "Another prefix for the prompt", "PROMPT"),
    Flag(("--system-site-packages",), "system-site-packages", help="Give access to the system site packages"),
    Flag(("--relocatable",), "relocatable", help="Make the environment relocatable", variable="UV_VENV_RELOCATABLE"),
    Flag(("--no-project",), "no-project", help="Avoid discovering a project"),
)


def configure(parser: Parser) -> None:
    """Take a path and the flags of environments."""
    parser.add_argument("path", nargs="?", metavar="PATH", help="The path to the environment [default: .venv]")
    add_flags(parser, OWN, PYTHON, INDEX, CACHE)


def run(context: Context) -> int:
    """Create the environment and say how to activate it."""
    from keyrack.app import open_run  # late: start-up
    from keyrack.operations.venvs import VenvRequest, create  # late: start-up

    with open_run(context.words, context.variables, context.folder, context.terminal) as tools:
        request = VenvRequest(
            path=context.text("path") or ".venv",
            python=context.text("python") or context.variables.get("UV_PYTHON"),
            seed=context.has("seed"),
            clear=context.has("clear"),
            allow_existing=context.has("allow-existing"),
            prompt=context.text("prompt") or "",
            system_site_packages=context.has("system-site-packages"),
            relocatable=context.has("relocatable"),
        )
        outcome = create(request, tools, context.terminal.say)
    del outcome
    return 0
