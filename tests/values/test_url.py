from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.errors import InvalidText
from keyrack.values.secret import Secret
from keyrack.values.url import (
    Origin,
    canonical,
    is_under,
    is_under_as_written,
    join_url,
    local_path,
    parse_url,
    path_segments,
)

# Marks that no other part of a URL holds: what is found of them in a text came from the password.
SECRETS = st.text(min_size=1).map(lambda text: f"s3cr3t{text}s3cr3t")
SEGMENTS = st.lists(st.from_regex(r"[a-zA-Z0-9_~.@-]{1,6}", fullmatch=True).filter(lambda s: s not in (".", "..")))


def url(text: str):
    return parse_url(text).url


@given(SECRETS, SECRETS)
def test_a_url_never_prints_what_it_was_given_as_user_name_or_password(username, password):
    given_text = f"https://{quote(username, safe='')}:{quote(password, safe='')}@pkgs.example/a?b=c#d"

    parsed = parse_url(given_text)

    shown = (
        f"{parsed} {parsed!r} {parsed.url} {parsed.url!r} {parsed.url.exact} {parsed.url.bare} {canonical(parsed.url)}"
    )
    assert "s3cr3t" not in shown


@given(st.text(), st.text())
def test_user_name_and_password_survive_percent_encoding(username, password):
    parsed = parse_url(f"https://{quote(username, safe='')}:{quote(password, safe='')}@pkgs.example/")

    assert (username, Secret(password)) == (parsed.username, parsed.password)


def test_base64_in_userinfo_keeps_its_plus_and_equals_signs():
    parsed = parse_url("https://_json_key_base64:a+b==@pkgs.example/")

    assert Secret("a+b==") == parsed.password


@given(SECRETS)
def test_a_url_never_prints_a_value_of_its_query(secret):
    parsed = url(f"https://pkgs.example/a?X-Signature={quote(secret)}&{quote(secret, safe='')}")

    assert "https://pkgs.example/a?X-Signature=****&****" == str(parsed)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (f"/downloads/{'t' * 65}", "/downloads/****"),
        (f"/downloads/{'t' * 65}/x/", "/downloads/****/x/"),
        (f"/{'a' * 65}/{'b' * 99}", "/****/****"),
        (f"/files/{'0' * 64}/a.whl", f"/files/{'0' * 64}/a.whl"),
        (f"/{'a' * 65}-1-py3-none-any.whl", f"/{'a' * 65}-1-py3-none-any.whl"),
        (f"/{'a' * 65}.tar.gz.metadata", f"/{'a' * 65}.tar.gz.metadata"),
        ("/qOHKbKJ5SVb2Gj0N/simple/", "/****/simple/"),
        ("/files/qOHKbKJ5SVb2Gj0N", "/files/****"),
        ("/qOHKbKJ5SVb2Gj0/simple/", "/qOHKbKJ5SVb2Gj0/simple/"),
        ("/TheInternalPackages/simple/", "/TheInternalPackages/simple/"),
        ("/A1b2C3d4E5f6G7h8.whl", "/A1b2C3d4E5f6G7h8.whl"),
        ("/t/te-1f9c/team/simple/lib/", "/t/****/team/simple/lib/"),
        ("/proxy/t/te-1f9c/team/", "/proxy/t/****/team/"),
        ("/t/lib-1.0-py3-none-any.whl", "/t/lib-1.0-py3-none-any.whl"),
        ("/letters-only/owner/repo/python/simple/", "/****/owner/repo/python/simple/"),
        ("/letters-only/owner/repo/python", "/****/owner/repo/python"),
        ("/letters-only/owner/repo/pythons/", "/letters-only/owner/repo/pythons/"),
        ("/basic/owner/repo/python/simple/", "/basic/owner/repo/python/simple/"),
        ("/public/owner/repo/python/simple/", "/public/owner/repo/python/simple/"),
        ("/east/0b1e8a4c-8f7d-4a5f-9d49-7a1a4b6f/feed/", "/east/0b1e8a4c-8f7d-4a5f-9d49-7a1a4b6f/feed/"),
    ],
)
def test_a_segment_that_may_be_a_token_is_not_printed(path, shown):
    assert f"https://pkgs.example{shown}" == str(url(f"https://pkgs.example{path}"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"https://pkgs.example/{'a' * 65}/b/{'c' * 65}/", ("a" * 65, "c" * 65)),
        ("https://pkgs.example/t/te-1f9c/team/simple/", ("te-1f9c",)),
        ("https://pkgs.example/t/lib-1.0-py3-none-any.whl", ()),
        ("https://pkgs.example/team/simple/", ()),
        (f"file:///{'a' * 65}/", ()),
    ],
)
def test_what_may_be_a_token_in_a_path_is_known(text, expected):
    assert expected == url(text).tokens


