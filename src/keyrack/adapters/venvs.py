"""Create a virtual environment on disk (PEP 405): links to the interpreter, pyvenv.cfg, folders, activation scripts."""

from __future__ import annotations

import os
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

from keyrack.errors import KeyrackError
from keyrack.formats.activation import Activated, activation_scripts
from keyrack.formats.pyvenv_cfg import render_pyvenv_cfg
from keyrack.values.interpreter import Interpreter, Paths
from keyrack.values.late import LateModule

if TYPE_CHECKING:
    import shutil
else:
    shutil = LateModule("shutil")

_CACHE_TAG = "Signature: 8a477f597d28d172789f06886806bc55"
FAILED = "Failed to create virtual environment"
IS_WINDOWS = os.name == "nt"


class VenvExists(KeyrackError):
    """The place is taken by something that may not be overwritten."""


class VenvFailed(KeyrackError):
    """The environment could not be written."""


class VenvOptions(msgspec.Struct, frozen=True):
    """How an environment is made (`venv` flags). `shown` is what messages call its place, if not the whole path.

    `force` lets `clear` empty a folder that is no environment.
    """

    prompt: str = ""
    shown: str = ""
    force: bool = False
    system_site_packages: bool = False
    relocatable: bool = False
    clear: bool = False
    allow_existing: bool = False


def create_venv(
    path: str, base: Interpreter, options: VenvOptions, written_by: tuple[str, str], *, windows: bool = IS_WINDOWS
) -> str:
    """Make the environment at `path` and give its executable. `written_by` is our name and version for pyvenv.cfg.

    Raises `VenvExists`, and `VenvFailed` where the disk says no.
    """
    path = os.path.abspath(path)
    _check_place(path, options)
    try:
        if options.clear:
            _clear(path)
        return _write_venv(path, base, options, written_by, windows=windows)
    except OSError as error:
        where = f" `{error.filename}`" if error.filename else ""
        raise VenvFailed(FAILED, causes=(f"{error.strerror} (os error {error.errno}){where}",)) from error


def folders_of(path: str, base: Interpreter, *, windows: bool = IS_WINDOWS) -> Paths:
    """Give where files go in an environment that was made at `path`, without asking its Python."""
    modules = os.path.join(path, *_site_packages(base, windows=windows))
    scripts = os.path.join(path, "Scripts" if windows else "bin")
    return Paths(modules, modules, scripts, path, os.path.join(path, "include", "site", f"python{base.minor}"))


def _write_venv(
    path: str, base: Interpreter, options: VenvOptions, written_by: tuple[str, str], *, windows: bool
) -> str:
    scripts = os.path.join(path, "Scripts" if windows else "bin")
    site = _site_packages(base, windows=windows)
    os.makedirs(scripts, exist_ok=True)
    os.makedirs(os.path.join(path, *site), exist_ok=True)
    executable = _copy_launchers(scripts, base) if windows else _link_interpreter(scripts, base)
    if not windows and base.pointer_size == 64 and base.markers["sys_platform"] != "darwin":
        _symlink("lib", os.path.join(path, "lib64"))
    _write(os.path.join(path, ".gitignore"), "*")
    _write(os.path.join(path, "CACHEDIR.TAG"), _CACHE_TAG)
    _write_activation(
        scripts, Activated(path, _prompt(path, options), os.path.basename(scripts), site, options.relocatable)
    )
    # Written last: without it the folder is no environment yet.
    _write(os.path.join(path, "pyvenv.cfg"), render_pyvenv_cfg(_configuration(base, options, written_by)))
    return executable


def _check_place(path: str, options: VenvOptions) -> None:
    shown = options.shown or path
    if os.path.lexists(path) and not os.path.isdir(path):
        raise VenvExists(FAILED, causes=(f"File exists at `{shown}`",))
    if not os.path.isdir(path) or not os.listdir(path) or options.allow_existing:
        return
    is_environment = os.path.isfile(os.path.join(path, "pyvenv.cfg"))
    what = "virtual environment" if is_environment else "directory"
    if not options.clear:
        hint = f"Use the `--clear` flag or set `UV_VENV_CLEAR=1` to replace the existing {what}"
        raise VenvExists(FAILED, causes=(f"A {what} already exists at: {shown}",), hints=(hint,))
    if not is_environment and not options.force:
        raise VenvExists(
            FAILED,
            causes=("keyrack will not clear a directory that is not a virtual environment",),
            hints=("Use the `--force` flag to remove the existing directory anyway",),
        )


