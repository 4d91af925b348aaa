"""Bodies to try: honest ones changed in one place or many, pieces of them in any order, deep and long ones, noise."""

from __future__ import annotations

import re

from hypothesis import strategies as st

_WORD = re.compile(rb"[A-Za-z0-9_.-]+|\s+|.", re.DOTALL)
_ODD = (
    b"\0", b"\x1b[31m", b"\xff", b"\xe2\x80\xae", b"\xed\xa0\x80", b"\r", b"\n", b"\t", b"'", b'"', b"\\", b"(", b")",
    b"[", b"]", b"{", b"}", b"${NAME}", b"%", b"%00", b"%2e%2e", b"://", b"@", b"#", b";", b"==",
    b"999999999999999999999",
    b"-1", b"1e999", b"NaN", b"null", b"true", b"1!0", b"*", b"\xc2\xb2", b"\xd9\xa3", b"\xef\xbb\xbf", b"&#x1b;",
)  # fmt: skip
_DEEP = (b"(", b"[", b"{", b'{"a":', b"[[", b"not ", b"a.", b"<a>", b"((a=='", b"a=", b"\\\n", b"-", b"a and ")


def bodies(seeds: tuple[bytes, ...]) -> st.SearchStrategy[bytes]:
    """Give bodies around the seeds."""
    words = sorted({word for seed in seeds for word in _WORD.findall(seed)})
    piece = st.sampled_from([*words, *_ODD]) | st.binary(max_size=6)
    deep = st.tuples(st.sampled_from([*_DEEP, *words]), st.sampled_from([3, 300, 3000, 30_000]), piece)
    return st.one_of(
        st.sampled_from(seeds),
        st.binary(max_size=200),
        st.lists(piece, max_size=40).map(b"".join),
        st.tuples(st.sampled_from(seeds), _edits(piece)).map(_edited),
        deep.map(lambda parts: parts[0] * parts[1] + parts[2]),
        st.tuples(st.sampled_from(seeds), deep, st.integers(0, 1000)).map(_deepened),
    )


_Edit = tuple[int, int, bytes]


def _edits(piece: st.SearchStrategy[bytes]) -> st.SearchStrategy[list[_Edit]]:
    """An edit: where, how many bytes go, what comes."""
    return st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 8), piece), min_size=1, max_size=6)


def _edited(parts: tuple[bytes, list[_Edit]]) -> bytes:
    seed, edits = parts
    for where, gone, piece in edits:
        at = where % (len(seed) + 1)
        seed = seed[:at] + piece + seed[at + gone :]
    return seed


def _deepened(parts: tuple[bytes, tuple[bytes, int, bytes], int]) -> bytes:
    seed, (piece, times, end), where = parts
    at = where % (len(seed) + 1)
    return seed[:at] + piece * times + end + seed[at:]
