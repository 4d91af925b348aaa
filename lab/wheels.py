"""Wheels built from a few words: the same bytes on every machine, valid unless told otherwise.

Binary distribution format (PEP 427), core metadata (PEP 643, 685), recorded files (PEP 376).
"""

import base64
import hashlib
import io
import re
import stat
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from typing import TypedDict, Unpack

import msgspec

WHEN = (2020, 2, 2, 0, 0, 0)

BREAKS = (
    "record-hash",
    "record-size",
    "record-misses-a-file",
    "record-names-no-file",
    "no-record",
    "no-metadata",
    "no-wheel-file",
    "wheel-version-2",
    "other-name",
    "other-version",
    "path-escapes",
    "absolute-path",
    "double-entry",
    "symlink",
    "bad-crc",
    "cut-off",
    "two-dist-infos",
)
"""The ways in which a wheel can be made wrong."""


class Artifact(msgspec.Struct, frozen=True, kw_only=True):
    """One file that an index lists, with what the listing says about it.

    `metadata` is METADATA or PKG-INFO; `sha256` is that of `body`, in hex; `yanked` is the reason,
    None for a file that is not yanked; `uploaded` is RFC 3339 with Z.
    """

    filename: str
    body: bytes
    sha256: str
    name: str
    version: str
    requires_python: str = ""
    metadata: bytes = b""
    yanked: str | None = None
    uploaded: str = "2024-01-01T00:00:00.000000Z"

    @property
    def project(self) -> str:
        """The normalized name (PEP 503)."""
        return normalized(self.name)


class Words(TypedDict, total=False):
    """What may be said about a distribution beside its name and version."""

    requires: Sequence[str]
    extras: Mapping[str, Sequence[str]]
    requires_python: str
    summary: str
    headers: Sequence[tuple[str, str]]
    description: str
    metadata_version: str
    files: Mapping[str, str | bytes]
    yanked: str | None
    uploaded: str
    broken: Sequence[str]


class WheelWords(Words, total=False):
    """What may be said about a wheel.

    tags: `py3-none-any` or any other. build: the build number. console and gui: program name ->
    `module:function`. entry_points: group -> name -> reference. scripts: name -> text, under
    `.data/scripts`. data: path below `.data/` -> content. executable: paths with the x bit.
    compress: deflate (its bytes depend on the zlib at hand). pure: Root-Is-Purelib.
    """

    tags: str
    build: str
    console: Mapping[str, str]
    gui: Mapping[str, str]
    entry_points: Mapping[str, Mapping[str, str]]
    scripts: Mapping[str, str]
    data: Mapping[str, str | bytes]
    executable: Sequence[str]
    compress: bool
    pure: bool


