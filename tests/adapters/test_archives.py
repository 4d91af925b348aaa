import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyrack.adapters.archives import Limits, UnsafeArchive, read_entries, read_member
from keyrack.adapters.inflate import WHOLE
from lab.wheels import zipped

PAIRS = [("pkg/__init__.py", b"x = 1\n"), ("pkg/text.txt", b"many words " * 99), ("run.sh", b"")]
PLAIN = zipped(PAIRS)
SMALL = zipped(PAIRS, compress=True)
LOCAL, CENTRAL, END = b"PK\3\4", b"PK\1\2", b"PK\5\6"


def names(archive, limits=None):
    return [entry.name for entry in (read_entries(archive, limits) if limits else read_entries(archive))]


def contents(archive, limits):
    return {entry.name: read_member(archive, entry) for entry in read_entries(archive, limits)}


def refusal(archive, limits=None):
    with pytest.raises(UnsafeArchive) as caught:
        contents(archive, limits or Limits())
    return " ".join((caught.value.message, *caught.value.causes))


def patched(archive, magic, offset, form, value, *, which=0):
    """The archive with one field of one header changed."""
    at = -1
    for _ in range(which + 1):
        at = archive.index(magic, at + 1)
    body = bytearray(archive)
    struct.pack_into(form, body, at + offset, value)
    return bytes(body)


def renamed(name):
    """An archive of one file with this name, of any bytes."""
    raw = name if isinstance(name, bytes) else name.encode()
    archive = zipped([("n" * len(raw), b"x")])
    archive = archive.replace(b"n" * len(raw), raw)
    return patched(patched(archive, LOCAL, 6, "<H", 0x800), CENTRAL, 8, "<H", 0x800)


def streamed(**words):
    """An archive as programs write it that cannot seek: sizes stand after the data."""

    class Pipe(io.RawIOBase):
        def __init__(self):
            self.body = b""

        def writable(self):
            return True

        def write(self, piece):
            self.body += bytes(piece)
            return len(piece)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in PAIRS:
            with archive.open(name, "w", **words) as member:
                member.write(content)
    return pipe.body


