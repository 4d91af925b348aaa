"""Members of a ZIP archive, read from its end."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.adapters.archives import UnsafeArchive
from keyrack.adapters.zip_tail import list_members, read_member
from lab.wheels import wheel


class Bytes:
    """An archive that notes which parts of it are read."""

    def __init__(self, body):
        self.body = body
        self.parts = []

    def __call__(self, start, end):
        self.parts.append((start, end))
        return self.body[start:end]


def zip_of(*members, comment=b"", method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            # Not the time of now: it would stand in the names of tests, and all workers must agree on those.
            archive.writestr(zipfile.ZipInfo(name), content, method)
        archive.comment = comment
    return out.getvalue()


def contents(body):
    read = Bytes(body)
    return {member.name: read_member(read, member, 1 << 20) for member in list_members(read, len(body))}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("comment", [b"", b"a comment", b"PK\x05\x06" + 30 * b"x", 60_000 * b"c"])
def test_members_come_back(method, comment):
    body = zip_of(("a", b"one"), ("b/é", 5000 * b"two"), ("empty", b""), comment=comment, method=method)

    assert {"a": b"one", "b/é": 5000 * b"two", "empty": b""} == contents(body)


def test_an_empty_archive_has_no_members():
    assert () == list_members(Bytes(zip_of()), 22)


@given(st.dictionaries(st.text("ab/é", min_size=1, max_size=6), st.binary(max_size=40), max_size=4))
def test_what_is_packed_comes_back(members):
    assert members == contents(zip_of(*members.items()))


def test_metadata_of_a_wheel_is_read_from_its_end_only():
    made = wheel("lib-a", "1.0", files={"lib_a/big.bin": bytes(range(256)) * 4000}, compress=False)
    read = Bytes(made.body)

    members = {member.name: member for member in list_members(read, len(made.body))}
    text = read_member(read, members["lib_a-1.0.dist-info/METADATA"], 1 << 20)

    assert (made.metadata, True) == (text, min(start for start, _ in read.parts) > 1_000_000)


def test_a_local_header_that_is_longer_than_the_directory_tells_is_read_on():
    extra = struct.pack("<2H", 0x4B52, 2000) + 2000 * b"x"
    body = with_local_extra(b"text", extra)

    assert {"a": b"text"} == contents(body)


def with_local_extra(content, extra):
    crc = zlib.crc32(content)
    size = len(content)
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, crc, size, size, 1, len(extra)) + b"a" + extra
    central = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, crc, size, size, 1, 0, 0, 0, 0, 0, 0) + b"a"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local) + size, 0)
    return local + content + central + end


def wide(content, *, field=True, locator=True, record=True):
    """An archive all of whose numbers stand in 64-bit records."""
    crc, size, full = zlib.crc32(content), len(content), 0xFFFFFFFF
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 45, 0, 0, 0, 0, crc, size, size, 1, 0) + b"a" + content
    extra = struct.pack("<2H3Q", 1, 24, size, size, 0) if field else b""
    extra = struct.pack("<2H", 0x5455, 1) + b"x" + extra
    central = struct.pack(
        "<4s6H3L5H2L", b"PK\x01\x02", 45, 45, 0, 0, 0, 0, crc, full, full, 1, len(extra), 0, 0, 0, 0, full
    )
    central += b"a" + extra
    start = len(local)
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06" if record else b"PKno", 44, 45, 45, 0, 0, 1, 1, len(central), start)
    place = struct.pack("<4sLQL", b"PK\x06\x07" if locator else b"PKno", 0, start + len(central), 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, full, full, 0)
    return local + central + end64 + place + end


def test_numbers_of_64_bits_are_read():
    assert {"a": b"text"} == contents(wide(b"text"))


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", "It is no ZIP archive: it has no end record"),
        (b"PK\x05\x06", "It is no ZIP archive: it has no end record"),
        (b"no archive" * 9000, "It is no ZIP archive: it has no end record"),
        (struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 46, 0, 0), "Its directory lies outside of it"),
        (b"x" * 46 + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 46, 0, 0), "Its directory is damaged"),
        (b"x" * 46 + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 40, 0, 0), "Its directory is damaged"),
        (struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 0xFFFFFFFF, 0, 0), "Its 64-bit end record is missing"),
        (wide(b"text", locator=False), "Its 64-bit end record is missing"),
        (wide(b"text", record=False), "Its 64-bit end record is missing"),
        (wide(b"text", field=False), "A 64-bit size is missing in its directory"),
        (
            zip_of(("a", b"x"))[:-22] + zip_of(("b", b"x"))[-22:-6] + b"\xff\xff\x00\x00\x00\x00",
            "Its directory lies outside of it",
        ),
    ],
)
def test_what_is_no_archive_is_an_error(body, cause):
    with pytest.raises(UnsafeArchive) as raised:
        list_members(Bytes(body), len(body))

    assert (cause,) == raised.value.causes


def test_a_name_that_is_no_utf_8_is_an_error():
    body = zip_of(("ab", b"x")).replace(b"ab", b"\xff\xfe")

    with pytest.raises(UnsafeArchive) as raised:
        list_members(Bytes(body), len(body))

    assert ("Its directory is damaged",) == raised.value.causes


def first_of(body):
    return list_members(Bytes(body), len(body))[0]


GOOD = zip_of(("a", 20 * b"one two three"))


@pytest.mark.parametrize(
    ("damaged", "cause"),
    [
        (b"XX" + GOOD[2:], "Its header and the directory differ"),
        (GOOD[:30] + b"b" + GOOD[31:], "Its header and the directory differ"),
        (GOOD[:20], "Its header is cut off"),
    ],
)
def test_a_header_that_contradicts_the_directory_is_an_error(damaged, cause):
    member = first_of(GOOD)

    with pytest.raises(UnsafeArchive) as raised:
        read_member(Bytes(damaged), member, 1 << 20)

    assert ("Failed to unpack `a`", (cause,)) == (raised.value.message, raised.value.causes)


def test_a_member_beyond_the_limit_is_an_error():
    with pytest.raises(UnsafeArchive) as raised:
        read_member(Bytes(GOOD), first_of(GOOD), 259)

    assert ("It is larger than 259 bytes",) == raised.value.causes


def test_contents_with_another_checksum_are_an_error():
    body = zip_of(("a", b"text"), method=zipfile.ZIP_STORED)
    damaged = body.replace(b"text", b"tent")

    with pytest.raises(UnsafeArchive) as raised:
        read_member(Bytes(damaged), first_of(damaged), 1 << 20)

    assert ("Its size or its CRC-32 is not the one that is declared",) == raised.value.causes


def test_a_broken_stream_is_an_error():
    damaged = GOOD[:31] + 4 * b"\xff" + GOOD[35:]

    with pytest.raises(UnsafeArchive) as raised:
        read_member(Bytes(damaged), first_of(damaged), 1 << 20)

    assert "Failed to unpack `a`" == raised.value.message


def test_a_compression_that_is_not_known_is_an_error():
    body = zip_of(("a", b"text"), method=zipfile.ZIP_BZIP2)

    with pytest.raises(UnsafeArchive) as raised:
        read_member(Bytes(body), first_of(body), 1 << 20)

    assert ("The compression method 12 is not known",) == raised.value.causes


@given(st.binary(max_size=80))
def test_no_bytes_are_anything_but_members_or_unsafe(tail):
    body = GOOD[:-22] + tail
    try:
        found = list_members(Bytes(body), len(body))
    except UnsafeArchive:
        return

    assert all(member.name for member in found) or len(tail) > 22