def _clear(path: str) -> None:
    """Empty a folder; the folder itself stays, as somebody may stand in it. What makes it an environment goes first."""
    names = os.listdir(path) if os.path.isdir(path) else []
    for name in sorted(names, key=lambda name: name != "pyvenv.cfg"):
        inside = os.path.join(path, name)
        if os.path.isdir(inside) and not os.path.islink(inside):
            shutil.rmtree(inside)
        else:
            os.unlink(inside)


def _site_packages(base: Interpreter, *, windows: bool) -> tuple[str, ...]:
    if windows:
        return ("Lib", "site-packages")
    name = "pypy" if base.implementation == "pypy" else "python"
    suffix = "t" if base.gil_disabled else ""
    return ("lib", f"{name}{base.minor}{suffix}", "site-packages")


def _link_interpreter(scripts: str, base: Interpreter) -> str:
    executable = os.path.join(scripts, "python")
    _symlink(base.base_executable, executable)
    names = ["python3", f"python{base.minor}"]
    if base.gil_disabled:
        names.append(f"python{base.minor}t")
    if base.implementation in ("pypy", "graalpy"):
        names += [base.implementation, f"{base.implementation}3", f"{base.implementation}{base.minor}"]
    for name in names:
        _symlink("python", os.path.join(scripts, name))
    return executable


def _copy_launchers(scripts: str, base: Interpreter) -> str:
    """Copy the redirecting launchers that a Windows installation keeps for virtual environments.

    Since 3.13 they have the names of what they stand for. conda puts them beside its executable; an embedded Python
    has none, and is copied itself with all that it needs beside it.
    """
    home = os.path.dirname(base.base_executable)
    kept = os.path.join(home, "Lib", "venv", "scripts", "nt")
    suffix = "t" if base.gil_disabled else ""
    for name, launcher in (("python.exe", f"venvlauncher{suffix}.exe"), ("pythonw.exe", f"venvwlauncher{suffix}.exe")):
        places = (os.path.join(kept, name), os.path.join(kept, launcher), os.path.join(home, launcher))
        source = next((place for place in places if os.path.isfile(place)), None)
        if source is None:
            source = os.path.join(home, name)
            _copy_libraries(home, scripts)
        if os.path.isfile(source):
            shutil.copyfile(source, os.path.join(scripts, name))
    return os.path.join(scripts, "python.exe")


def _copy_libraries(home: str, scripts: str) -> None:
    for folder in (home, os.path.join(home, "DLLs")):
        for name in os.listdir(folder) if os.path.isdir(folder) else ():
            if name.lower().endswith((".dll", ".pyd", ".zip")):
                shutil.copyfile(os.path.join(folder, name), os.path.join(scripts, name))


def _symlink(target: str, path: str) -> None:
    if os.path.lexists(path):
        if os.path.isdir(path) and not os.path.islink(path):
            return  # `--allow-existing`, and somebody's own folder
        os.unlink(path)
    os.symlink(target, path)


def _write(path: str, text: str) -> None:
    # A link to another place must not be written through.
    if os.path.islink(path):
        os.unlink(path)
    with open(path, "w", encoding="utf-8", newline="") as stream:
        stream.write(text)


def _prompt(path: str, options: VenvOptions) -> str:
    return _plain(options.prompt) or os.path.basename(path)


def _plain(text: str) -> str:
    """Take out what would break a line of pyvenv.cfg, or a terminal's."""
    return "".join(letter for letter in text if letter.isprintable())


def _configuration(base: Interpreter, options: VenvOptions, written_by: tuple[str, str]) -> dict[str, str]:
    values = {
        "home": os.path.dirname(base.base_executable),
        "implementation": base.markers["platform_python_implementation"],
        written_by[0]: written_by[1],
        "version_info": base.version,
        "include-system-site-packages": "true" if options.system_site_packages else "false",
    }
    if options.relocatable:
        values["relocatable"] = "true"
    if options.prompt:
        values["prompt"] = _plain(options.prompt)
    return values


def _write_activation(scripts: str, place: Activated) -> None:
    """Fill in the templates of `activation/`."""
    folder = files("keyrack.adapters").joinpath("activation")
    templates = {
        template.name.removesuffix(".in"): template.read_text(encoding="utf-8")
        for template in folder.iterdir()
        if template.name.endswith(".in")
    }
    for name, text in activation_scripts(templates, place).items():
        _write(os.path.join(scripts, name), text)
