import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.errors import InvalidText
from keyrack.formats.index_text import file_url, is_ambiguous, parse_index_text, parse_location
from keyrack.values.index import IndexFormat
from keyrack.values.url import local_path


def read(text, **words):
    return parse_index_text(text, "/work", "the command line", **words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.example/simple", (None, "https://a.example/simple")),
        (" https://a.example/simple ", (None, "https://a.example/simple")),
        ("a=https://a.example/simple?x=y", ("a", "https://a.example/simple?x=****")),
        ("https://a.example/?a=b", (None, "https://a.example/?a=****")),
        ("a.b-c_d=simple", ("a.b-c_d", "file:///work/simple")),
        ("./a=b", (None, "file:///work/a=b")),
        ("/abs/../simple", (None, "file:///simple")),
        ("file:///abs", (None, "file:///abs")),
        ("a b", (None, "file:///work/a%20b")),
    ],
)
def test_an_index_is_a_url_or_a_path_perhaps_with_a_name(text, expected):
    found = read(text)

    assert expected == (found.name, str(found.parsed.url))


def test_credentials_stand_beside_the_url():
    found = read("a=https://u:p@a.example/simple")

    assert ("https://a.example/simple", "u", "p") == (
        str(found.parsed.url),
        found.parsed.username,
        found.parsed.password.reveal(),
    )


def test_an_index_knows_its_format_and_place():
    found = read("https://a.example", flat=True)

    assert (IndexFormat.FLAT, "the command line") == (found.format, found.place)


@pytest.mark.parametrize("text", ["https://u:secret@a b.example", "a=", "https://"])
def test_what_is_no_index_is_told_by_its_place_alone(text):
    with pytest.raises(InvalidText) as caught:
        read(text)

    assert "Invalid index URL in the command line" == caught.value.message
    assert "secret" not in repr(caught.value.__cause__)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("simple", True),
        ("a=simple", True),
        ("sub/simple", True),
        ("./simple", False),
        ("../simple", False),
        (r".\simple", False),
        ("/abs", False),
        (r"C:\abs", False),
        ("https://a.example", False),
        ("a=https://a.example", False),
        ("file:///abs", False),
        ("", False),
    ],
)
def test_a_bare_relative_path_may_be_a_name(text, expected):
    assert expected == is_ambiguous(text)


def test_an_empty_location_is_none():
    with pytest.raises(InvalidText):
        parse_location("", "/work")


segments = st.text(alphabet="ab %#?;é@:&=+,~", min_size=1, max_size=5).filter(lambda text: text not in (".", ".."))


@given(st.lists(segments, min_size=1, max_size=4))
def test_a_path_survives_as_a_url(parts):
    path = "/" + "/".join(parts)

    assert path == local_path(file_url(path))


def test_a_url_has_no_dots_in_its_path():
    assert "file:///b/c" == str(file_url("/a/../b/./c"))
