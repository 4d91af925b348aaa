"""Find the files that say which Python is wanted: `.python-version`, and the project around a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from keyrack.adapters.settings_files import SettingsFile
from keyrack.errors import InvalidText

VERSION_FILES = (".python-version", ".python-versions")
PROJECT_FILE = "pyproject.toml"


def project_file(folder: str) -> SettingsFile | None:
    """Read the nearest `pyproject.toml`, from a folder upwards; None where there is none that can be read."""
    return next(_found(_upwards(folder, ""), (PROJECT_FILE,)), None)


def version_file(folder: str, stop: str, environment: Mapping[str, str]) -> SettingsFile | None:
    """Read the nearest file of versions, from a folder upwards until `stop` ("" for no end), else the user's own.

    Raises `InvalidText` where it is no text.
    """
    nearest = next(_found(_upwards(folder, stop), VERSION_FILES), None)
    if nearest is not None:
        return nearest
    return next(_found([user_version_folder(environment)], VERSION_FILES), None)


def user_version_folder(environment: Mapping[str, str]) -> str:
    """Give the folder of the user's own file of versions."""
    own = environment.get("XDG_CONFIG_HOME") or os.path.join(environment.get("HOME", ""), ".config")
    return os.path.join(own, "uv")


def installations_folder(environment: Mapping[str, str]) -> str:
    """Give the folder in which uv would keep Pythons of its own; keyrack installs none."""
    if told := environment.get("UV_PYTHON_INSTALL_DIR"):
        return told
    own = environment.get("XDG_DATA_HOME") or os.path.join(environment.get("HOME", ""), ".local", "share")
    return os.path.join(own, "uv", "python")


def managed_folders(environment: Mapping[str, str], *, windows: bool = os.name == "nt") -> tuple[str, ...]:
    """Give the folders of the executables of Pythons that uv has installed, the newest first."""
    root = installations_folder(environment)
    try:
        names = os.listdir(root) if os.path.isabs(root) else []
    except OSError:
        return ()
    # A link beside them stands for the newest of a minor version.
    found = [name for name in names if "-" in name and not os.path.islink(os.path.join(root, name))]
    found.sort(
        key=lambda name: ([int(digits) for digits in re.findall(r"\d+", name.split("-")[1])], name), reverse=True
    )
    folders = (os.path.join(root, name) if windows else os.path.join(root, name, "bin") for name in found)
    return tuple(folder for folder in folders if os.path.isdir(folder))


def _upwards(folder: str, stop: str) -> Iterator[str]:
    folder = os.path.abspath(folder)
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if folder in (stop, parent):
            return
        folder = parent


def _found(folders: Iterator[str] | list[str], names: tuple[str, ...]) -> Iterator[SettingsFile]:
    for folder in folders:
        for name in names:
            path = os.path.join(folder, name)
            try:
                with open(path, encoding="utf-8-sig") as stream:
                    text = stream.read()
            except OSError:
                continue
            except UnicodeDecodeError as error:
                if name == PROJECT_FILE:
                    continue  # whoever looks for settings there says so
                raise InvalidText(f"Failed to read `{path}`", causes=("it is not UTF-8 text",)) from error
            yield SettingsFile(name, folder, text)
