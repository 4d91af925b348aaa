"""Create a virtual environment on disk (PEP 405): links to the interpreter, pyvenv.cfg, folders, activation scripts."""

from __future__ import annotations

import os
import shutil
from importlib.resources import files

import msgspec

from keyrack.errors import KeyrackError
from keyrack.formats.pyvenv_cfg import render_pyvenv_cfg
from keyrack.values.interpreter import Interpreter

_CACHE_TAG = "Signature: 8a477f597d28d172789f06886806bc55"
FAILED = "Failed to create virtual environment"
IS_WINDOWS = os.name == "nt"


class VenvExists(KeyrackError):
    """The place is taken by something that may not be overwritten."""


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


def create_venv(path: str, base: Interpreter, options: VenvOptions, written_by: tuple[str, str]) -> str:
    """Make the environment at `path` and give its executable. `written_by` is our name and version for pyvenv.cfg."""
    path = os.path.abspath(path)
    _make_place(path, options)
    scripts = os.path.join(path, "Scripts" if IS_WINDOWS else "bin")
    site = os.path.join(path, _site_packages(base))
    os.makedirs(scripts, exist_ok=True)
    os.makedirs(site, exist_ok=True)
    executable = _link_interpreter(scripts, base)
    if not IS_WINDOWS and base.pointer_size == 64 and base.markers["sys_platform"] == "linux":
        _symlink("lib", os.path.join(path, "lib64"))
    _write(os.path.join(path, ".gitignore"), "*")
    _write(os.path.join(path, "CACHEDIR.TAG"), _CACHE_TAG)
    _write_activation(scripts, path, options)
    # Written last: without it the folder is no environment yet.
    _write(os.path.join(path, "pyvenv.cfg"), render_pyvenv_cfg(_configuration(base, options, written_by)))
    return executable


def _make_place(path: str, options: VenvOptions) -> None:
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
    for name in os.listdir(path):
        inside = os.path.join(path, name)
        shutil.rmtree(inside) if os.path.isdir(inside) and not os.path.islink(inside) else os.unlink(inside)


def _site_packages(base: Interpreter) -> str:
    if IS_WINDOWS:
        return os.path.join("Lib", "site-packages")
    name = "pypy" if base.implementation == "pypy" else "python"
    suffix = "t" if base.gil_disabled else ""
    return os.path.join("lib", f"{name}{base.minor}{suffix}", "site-packages")


def _link_interpreter(scripts: str, base: Interpreter) -> str:
    if IS_WINDOWS:
        return _copy_launchers(scripts, base)
    executable = os.path.join(scripts, "python")
    _symlink(base.base_executable, executable)
    for name in ("python3", f"python{base.minor}"):
        _symlink("python", os.path.join(scripts, name))
    return executable


def _copy_launchers(scripts: str, base: Interpreter) -> str:
    """Copy the redirecting launchers that a Windows installation keeps for virtual environments."""
    home = os.path.dirname(base.base_executable)
    for name, launcher in (("python.exe", "venvlauncher.exe"), ("pythonw.exe", "venvwlauncher.exe")):
        source = os.path.join(home, "Lib", "venv", "scripts", "nt", launcher)
        plain = os.path.join(home, "Lib", "venv", "scripts", "nt", name)
        shutil.copyfile(source if os.path.isfile(source) else plain, os.path.join(scripts, name))
    return os.path.join(scripts, "python.exe")


def _symlink(target: str, path: str) -> None:
    if os.path.lexists(path):
        os.unlink(path)
    os.symlink(target, path)


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


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
        values["prompt"] = options.prompt
    return values


def _write_activation(scripts: str, path: str, options: VenvOptions) -> None:
    """Fill in the templates of `activation/`: each has marks that stand for the folder and the prompt."""
    for template in files("keyrack.adapters").joinpath("activation").iterdir():
        text = template.read_text(encoding="utf-8")
        text = text.replace("@VIRTUAL_ENV@", path).replace("@PROMPT@", options.prompt or os.path.basename(path))
        _write(os.path.join(scripts, template.name), text)
