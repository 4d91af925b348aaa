"""pylock.toml written (PEP 751), key for key and byte for byte as uv lays it out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from packaging.specifiers import SpecifierSet

from keyrack.formats.requirements_txt import DIGEST_LENGTHS
from keyrack.formats.uv_lock_inline import clauses, marker_text
from keyrack.values.pylock import Pylock, PylockDirectory, PylockFile, PylockPackage, PylockVcs

CREATOR = "keyrack"


def write_pylock(lock: Pylock) -> str:
    """Write a whole file; it holds no credentials."""
    head = ['lock-version = "1.0"', f"created-by = {_string(CREATOR)}"]
    if lock.environments:
        # uv keeps these on one line, however many there are
        head.append(f"environments = [{', '.join(_string(marker_text(each)) for each in lock.environments)}]")
    if lock.requires_python is not None:
        head.append(f"requires-python = {_string(_specifier(lock.requires_python))}")
    for key, names in (
        ("extras", lock.extras),
        ("dependency-groups", lock.groups),
        ("default-groups", lock.default_groups),
    ):
        if names:
            head.append(f"{key} = {_array(map(_string, names))}")
    if not lock.packages:
        head.append("packages = []")
    blocks = ["\n".join(head), *("\n".join(_package(package)) for package in lock.packages)]
    return "\n\n".join(blocks) + "\n"


def _package(package: PylockPackage) -> Iterator[str]:
    yield "[[packages]]"
    yield f"name = {_string(package.name)}"
    if package.version is not None:
        yield f"version = {_string(str(package.version))}"
    if package.marker is not None:
        yield f"marker = {_string(marker_text(package.marker))}"
    if package.requires_python is not None:
        yield f"requires-python = {_string(_specifier(package.requires_python))}"
    if package.index is not None:
        yield f"index = {_string(str(package.index))}"
    if package.vcs is not None:
        yield f"vcs = {_vcs(package.vcs)}"
    if package.directory is not None:
        yield f"directory = {_directory(package.directory)}"
    if package.archive is not None:
        yield f"archive = {_archive(package.archive)}"
    if package.sdist is not None:
        yield f"sdist = {_file(package.sdist)}"
    if package.wheels:
        yield f"wheels = {_array(map(_file, package.wheels))}"


def _file(file: PylockFile) -> str:
    return _table(
        ("name", _string(file.name)),
        ("url", _string(str(file.url)) if file.url else ""),
        ("path", _string(file.path)),
        ("upload-time", file.upload_time),
        ("size", "" if file.size is None else str(file.size)),
        ("hashes", _hashes(file)),
    )


def _archive(file: PylockFile) -> str:
    return _table(
        ("url", _string(str(file.url)) if file.url else ""),
        ("path", _string(file.path)),
        ("size", "" if file.size is None else str(file.size)),
        ("upload-time", file.upload_time),
        ("subdirectory", _string(file.subdirectory)),
        ("hashes", _hashes(file)),
    )


def _hashes(file: PylockFile) -> str:
    known = sorted(file.digests, key=lambda digest: tuple(DIGEST_LENGTHS).index(digest.algorithm))
    return _table(*((digest.algorithm, _string(digest.value)) for digest in known)) or "{}"


def _directory(tree: PylockDirectory) -> str:
    editable = "" if tree.editable is None else str(tree.editable).lower()
    return _table(("path", _string(tree.path)), ("editable", editable), ("subdirectory", _string(tree.subdirectory)))


def _vcs(source: PylockVcs) -> str:
    return _table(
        ("type", _string(source.kind)),
        ("url", _string(str(source.url)) if source.url else ""),
        ("path", _string(source.path)),
        ("requested-revision", _string(source.revision)),
        ("commit-id", _string(source.commit)),
        ("subdirectory", _string(source.subdirectory)),
    )


def _table(*pairs: tuple[str, str]) -> str:
    """Write an inline table of what there is; values are TOML already, "" for none."""
    inside = ", ".join(f"{key} = {value}" for key, value in pairs if value)
    return f"{{ {inside} }}" if inside else ""


def _array(values: Iterable[str]) -> str:
    """Write an array: one value stays on the line, more stand one a line."""
    found = list(values)
    if len(found) == 1:
        return f"[{found[0]}]"
    return "[\n" + "".join(f"    {value},\n" for value in found) + "]"


_ESCAPES = {"\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"'}


def _string(text: str) -> str:
    """Write a string as TOML; "" where there is none. One with double quotes only becomes a literal one."""
    if not text:
        return ""
    is_plain = all(letter >= " " and letter != "\x7f" for letter in text)
    if is_plain and '"' in text and "'" not in text:
        return f"'{text}'"
    return '"' + "".join(_escaped(letter) for letter in text) + '"'


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    return f"\\u{ord(letter):04X}" if letter < " " or letter == "\x7f" else letter


def _specifier(specifier: SpecifierSet) -> str:
    return ", ".join(clauses(specifier))
