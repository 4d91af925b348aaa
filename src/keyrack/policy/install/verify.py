"""May this wheel be installed at all? Its own words are compared with each other and with its file name (PEP 427).

What can fail late is refused here, before any environment is touched: two dist-info folders, another name or version
than the file's, unknown `.data` keys, launchers that leave their folder, files that RECORD does not list.
"""

from __future__ import annotations

import re
from itertools import product

from packaging.version import InvalidVersion, Version

from keyrack.errors import InvalidText, KeyrackError
from keyrack.values.artifact import WheelName
from keyrack.values.late import pattern
from keyrack.values.names import package_name
from keyrack.values.wheel import EntryPoint, RecordRow, WheelFacts

SCHEMES = frozenset({"purelib", "platlib", "headers", "scripts", "data"})
"""The keys that a `.data` folder may have."""
OURS = frozenset({"INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", "uv_build.json"})
"""Files of a dist-info folder that only an installer may write; shipped ones are dropped (PEP 376, 610)."""
UNHASHED = frozenset({"RECORD", "RECORD.jws", "RECORD.p7s"})
"""Files of a dist-info folder that RECORD cannot hold the hash of."""
ALGORITHMS = frozenset({"sha256", "sha384", "sha512"})
"""The hashes that RECORD may use (PEP 427: sha256 or better)."""

_ACTIVATION = frozenset({"activate", "activate_this.py"})
_RESERVED = pattern(
    r"(?:pythonw?(?:3(?:\.\d{1,3}t?)?)?|pypy[23]?|graalpy|pyvenv\.cfg)(?:\.exe|\.py|-script\.py)?\Z",
    re.IGNORECASE,
)


class InvalidWheel(KeyrackError):
    """The wheel contradicts itself, its file name or the standard."""


def find_stem(paths: frozenset[str], wheel: WheelName) -> str:
    """Find the `name-version` of the one dist-info folder, which must be those of the file name.

    A local version may be missing inside (some mirrors add one to the file name only).
    """
    folders = {path.partition("/")[0] for path in paths if "/" in path}
    found = sorted(folder for folder in folders if folder.lower().endswith(".dist-info"))
    if len(found) != 1:
        what = f"Multiple .dist-info directories found: {', '.join(found)}" if found else "Missing .dist-info directory"
        raise InvalidWheel("The wheel is invalid", causes=(what,))
    stem = found[0][: -len(".dist-info")]
    name, _, version = stem.partition("-")
    try:
        same = package_name(name) == wheel.name
        agree = is_version_of(version, wheel)
    except (InvalidText, InvalidVersion) as error:
        raise InvalidWheel("The wheel is invalid", causes=(f"Invalid .dist-info directory: {found[0]}",)) from error
    if not same:
        raise InvalidWheel(
            "The wheel is invalid",
            causes=(f"Wheel package name does not match filename ({package_name(name)} != {wheel.name})",),
        )
    if not agree:
        raise InvalidWheel(
            "The wheel is invalid",
            causes=(f"Wheel version does not match filename ({version} != {wheel.version_text})",),
        )
    return stem


def check_facts(facts: WheelFacts) -> tuple[str, ...]:
    """Refuse another major version of the format; a newer minor one is worth a warning, which comes back."""
    major, minor = facts.version
    if major != 1 and (major, minor) != (0, 1):
        raise InvalidWheel(
            "The wheel is invalid", causes=(f"Unsupported wheel major version (expected 1, got {major})",)
        )
    return (f"Unsupported wheel minor version (expected 0, got {minor})",) if major and minor else ()


def check_metadata(text: str, wheel: WheelName) -> None:
    """Refuse a METADATA whose name or version is not that of the file."""
    name, version = "", ""
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if not colon:
            break
        if key.lower() == "name":
            name = name or value.strip()
        elif key.lower() == "version":
            version = version or value.strip()
    try:
        agree = package_name(name) == wheel.name and is_version_of(version, wheel)
    except (InvalidText, InvalidVersion) as error:
        raise InvalidWheel("The wheel is invalid", causes=("METADATA has no valid name and version",)) from error
    if not agree:
        cause = f"METADATA says {name} {version}, the filename {wheel.name} {wheel.version_text}"
        raise InvalidWheel("The wheel is invalid", causes=(cause,))