def normalized(name: str) -> str:
    """The name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def escaped(name: str) -> str:
    """The name as it stands in file names."""
    return normalized(name).replace("-", "_")


def wheel(name: str, version: str, **words: Unpack[WheelWords]) -> Artifact:
    """Build `{name}-{version}-{tags}.whl`; without `files` it holds one module with `__version__`."""
    broken = frozenset(words.get("broken", ()))
    if unknown := broken.difference(BREAKS):
        raise ValueError(f"no such way to break a wheel: {sorted(unknown)}")
    inside = "2!other" if "other-version" in broken else version
    metadata = core_metadata("other-name" if "other-name" in broken else name, inside, **common(words))
    body = _archive(_members(name, version, metadata, words), words, broken)
    build = f"-{words['build']}" if "build" in words else ""
    filename = f"{escaped(name)}-{version}{build}-{words.get('tags', 'py3-none-any')}.whl"
    return artifact(filename, body, name, version, metadata=metadata, words=common(words))


def artifact(
    filename: str, body: bytes, name: str, version: str, *, metadata: bytes = b"", words: Words | None = None
) -> Artifact:
    """An artifact of these very bytes."""
    said: Words = words or {}
    return Artifact(
        filename=filename,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        name=name,
        version=version,
        requires_python=said.get("requires_python", ""),
        metadata=metadata,
        yanked=said.get("yanked"),
        uploaded=said.get("uploaded", "2024-01-01T00:00:00.000000Z"),
    )


def common(words: Words) -> Words:
    """The words that wheels and sdists share."""
    return {key: value for key, value in words.items() if key in Words.__annotations__}  # type: ignore[return-value]


def core_metadata(name: str, version: str, **words: Unpack[Words]) -> bytes:
    """A core metadata file, fields in a fixed order, extras as `extra == ...` markers."""
    lines = [f"Metadata-Version: {words.get('metadata_version', '2.3')}", f"Name: {name}", f"Version: {version}"]
    if summary := words.get("summary"):
        lines.append(f"Summary: {summary}")
    lines += [f"{header}: {value}" for header, value in words.get("headers", ())]
    if requires_python := words.get("requires_python"):
        lines.append(f"Requires-Python: {requires_python}")
    lines += [f"Requires-Dist: {requirement}" for requirement in words.get("requires", ())]
    for extra, requirements in words.get("extras", {}).items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f"Requires-Dist: {_under_extra(requirement, extra)}" for requirement in requirements]
    return "\n".join([*lines, "", words.get("description", "")]).encode()


def _under_extra(requirement: str, extra: str) -> str:
    plain, _, marker = (part.strip() for part in requirement.partition(";"))
    both = f"({marker}) and extra == '{extra}'" if marker else f"extra == '{extra}'"
    return f"{plain} ; {both}"


def _members(name: str, version: str, metadata: bytes, words: WheelWords) -> dict[str, bytes]:
    stem = f"{escaped(name)}-{version}"
    default = {f"{escaped(name)}/__init__.py": f'__version__ = "{version}"\n'}
    members = {path: as_bytes(content) for path, content in words.get("files", default).items()}
    for script, text in words.get("scripts", {}).items():
        members[f"{stem}.data/scripts/{script}"] = text.encode()
    for path, content in words.get("data", {}).items():
        members[f"{stem}.data/{path}"] = as_bytes(content)
    members[f"{stem}.dist-info/METADATA"] = metadata
    members[f"{stem}.dist-info/WHEEL"] = _wheel_file(words)
    if entry_points := _entry_points(words):
        members[f"{stem}.dist-info/entry_points.txt"] = entry_points
    return members


def as_bytes(content: str | bytes) -> bytes:
    """Text as UTF-8."""
    return content.encode() if isinstance(content, str) else content


def _wheel_file(words: WheelWords) -> bytes:
    major = "2.0" if "wheel-version-2" in words.get("broken", ()) else "1.0"
    pure = "true" if words.get("pure", True) else "false"
    python, abi, platform = words.get("tags", "py3-none-any").split("-")
    tags = [
        f"Tag: {one}-{two}-{three}"
        for one in python.split(".")
        for two in abi.split(".")
        for three in platform.split(".")
    ]
    build = [f"Build: {words['build']}"] if "build" in words else []
    head = [f"Wheel-Version: {major}", "Generator: lab", f"Root-Is-Purelib: {pure}"]
    return "\n".join([*head, *build, *tags, ""]).encode()


def _entry_points(words: WheelWords) -> bytes:
    groups = {
        "console_scripts": words.get("console", {}),
        "gui_scripts": words.get("gui", {}),
        **words.get("entry_points", {}),
    }
    text = ""
    for group, entries in groups.items():
        if entries:
            text += "".join([f"[{group}]\n", *(f"{name} = {to}\n" for name, to in entries.items()), "\n"])
    return text.encode()


def _record(members: Mapping[str, bytes], own_path: str, broken: frozenset[str]) -> bytes:
    lines = []
    for at, (path, content) in enumerate(members.items()):
        if at == 0 and "record-misses-a-file" in broken:
            continue
        told = b"something else" if at == 0 and "record-hash" in broken else content
        size = len(content) + (1 if at == 0 and "record-size" in broken else 0)
        shown = f'"{path}"' if "," in path else path
        lines.append(f"{shown},sha256={record_hash(told)},{size}")
    if "record-names-no-file" in broken:
        lines.append(f"not/there.py,sha256={record_hash(b'')},0")
    return "\n".join([*lines, f"{own_path},,", ""]).encode()


def record_hash(content: bytes) -> str:
    """SHA-256 as RECORD writes it: urlsafe base64 without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _archive(members: dict[str, bytes], words: WheelWords, broken: frozenset[str]) -> bytes:
    dist_info = next(path for path in members if path.endswith(".dist-info/METADATA")).rpartition("/")[0]
    if "path-escapes" in broken:
        members["../escaped.py"] = b"escaped = True\n"
    if "absolute-path" in broken:
        members["/lab-absolute.py"] = b"escaped = True\n"
    if "two-dist-infos" in broken:
        members["other-1.dist-info/METADATA"] = members[f"{dist_info}/METADATA"]
    if "no-metadata" in broken:
        del members[f"{dist_info}/METADATA"]
    if "no-wheel-file" in broken:
        del members[f"{dist_info}/WHEEL"]
    if "no-record" not in broken:
        members[f"{dist_info}/RECORD"] = _record(members, f"{dist_info}/RECORD", broken)
    pairs = list(members.items())
    if "double-entry" in broken:
        pairs.append((pairs[0][0], b"second = True\n"))
    links: tuple[str, ...] = ()
    if "symlink" in broken:
        links = ("lab-link",)
        pairs.append(("lab-link", b"/etc/passwd"))
    body = zipped(pairs, executable=words.get("executable", ()), links=links, compress=words.get("compress", False))
    return _damaged(body, pairs[0], broken)


def zipped(
    pairs: Sequence[tuple[str, bytes]],
    *,
    executable: Sequence[str] = (),
    links: Sequence[str] = (),
    compress: bool = False,
) -> bytes:
    """A zip archive with fixed times and modes; a path in `links` becomes a symbolic link."""
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in pairs:
            entry = zipfile.ZipInfo(path, WHEN)
            entry.create_system = 3
            mode = 0o755 if path in executable or ".data/scripts/" in path else 0o644
            kind = stat.S_IFLNK if path in links else stat.S_IFREG
            entry.external_attr = (kind | mode) << 16
            entry.compress_type = method
            with warnings.catch_warnings():
                # zipfile warns of a name that comes twice, and that may be what is wanted.
                warnings.simplefilter("ignore", UserWarning)
                archive.writestr(entry, content)
    return buffer.getvalue()


def _damaged(body: bytes, first: tuple[str, bytes], broken: frozenset[str]) -> bytes:
    if "bad-crc" in broken:
        at = body.index(first[1])
        body = body[:at] + bytes([body[at] ^ 0xFF]) + body[at + 1 :]
    return body[: len(body) // 2] if "cut-off" in broken else body
