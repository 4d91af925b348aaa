"""Source distributions built from a few words, with a build backend of their own and no needs.

sdist format (PEP 517, 625, 643). The backend inside copies a wheel that lies beside it, so that a
build needs nothing from any index.
"""

import io
import struct
import tarfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Unpack

from lab.wheels import Artifact, Words, artifact, as_bytes, core_metadata, escaped, wheel

BACKEND = '''"""Build by copying what lies in `built/`."""

import io
import os
import shutil
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
BUILT = os.path.join(HERE, "built")


def _wheel():
    return os.listdir(BUILT)[0]


def get_requires_for_build_wheel(config_settings=None):
    return {extra_requires!r}


get_requires_for_build_editable = get_requires_for_build_wheel


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    with zipfile.ZipFile(os.path.join(BUILT, _wheel())) as archive:
        for name in archive.namelist():
            if ".dist-info/" in name:
                archive.extract(name, metadata_directory)
                folder = name.partition("/")[0]
    return folder


prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    {failure}
    shutil.copy(os.path.join(BUILT, _wheel()), wheel_directory)
    return _wheel()


build_editable = build_wheel


def build_sdist(sdist_directory, config_settings=None):
    raise NotImplementedError
'''


class SdistWords(Words, total=False):
    """What may be said about an sdist.

    dynamic: fields that PKG-INFO calls dynamic and leaves out (`Requires-Dist`, ...).
    build_requires: `[build-system] requires`. late_requires: what the backend's hook asks for.
    static_project: write `[project]` into pyproject.toml. build_fails: the backend raises.
    no_pkg_info, no_pyproject: leave the file out. extra_members: path -> content, beside the rest.
    """

    dynamic: Sequence[str]
    build_requires: Sequence[str]
    late_requires: Sequence[str]
    static_project: bool
    build_fails: bool
    no_pkg_info: bool
    no_pyproject: bool
    extra_members: Mapping[str, str | bytes]


def sdist(name: str, version: str, **words: Unpack[SdistWords]) -> Artifact:
    """Build `{name}-{version}.tar.gz`; its PKG-INFO is static unless `dynamic` or an old version."""
    said: Words = {key: value for key, value in words.items() if key in Words.__annotations__}  # type: ignore[assignment]
    pkg_info = _pkg_info(name, version, said, words.get("dynamic", ()))
    stem = f"{escaped(name)}-{version}"
    members: dict[str, bytes] = {}
    if not words.get("no_pkg_info"):
        members["PKG-INFO"] = pkg_info
    if not words.get("no_pyproject"):
        members["pyproject.toml"] = _pyproject(name, version, words).encode()
    members["backend.py"] = _backend(words).encode()
    built = wheel(name, version, **said)
    members[f"built/{built.filename}"] = built.body
    members |= {path: as_bytes(content) for path, content in words.get("extra_members", {}).items()}
    body = tar_gz([(f"{stem}/{path}", content) for path, content in members.items()])
    return artifact(f"{stem}.tar.gz", body, name, version, metadata=pkg_info, words=said)


def _pkg_info(name: str, version: str, said: Words, dynamic: Sequence[str]) -> bytes:
    left_out: dict[str, Sequence[str]] = {
        "Requires-Dist": ("requires", "extras"),
        "Provides-Extra": ("extras",),
        "Requires-Python": ("requires_python",),
    }
    gone = {word for field in dynamic for word in left_out.get(field, ())}
    kept: Words = {key: value for key, value in said.items() if key not in gone}  # type: ignore[assignment]
    kept["headers"] = [*said.get("headers", ()), *(("Dynamic", field) for field in dynamic)]
    return core_metadata(name, version, **kept)


def _pyproject(name: str, version: str, words: SdistWords) -> str:
    needs = list(words.get("build_requires", ()))
    text = f'[build-system]\nrequires = {needs!r}\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    if words.get("static_project"):
        text += f'\n[project]\nname = "{name}"\nversion = "{version}"\n'
        text += f"dependencies = {list(words.get('requires', ()))!r}\n"
    return text


def _backend(words: SdistWords) -> str:
    failure = 'raise RuntimeError("this build fails on purpose")' if words.get("build_fails") else "pass"
    return BACKEND.format(extra_requires=list(words.get("late_requires", ())), failure=failure)


def tar_gz(members: Sequence[tuple[str, bytes]]) -> bytes:
    """A gzipped tar archive with fixed times, owners and modes."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, content in members:
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            entry.mtime = 1580601600
            archive.addfile(entry, io.BytesIO(content))
    return stored_gzip(buffer.getvalue())


def stored_gzip(content: bytes) -> bytes:
    """A gzip member that is stored, not deflated: its bytes do not depend on the zlib at hand (RFC 1952)."""
    packer = zlib.compressobj(0, zlib.DEFLATED, -zlib.MAX_WBITS)
    head = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    tail = struct.pack("<II", zlib.crc32(content), len(content) % 2**32)
    return head + packer.compress(content) + packer.flush() + tail


def unpacked(made: Artifact, folder: Path) -> Path:
    """Lay a source distribution out as a tree in a folder that is not there yet."""
    with tarfile.open(fileobj=io.BytesIO(made.body)) as archive:
        for member in archive:
            content = archive.extractfile(member)
            path = folder / member.name.partition("/")[2]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.read() if content else b"")
    return folder
