import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.supply.receiving import IN_MEMORY, Receiving, WrongLength

ALGORITHMS = frozenset({"sha256", "md5"})
CHUNKS = st.lists(st.integers(0, 400_000).map(lambda size: bytes([size % 251]) * size), max_size=8)


def received(tmp_path, chunks, *promises):
    """Receive the chunks; give what came of it, in memory or in the file, its hashes and the numbers that were told."""
    told = []
    with Receiving(str(tmp_path / "archive"), ALGORITHMS, told.append) as receiving:
        for chunk in chunks:
            if chunk is None:
                receiving.restart()
            else:
                receiving.write(chunk)
        found = receiving.finish(*promises)
        body = found if isinstance(found, bytes) else (tmp_path / "archive").read_bytes()
        return body, receiving.hashes(), told


@given(CHUNKS, CHUNKS)
def test_what_came_is_whole_and_hashed_however_it_came(tmp_path_factory, before, chunks):
    tmp_path = tmp_path_factory.mktemp("receiving")
    whole = b"".join(chunks)

    body, hashes, told = received(tmp_path, [*before, None, *chunks], len(whole), None, str(len(whole)))

    assert whole == body
    assert {name: hashlib.new(name, whole).hexdigest() for name in ALGORITHMS} == hashes
    assert len(whole) == told[-1]


@pytest.mark.parametrize(("size", "is_file"), [(0, False), (IN_MEMORY, False), (IN_MEMORY + 1, True)])
def test_a_file_is_made_for_what_is_large(tmp_path, size, is_file):
    received(tmp_path, [b"x" * size])

    assert is_file == (tmp_path / "archive").exists()


@pytest.mark.parametrize("promise", [2, "3", "0"])
def test_a_body_of_another_length_than_promised_is_refused(tmp_path, promise):
    with pytest.raises(WrongLength, match=f"The body has 1 bytes and should have {promise}"):
        received(tmp_path, [b"x"], promise)


def test_whoever_is_told_may_end_it(tmp_path):
    def told(count):
        raise KeyError(count)

    with Receiving(str(tmp_path / "archive"), ALGORITHMS, told) as receiving, pytest.raises(KeyError):
        receiving.write(b"x" * IN_MEMORY)
