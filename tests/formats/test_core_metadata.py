"""METADATA and PKG-INFO."""

from email import message_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.errors import InvalidText
from keyrack.formats.core_metadata import LARGEST, header_of, parse_metadata
from keyrack.formats.requirement_text import parse_requirement
from keyrack.values.metadata import Metadata

FULL = b"""\
Metadata-Version: 2.3
Name: Foo.Bar
Version: 1.0.0
Summary: Requires-Dist: not-me
Requires-Python: >=3.8,
  <4
Requires-Dist: a>=1
Requires-Dist: b[x]
        (>=2) ; extra == 'Y_z'
Provides-Extra: Y_z
Provides-Extra: other
Provides-Extra: other
Dynamic: License
Dynamic: requires-dist

Requires-Dist: not-me-either
"""


def test_the_fields_that_a_resolver_needs_are_read():
    expected = Metadata(
        "foo-bar",
        Version("1.0"),
        (parse_requirement("a>=1"), parse_requirement("b[x] (>=2) ; extra == 'Y_z'")),
        SpecifierSet(">=3.8,<4"),
        ("y-z", "other"),
        "2.3",
        frozenset({"license", "requires-dist"}),
    )

    assert expected == parse_metadata(FULL)


def test_line_ends_of_windows_read_the_same():
    assert parse_metadata(FULL) == parse_metadata(FULL.replace(b"\n", b"\r\n"))


@pytest.mark.parametrize(
    "text",
    [
        b"Name: a\nVersion: 1",
        b"name:a\nVERSION:\t1\n\nText",
        b"\xef\xbb\xbfName: a\nVersion: 1\n",
        b"Name: a\nVersion: 1\nAuthor: \xff\xfe\n",
        b"Name: a\nthis is no field\nVersion: 1\n",
        b"Name: a\nVersion: 1\nRequires-Python:\n",
        b"Name: a\nVersion: 1\nName: b\nVersion: 2\n",
        b"Name: a\nVersion: 1\nProvides-Extra: not a name\n",
        b"Description: x\n        \n        Requires-Dist: y\nName: a\nVersion: 1\n",
    ],
)
def test_odd_but_clear_texts_are_read(text):
    assert Metadata("a", Version("1")) == parse_metadata(text)


@pytest.mark.parametrize(
    ("text", "message", "cause"),
    [
        (b"", "The metadata is not valid", "Metadata field Name not found"),
        (b"Name: a\nVersion: \n", "The metadata is not valid", "Metadata field Version not found"),
        (
            b"Name: a\nVersion: 1\nSummary: " + (LARGEST * b"x"),
            "The metadata is not valid",
            f"Its header is longer than {LARGEST} bytes",
        ),
        (
            b"Name: a\nVersion: 1\nRequires-Dist: b >= x\n",
            "The metadata of `a==1` is not valid",
            "In `Requires-Dist: b >= x`",
        ),
        (
            b"Name: a\nVersion: 1\nRequires-Python: three\n",
            "The metadata of `a==1` is not valid",
            "In `Requires-Python: three`",
        ),
    ],
)
def test_broken_metadata_is_an_error_that_names_the_place(text, message, cause):
    with pytest.raises(InvalidText) as raised:
        parse_metadata(text)

    assert (message, cause) == (raised.value.message, raised.value.causes[0])


@pytest.mark.parametrize("text", [b"Name: -\nVersion: 1\n", b"Name: a\nVersion: one\n"])
def test_a_name_or_version_that_is_none_is_an_error(text):
    with pytest.raises(InvalidText):
        parse_metadata(text)


def test_an_old_requirement_and_python_range_are_mended():
    found = parse_metadata(b"Name: a\nVersion: 1\nRequires-Dist: b (>=1<2)\nRequires-Python: >=3.6.*\n")

    assert ((parse_requirement("b>=1,<2"),), SpecifierSet(">=3.6")) == (found.requires, found.requires_python)


def test_a_long_description_is_not_read():
    text = b"Name: a\nVersion: 1\n\n" + 2 * LARGEST * b"x"

    assert "a" == parse_metadata(text).name


def test_a_header_ends_before_the_blank_line():
    assert b"Name: a\nVersion: 1\n" == header_of(b"Name: a\r\nVersion: 1\r\n\r\nText\r\n")


values = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=10)


@given(
    st.lists(st.sampled_from(["a", "b>=1", "c ; extra == 'x'"])),
    st.lists(st.sampled_from(["x", "y"]), unique=True),
    values,
)
def test_a_header_is_read_as_the_email_package_reads_it(requires, extras, summary):
    lines = ["Name: a", "Version: 1", f"Summary: {summary}", *(f"Requires-Dist: {text}" for text in requires)]
    text = "\n".join([*lines, *(f"Provides-Extra: {extra}" for extra in extras), "", "Name: b"]).encode()
    message = message_from_bytes(text)

    found = parse_metadata(text)

    listed = tuple(parse_requirement(text) for text in message.get_all("Requires-Dist", []))
    assert (message["Name"], listed, tuple(message.get_all("Provides-Extra", []))) == (
        found.name,
        found.requires,
        found.extras,
    )


@given(st.binary(max_size=60))
def test_no_bytes_are_anything_but_metadata_or_invalid_text(text):
    try:
        found = parse_metadata(b"Name: a\nVersion: 1\n" + text)
    except InvalidText:
        return

    assert ("a", Version("1")) == (found.name, found.version)
