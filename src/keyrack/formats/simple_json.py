"""Read an index's page in JSON (PEP 691, with 592 yanks, 658/714 metadata, 700 sizes and times)."""

from __future__ import annotations

import msgspec

from keyrack.errors import InvalidText
from keyrack.values.artifact import Digest, LateLinks, Link, Page
from keyrack.values.index import IndexId
from keyrack.values.url import Url

_Hashes = dict[str, str]


class JsonFile(msgspec.Struct, gc=False, omit_defaults=True, rename=lambda field: field.replace("_", "-")):
    """A file as it stands there; keys that no resolver reads are skipped by the decoder, which is most of the speed."""

    filename: str
    url: str
    hashes: _Hashes | None = None
    requires_python: str | None = None
    yanked: bool | str | None = None
    core_metadata: _Hashes | bool | None = None
    dist_info_metadata: _Hashes | bool | None = None
    data_dist_info_metadata: _Hashes | bool | None = None
    size: int | None = None
    upload_time: str | None = None


class _Meta(msgspec.Struct, rename={"api_version": "api-version"}):
    api_version: str = "1.0"


class JsonPage(msgspec.Struct):
    """A page as it stands there."""

    files: tuple[JsonFile, ...]
    meta: _Meta = msgspec.field(default_factory=_Meta)


_DECODER = msgspec.json.Decoder(JsonPage)


def parse_json_page(body: bytes, base: Url, origin: IndexId) -> Page:
    """Read a page; links stay as they stand there, `base` is what relative ones start from.

    Raises `InvalidText` that names the page and the place, for text that is no such page and for a major version of
    the format that is not ours (PEP 629).
    """
    files = read_json_page(body, base).files
    names = [file.filename for file in files]
    return Page(origin, base, LateLinks(len(files), lambda place: link_of(files[place]), names))


def read_json_page(body: bytes, base: Url) -> JsonPage:
    """Read a page as it stands there; raises as `parse_json_page` does."""
    try:
        page = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidText(f"The page `{base}` is not a valid index page", causes=(_cause(error),)) from error
    major = page.meta.api_version.partition(".")[0]
    if major != "1":
        raise InvalidText(
            f"The page `{base}` cannot be read",
            causes=(f"It is written in version {page.meta.api_version[:20]!r} of the format; only 1.x is known",),
        )
    return page


def link_of(file: JsonFile) -> Link:
    """Make the link of an entry."""
    hashes, sidecar = file.hashes, file.core_metadata
    if sidecar is None:
        # The name of PEP 714, else that of PEP 658 as PEP 691 wrote it, else as some servers do.
        sidecar = file.dist_info_metadata if file.dist_info_metadata is not None else file.data_dist_info_metadata
    return Link(
        file.filename,
        file.url,
        tuple([Digest(kind, value.lower()) for kind, value in hashes.items()]) if hashes else (),
        file.requires_python,
        file.yanked if file.yanked is not None else False,
        None if sidecar is None or sidecar is False else _sidecar_digests(sidecar),
        file.size,
        file.upload_time,
    )


def _sidecar_digests(sidecar: _Hashes | bool) -> tuple[Digest, ...]:
    return tuple([Digest(kind, value.lower()) for kind, value in sidecar.items()]) if isinstance(sidecar, dict) else ()


def _cause(error: Exception) -> str:
    return "The JSON is nested too deeply" if isinstance(error, RecursionError) else f"{error}"
