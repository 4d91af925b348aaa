"""`keyrack venv`: create a virtual environment."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import EXCLUSIVE, GLOBAL, INDEX, INSTALLER, PYTHON, REFRESH, SYSTEM, switch, text
from keyrack.cli.grammar import Grammar, Group, Operand
from keyrack.cli.shells import activation
from keyrack.operations.streams import monotonic
from keyrack.values.styled import Style, Styled

_NOT_AGAIN = ("quiet", "verbose", "color", "no-color", "clear", "force", "allow-existing", "no-cache")
"""With one of these, the same words say or do something else the next time, or are not to be remembered."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keyrack.operations.venvs import VenvOptions

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
    """Create the environment and say how to enter it."""
    from keyrack.operations.configure import Words, layers  # late: start-up
    from keyrack.operations.environments import first_text, pythons_of  # late: start-up
    from keyrack.operations.venvs import VenvRequest, create, project_environment  # late: start-up

    began, said = monotonic(), list[str]()

    def say(line: str) -> None:
        said.append(line)
        context.terminal.say(line)

    words = Words(context.words, context.variables, context.folder)
    is_seeded = context.told("seed", "UV_VENV_SEED")
    with_project = not context.told("no-project", "UV_NO_PROJECT")
    own = project_environment(context.folder, context.variables) if with_project else ""
    path = context.text("path") or own or ".venv"
    python = first_text(layers(words), "python")
    request = VenvRequest(path, is_seeded, python, _options(context), with_project)
    outcome = create(request, pythons_of(words, context.terminal.log), say)
    if is_seeded:
        from keyrack.cli.seeding import seed  # late: start-up

        seed(context, words, outcome)
    entering = activation(path, context.variables)
    context.terminal.say("Activate with: ", Styled(entering, Style.GREEN))
    if context.asked is not None and not is_seeded and not any(map(context.has, _NOT_AGAIN)):
        from keyrack.operations.venv_memory import Made, remember_venv  # late: start-up

        remember_venv(context.asked, Made(words, python, path, outcome.base, (*said, entering), began))
    return 0


def _options(context: Context) -> VenvOptions:
    from keyrack.operations.venvs import VenvOptions  # late: start-up

    return VenvOptions(
        prompt=context.text("prompt") or "",
        system_site_packages=context.has("system-site-packages"),
        relocatable=context.told("relocatable", "UV_VENV_RELOCATABLE"),
        clear=context.told("clear", "UV_VENV_CLEAR"),
        force=context.has("force"),
        allow_existing=context.has("allow-existing"),
    )