def test_a_long_segment_is_kept_in_the_exact_text():
    text = f"https://pkgs.example/downloads/{'t' * 65}?sig=1"

    assert text == url(text).exact


def test_a_path_that_was_to_be_a_url_prints_no_password():
    assert "file:///home/****@pkgs.example/simple/" == str(url("file:///home/u:p@pkgs.example/simple/"))


def test_the_path_of_a_file_on_this_disk_is_printed_whole():
    text = f"file:///{'folder' * 20}/a"

    assert text == str(url(text))


@given(SECRETS)
def test_the_exact_text_keeps_the_query(secret):
    text = f"https://pkgs.example/a?sig={quote(secret)}"

    assert text == url(f"{text}#fragment").exact


@given(SECRETS)
def test_the_error_for_a_text_that_is_no_url_does_not_repeat_its_userinfo(secret):
    with pytest.raises(InvalidText) as caught:
        parse_url(f"https://user:{quote(secret)}@pkgs.example:port/")

    assert ("s3cr3t" in str(caught.value), None) == (False, caught.value.__cause__)


@pytest.mark.parametrize(
    "text",
    [
        "pkgs.example/simple",
        "https://",
        "https:///simple",
        "https://user:password@/simple",
        "https://pkgs.example:port/",
        "https://pkgs.example:99999/",
        "https://pkgs example/",
        "https://pkgs.example/a b",
        "https://pkgs.example\\@evil.example/",
        "https://pkgs.example/\x00",
        "https://pkgs..example/",
        "https://pkgs%2eexample/",
        "https://pkgs.example!/",
        "https://[::1/",
        "https://[::1]evil.example/",
        "https://::1/",
        "https://%ff:x@pkgs.example/",
        "https://x:%ff@pkgs.example/",
        "https://\u2100.example/",
        f"https://{'ä' * 70}.example/",
    ],
)
def test_what_two_parsers_could_read_differently_is_no_url(text):
    with pytest.raises(InvalidText, match="Not a valid URL"):
        parse_url(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("HTTPS://PKGS.Example./Simple", "https://pkgs.example/Simple"),
        ("https://pkgs.example:443/a", "https://pkgs.example/a"),
        ("http://pkgs.example:80/a", "http://pkgs.example/a"),
        ("http://pkgs.example:443/a", "http://pkgs.example:443/a"),
        ("https://pkgs.example:/a", "https://pkgs.example/a"),
        ("https://pkgs.example", "https://pkgs.example/"),
        (" https://pkgs.example/a ", "https://pkgs.example/a"),
        ("https://bücher.example/ü?ü", "https://xn--bcher-kva.example/%C3%BC?****"),
        ("https://[::1]:8443/a", "https://[::1]:8443/a"),
        ("https://[fe80::1%25eth0]/a", "https://[fe80::1%25eth0]/a"),
        ("ssh://git@pkgs.example:22/a.git", "ssh://git@pkgs.example/a.git"),
        ("git+ssh://git@pkgs.example/a.git", "git+ssh://git@pkgs.example/a.git"),
        ("git+https://pkgs.example/a.git", "git+https://pkgs.example/a.git"),
        ("file:///home/user/wheels", "file:///home/user/wheels"),
    ],
)
def test_a_url_is_written_in_one_form(text, shown):
    assert shown == str(url(text))


