import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.adapters.gunzip import STREAMS, Undecodable, decode, if_there

ALL = pytest.mark.parametrize("streams", STREAMS, ids=["fastest", "zlib"][-len(STREAMS) :])
LIMIT = 1 << 20


def raw(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
}


@ALL
@given(st.binary(max_size=2000), st.sampled_from(sorted(PACKERS)))
def test_what_was_packed_comes_out_again(streams, body, name):
    assert body == decode(PACKERS[name](body), name, LIMIT, streams)


@ALL
@given(st.binary(max_size=200))
def test_deflate_may_be_the_bare_stream(streams, body):
    assert body == decode(raw(body), "deflate", LIMIT, streams)


@ALL
def test_a_gzip_body_may_have_several_members(streams):
    assert b"onetwo" == decode(gzip.compress(b"one") + gzip.compress(b"two"), "gzip", LIMIT, streams)


@ALL
def test_two_encodings_are_removed_last_one_first(streams):
    assert b"body" == decode(gzip.compress(zlib.compress(b"body")), "deflate, GZIP", LIMIT, streams)


def test_a_library_that_is_missing_is_done_without():
    assert None is if_there("keyrack.no_such_library")


@pytest.mark.parametrize("encodings", ["", "identity", " , identity"])
def test_no_encoding_leaves_the_body(encodings):
    assert b"body" == decode(b"body", encodings, LIMIT)


@pytest.mark.parametrize("encodings", ["gzip", "deflate", "gzip, gzip"])
def test_an_empty_body_stays_empty(encodings):
    assert b"" == decode(b"", encodings, LIMIT)


def test_three_encodings_are_too_many():
    with pytest.raises(Undecodable, match="has 3 content encodings"):
        decode(b"", "gzip, gzip, gzip", LIMIT)


def test_an_encoding_that_was_not_asked_for_is_refused():
    with pytest.raises(Undecodable, match="`br`, which was not asked for"):
        decode(b"body", "br", LIMIT)


@ALL
@pytest.mark.parametrize("name", ["gzip", "deflate"])
def test_a_body_that_is_cut_is_refused(streams, name):
    packed = PACKERS[name](b"body" * 50)

    with pytest.raises(Undecodable, match=f"The body is not the {name} that it should be"):
        decode(packed[:-6], name, LIMIT, streams)


@ALL
@pytest.mark.parametrize("name", ["gzip", "deflate"])
def test_a_body_of_something_else_is_refused(streams, name):
    with pytest.raises(Undecodable, match=f"The body is not the {name} that it should be"):
        decode(b"<!DOCTYPE html>", name, LIMIT, streams)


@ALL
def test_a_bomb_is_left_when_it_grows_too_large(streams):
    with pytest.raises(Undecodable, match="larger than an index page may be"):
        decode(gzip.compress(bytes(LIMIT + 1)), "gzip", LIMIT, streams)


@ALL
def test_members_count_together(streams):
    half = gzip.compress(bytes(LIMIT // 2 + 1))

    with pytest.raises(Undecodable, match="larger than an index page may be"):
        decode(half + half, "gzip", LIMIT, streams)


@ALL
def test_a_body_of_just_the_limit_is_fine(streams):
    assert LIMIT == len(decode(gzip.compress(bytes(LIMIT)), "gzip", LIMIT, streams))
