"""Reading what is installed: dist-info and egg-info folders, and egg-links (PEP 376, PEP 627)."""

from __future__ import annotations

import os
from collections.abc import Iterable

from packaging.version import Version

from keyrack.errors import InvalidText, KeyrackError
from keyrack.formats.direct_url import local_path, parse_direct_url
from keyrack.values.artifact import parse_version
from keyrack.values.installed import DirectUrl, Installed
from keyrack.values.names import PackageName, package_name


def installed(folders: Iterable[str]) -> tuple[Installed, ...]:
    """Give every distribution in some folders, sorted by name; a folder that is not there holds none.

    The first folder wins where a distribution stands in two: so does Python's own search. What has no readable name
    and version is left out. Raises `KeyrackError` where one does not say in readable words where it came from.
    """
    found: list[Installed] = []
    for folder in _each_once(folders):
        try:
            names = sorted(os.listdir(folder))
        except (FileNotFoundError, NotADirectoryError):
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info", ".egg-link")):
                one = _read(folder, name)
                found += [one] if one else []
    return tuple(sorted(found, key=lambda one: one.name))


def read_file(one: Installed, name: str) -> bytes | None:
    """Give a file of a distribution's metadata folder (`METADATA`, `RECORD`, `INSTALLER`), or None."""
    path = os.path.join(one.metadata_path, name)
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None


def read_metadata(one: Installed) -> bytes | None:
    """Give a distribution's core metadata: METADATA, or the PKG-INFO of a legacy one."""
    if not one.legacy:
        return read_file(one, "METADATA")
    if one.metadata_path.endswith(".egg-link"):
        return _read_bytes(_develop_metadata(one.metadata_path, str(one.name)))
    return _read_bytes(os.path.join(one.metadata_path, "PKG-INFO")) or _read_bytes(one.metadata_path)


def _each_once(folders: Iterable[str]) -> list[str]:
    """Give absolute paths, one for each real folder: `lib64` is often a link to `lib`."""
    real: dict[str, str] = {}
    for folder in folders:
        real.setdefault(os.path.realpath(folder), os.path.abspath(folder))
    return list(real.values())


def _read(folder: str, name: str) -> Installed | None:
    path = os.path.join(folder, name)
    try:
        if name.endswith(".dist-info"):
            return _read_dist_info(folder, path, name)
        if name.endswith(".egg-info"):
            return _read_egg_info(folder, path, name)
        return _read_egg_link(folder, path, name)
    except InvalidText:
        return None


def _read_dist_info(folder: str, path: str, name: str) -> Installed:
    project, version = _split(name.removesuffix(".dist-info"))
    try:
        inside = set(os.listdir(path))
    except NotADirectoryError as error:
        raise InvalidText(f"`{path}` is no folder") from error
    source = _direct_url(path) if "direct_url.json" in inside else None
    return Installed(
        name=project,
        version=version,
        location=folder,
        metadata_path=path,
        direct_url=source,
        editable_at=local_path(source) if source and source.editable else None,
        installer=_first_line(os.path.join(path, "INSTALLER")) if "INSTALLER" in inside else "",
        whole={"RECORD", "METADATA"} <= inside and _holds_something(f"{path}/RECORD"),
    )


def _holds_something(path: str) -> bool:
    try:
        return os.stat(path).st_size > 0
    except OSError:
        return False  # another run takes it away at this moment


def _read_egg_info(folder: str, path: str, name: str) -> Installed:
    stem = name.removesuffix(".egg-info")
    if "-" in stem:
        project, version = _split(stem)
    else:
        text = _read_bytes(os.path.join(path, "PKG-INFO")) or _read_bytes(path)
        project, version = package_name(stem), _version_in(text)
    return Installed(project, version, folder, path, legacy=True)


def _read_egg_link(folder: str, path: str, name: str) -> Installed:
    project = package_name(name.removesuffix(".egg-link"))
    version = _version_in(_read_bytes(_develop_metadata(path, project)))
    return Installed(project, version, folder, path, editable_at=_first_line(path), legacy=True)


def _version_in(metadata: bytes | None) -> Version:
    for line in (metadata or b"").decode("utf-8", "replace").splitlines():
        if line.startswith("Version:"):
            return parse_version(line.removeprefix("Version:").strip())
    raise InvalidText("There is no version")


def _develop_metadata(link: str, name: str) -> str:
    return os.path.join(_first_line(link), f"{name.replace('-', '_')}.egg-info", "PKG-INFO")


def _split(stem: str) -> tuple[PackageName, Version]:
    name, dash, rest = stem.partition("-")
    version = rest.partition("-py")[0] if dash else ""
    return package_name(name), parse_version(version.replace("_", "-"))


def _direct_url(path: str) -> DirectUrl | None:
    text = _read_bytes(os.path.join(path, "direct_url.json"))
    try:
        return parse_direct_url(text) if text is not None else None
    except InvalidText as error:
        file = os.path.join(path, "direct_url.json")
        raise KeyrackError(f"Failed to read metadata from: `{file}`", causes=(error.message, *error.causes)) from error


def _first_line(path: str) -> str:
    return (_read_bytes(path) or b"").decode("utf-8", "replace").strip().partition("\n")[0].strip()


def _read_bytes(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
