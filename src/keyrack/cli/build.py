"""`keyrack build`: make a project's distributions."""

from __future__ import annotations

import os

from keyrack.cli.context import Context
from keyrack.cli.environment import shown_path
from keyrack.cli.flags import (
    BUILD,
    EXCLUSIVE,
    GLOBAL,
    INDEX,
    INSTALLER,
    PYTHON,
    REFRESH,
    RESOLVER,
    switch,
    text,
)
from keyrack.cli.grammar import Grammar, Group, Operand
from keyrack.cli.input_flags import BUILD_CONSTRAINTS
from keyrack.cli.summary import warn
from keyrack.errors import UnmetRequest
from keyrack.values.styled import Style, Styled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from keyrack.operations.build_project import BuildRequest, Source
    from keyrack.operations.tools import Tools

GRAMMAR = Grammar(
    "build",
    "Make a source distribution and a wheel of a project",
    (
        Group(
            "Options",
            (
                text("--package", "package", "The member of the workspace that is built", check="name"),
                switch("--all-packages --all", "all-packages", "Build all members of the workspace"),
                text("--out-dir -o", "out-dir", "Where the distributions are written [default: dist]", check="filled"),
                switch("--sdist", "sdist", "Make a source distribution"),
                switch("--wheel", "wheel", "Make a wheel"),
                switch("--no-build-logs", "no-build-logs", "Do not show what the build backend says"),
                switch("--force-pep517", "force-pep517", "Taken, since every build goes through PEP 517"),
                switch("--clear", "clear", "Empty the output folder first"),
                switch("--no-create-gitignore", "no-create-gitignore", "Make no `.gitignore` in the output folder"),
                BUILD_CONSTRAINTS,
            ),
        ),
        PYTHON,
        INDEX,
        RESOLVER,
        Group("Installer options", tuple(flag for flag in INSTALLER.flags if flag.key == "link-mode")),
        BUILD,
        REFRESH,
        GLOBAL,
    ),
    operand=Operand("source", "SRC", "The folder, or the source distribution, that is built"),
    exclusive=(*EXCLUSIVE, ("package", "all-packages")),
)


def run(context: Context) -> int:
    """Build, and say what was made."""
    from functools import partial  # late: start-up

    from keyrack.app import Surround, open_run  # late: start-up
    from keyrack.cli.inputs import flags_of, inputs_of  # late: start-up
    from keyrack.cli.progress import Live  # late: start-up
    from keyrack.operations.build_project import Heard, build_project, clear, sources  # late: start-up
    from keyrack.operations.streams import monotonic  # late: start-up

    words, terminal = flags_of(context), context.terminal
    live = Live(terminal, monotonic)

    def said(text: str) -> None:
        if not context.has("no-build-logs"):
            for line in text.splitlines():
                terminal.say(line)

    found = sources(
        context.folder, context.text("source"), context.text("package"), everything=context.has("all-packages")
    )
    with open_run(Surround(words, live.log, live), inputs_of(context)) as tools:
        for warning in (*tools.settings.warnings, *tools.inputs.warnings):
            warn(terminal, warning)
        requests = [_request(context, source, tools) for source in found]
        for folder in {request.out_folder for request in requests if context.has("clear")}:
            clear(folder)
        for request in requests:
            for path in _built(partial(build_project, request, tools, Heard(terminal.say, said))):
                live.clear()
                terminal.say("Successfully built ", Styled(shown_path(path, context.folder), Style.CYAN))
    return 0


def _built(build: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
    """Build; where only that was asked for, its failure is an error and no unmet request (uv)."""
    try:
        return build()
    except UnmetRequest as error:
        error.exit_code = 2
        raise


def _request(context: Context, source: Source, tools: Tools) -> BuildRequest:
    from keyrack.operations.build_project import BuildRequest, python_for  # late: start-up

    out = context.text("out-dir")
    return BuildRequest(
        source=source.path,
        out_folder=os.path.join(context.folder, out) if out else source.out_folder,
        python=python_for(source, tools, context.text("python") or context.variables.get("UV_PYTHON")),
        sdist=context.has("sdist"),
        wheel=context.has("wheel"),
        with_gitignore=not context.has("no-create-gitignore"),
    )
