import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.errors import InvalidText
from keyrack.formats.direct_url import local_path, parse_direct_url, write_direct_url
from keyrack.values.artifact import Digest
from keyrack.values.installed import DirectUrl
from keyrack.values.url import parse_url

URL = parse_url("https://pkgs.example/a-1.0-py3-none-any.whl").url
HEX = st.from_regex(r"[0-9a-f]{8,64}", fullmatch=True)
TREES = st.builds(
    lambda editable, sub: DirectUrl(URL, editable, True, subdirectory=sub), st.booleans(), st.just("") | HEX
)
ARCHIVES = st.dictionaries(st.sampled_from(["md5", "sha256", "sha512"]), HEX).map(
    lambda found: DirectUrl(URL, digests=tuple(Digest(name, value) for name, value in sorted(found.items())))
)
COMMITS = st.builds(
    lambda commit, asked: DirectUrl(URL, revision=commit, requested_revision=asked), HEX, st.just("") | HEX
)


@given(TREES | ARCHIVES | COMMITS)
def test_what_is_written_reads_the_same(source):
    assert source == parse_direct_url(write_direct_url(source))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (DirectUrl(URL), {"url": URL.exact, "archive_info": {}}),
        (
            DirectUrl(URL, digests=(Digest("sha256", "ab"),)),
            {"url": URL.exact, "archive_info": {"hashes": {"sha256": "ab"}}},
        ),
        (DirectUrl(URL, is_tree=True), {"url": URL.exact, "dir_info": {}}),
        (DirectUrl(URL, is_tree=True, editable=True), {"url": URL.exact, "dir_info": {"editable": True}}),
        (
            DirectUrl(URL, revision="ab", requested_revision="main", subdirectory="s"),
            {
                "url": URL.exact,
                "vcs_info": {"vcs": "git", "commit_id": "ab", "requested_revision": "main"},
                "subdirectory": "s",
            },
        ),
    ],
)
def test_a_source_is_written_as_its_standard_says(source, expected):
    assert expected == json.loads(write_direct_url(source))


def test_a_password_in_a_file_of_another_installer_is_dropped():
    text = json.dumps({"url": "https://user:geheim@pkgs.example/a.whl", "archive_info": {}}).encode()

    assert "geheim" not in repr(parse_direct_url(text)) + parse_direct_url(text).url.exact


def test_the_old_spelling_of_a_hash_is_read():
    text = json.dumps({"url": URL.exact, "archive_info": {"hash": "sha256=AB"}}).encode()

    assert (Digest("sha256", "ab"),) == parse_direct_url(text).digests


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"url": 3}', b'{"url": "no scheme"}', b'{"url": "\x80"}'])
def test_what_is_no_direct_url_is_refused(text):
    with pytest.raises(InvalidText):
        parse_direct_url(text)


def test_the_path_of_a_local_source_is_decoded_once():
    assert "/a b/%20" == local_path(DirectUrl(parse_url("file:///a%20b/%2520").url))
