"""What stands behind the `@` of a requirement."""

import pytest

from keyrack.formats.requirement_url import from_reference, local_text
from keyrack.formats.text_fault import Fault
from keyrack.values.artifact import Digest
from keyrack.values.credentials import Basic
from keyrack.values.requirement import FromGit, FromTree, FromUrl
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url


def url(text):
    return parse_url(text).url


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("https://pkgs.example/a-1.tar.gz", FromUrl(url("https://pkgs.example/a-1.tar.gz"))),
        ("http://pkgs.example/a.zip?x=1", FromUrl(url("http://pkgs.example/a.zip?x=1"))),
        ("https://pkgs.example/a.zip#subdirectory=/b/&egg=a", FromUrl(url("https://pkgs.example/a.zip"), None, "b")),
        ("https://me:pw@pkgs.example/a.zip", FromUrl(url("https://pkgs.example/a.zip"), Basic("me", Secret("pw")))),
        ("https://token@pkgs.example/a.zip", FromUrl(url("https://pkgs.example/a.zip"), Basic("token", Secret("")))),
        ("https://:pw@pkgs.example/a.zip", FromUrl(url("https://pkgs.example/a.zip"), Basic("", Secret("pw")))),
        ("file:///x/a-1.whl", FromUrl(url("file:///x/a-1.whl"))),
        ("file:///x/a%20b", FromTree("/x/a b")),
        ("file:///x/a#subdirectory=b", FromTree("/x/a/b")),
        ("/x/a-1.whl", FromUrl(url("file:///x/a-1.whl"))),
        ("./a-1.whl", FromUrl(url("file:///home/me/a-1.whl"))),
        ("../a", FromTree("/home/a")),
        ("a#subdirectory=b", FromTree("/home/me/a/b")),
        ("git+https://pkgs.example/a.git", FromGit(url("https://pkgs.example/a.git"))),
        ("git+https://pkgs.example/a.git@main", FromGit(url("https://pkgs.example/a.git"), "main")),
        (
            "git+https://me:pw@pkgs.example/a.git@v1#subdirectory=b",
            FromGit(url("https://pkgs.example/a.git"), "v1", "b", Basic("me", Secret("pw"))),
        ),
        ("git+ssh://git@pkgs.example/a.git@v1", FromGit(url("ssh://git@pkgs.example/a.git"), "v1")),
        ("git+file:///x/a@b%40c/d?x=1", FromGit(url("file:///x/a"), "b@c/d")),
        ("git+https://pkgs.example/a#lfs=true", FromGit(url("https://pkgs.example/a"), lfs=True)),
    ],
)
def test_references_are_read(text, source):
    assert (source, ()) == from_reference(text, "/home/me")


def test_hashes_in_the_fragment_come_beside_the_source():
    _, digests = from_reference(f"https://pkgs.example/a.zip#sha256={64 * 'a'}&subdirectory=b", "")

    assert (Digest("sha256", 64 * "a"),) == digests


def test_a_windows_path_below_a_windows_root_is_a_file_url():
    source, _ = from_reference("sub\\a-1.whl", "C:/home")

    assert FromUrl(url("file:///C:/home/sub/a-1.whl")) == source


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("./a", "relative path without a working directory: ./a"),
        ("https://", "`https://` without a host"),
        (
            "hg+https://pkgs.example/a",
            "Unsupported URL prefix `hg+https` in URL: `hg+https://pkgs.example/a` (Mercurial is not supported)",
        ),
        (
            "ftp://pkgs.example/a",
            "Unsupported URL prefix `ftp` in URL: `ftp://pkgs.example/a` (expected `git+`, `https`, `http` or `file`)",
        ),
        (
            "git+foo://pkgs.example/a",
            "Unsupported Git URL scheme `foo:` in `foo://pkgs.example/a` (expected one of `https:`, `ssh:`, or `file:`)",
        ),
        (
            "git+https://pkgs.example/a@b@c",
            "Ambiguous Git URL `https://pkgs.example/a@b@c`: the path contains multiple `@` characters. If the Git"
            " revision contains `@`, percent-encode it as `%40`",
        ),
        (
            "https://me:pw@pkgs.example/a",
            "Expected direct URL (`https://pkgs.example/a`) to end in a supported file extension: `.whl`, `.tar.gz`,"
            " `.zip`, `.tar.bz2`, `.tar.xz`, `.tgz`, `.tar`, `.tbz`, `.tar.zst`, `.tar.lzma`, `.txz`",
        ),
        (
            "git://pkgs.example/a",
            "Unsupported URL prefix `git` in URL: `git://pkgs.example/a` (expected `git+`, `https`, `http` or `file`)",
        ),
    ],
)
def test_what_cannot_be_used_is_told(text, message):
    with pytest.raises(Fault) as raised:
        from_reference(text, "")

    assert (message, 0, len(text)) == (raised.value.message, raised.value.start, raised.value.length)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("./a", "./a"),
        ("C:/a", "C:/a"),
        ("file:///a", "file:///a"),
        ("https://u:secret@pkgs.example/a.whl", ""),
        ("git+https://u:secret@pkgs.example/a", ""),
    ],
)
def test_only_what_lies_on_this_disk_is_remembered_as_it_was_written(text, expected):
    assert expected == local_text(text)
