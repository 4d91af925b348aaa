"""Begin a project or a script: its files, its version control, its place in the workspace around it."""

from __future__ import annotations

import os
from collections.abc import Callable

import msgspec

from keyrack.adapters import processes
from keyrack.adapters.disk import write_atomic
from keyrack.adapters.python_files import version_file
from keyrack.adapters.workspace_files import PROJECT_FILE, project_folders, read_project_file
from keyrack.errors import InvalidText, KeyrackError
from keyrack.formats.project_template import (
    IGNORED,
    Backend,
    NewProject,
    project_files,
    pyproject_text,
    script_block,
    script_text,
)
from keyrack.formats.pyproject_edit import Edit
from keyrack.formats.python_version_file import parse_python_versions
from keyrack.formats.script_block import parse_script
from keyrack.operations.pythons import Pythons, Wanted, one_for
from keyrack.operations.workspaces import facts_of, find_workspace, is_meant
from keyrack.values.names import package_name
from keyrack.values.python_request import PythonRequest, PythonRequestKind, parse_python_request
from keyrack.values.workspace import Workspace, WorkspaceTable

__all__ = ["Backend", "InitRequest", "init_project", "init_script"]

Say = Callable[[str], None]


class InitRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is begun, where; None leaves a choice to us. `author` None looks into git's settings only for packages."""

    path: str = ""
    name: str = ""
    python: str | None = None
    backend: Backend | None = Backend.UV
    is_library: bool = False
    is_bare: bool = False
    description: str | None = "Add your description here"
    has_readme: bool = True
    with_author: bool | None = None
    with_version_control: bool | None = None
    with_python_pin: bool = True
    with_workspace: bool = True


class _Python(msgspec.Struct, frozen=True):
    """The Pythons that a project is for, and what its version file says."""

    requires: str
    pin: str


def init_project(request: InitRequest, pythons: Pythons, say: Say) -> None:
    """Make a project; `say` hears what was made. Raises `KeyrackError`, where one is there before anything changes."""
    folder = os.path.normpath(os.path.join(pythons.folder, request.path))
    name = package_name(request.name) if request.name else _name_of(folder)
    if os.path.lexists(os.path.join(folder, PROJECT_FILE)):
        shown = os.path.join(pythons.folder, request.path) if request.path else folder
        raise KeyrackError(f"Cannot initialize a project in `{shown}` because `pyproject.toml` already exists")
    around = _workspace_around(folder) if request.with_workspace else None
    python = _python(request.python, pythons, around)
    project = NewProject(
        name=name,
        requires_python=python.requires,
        backend=request.backend,
        is_library=request.is_library,
        is_bare=request.is_bare,
        description=request.description,
        has_readme=request.has_readme,
        author=_author(request, pythons),
    )
    _make_folder(folder)
    for path, text in project_files(project).items():
        _write_new(folder, path, text)
    _write_new(folder, PROJECT_FILE, pyproject_text(project))
    if request.with_python_pin and not request.is_bare and not _is_pinned(folder, around):
        _write_new(folder, ".python-version", f"{python.pin}\n")
    if request.with_version_control is not False and not request.is_bare:
        _control_versions(folder, pythons, needed=bool(request.with_version_control))
    if around is not None:
        _join(around, folder, name, say)
    where = f" at `{folder}`" if request.path else ""
    say(f"Initialized project `{name}`{where}")


def init_script(request: InitRequest, pythons: Pythons, say: Say) -> None:
    """Make a script, or give one that is there a block for its requirements (PEP 723)."""
    path = os.path.join(pythons.folder, request.path)
    python = _python(request.python, pythons, None)
    text = script_block(python.requires) if request.is_bare else script_text(os.path.basename(path), python.requires)
    if os.path.exists(path):
        text = _with_block(path, request.path, python.requires)
    _make_folder(os.path.dirname(path))
    write_atomic(path, text.encode())
    say(f"Initialized script at `{request.path}`")


def _with_block(path: str, shown: str, requires: str) -> str:
    try:
        with open(path, encoding="utf-8", newline="") as stream:
            present = stream.read()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyrackError(f"Cannot read `{shown}`", causes=(str(error),)) from error
    if parse_script(present, shown, os.path.dirname(path)) is not None:
        raise KeyrackError(f"`{shown}` is already a PEP 723 script; use `keyrack run` to execute it")
    first, newline, rest = present.partition("\n")
    if first.startswith("#!"):
        return f"{first}{newline}#\n{script_block(requires)}\n{rest}"
    return f"{script_block(requires)}\n{present}"


def _name_of(folder: str) -> str:
    text = os.path.basename(folder)
    try:
        return package_name(text)
    except InvalidText as error:
        message = (
            f"The target directory (`{text}`) is not a valid package name. Please provide a package name with `--name`."
        )
        raise KeyrackError(message) from error


