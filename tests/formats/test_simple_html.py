"""Index pages in HTML: both readers on the same table."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.errors import InvalidText
from keyrack.formats.anchors import Anchors
from keyrack.formats.plain_html import read_plainly
from keyrack.formats.simple_html import page_of, parse_html_page, read_natively
from keyrack.values.artifact import Digest, Link, Page
from keyrack.values.url import parse_url

BASE = parse_url("https://pkgs.example/simple/a/").url
HEX = 64 * "a"
SHA = Digest("sha256", HEX)
readers = pytest.mark.parametrize("read", [read_natively, read_plainly])


def links(read, text):
    return page_of(read(text), BASE, "team").links


def test_a_page_knows_its_index_and_where_its_links_start():
    found = parse_html_page(b"<!DOCTYPE html><html><body></body></html>", BASE, "team")

    assert Page("team", BASE, ()) == found


@readers
@pytest.mark.parametrize(
    ("anchor", "link"),
    [
        ('<a href="a-1.whl">a</a>', Link("a-1.whl", "a-1.whl")),
        ("<A HREF='../x/a-1.whl' >a</A>", Link("a-1.whl", "../x/a-1.whl")),
        (f'<a href="/x/a-1.whl#sha256={HEX}">', Link("a-1.whl", f"/x/a-1.whl#sha256={HEX}", (SHA,))),
        (f'<a href="/x/a-1.whl#sha256-{HEX}">', Link("a-1.whl", f"/x/a-1.whl#sha256-{HEX}", (SHA,))),
        ('<a href="a-1.whl#egg=a">', Link("a-1.whl", "a-1.whl#egg=a")),
        ('<a href="a-1.whl?sig=x/y">', Link("a-1.whl", "a-1.whl?sig=x/y")),
        ('<a href="https://files.example/a-1.whl">', Link("a-1.whl", "https://files.example/a-1.whl")),
        ('<a href="file:///x/a-1.whl">', Link("a-1.whl", "file:///x/a-1.whl")),
        ('<a href=" a-1.whl ">', Link("a-1.whl", "a-1.whl")),
        ('<a href="a-1%2Bcpu.whl">', Link("a-1+cpu.whl", "a-1%2Bcpu.whl")),
        (
            '<a href="a-1.whl" data-requires-python="&gt;=3.8,&lt;4">',
            Link("a-1.whl", "a-1.whl", requires_python=">=3.8,<4"),
        ),
        ('<a href="a-1.whl" data-requires-python="">', Link("a-1.whl", "a-1.whl")),
        ('<a href="a-1.whl" data-yanked>', Link("a-1.whl", "a-1.whl", yanked="")),
        ('<a href="a-1.whl" data-yanked="">', Link("a-1.whl", "a-1.whl", yanked="")),
        ('<a href="a-1.whl" data-yanked="it&#39;s broken">', Link("a-1.whl", "a-1.whl", yanked="it's broken")),
        ('<a href="a-1.whl" data-core-metadata="true">', Link("a-1.whl", "a-1.whl", core_metadata=())),
        ('<a href="a-1.whl" data-core-metadata="false">', Link("a-1.whl", "a-1.whl")),
        ('<a href="a-1.whl" data-core-metadata>', Link("a-1.whl", "a-1.whl")),
        (
            f'<a href="a-1.whl" data-core-metadata="sha256={HEX}">',
            Link("a-1.whl", "a-1.whl", core_metadata=(SHA,)),
        ),
        (
            f'<a href="a-1.whl" data-dist-info-metadata="sha256={HEX}">',
            Link("a-1.whl", "a-1.whl", core_metadata=(SHA,)),
        ),
        (
            '<a href="a-1.whl" data-core-metadata="false" data-dist-info-metadata="true">',
            Link("a-1.whl", "a-1.whl"),
        ),
        ('<a href="a-1.whl" href="b-1.whl">', Link("a-1.whl", "a-1.whl")),
    ],
)
def test_what_a_page_tells_of_a_file_is_kept(read, anchor, link):
    assert (link,) == links(read, f"<html><body>{anchor}</a></body></html>")


@readers
@pytest.mark.parametrize(
    "href",
    [
        "",
        "../",
        ".",
        "..",
        "mailto:me@pkgs.example",
        "javascript:void(0)",
        "ftp://pkgs.example/a-1.whl",
        "#top",
        "?page=2",
    ],
)
def test_links_to_no_file_are_passed_over(read, href):
    assert () == links(read, f'<a href="{href}">x</a><a name="x">y</a><a href>z</a>')


@readers
def test_many_links_keep_their_order(read):
    found = links(read, "<a href=b-1.whl>b</a> <p><a href=a-1.whl>a</a>")

    assert ["b-1.whl", "a-1.whl"] == [link.filename for link in found]


@readers
@pytest.mark.parametrize(
    ("text", "base"),
    [
        ('<base href="https://cdn.example/x/"><base href="/y/">', "https://cdn.example/x/"),
        ('<base href="../up/">', "https://pkgs.example/simple/up/"),
        ('<base href="">', "https://pkgs.example/simple/a/"),
        ("<base href><base href='/y/'>", "https://pkgs.example/simple/a/"),
        ("<base target=_top>", "https://pkgs.example/simple/a/"),
    ],
)
def test_the_first_base_of_a_page_moves_its_links(read, text, base):
    found = page_of(read(f"<html><head>{text}</head><body></body></html>"), BASE, "team")

    assert base == str(found.base)


def test_a_base_that_is_no_url_is_an_error():
    with pytest.raises(InvalidText) as raised:
        parse_html_page(b'<base href="https://[/">', BASE, "team")

    expected = (
        "The page `https://pkgs.example/simple/a/` is not a valid index page",
        ("Its `<base href>` is not a valid URL",),
    )
    assert expected == (raised.value.message, raised.value.causes)


@readers
@pytest.mark.parametrize("content", ['content="1.0"', 'content=" 1.9 "', ""])
def test_every_first_version_of_the_format_is_read(read, content):
    text = f'<meta charset="utf-8"><meta name="pypi:repository-version" {content}><a href="a-1.whl">'

    assert 1 == len(links(read, text))


@readers
def test_another_major_version_of_the_format_is_an_error(read):
    anchors = read('<meta name="pypi:repository-version" content="2.0">')

    with pytest.raises(InvalidText) as raised:
        page_of(anchors, BASE, "team")

    assert ("It is written in version '2.0' of the format; only 1.x is known",) == raised.value.causes


def test_bytes_that_are_no_text_are_an_error():
    with pytest.raises(InvalidText) as raised:
        parse_html_page(b"PK\x03\x04\x00", BASE, "team")

    assert ("It holds a NUL at character 4: this is no HTML",) == raised.value.causes


def test_text_in_another_encoding_does_not_hide_the_links():
    found = parse_html_page("<title>é</title><a href=a-1.whl>".encode("latin-1"), BASE, "team")

    assert (Link("a-1.whl", "a-1.whl"),) == found.links


attributes = st.dictionaries(
    st.sampled_from(["data-requires-python", "data-yanked", "data-core-metadata", "data-gpg-sig", "class"]),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8),
)


@given(st.lists(st.tuples(st.from_regex(r"[a-z0-9./-]{1,12}", fullmatch=True), attributes), max_size=4))
def test_both_readers_find_the_same(anchors):
    tags = (
        f'<a href="{href}" ' + " ".join(f'{name}="{html.escape(value)}"' for name, value in told.items()) + ">x</a>"
        for href, told in anchors
    )
    text = f"<html><head></head><body>{'<br>'.join(tags)}</body></html>"

    assert read_natively(text) == read_plainly(text)


@given(st.binary(max_size=80))
def test_no_body_is_anything_but_a_page_or_invalid_text(body):
    try:
        found = parse_html_page(b"<a href='" + body, BASE, "team")
    except InvalidText:
        return

    assert "team" == found.origin


def test_an_empty_page_has_no_anchors():
    assert Anchors(()) == read_plainly("")


@readers
@pytest.mark.parametrize("section", ["<![OCTYPE html>", "<![if lt IE 9]>", "<![CDATA[ x ]]>"])
def test_a_marked_section_of_any_kind_is_passed_over(read, section):
    assert 1 == len(read(f'{section}<a href="lib-1.0.zip">lib</a>').links)