@given(SEGMENTS, st.sampled_from(["https", "http"]), st.integers(1, 65535))
def test_a_url_read_from_its_own_text_is_the_same(segments, scheme, port):
    first = url(f"{scheme}://pkgs.example:{port}/{'/'.join(segments)}?a=b")

    assert first == url(first.exact)


def test_the_name_of_an_https_login_is_no_part_of_the_url():
    parsed = parse_url("git+https://token@pkgs.example/a.git")

    assert ("", "token") == (parsed.url.user, parsed.username)


def test_an_origin_is_scheme_host_and_effective_port():
    origins = {url(text).origin for text in ("https://Pkgs.example/a", "https://pkgs.example:443/b?c")}

    assert {Origin("https", "pkgs.example", 443)} == origins


@pytest.mark.parametrize("text", ["http://pkgs.example:80", "https://pkgs.example:8443", "https://pkgs.example"])
def test_an_origin_prints_as_a_url_without_a_path(text):
    assert str(url(text)).rstrip("/") == str(url(text).origin)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("[::1]", True),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False),
        ("pkgs.example", False),
    ],
)
def test_loopback_is_known_by_its_very_name(host, expected):
    assert expected == url(f"http://{host}/").origin.is_loopback


def test_a_scheme_without_a_known_port_has_port_zero():
    assert Origin("s3", "bucket", 0) == url("s3://bucket/a").origin


@pytest.mark.parametrize(("scheme", "expected"), [("https", True), ("http", True), ("ftp", False), ("file", False)])
def test_http_and_https_are_the_web(scheme, expected):
    assert expected == url(f"{scheme}://pkgs.example/").is_web


def test_the_sidecar_of_a_signed_file_keeps_the_signature():
    signed = url("https://pkgs.example/a.whl?sig=1#sha256=2")

    assert "https://pkgs.example/a.whl.metadata?sig=1" == signed.with_suffix(".metadata").exact


def test_another_path_has_no_query():
    assert "https://pkgs.example/b" == url("https://pkgs.example/a?sig=1#x").with_path("/b").exact


def test_a_folder_ends_in_one_slash():
    texts = ("https://pkgs.example/a", "https://pkgs.example/a/")

    assert ["https://pkgs.example/a/"] * 2 == [str(url(text).with_directory_slash()) for text in texts]


def test_a_file_name_is_decoded_once():
    assert "a+b%2F.whl" == url("https://pkgs.example/x/a%2Bb%252F.whl?sig=1").filename


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("../../packages/a.whl", "https://pkgs.example/team/packages/a.whl"),
        ("/a.whl", "https://pkgs.example/a.whl"),
        ("//evil.example/a.whl", "https://evil.example/a.whl"),
        ("https://other.example/a.whl", "https://other.example/a.whl"),
        ("?page=2", "https://pkgs.example/team/simple/a/?page=****"),
    ],
)
def test_a_reference_is_resolved_where_it_was_found(reference, expected):
    assert expected == str(join_url(url("https://pkgs.example/team/simple/a/"), reference).url)


@given(SECRETS)
def test_the_error_for_a_reference_that_leads_nowhere_does_not_repeat_its_userinfo(secret):
    with pytest.raises(InvalidText) as caught:
        join_url(url("https://pkgs.example/"), f"//u:{quote(secret, safe='')}@[bad/")

    assert "Not a valid URL: the host or the port cannot be read" == str(caught.value)


def test_the_userinfo_of_a_reference_comes_out_beside_it():
    joined = join_url(url("https://pkgs.example/a/"), "https://u:p@pkgs.example/b")

    assert ("https://pkgs.example/b", "u", Secret("p")) == (str(joined.url), joined.username, joined.password)


def test_a_reference_does_not_inherit_userinfo():
    base = parse_url("https://u:p@pkgs.example/a/")

    assert (None, None) == (join_url(base.url, "b").username, join_url(base.url, "b").password)