def _make_folder(folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise KeyrackError(f"Cannot create the folder `{folder}`", causes=(error.strerror or str(error),)) from error


def _write_new(folder: str, path: str, text: str) -> None:
    """Write a file unless there is one."""
    place = os.path.join(folder, *path.split("/"))
    if not os.path.lexists(place):
        _make_folder(os.path.dirname(place))
        write_atomic(place, text.encode())


def _python(asked: str | None, pythons: Pythons, around: Workspace | None) -> _Python:
    """Choose the Pythons: those that were asked for, else the workspace's, else the one at hand and newer ones."""
    request = parse_python_request(asked or "")
    if not asked:
        file = version_file(pythons.folder, "", pythons.environment)
        wanted = parse_python_versions(file.text)[0] if file else ()
        if wanted:
            request = wanted[0]
    version = _version_asked(request)
    if version and asked:
        return _Python(f">={version}", version)
    found = one_for(pythons, request, Wanted.SYSTEM)
    minor = f"{found.python.major}.{found.python.minor}"
    workspace = around.facts.requires_python if around and not asked else None
    if workspace is not None:
        return _Python(", ".join(str(workspace).split(",")), minor)
    if request.kind is PythonRequestKind.VERSION and not version:
        # The order of a set of specifiers is not the one in which they were written.
        return _Python(", ".join(part.strip() for part in request.text.split(",")), minor)
    return _Python(f">={version or minor}", version or minor)


def _version_asked(request: PythonRequest) -> str:
    """Give the version that was asked for in so many words; "" where it was none."""
    text = request.text.rpartition("@")[2].strip()
    is_version = request.kind is PythonRequestKind.VERSION and text.replace(".", "").isdecimal() and "." in text
    return text if is_version else ""


def _is_pinned(folder: str, around: Workspace | None) -> bool:
    found = version_file(folder, around.root, {"XDG_CONFIG_HOME": os.devnull}) if around else None
    return found is not None


def _author(request: InitRequest, pythons: Pythons) -> tuple[str, str]:
    if request.with_author is False or (request.with_author is None and request.backend is None):
        return "", ""
    return _git_setting("user.name", pythons), _git_setting("user.email", pythons)


def _git_setting(name: str, pythons: Pythons) -> str:
    try:
        outcome = _git(pythons, "config", "--get", name)
    except OSError:
        return ""
    return outcome.stdout.decode("utf-8", "replace").strip() if not outcome.code else ""


def _git(pythons: Pythons, *words: str) -> processes.Outcome:
    return processes.run(processes.Program(("git", *words), pythons.environment, pythons.folder))


def _control_versions(folder: str, pythons: Pythons, *, needed: bool) -> None:
    """Make the folder a git repository, unless it lies in one already."""
    try:
        if not _git(pythons, "-C", folder, "rev-parse", "--is-inside-work-tree").code:
            return
        outcome = _git(pythons, "init", folder)
    except OSError as error:
        if needed:
            message = "Attempted to initialize a Git repository, but `git` was not found in PATH"
            raise KeyrackError(message) from error
        return
    if outcome.code:
        told = outcome.stderr.decode("utf-8", "replace").strip()
        raise KeyrackError(f"Failed to initialize a Git repository at `{folder}`", causes=(told,))
    _write_new(folder, ".gitignore", IGNORED)


def _workspace_around(folder: str) -> Workspace | None:
    """Find the workspace that a folder lies in. Raises `KeyrackError` where the file above it is none of a project."""
    own = next(project_folders(os.path.dirname(folder)), None)
    if own is None:
        return None
    try:
        return find_workspace(own) if facts_of(own).managed else None
    except KeyrackError as error:
        message = "Failed to discover parent workspace; use `keyrack init --no-workspace` to ignore"
        raise KeyrackError(message, causes=(error.message, *error.causes)) from error


def _join(around: Workspace, folder: str, name: str, say: Say) -> None:
    """Make the new project a member, unless the workspace says already what it is."""
    table = around.facts.workspace or WorkspaceTable()
    if any(is_meant(folder, around.root, pattern) for pattern in table.exclude):
        say(f"Project `{name}` is excluded by workspace `{around.root}`")
    elif any(is_meant(folder, around.root, pattern) for pattern in table.members):
        say(f"Project `{name}` is already a member of workspace `{around.root}`")
    else:
        say(f"Adding `{name}` as member of workspace `{around.root}`")
        edit = Edit(read_project_file(around.root), PROJECT_FILE)
        edit.add_member(os.path.relpath(folder, around.root).replace(os.sep, "/"))
        write_atomic(os.path.join(around.root, PROJECT_FILE), str(edit).encode())
