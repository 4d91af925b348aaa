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
    from keyrack.operations.venvs import make_venv  # late: start-up

    del make_venv, context
    return 0
