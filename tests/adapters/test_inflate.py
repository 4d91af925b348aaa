import subprocess
import sys
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.adapters.inflate import INFLATERS, STREAMS, by_zlib, crc32, inflate_in_pieces

PLAIN = b"some text that repeats itself, " * 500


def packed(plain):
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return stream.compress(plain) + stream.flush()


@given(st.binary(max_size=5000))
def test_all_libraries_inflate_alike(plain):
    assert [plain] * len(INFLATERS) == [bytes(inflate(packed(plain), len(plain))) for inflate in INFLATERS]


@given(st.binary(max_size=300), st.integers(0, 400))
def test_no_library_takes_rubbish_for_more_than_it_may_be(rubbish, size):
    for inflate in INFLATERS:
        try:
            plain = inflate(rubbish, size)
        except zlib.error:
            continue
        assert len(plain) <= size + 1


@pytest.mark.parametrize("inflate", INFLATERS, ids=range(len(INFLATERS)))
def test_a_stream_that_is_cut_off_is_refused(inflate):
    with pytest.raises(zlib.error):
        inflate(packed(PLAIN)[:-3], len(PLAIN))


@pytest.mark.parametrize("inflate", INFLATERS, ids=range(len(INFLATERS)))
def test_a_stream_that_is_declared_empty_and_is_not_is_refused(inflate):
    with pytest.raises(zlib.error):
        inflate(packed(PLAIN), 0)


@pytest.mark.parametrize("streams", STREAMS, ids=range(len(STREAMS)))
def test_a_large_stream_comes_in_pieces(streams):
    plain = PLAIN * 1000

    pieces = list(inflate_in_pieces(packed(plain), streams))

    assert (plain, True) == (b"".join(pieces), len(pieces) > 1)


@pytest.mark.parametrize("streams", STREAMS, ids=range(len(STREAMS)))
@pytest.mark.parametrize(
    "damaged", [packed(PLAIN)[:-3], packed(PLAIN) + b"x", b"\xff" + packed(PLAIN)], ids=["cut", "longer", "rubbish"]
)
def test_a_large_stream_that_is_damaged_is_refused(streams, damaged):
    with pytest.raises(zlib.error):
        list(inflate_in_pieces(damaged, streams))


@pytest.mark.parametrize("streams", STREAMS, ids=range(len(STREAMS)))
def test_a_large_stream_that_goes_on_after_its_end_is_refused(streams):
    with pytest.raises(zlib.error):
        list(inflate_in_pieces(packed(PLAIN) + bytes(5 * 1024 * 1024), streams))


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_the_checksum_is_that_of_the_standard_library(first, second):
    assert zlib.crc32(first + second) == crc32(second, crc32(first, 0))


def test_without_the_native_libraries_the_standard_one_does_the_work():
    program = (
        "import sys, zlib\n"
        "sys.modules['deflate'] = sys.modules['isal.isal_zlib'] = None\n"
        "from keyrack.adapters import inflate as here\n"
        "print([f.__name__ for f in here.INFLATERS], here.STREAMS == (zlib.decompressobj,), here.crc32 is zlib.crc32)\n"
    )

    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert f"['{by_zlib.__name__}'] True True\n" == found
