"""Index pages in JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.errors import InvalidText
from keyrack.formats.simple_json import parse_json_page
from keyrack.values.artifact import Digest, Link, Page
from keyrack.values.url import parse_url

BASE = parse_url("https://pkgs.example/simple/a/").url
SHA = Digest("sha256", 64 * "a")


def page_of(*files, meta=None):
    text = {"name": "a", "files": files}
    return json.dumps(text if meta is None else {**text, "meta": meta}).encode()


def links(*files):
    return parse_json_page(page_of(*files), BASE, "team").links


def test_a_page_knows_its_index_and_where_its_links_start():
    found = parse_json_page(b'{"files": []}', BASE, "team")

    assert Page("team", BASE, ()) == found


@pytest.mark.parametrize(
    ("told", "link"),
    [
        ({}, Link("a-1.whl", "a")),
        ({"hashes": {"sha256": 64 * "A"}}, Link("a-1.whl", "a", (SHA,))),
        (
            {"hashes": {"odd": "01", "sha256": 64 * "a"}},
            Link("a-1.whl", "a", (Digest("odd", "01"), SHA)),
        ),
        ({"hashes": {}}, Link("a-1.whl", "a")),
        ({"hashes": None}, Link("a-1.whl", "a")),
        ({"requires-python": ">=3.8"}, Link("a-1.whl", "a", requires_python=">=3.8")),
        ({"requires-python": None}, Link("a-1.whl", "a")),
        ({"yanked": True}, Link("a-1.whl", "a", yanked=True)),
        ({"yanked": False}, Link("a-1.whl", "a")),
        ({"yanked": None}, Link("a-1.whl", "a")),
        ({"yanked": "broken"}, Link("a-1.whl", "a", yanked="broken")),
        (
            {"size": 12, "upload-time": "2024-01-01T00:00:00Z"},
            Link("a-1.whl", "a", size=12, upload_time="2024-01-01T00:00:00Z"),
        ),
        ({"core-metadata": True}, Link("a-1.whl", "a", core_metadata=())),
        ({"core-metadata": {"sha256": 64 * "A"}}, Link("a-1.whl", "a", core_metadata=(SHA,))),
        ({"core-metadata": False}, Link("a-1.whl", "a")),
        ({"dist-info-metadata": True}, Link("a-1.whl", "a", core_metadata=())),
        ({"data-dist-info-metadata": {"sha256": 64 * "a"}}, Link("a-1.whl", "a", core_metadata=(SHA,))),
        ({"core-metadata": False, "dist-info-metadata": True}, Link("a-1.whl", "a")),
        ({"dist-info-metadata": False, "data-dist-info-metadata": True}, Link("a-1.whl", "a")),
        ({"provenance": None, "gpg-sig": True, "_own": [{"deep": [1]}]}, Link("a-1.whl", "a")),
    ],
)
def test_what_a_page_tells_of_a_file_is_kept(told, link):
    assert (link,) == links({"filename": "a-1.whl", "url": "a", **told})


def test_a_link_stays_as_it_stands_there():
    (link,) = links({"filename": "a-1.whl", "url": "../../a-1.whl#sha256=x"})

    assert "../../a-1.whl#sha256=x" == link.href


@pytest.mark.parametrize("meta", [{"api-version": "1.0"}, {"api-version": "1.99"}, {"_last-serial": 1}])
def test_every_first_version_of_the_format_is_read(meta):
    assert () == parse_json_page(page_of(meta=meta), BASE, "team").links


@pytest.mark.parametrize("version", ["2.0", "0.9", "x"])
def test_another_major_version_of_the_format_is_an_error(version):
    with pytest.raises(InvalidText) as raised:
        parse_json_page(page_of(meta={"api-version": version}), BASE, "team")

    expected = (f"It is written in version '{version}' of the format; only 1.x is known",)
    assert ("The page `https://pkgs.example/simple/a/` cannot be read", expected) == (
        raised.value.message,
        raised.value.causes,
    )


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", "Input data was truncated"),
        (b"[]", "Expected `object`, got `array`"),
        (b"{}", "Object missing required field `files`"),
        (b'{"files": [{"url": "a"}]}', "Object missing required field `filename` - at `$.files[0]`"),
        (b'{"files": [{"filename": 1, "url": "a"}]}', "Expected `str`, got `int` - at `$.files[0].filename`"),
        (b'{"x": ' + 100_000 * b"[", "The JSON is nested too deeply"),
        (
            b'{"files": [{"filename": "\xff"}]}',
            "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
        ),
    ],
)
def test_a_broken_page_is_one_error_that_names_the_place(body, cause):
    with pytest.raises(InvalidText) as raised:
        parse_json_page(body, BASE, "team")

    expected = ("The page `https://pkgs.example/simple/a/` is not a valid index page", (cause,))
    assert expected == (raised.value.message, raised.value.causes)


@given(
    st.binary(max_size=60)
    | st.recursive(st.none() | st.booleans() | st.text(max_size=3), st.lists).map(json.dumps).map(str.encode)
)
def test_no_body_is_anything_but_a_page_or_invalid_text(body):
    try:
        found = parse_json_page(body, BASE, "team")
    except InvalidText:
        return

    assert "team" == found.origin


@given(
    st.lists(
        st.builds(
            Link,
            st.text(min_size=1),
            st.text(),
            st.dictionaries(st.text(min_size=1), st.text("0123456789abcdef"), max_size=2).map(
                lambda found: tuple(Digest(name, value) for name, value in found.items())
            ),
            st.none() | st.text(),
            st.booleans() | st.text(),
            st.none() | st.just(()) | st.just((SHA,)),
            st.none() | st.integers(0, 2**63 - 1),
            st.none() | st.text(),
        ),
        max_size=4,
    )
)
def test_what_is_written_as_the_standard_says_comes_back(listed):
    body = page_of(*[written(link) for link in listed])

    assert tuple(listed) == parse_json_page(body, BASE, "team").links


def written(link):
    sidecar = link.core_metadata
    return {
        "filename": link.filename,
        "url": link.href,
        "hashes": {digest.algorithm: digest.value for digest in link.digests},
        "requires-python": link.requires_python,
        "yanked": link.yanked,
        "core-metadata": {each.algorithm: each.value for each in sidecar} or True if sidecar is not None else False,
        "size": link.size,
        "upload-time": link.upload_time,
    }
