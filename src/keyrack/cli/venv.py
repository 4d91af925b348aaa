"""`keyrack venv`: create a virtual environment."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import EXCLUSIVE, GLOBAL, INDEX, INSTALLER, PYTHON, REFRESH, SYSTEM, switch, text
from keyrack.cli.grammar import Grammar, Group, Operand

GRAMMAR = Grammar(
    "venv",
    "Create a virtual environment",
    (
        Group(
            "Options",
            (
                switch("--no-project", "no-project", "Look for no project", "UV_NO_PROJECT"),
                switch("--seed", "seed", "Install pip (before Python 3.12 also setuptools and wheel)", "UV_VENV_SEED"),
                switch("--clear -c", "clear", "Remove first what lies at the path", "UV_VENV_CLEAR"),
                switch("--force", "force", "Let `--clear` remove a folder that is no environment"),
                switch("--allow-existing", "allow-existing", "Keep what lies at the path"),
                text("--prompt", "prompt", "What shells show while the environment is active"),
                switch(
                    "--system-site-packages", "system-site-packages", "Let the environment see the system's packages"
                ),
                switch("--relocatable", "relocatable", "Let the environment be moved", "UV_VENV_RELOCATABLE"),
                *SYSTEM,
            ),
        ),
        PYTHON,
        INDEX,
        Group("Installer options", tuple(flag for flag in INSTALLER.flags if flag.key == "link-mode")),
        REFRESH,
        GLOBAL,
    ),
    operand=Operand("path", "PATH", "Where the environment is made [default: .venv]"),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Create the environment and say how to activate it."""
    from keyrack.app import Surround, open_run  # late: start-up
    from keyrack.operations.configure import Words  # late: start-up
    from keyrack.operations.venvs import VenvOptions, VenvRequest, create  # late: start-up

    options = VenvOptions(
        prompt=context.text("prompt") or "",
        system_site_packages=context.has("system-site-packages"),
        relocatable=context.has("relocatable"),
        clear=context.has("clear"),
        allow_existing=context.has("allow-existing"),
    )
    request = VenvRequest(context.text("path") or ".venv", context.text("python"), options)
    words = Words(context.words, context.variables, context.folder)
    with open_run(Surround(words, context.terminal.log)) as tools:
        create(request, tools.pythons, context.terminal.say)
    return 0
