"""Sources as URLs and as texts."""

import pytest

from keyrack.values.credentials import Basic
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl
from keyrack.values.secret import Secret
from keyrack.values.source_url import file_url, repository, source_text, source_url
from keyrack.values.url import parse_url

COMMIT = "1" * 40


def url(text):
    return parse_url(text).url


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (FromIndex(), ""),
        (FromTree("/src/a b"), "file:///src/a%20b"),
        (FromUrl(url("https://pkgs.example/a.zip?sig=abc")), "https://pkgs.example/a.zip?sig=****"),
        (FromUrl(url("https://pkgs.example/a.zip"), None, "b"), "https://pkgs.example/a.zip#subdirectory=b"),
        (FromGit(url("https://git.example/a")), "git+https://git.example/a"),
        (FromGit(url("https://git.example/a"), "feature/x@2"), "git+https://git.example/a@feature/x%402"),
        (FromGit(url("https://git.example/a"), "v1", commit=COMMIT), f"git+https://git.example/a@{COMMIT}"),
        (
            FromGit(url("https://git.example/a"), subdirectory="b", lfs=True),
            "git+https://git.example/a#subdirectory=b&lfs=true",
        ),
        (
            FromGit(url("https://git.example/a"), credentials=Basic("me", Secret("hunter2"))),
            "git+https://git.example/a",
        ),
    ],
)
def test_source_is_written_without_secrets(source, text):
    assert text == source_text(source)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (FromTree("/src/a"), "file:///src/a"),
        (FromUrl(url("https://pkgs.example/a.zip?sig=abc")), "https://pkgs.example/a.zip"),
        (FromGit(url("https://git.example/a"), "v1"), "https://git.example/a"),
    ],
)
def test_url_of_a_source_says_where_and_not_what(source, text):
    assert text == source_url(source).exact


def test_path_of_another_system_becomes_a_url():
    assert file_url(r"C:\src\a").exact == "file:///C:/src/a"


@pytest.mark.parametrize("text", ["https://git.example/a.git", "https://git.example/a/", "https://git.example/a"])
def test_spellings_of_a_repository_are_one(text):
    assert repository(url(text)) == "https://git.example/a"


def test_login_is_no_part_of_a_repository():
    assert repository(url("ssh://git@git.example/a")) == repository(url("ssh://git.example/a"))