def zip64_end(archive):
    """The archive with a zip64 end record, as large ones have."""
    at = archive.index(END)
    _, _, _, _, count, size, start, _ = struct.unpack_from("<4s4H2LH", archive, at)
    wide = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
    end = struct.pack("<4s4H2LH", END, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return archive[:at] + wide + locator + end


@pytest.mark.parametrize("archive", [PLAIN, SMALL, streamed(), streamed(force_zip64=True), zip64_end(PLAIN)])
def test_an_honest_archive_gives_its_files(archive):
    found = {entry.name: read_member(archive, entry) for entry in read_entries(archive)}

    assert dict(PAIRS) == found


def test_folders_are_no_files():
    assert ["a/b.py"] == names(zipped([("a/", b""), ("a/b.py", b"")]))


def test_an_archive_of_nothing_has_no_files():
    assert [] == names(zipped([]))


def test_the_executable_bit_is_told():
    archive = zipped(PAIRS, executable=["run.sh"])

    assert {"pkg/__init__.py": False, "pkg/text.txt": False, "run.sh": True} == {
        entry.name: entry.is_executable for entry in read_entries(archive)
    }


def test_an_archive_from_another_system_has_no_modes():
    archive = patched(zipped([("a", b"")], executable=["a"]), CENTRAL, 4, "<H", 20)

    assert [False] == [entry.is_executable for entry in read_entries(archive)]


def test_a_member_too_large_for_one_piece_is_read_in_several():
    plain = bytes(WHOLE + 10)
    archive = zipped([("a", plain)], compress=True)

    (entry,) = read_entries(archive, Limits(ratio=10**6))

    assert plain == read_member(archive, entry)


@pytest.mark.parametrize(
    ("archive", "reason"),
    [
        (b"", "no end of central directory"),
        (b"no archive at all" * 9, "no end of central directory"),
        (PLAIN[: len(PLAIN) // 2], "no end of central directory"),
        (PLAIN[:-1], "cut off"),
        (b"prefix" + PLAIN, "not where it should be"),
        (PLAIN + b"suffix", "bytes after its end"),
        (PLAIN + PLAIN, "not where it should be"),
        (patched(PLAIN, END, 4, "<H", 1), "several parts"),
        (patched(PLAIN, END, 8, "<H", 2), "several parts"),
        (patched(PLAIN, END, 16, "<L", 3), "not where it should be"),
        (patched(PLAIN, END, 16, "<L", 0xFFFFFFFF), "no zip64 end record"),
        (PLAIN[:-2] + struct.pack("<H", 4) + b"PK\5\6", "cut off"),
        (PLAIN[:-2] + struct.pack("<H", 4) + b"PKxy", "looks like another archive"),
        (patched(patched(PLAIN, END, 8, "<H", 2), END, 10, "<H", 2), "another length"),
        (patched(patched(PLAIN, END, 8, "<H", 4), END, 10, "<H", 4), "cut off"),
        (patched(PLAIN, CENTRAL, 34, "<H", 1), "damaged"),
        (patched(PLAIN, CENTRAL, 28, "<H", 0xFFFF), "cut off"),
        (patched(PLAIN, CENTRAL, 32, "<H", 0xFFFF), "another length"),
        (patched(PLAIN, CENTRAL, 20, "<L", 0xFFFFFFFF), "zip64 field"),
        (patched(PLAIN, CENTRAL, 42, "<L", 5), "bytes before its first member"),
        (patched(PLAIN, CENTRAL, 42, "<L", 5, which=1), "between"),
        (patched(PLAIN, CENTRAL, 42, "<L", 0, which=1), "between"),
        (patched(PLAIN, LOCAL, 26, "<H", 3), "another name"),
        (patched(PLAIN, LOCAL, 30, "<B", ord("q")), "another name"),
        (patched(PLAIN, LOCAL, 6, "<H", 8), "other flags"),
        (patched(PLAIN, LOCAL, 8, "<H", 8), "other flags"),
        (patched(PLAIN, LOCAL, 14, "<L", 8), "another size or CRC"),
        (patched(PLAIN, LOCAL, 18, "<L", 8), "another size or CRC"),
        (patched(PLAIN, LOCAL, 22, "<L", 8), "another size or CRC"),
        (patched(PLAIN, LOCAL, 22, "<L", 0xFFFFFFFF), "another size or CRC"),
        (patched(PLAIN, LOCAL, 28, "<H", 4), "between"),
        (patched(patched(PLAIN, LOCAL, 6, "<H", 1), CENTRAL, 8, "<H", 1), "encrypted"),
        (patched(patched(PLAIN, LOCAL, 8, "<H", 12), CENTRAL, 10, "<H", 12), "wheels do not use"),
        (patched(patched(PLAIN, LOCAL, 22, "<L", 9), CENTRAL, 24, "<L", 9), "two sizes"),
        (patched(patched(PLAIN, LOCAL, 14, "<L", 9), CENTRAL, 16, "<L", 9), "Bad CRC-32"),
        (patched(patched(SMALL, LOCAL, 22, "<L", 5), CENTRAL, 24, "<L", 5), "Failed to unpack"),
        (patched(patched(SMALL, LOCAL, 22, "<L", 7), CENTRAL, 24, "<L", 7), "size is not the one"),
        (zipped([("a", b"1"), ("a", b"2")]), "twice"),
        (zipped([("a", b"1"), ("a/b", b"2")]), "a file and a folder"),
        (zipped([("a", b"/etc/passwd")], links=["a"]), "neither a file nor a folder"),
        (zipped([("a/", b"text")]), "is a folder and has contents"),
    ],
)
def test_an_archive_that_could_be_read_in_two_ways_is_refused(archive, reason):
    assert reason in refusal(archive)


@pytest.mark.parametrize(
    "name",
    [
        "../a",
        "a/../b",
        "/a",
        "a//b",
        "./a",
        "a/.",
        "..",
        ".",
        "a\\b",
        "C:/a",
        "C:a",
        "a\nb",
        "a\x1b[2Jb",
        "a\u202eb",
        "/",
    ],
)
def test_a_name_that_is_no_plain_path_is_refused(name):
    assert "is no path" in refusal(renamed(name))


def test_a_name_that_is_no_text_is_refused():
    assert "not UTF-8" in refusal(renamed(b"a\xff"))


def test_a_name_in_any_script_is_kept():
    assert ["schön/文.py"] == names(renamed("schön/文.py"))


@pytest.mark.parametrize(
    ("field", "value"),
    [(4, 40), (16, 1), (20, 1), (24, 2), (32, 2), (40, 7), (48, 7)],
)
def test_a_zip64_end_record_that_disagrees_is_refused(field, value):
    archive = zip64_end(PLAIN)
    at = archive.index(b"PK\6\6")
    forms = {16: "<L", 20: "<L"}
    wide = bytearray(archive)
    struct.pack_into(forms.get(field, "<Q"), wide, at + field, value)

    assert refusal(bytes(wide))


def test_a_zip64_end_record_and_a_plain_one_must_agree():
    archive = zip64_end(PLAIN)
    at = archive.rindex(END)

    assert "disagrees" in refusal(archive[: at + 12] + struct.pack("<L", 1) + archive[at + 16 :])


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(members=2), "members"),
        (Limits(total=500), "would unpack to"),
        (Limits(ratio=2, free=100), "would unpack to"),
        (Limits(path=5), "too long"),
    ],
)
def test_an_archive_beyond_what_honest_ones_reach_is_refused(limits, reason):
    assert reason in refusal(SMALL, limits)


