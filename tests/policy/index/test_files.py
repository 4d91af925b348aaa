"""A link of a page becomes a file that knows its index."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.errors import InvalidText
from keyrack.policy.index.files import to_file
from keyrack.values.artifact import Digest, File, Link, Page
from keyrack.values.credentials import Basic
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url

HEX = 64 * "a"


def page(base="https://pkgs.example/simple/a/"):
    return Page("team", parse_url(base).url, ())


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("a-1.whl", "https://pkgs.example/simple/a/a-1.whl"),
        ("../../files/a-1.whl", "https://pkgs.example/files/a-1.whl"),
        ("/files/a-1.whl", "https://pkgs.example/files/a-1.whl"),
        ("//cdn.example/a-1.whl", "https://cdn.example/a-1.whl"),
        ("http://cdn.example:8080/a-1.whl", "http://cdn.example:8080/a-1.whl"),
        ("a-1.whl?sig=x%2Fy#sha256=0", "https://pkgs.example/simple/a/a-1.whl?sig=x%2Fy"),
        (" my repo/a-1.whl ", "https://pkgs.example/simple/a/my%20repo/a-1.whl"),
        ("é/a-1.whl", "https://pkgs.example/simple/a/%C3%A9/a-1.whl"),
    ],
)
def test_links_start_where_their_page_stands(href, url):
    assert url == to_file(page(), Link("a-1.whl", href)).url.exact


def test_a_file_keeps_what_its_page_told_and_which_index_that_was():
    link = Link("a-1.whl", "a-1.whl", (Digest("md5", "0"),), ">=3.8", "broken", (), 12, "2024-01-01T00:00:00Z")

    expected = File(
        "a-1.whl",
        parse_url("https://pkgs.example/simple/a/a-1.whl").url,
        "team",
        (Digest("md5", "0"),),
        ">=3.8",
        "broken",
        (),
        12,
        "2024-01-01T00:00:00Z",
    )
    assert expected == to_file(page(), link)


def test_a_hash_in_the_fragment_counts_where_the_page_gives_no_other():
    found = to_file(page(), Link("a-1.whl", f"a-1.whl#sha256={HEX}"))

    assert (Digest("sha256", HEX),) == found.digests


@pytest.mark.parametrize(
    ("href", "credentials"),
    [
        ("https://me:pw@pkgs.example/a-1.whl", Basic("me", Secret("pw"))),
        ("https://token@pkgs.example/a-1.whl", Basic("token", Secret(""))),
        ("https://:pw@pkgs.example/a-1.whl", Basic("", Secret("pw"))),
        ("https://:@pkgs.example/a-1.whl", Basic("", Secret(""))),
        ("https://@pkgs.example/a-1.whl", None),
        ("http://me:pw@pkgs.example/a-1.whl", None),
        ("a-1.whl", None),
    ],
)
def test_userinfo_of_a_link_is_the_files_own_on_https_only(href, credentials):
    assert credentials == to_file(page(), Link("a-1.whl", href)).credentials


@pytest.mark.parametrize(
    ("href", "cause"),
    [
        ("https://[/a-1.whl", "Not a valid URL: the host or the port cannot be read"),
        ("https://a b\\c/a-1.whl", "Not a valid URL: it holds a space, a control character or a backslash"),
        ("file:///etc/passwd", "A page read over `https:` may not name a `file:` URL"),
        ("ftp://pkgs.example/a-1.whl", "A page read over `https:` may not name a `ftp:` URL"),
    ],
)
def test_a_link_that_cannot_be_used_is_an_error_that_names_page_and_file(href, cause):
    with pytest.raises(InvalidText) as raised:
        to_file(page(), Link("a-1.whl", href))

    message = "The page `https://pkgs.example/simple/a/` lists `a-1.whl` under a URL that cannot be used"
    assert (message, (cause,)) == (raised.value.message, raised.value.causes)


@pytest.mark.parametrize("href", ["a-1.whl", "file:///other/a-1.whl", "https://pkgs.example/a-1.whl"])
def test_a_page_on_this_disk_may_name_files_here_and_on_the_web(href):
    assert "team" == to_file(page("file:///x/simple/a/"), Link("a-1.whl", href)).origin


def told_of(href):
    """Give the file of a link, or the words of the error."""
    try:
        return to_file(page(), Link("a-1.whl", href)), ""
    except InvalidText as error:
        return None, f"{error.message} {error.causes}"


@given(st.text(), st.sampled_from(["", "/", "//", "https://", "https://pkgs.example/", "file://"]))
def test_no_link_is_anything_but_a_file_of_the_web_or_invalid_text(text, start):
    found, _ = told_of(start + text)

    assert found is None or (found.origin, found.url.is_web, found.url.exact.isascii()) == ("team", True, True)


@given(st.text())
def test_no_error_repeats_the_password_of_a_link(text):
    _, words = told_of(f"https://me:hunter2@{text}")

    assert "hunter2" not in words
