"""`keyrack init`: begin a project or a script."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import CACHE, EXCLUSIVE, GLOBAL, PYTHON, choice, switch, text
from keyrack.cli.grammar import Grammar, Group, Operand
from keyrack.cli.usage import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keyrack.operations.init import Backend, InitRequest

BACKENDS = "uv hatch flit pdm poetry setuptools maturin scikit"
GRAMMAR = Grammar(
    "init",
    "Begin a project",
    (
        Group(
            "Options",
            (
                text("--name", "name", "The name of the project", check="filled"),
                switch("--bare", "bare", "Make `pyproject.toml` only"),
                switch("--package", "package", "Make it a package that is built"),
                switch("--no-package", "package", "Do not make it a package", kind="no"),
                switch("--app --application", "app", "Begin an application"),
                switch("--lib --library", "lib", "Begin a library"),
                switch("--script", "script", "Begin a script"),
                text("--description", "description", "What the project is about"),
                switch("--no-description", "no-description", "Do not say what it is about"),
                choice("--vcs", "vcs", "git none", "The version control that is begun"),
                choice(
                    "--build-backend", "build-backend", BACKENDS, "What builds the package", "UV_INIT_BUILD_BACKEND"
                ),
                switch("--no-readme", "no-readme", "Make no `README.md`"),
                choice("--author-from", "author-from", "auto git none", "Where the author's name comes from"),
                switch("--no-pin-python", "no-pin-python", "Make no `.python-version`"),
                switch("--no-workspace", "no-workspace", "Do not join the workspace around it"),
            ),
        ),
        PYTHON,
        CACHE,
        GLOBAL,
    ),
    operand=Operand("path", "PATH", "Where the project or script is made"),
    exclusive=(
        *EXCLUSIVE,
        ("app", "lib"),
        ("app", "script"),
        ("lib", "script"),
        ("script", "package"),
        ("description", "no-description"),
    ),
)


def run(context: Context) -> int:
    """Make the files."""
    from keyrack.operations.configure import Words  # late: start-up
    from keyrack.operations.environments import pythons_of  # late: start-up
    from keyrack.operations.init import init_project, init_script  # late: start-up

    words = Words(context.words, context.variables, context.folder)
    pythons = pythons_of(words, context.terminal.log)
    request = _request(context)
    if not context.has("script"):
        init_project(request, pythons, context.terminal.say)
        return 0
    if not request.path:
        raise UsageError(
            "the following required arguments were not provided:\n  <PATH>", "Usage: keyrack init --script <PATH>"
        )
    init_script(request, pythons, context.terminal.say)
    return 0


def _request(context: Context) -> InitRequest:
    from keyrack.operations.environments import is_set  # late: start-up
    from keyrack.operations.init import InitRequest  # late: start-up

    is_bare = context.has("bare") or is_set(context.variables, "UV_INIT_BARE")
    backend = _backend(context, is_bare=is_bare)
    description = None if context.has("no-description") else context.text("description")
    keeps_words = not context.has("no-description") and description is None
    author = context.text("author-from")
    control = context.text("vcs")
    if context.has("lib") and backend is None:
        raise UsageError("the argument '--lib' cannot be used with '--no-package'", "Usage: keyrack init --lib <PATH>")
    return InitRequest(
        path=context.text("path") or "",
        name=context.text("name") or "",
        python=context.text("python") or context.variables.get("UV_PYTHON"),
        backend=backend,
        is_library=context.has("lib"),
        is_bare=is_bare,
        description="Add your description here" if keeps_words else description,
        has_readme=not context.has("no-readme"),
        with_author=None if author is None else author != "none",
        with_version_control=None if control is None else control == "git",
        with_python_pin=not context.has("no-pin-python"),
        with_workspace=not context.has("no-workspace"),
    )


def _backend(context: Context, *, is_bare: bool) -> Backend | None:
    """Choose what builds it: nothing where it is no package; a bare project is one only where that is said."""
    from keyrack.operations.init import Backend  # late: start-up

    named = context.text("build-backend") or context.variables.get("UV_INIT_BUILD_BACKEND")
    if "package" in context.words:
        is_package = context.has("package")
    else:
        is_package = bool(named) or context.has("lib") or not is_bare
    return Backend(named or "uv") if is_package else None