def with_extra(extra, *, packed=0xFFFFFFFF):
    """One stored file whose central header has this extra field."""
    local = struct.pack("<4s5H3L2H", LOCAL, 45, 0, 0, 0, 0, zlib.crc32(b"x"), 1, 1, 1, 0) + b"a" + b"x"
    row = struct.pack(
        "<4s6H3L5H2L", CENTRAL, 45, 45, 0, 0, 0, 0, zlib.crc32(b"x"), packed, 1, 1, len(extra), 0, 0, 0, 0, 0
    )
    end = struct.pack("<4s4H2LH", END, 0, 0, 1, 1, len(row) + 1 + len(extra), len(local), 0)
    return local + row + b"a" + extra + end


def test_a_size_in_a_zip64_field_is_read():
    assert ["a"] == names(with_extra(struct.pack("<2HQ", 1, 8, 1)))


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        (b"", "zip64 field disagrees"),
        (struct.pack("<2HQ", 2, 8, 1), "zip64 field disagrees"),
        (struct.pack("<2H2Q", 1, 16, 1, 1), "zip64 field disagrees"),
        (struct.pack("<2HQ", 1, 8, 1) * 2, "twice"),
        (struct.pack("<2HQ", 1, 9, 1), "cut off"),
        (struct.pack("<2HQ", 1, 8, 2), "another size"),
    ],
)
def test_a_zip64_field_that_disagrees_is_refused(extra, reason):
    assert reason in refusal(with_extra(extra))


def test_a_data_descriptor_that_disagrees_is_refused():
    archive = streamed()
    at = archive.index(b"PK\7\x08")

    assert "between" in refusal(archive[: at + 4] + b"????" + archive[at + 8 :])


@settings(max_examples=300)
@given(st.sampled_from([PLAIN, SMALL, streamed(), zip64_end(SMALL)]), st.data())
def test_whatever_is_changed_an_archive_gives_the_same_files_or_a_refusal(archive, data):
    body = bytearray(archive)
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = {entry.name: read_member(bytes(body), entry) for entry in read_entries(bytes(body))}
    except UnsafeArchive:
        return
    assert sorted(dict(PAIRS).values()) == sorted(found.values())
    assert all(".." not in name.split("/") and not name.startswith("/") for name in found)


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_rubbish_is_refused(rubbish):
    assert refusal(rubbish + PLAIN[-30:-1])
