"""A page as the cache keeps it: sorted by versions, and read only as far as a run wants to know.

It holds what `simple_json` reads of a page and nothing else. The form is our own, so it is never read from a server.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.simple_json import JsonFile, JsonPage, link_of
from keyrack.values.artifact import LateLinks, Link, Page
from keyrack.values.index import IndexId
from keyrack.values.url import Url

_FORM = 1


class _Packed(msgspec.Struct, array_like=True):
    """The text of each version, how many files it has and how many bytes they take; then those bytes."""

    form: int
    texts: list[str]
    counts: list[int]
    sizes: list[int]
    files: memoryview


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Packed)
_FILES = msgspec.msgpack.Decoder(list[JsonFile])


def pack(page: JsonPage, groups: Sequence[tuple[str, Sequence[int]]]) -> bytes:
    """Write a page; `groups` are the places of the files of each version's text. What stands in none is left out."""
    files, encode = page.files, _ENCODER.encode
    for file in files:
        # One hash of the same file under one name is enough: those of a wheel are a quarter of what a page says of it.
        if file.core_metadata is not None:
            file.dist_info_metadata = file.data_dist_info_metadata = None
    texts = [text for text, _ in groups]
    packed = [encode([files[place] for place in places]) for _, places in groups]
    counts, sizes = [len(places) for _, places in groups], [len(each) for each in packed]
    return encode((_FORM, texts, counts, sizes, b"".join(packed)))


def parse_packed_page(body: bytes, base: Url, origin: IndexId) -> Page:
    """Read what `pack` wrote; `InvalidText` where it did not."""
    try:
        packed = _DECODER.decode(body)
    except msgspec.DecodeError as error:
        raise InvalidText(f"The page `{base}` is not as it was kept", causes=(f"{error}",)) from error
    starts = [0, *accumulate(packed.counts)]
    places = [range(start, end) for start, end in pairwise(starts)]
    links = LateLinks(starts[-1], _Unpacking(packed, starts).link)
    return Page(origin, base, links, tuple(zip(packed.texts, places, strict=True)))


class _Unpacking:
    """Unpacks the files of a version when the first of them is wanted."""

    def __init__(self, packed: _Packed, starts: list[int]) -> None:
        self._packed = packed
        self._starts = starts
        self._offsets: list[int] = []
        self._files: dict[int, list[JsonFile]] = {}

    def link(self, place: int) -> Link:
        at = bisect_right(self._starts, place) - 1
        files = self._files.get(at)
        if files is None:
            if not self._offsets:
                self._offsets = [0, *accumulate(self._packed.sizes)]
            files = self._files[at] = _FILES.decode(self._packed.files[self._offsets[at] : self._offsets[at + 1]])
        return link_of(files[place - self._starts[at]])