@pytest.mark.parametrize(
    ("inner", "outer", "expected"),
    [
        ("https://pkgs.example/team/a", "https://pkgs.example/team/", True),
        ("https://pkgs.example/team", "https://pkgs.example/team/", True),
        ("https://pkgs.example/t%65am/a", "https://pkgs.example/team/", True),
        ("https://pkgs.example/teams/a", "https://pkgs.example/team/", False),
        ("https://pkgs.example/a", "https://pkgs.example/", True),
        ("https://pkgs.example:8443/team/a", "https://pkgs.example/team/", False),
        ("http://pkgs.example/team/a", "https://pkgs.example/team/", False),
        ("https://evil.example/team/a", "https://pkgs.example/team/", False),
        ("https://pkgs.example/team/../other", "https://pkgs.example/team/", False),
        ("https://pkgs.example/team/%2e%2e/other", "https://pkgs.example/team/", False),
        ("https://pkgs.example/team%2Fa", "https://pkgs.example/", False),
        ("https://pkgs.example/team/a%5c..", "https://pkgs.example/team/", False),
        ("https://pkgs.example//team//a", "https://pkgs.example/team/", True),
        ("https://pkgs.example/team%2Fone/a", "https://pkgs.example/team%2Fone/", True),
        ("https://pkgs.example/team%2fone/a", "https://pkgs.example/team%2Fone/", True),
        ("https://pkgs.example/team/one/a", "https://pkgs.example/team%2Fone/", False),
        ("https://pkgs.example/team%2Fone/a", "https://pkgs.example/team/one/", False),
        ("https://pkgs.example/team%2Fone/a%2Fb", "https://pkgs.example/team%2Fone/", False),
        ("https://pkgs.example/team%2Fone/../a", "https://pkgs.example/team%2Fone/", False),
        ("https://pkgs.example/team%2F../a", "https://pkgs.example/team%2F../", False),
    ],
)
def test_below_means_same_origin_and_whole_segments(inner, outer, expected):
    assert expected == is_under(url(inner), url(outer))


@pytest.mark.parametrize(
    ("inner", "outer", "expected"),
    [
        ("https://pkgs.example/projects/team%2Fone/simple", "https://pkgs.example/projects/", True),
        ("https://pkgs.example/projects/team%2fone/simple", "https://pkgs.example/projects/team%2Fone", True),
        ("https://pkgs.example/projects/team%2Fone/simple", "https://pkgs.example/projects/team/", False),
        ("https://pkgs.example/projects/team%2F../simple", "https://pkgs.example/projects/", False),
        ("https://pkgs.example/projects/../simple", "https://pkgs.example/projects/", False),
        ("https://other.example/projects/", "https://pkgs.example/projects/", False),
    ],
)
def test_an_encoded_slash_that_the_user_wrote_is_meant_as_it_stands(inner, outer, expected):
    assert expected == is_under_as_written(url(inner), url(outer))


@given(SEGMENTS, SEGMENTS)
def test_a_longer_path_lies_below_a_shorter_one_with_the_same_beginning(outer, inner):
    root = url(f"https://pkgs.example/{'/'.join(outer)}")

    assert is_under(url(f"https://pkgs.example/{'/'.join(outer + inner)}"), root)


@given(SEGMENTS)
def test_slashes_at_the_end_do_not_count(segments):
    path = "/" + "/".join(segments)

    assert path_segments(path) == path_segments(path + "/")


def test_two_spellings_of_one_index_have_one_canonical_form():
    texts = ("https://PKGS.example:443/simple/", "https://u:p@pkgs.example/simple?x=1#y")

    assert {"https://pkgs.example/simple"} == {canonical(url(text)) for text in texts}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("file:///home/a%20b", "/home/a b"),
        ("file://localhost/home/a", "/home/a"),
        ("file:///C:/wheels", "C:/wheels"),
        ("file:///C:", "C:"),
        ("file://server/share/a", "//server/share/a"),
    ],
)
def test_a_file_url_names_a_path(text, expected):
    assert expected == local_path(url(text))
