"""Where a distribution came from."""

import msgspec
import pytest

from keyrack.values.installed import DirectUrl
from keyrack.values.requirement import FromGit
from keyrack.values.url import parse_url

GIT = parse_url("https://git.example/a").url
HERE = DirectUrl(GIT, revision="ab", subdirectory="s", lfs=True)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (FromGit(GIT, "main", "s", commit="ab", lfs=True), True),
        (FromGit(parse_url("https://git.example/a.git").url, subdirectory="s", commit="ab", lfs=True), True),
        (FromGit(GIT, subdirectory="s", lfs=True), False),
        (FromGit(GIT, subdirectory="s", commit="cd", lfs=True), False),
        (FromGit(GIT, commit="ab", lfs=True), False),
        (FromGit(GIT, subdirectory="s", commit="ab"), False),
        (FromGit(parse_url("https://git.example/b").url, subdirectory="s", commit="ab", lfs=True), False),
    ],
)
def test_a_checkout_is_of_one_commit_of_one_repository(source, expected):
    assert expected is HERE.is_checkout(source)


def test_an_archive_is_no_checkout():
    assert not msgspec.structs.replace(HERE, revision="").is_checkout(FromGit(GIT, subdirectory="s", lfs=True))
