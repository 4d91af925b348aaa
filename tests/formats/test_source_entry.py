"""Entries of `[tool.uv.sources]`."""

import msgspec
import pytest

from keyrack.errors import InvalidText, NotYet
from keyrack.formats.settings_shapes import SourceTable
from keyrack.formats.source_entry import parse_source
from keyrack.values.credentials import Basic
from keyrack.values.requirement import FromGit, FromTree, FromUrl, RevisionKind
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url


def read(**table):
    return parse_source("six", msgspec.convert(table, SourceTable), "/home/me")


def url(text):
    return parse_url(text).url


@pytest.mark.parametrize(
    ("table", "source"),
    [
        ({"git": "https://git.example/a"}, FromGit(url("https://git.example/a"))),
        ({"git": "git+https://git.example/a"}, FromGit(url("https://git.example/a"))),
        ({"git": "https://git.example/a", "rev": "v@1"}, FromGit(url("https://git.example/a"), "v@1")),
        (
            {"git": "https://git.example/a", "tag": "v1"},
            FromGit(url("https://git.example/a"), "v1", kind=RevisionKind.TAG),
        ),
        (
            {"git": "https://git.example/a", "branch": "b", "subdirectory": "c/", "lfs": False},
            FromGit(url("https://git.example/a"), "b", "c", kind=RevisionKind.BRANCH, lfs=False),
        ),
        (
            {"git": "https://me:pw@git.example/a"},
            FromGit(url("https://git.example/a"), credentials=Basic("me", Secret("pw"))),
        ),
        ({"url": "https://c.example/a.zip"}, FromUrl(url("https://c.example/a.zip"))),
        ({"url": "https://c.example/a.zip", "subdirectory": "b"}, FromUrl(url("https://c.example/a.zip"), None, "b")),
        ({"path": "../a"}, FromTree("/home/a")),
        ({"path": "/a", "editable": True}, FromTree("/a", editable=True)),
        ({"path": "a", "package": False}, FromTree("/home/me/a", virtual=True)),
        ({"path": "a-1.whl"}, FromUrl(url("file:///home/me/a-1.whl"))),
        ({"workspace": True}, None),
    ],
)
def test_each_kind_of_source_is_read(table, source):
    assert source == read(**table).source


def test_workspace_may_be_another_one():
    entry = read(workspace="../other", editable=False)

    assert ("workspace", "/home/other", False) == (entry.kind, entry.workspace, entry.editable)


def test_own_workspace_needs_no_root():
    assert read(workspace=True).workspace == ""


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({}, "expected one source, found none of `git`, `url`, `path`, `index`, `workspace`"),
        ({"url": "https://c.example/a.zip", "path": "a"}, "expected one source, found both `url` and `path`"),
        ({"path": "a", "rev": "b"}, "`rev` is only valid for `git` sources"),
        ({"index": "a", "subdirectory": "b"}, "`subdirectory` is only valid for `git` and `url` sources"),
        ({"index": "a", "editable": True}, "`editable` is only valid for `path` and `workspace` sources"),
        ({"index": "a", "package": True}, "`package` is only valid for `path` sources"),
        ({"workspace": False}, "`workspace = false` is not yet supported"),
        ({"git": "https://a.example/b", "rev": "c", "tag": "d"}, "expected at most one of `rev`, `tag`, or `branch`"),
        (
            {"git": "https://a.example/b@c", "rev": "d"},
            "the URL of a `git` source names no revision: use `rev`, `tag` or `branch`",
        ),
        ({"git": "svn://a.example/b"}, "Unsupported Git URL scheme `svn:` in `svn://a.example/b` (expected one of"),
        ({"url": "https://me:pw@c.example/a.zip#b"}, "Fragments are not allowed in URLs: `"),
        ({"url": "/a.zip"}, "expected the URL of an archive"),
        ({"url": "git+https://a.example/b"}, "expected the URL of an archive"),
        ({"path": "https://a.example/b"}, "expected a path"),
        ({"path": "a.zip", "editable": True}, "Source with `editable = true` must refer to a local directory, not a"),
        ({"index": "a", "marker": "os_name ="}, "Failed to parse: `os_name =`"),
    ],
)
def test_what_does_not_fit_is_refused(table, message):
    with pytest.raises(InvalidText) as caught:
        read(**table)

    assert caught.value.message.startswith(message)


def test_archives_in_repositories_are_for_a_later_version():
    with pytest.raises(NotYet):
        read(git="https://a.example/b", path="c.zip")