def check_record(files: dict[str, int], rows: tuple[RecordRow, ...], stem: str) -> dict[str, RecordRow]:
    """Give each file's row of RECORD; every file must have one, with a strong hash and the right size.

    `files` are sizes by path. RECORD and its signatures have no hash. Rows without a file are left out: they could
    only make an uninstallation delete what is not the wheel's.
    """
    listed: dict[str, RecordRow] = {}
    for row in rows:
        if listed.setdefault(row.path, row) != row:
            raise InvalidWheel("RECORD is invalid", causes=(f"`{row.path}` stands there twice",))
    unhashed = {f"{stem}.dist-info/{name}" for name in UNHASHED}
    missing = sorted(path for path in files if path not in listed and path not in unhashed)
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise InvalidWheel("RECORD is invalid", causes=(f"It does not list `{missing[0]}`{more}",))
    found = {path: listed[path] for path in files if path not in unhashed}
    for path, row in found.items():
        _check_row(row, files[path])
    return found


def check_data(paths: frozenset[str], stem: str) -> None:
    """Refuse `.data` keys that no scheme has, folders among scripts, and what would replace an interpreter."""
    data = f"{stem}.data"
    for path in (path for path in paths if ".data/" in path):
        folder, key, *rest = path.split("/")
        if folder != data:
            continue
        if not rest or key not in SCHEMES:
            raise InvalidWheel("The wheel is invalid", causes=(f"Unknown wheel data type: {key}",))
        if key == "scripts" and len(rest) > 1:
            cause = f"Wheel contains an invalid entry (directory) in the `scripts` directory: {path}"
            raise InvalidWheel("The wheel is invalid", causes=(cause,))
        is_script = key == "scripts" or (key == "data" and rest[0].lower() in ("bin", "scripts"))
        if (is_script or rest == ["pyvenv.cfg"]) and is_reserved(rest[-1]):
            cause = f"Scripts must not use the reserved name `{rest[-1]}`"
            raise InvalidWheel("The wheel is invalid", causes=(cause,))


def check_entry_points(points: tuple[EntryPoint, ...]) -> None:
    """Refuse launchers that would not lie in the scripts folder, that replace an interpreter, or that are no names."""
    for point in points:
        if is_reserved(point.name):
            raise InvalidWheel(
                "The wheel is invalid", causes=(f"Scripts must not use the reserved name `{point.name}`",)
            )
        plain = point.name.isprintable() and point.name not in (".", "..") and not set(point.name) & set('/\\:"')
        if not plain:
            cause = f"Script path must resolve to a file within the scripts directory: `{printable(point.name)}`"
            raise InvalidWheel("The wheel is invalid", causes=(cause,))
        if not all(part.isidentifier() for part in (*point.module.split("."), *point.attribute.split("."))):
            cause = f"invalid console script: `{point.module}:{point.attribute}`"
            raise InvalidWheel("The wheel is invalid", causes=(cause,))


def doubtful_launchers(points: tuple[EntryPoint, ...]) -> tuple[str, ...]:
    """Warn of launchers that would replace what activates an environment; uv lets them pass, and so do we."""
    names = [name for name in (point.name for point in points) if name in _ACTIVATION or name.startswith("activate.")]
    return tuple(f"The script name `{name}` is reserved for virtual environment activation scripts." for name in names)


def is_reserved(name: str) -> bool:
    """Say whether a file of this name among an environment's scripts would replace an interpreter."""
    return bool(_RESERVED.match(name))


def is_version_of(version: str, wheel: WheelName) -> bool:
    """Say whether the version inside a wheel is that of the file name, which may add a local part. PEP 440."""
    inside = Version(version.replace("_", "-"))
    return inside == wheel.version or (not inside.local and str(inside) == wheel.version.public)


def has_tags_of(facts: WheelFacts, wheel: WheelName) -> bool:
    """Say whether the tags and the build inside a wheel are those of the file name: one version has many wheels."""
    tags = {"-".join(tag) for tag in product(wheel.pythons, wheel.abis, wheel.platforms)}
    build = "".join(map(str, wheel.build))
    return tags == set(facts.tags) and build == facts.build


def printable(text: str) -> str:
    """Give foreign text without what a terminal would obey."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _check_row(row: RecordRow, size: int) -> None:
    algorithm, equals, value = row.digest.partition("=")
    if not (equals and value and algorithm in ALGORITHMS):
        raise InvalidWheel("RECORD is invalid", causes=(f"`{row.path}` has no hash of sha256 or better",))
    if row.size is not None and row.size != size:
        raise InvalidWheel("RECORD is invalid", causes=(f"`{row.path}` has {size} bytes, and should have {row.size}",))
