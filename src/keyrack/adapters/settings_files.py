"""Find and read the files that hold settings: the project's, the user's, the system's."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

import msgspec

from keyrack.errors import KeyrackError


class SettingsFile(msgspec.Struct, frozen=True):
    """A file's text and where it lies. `folder` is absolute: relative paths in the text start there."""

    name: str
    folder: str
    text: str

    @property
    def path(self) -> str:
        """The whole path."""
        return os.path.join(self.folder, self.name)


class UnreadableFile(KeyrackError):
    """A file that was named, or found, could not be read."""


def project_files(folder: str) -> Iterator[tuple[SettingsFile | None, SettingsFile | None]]:
    """Walk from `folder` upwards and give each folder's `uv.toml` and `pyproject.toml`, where it has one of them."""
    for each in _upwards(folder):
        found = _optional(each, "uv.toml"), _optional(each, "pyproject.toml")
        if any(found):
            yield found


def places(folder: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Give the path of every file that may hold settings, whether it is there or not."""
    own = [os.path.join(each, name) for each in _upwards(folder) for name in ("uv.toml", "pyproject.toml")]
    others = (_user_folder(environment), *_system_folders(environment))
    return (*own, *(os.path.join(each, "uv.toml") for each in others))


def user_file(environment: Mapping[str, str]) -> SettingsFile | None:
    """Read the user's `uv.toml`, from `$XDG_CONFIG_HOME/uv` or `~/.config/uv`."""
    return _optional(_user_folder(environment), "uv.toml")


def system_file(environment: Mapping[str, str]) -> SettingsFile | None:
    """Read the system's `uv.toml`: the first of `$XDG_CONFIG_DIRS/uv`, then `/etc/uv`."""
    found = (_optional(each, "uv.toml") for each in _system_folders(environment))
    return next((file for file in found if file is not None), None)


def named_file(path: str, folder: str) -> SettingsFile:
    """Read the file of `--config-file`; `UnreadableFile` where it cannot be."""
    whole = os.path.abspath(os.path.join(folder, path))
    try:
        return SettingsFile(os.path.basename(whole), os.path.dirname(whole), _text(whole))
    except OSError as error:
        cause = f"{error.strerror} (os error {error.errno})"
        raise UnreadableFile(f"failed to open file `{path}`", causes=(cause,)) from error


def _upwards(folder: str) -> Iterator[str]:
    folder = os.path.abspath(folder)
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent


def _user_folder(environment: Mapping[str, str]) -> str:
    if home := environment.get("XDG_CONFIG_HOME"):
        return os.path.join(home, "uv")
    if os.name == "nt":
        return os.path.join(environment.get("APPDATA", ""), "uv")
    return os.path.join(environment.get("HOME", ""), ".config", "uv")


def _system_folders(environment: Mapping[str, str]) -> tuple[str, ...]:
    if os.name == "nt":
        return (os.path.join(environment.get("PROGRAMDATA", ""), "uv"),)
    folders = [folder for folder in environment.get("XDG_CONFIG_DIRS", "/etc/xdg").split(os.pathsep) if folder]
    return tuple(os.path.join(folder, "uv") for folder in (*folders, "/etc"))


def _optional(folder: str, name: str) -> SettingsFile | None:
    try:
        return SettingsFile(name, folder, _text(os.path.join(folder, name)))
    except (FileNotFoundError, NotADirectoryError, PermissionError, IsADirectoryError):
        return None


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8-sig") as stream:
            return stream.read()
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"Failed to read `{path}`", causes=("it is not UTF-8 text",)) from error
