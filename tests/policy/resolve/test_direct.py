"""Packages that come from a URL."""

import msgspec
import pytest

from keyrack.errors import InvalidText
from keyrack.policy.resolve.catalogue import NeedsBuild
from keyrack.policy.resolve.direct import (
    ConflictingUrls,
    direct_urls,
    disallowed,
    file_of,
    is_same,
    url_of,
)
from keyrack.policy.resolve.environment import Environment
from keyrack.policy.resolve.hashes import Hashes
from keyrack.values.artifact import Digest
from keyrack.values.metadata import Metadata
from keyrack.values.names import package_name
from keyrack.values.requirement import FromGit, FromTree, FromUrl
from keyrack.values.source_url import source_text
from keyrack.values.url import parse_url
from tests.policy.resolve.asking import PYTHON, parsed

LIB, DEP = package_name("lib"), package_name("dep")
LIB_URL = "https://pkgs.example/lib-1.0-py3-none-any.whl"
DEP_URL = "https://pkgs.example/dep-1.0-py3-none-any.whl"


class Wheels:
    """A catalogue of files by URL."""

    def __init__(self, requires=None, error=None, commits=None):
        self.requires = requires or {}
        self.commits = commits or {}
        self.error = error
        self.expected = []

    def expect_metadata(self, file):
        self.expected.append(file.url.exact)

    def metadata(self, file):
        return self._read(file.url.exact)

    def expect_source(self, name, source):
        self.expected.append(source_text(source))

    def source_metadata(self, name, source):
        self.wanted = source
        return self._read(source_text(source))

    def located(self, source):
        known = self.commits.get(source_text(source))
        return msgspec.structs.replace(source, commit=known) if known else source

    def _read(self, place):
        if self.error:
            raise self.error
        return Metadata(package_name("any"), None, parsed(*self.requires.get(place, ())))


def places(*texts, **words):
    found = direct_urls(parsed(*texts), Hashes(), Environment(PYTHON.markers), Wheels(**words))
    return {name: source_text(source) for name, source in found.items()}


def urls(*texts, **words):
    found = direct_urls(parsed(*texts), Hashes(), Environment(PYTHON.markers), Wheels(**words))
    return {name: source.url.exact for name, source in found.items()}


def source(text):
    return parsed(text)[0].source


def test_a_package_comes_from_the_url_that_the_user_wrote():
    assert {LIB: LIB_URL} == urls(f"lib @ {LIB_URL}", "dep>=1")


def test_a_url_for_another_environment_does_not_count():
    assert {} == urls(f"lib @ {LIB_URL} ; sys_platform == 'win32'")


def test_a_package_from_a_url_may_ask_for_others_from_urls():
    assert {LIB: LIB_URL, DEP: DEP_URL} == urls(f"lib @ {LIB_URL}", requires={LIB_URL: [f"dep @ {DEP_URL}", "x"]})


def test_what_it_asks_for_with_an_extra_counts_where_that_extra_is_wanted():
    requires = {LIB_URL: [f"dep @ {DEP_URL} ; extra == 'fast'"]}

    assert ({LIB: LIB_URL}, {LIB: LIB_URL, DEP: DEP_URL}) == (
        urls(f"lib @ {LIB_URL}", requires=requires), urls(f"lib[fast] @ {LIB_URL}", requires=requires)
    )  # fmt: skip


@pytest.mark.parametrize("error", [NeedsBuild("no"), InvalidText("no")])
def test_a_file_that_cannot_be_read_asks_for_nothing_yet(error):
    assert {LIB: LIB_URL} == urls(f"lib @ {LIB_URL}", error=error)


def test_one_url_may_be_written_twice():
    assert {LIB: LIB_URL} == urls(f"lib @ {LIB_URL}", "lib @ https://me:s@pkgs.example/lib-1.0-py3-none-any.whl")


def test_two_urls_for_one_package_are_refused():
    with pytest.raises(ConflictingUrls) as caught:
        urls(f"lib @ {LIB_URL}", "lib @ https://pkgs.example/lib-0.9-py3-none-any.whl")

    assert caught.value.message == (
        "Requirements contain conflicting URLs for package `lib`:\n"
        "- https://pkgs.example/lib-0.9-py3-none-any.whl\n"
        "- https://pkgs.example/lib-1.0-py3-none-any.whl"
    )


GIT_URL = "git+https://git.example/lib"
COMMIT, OTHER = "1" * 40, "2" * 40


@pytest.mark.parametrize("place", ["file:///srv/lib", GIT_URL, "https://pkgs.example/lib-1.tar.gz"])
def test_a_package_may_come_from_what_must_be_built(place):
    requires = {place: [f"dep @ {DEP_URL}"]}

    assert {LIB: place, DEP: DEP_URL} == places(f"lib @ {place}", requires=requires)


def test_a_repository_comes_with_the_commit_that_was_found():
    found = places(f"lib @ {GIT_URL}@main", commits={f"{GIT_URL}@main": COMMIT})

    assert {LIB: f"{GIT_URL}@{COMMIT}"} == found


def test_two_names_of_one_commit_are_no_conflict():
    commits = {f"{GIT_URL}@main": COMMIT, f"{GIT_URL}@v1": COMMIT}

    assert {LIB: f"{GIT_URL}@{COMMIT}"} == places(f"lib @ {GIT_URL}@main", f"lib @ {GIT_URL}.git@v1", commits={
        **commits, f"{GIT_URL}.git@v1": COMMIT
    })  # fmt: skip


def test_two_commits_of_a_repository_are_refused_in_the_user_s_words():
    with pytest.raises(ConflictingUrls) as caught:
        places(f"lib @ {GIT_URL}@main", f"lib @ {GIT_URL}@v1", commits={
            f"{GIT_URL}@main": COMMIT, f"{GIT_URL}@v1": OTHER
        })  # fmt: skip

    assert f"- {GIT_URL}@main\n- {GIT_URL}@v1" in caught.value.message


def test_a_default_branch_has_no_commit_where_nobody_wrote_one():
    with pytest.raises(ConflictingUrls) as caught:
        places(f"lib @ {GIT_URL}", "lib @ file:///srv/lib", commits={GIT_URL: COMMIT})

    assert caught.value.message.endswith(f"- file:///srv/lib\n- {GIT_URL}")


def test_a_tree_that_is_wanted_editable_once_is_editable():
    texts = parsed("lib @ file:///srv/lib", "lib @ file:///srv/lib")
    editable = msgspec.structs.replace(texts[1], source=FromTree("/srv/lib", editable=True))

    found = direct_urls((texts[0], editable), Hashes(), Environment(PYTHON.markers), Wheels())

    assert found[LIB].editable


def test_the_hashes_of_an_archive_go_with_it():
    digest = Digest("sha256", "a" * 64)
    url = "https://pkgs.example/lib-1.tar.gz"
    wheels = Wheels()

    found = direct_urls(parsed(f"lib @ {url}"), Hashes(urls={url: (digest,)}), Environment(PYTHON.markers), wheels)

    assert ((digest,), (digest,)) == (found[LIB].digests, wheels.wanted.digests)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (FromTree("/a"), FromTree("/a", editable=True), True),
        (FromTree("/a"), FromTree("/b"), False),
        (FromTree("/a"), FromGit(parse_url("file:///a").url), False),
        (FromGit(parse_url("file:///a").url), FromGit(parse_url("file:///a.git").url), True),
        (FromGit(parse_url("file:///a").url), FromGit(parse_url("file:///b").url), False),
        (FromGit(parse_url("file:///a").url, subdirectory="s"), FromGit(parse_url("file:///a").url), False),
        (FromGit(parse_url("file:///a").url, "b"), FromGit(parse_url("file:///a").url, "b", commit=COMMIT), True),
        (FromGit(parse_url("file:///a").url, commit=OTHER), FromGit(parse_url("file:///a").url, commit=COMMIT), False),
    ],
)
def test_places_are_compared_by_what_they_give(one, other, expected):
    assert expected is is_same(one, other)


def test_files_are_asked_for_before_the_first_is_waited_for():
    wheels = Wheels()
    direct_urls(parsed(f"lib @ {LIB_URL}", f"dep @ {DEP_URL}"), Hashes(), Environment(PYTHON.markers), wheels)

    assert [LIB_URL, DEP_URL] == wheels.expected


def test_a_requirement_on_an_index_names_no_url():
    assert url_of(parsed("lib")[0]) is None


def test_a_file_from_a_url_has_no_origin_and_the_hashes_that_the_user_wrote():
    digest = Digest("sha256", "a" * 64)

    file = file_of(source(f"lib @ {LIB_URL}"), Hashes(urls={LIB_URL: (digest,)}))

    assert ("lib-1.0-py3-none-any.whl", None, (digest,)) == (file.filename, file.origin, file.digests)


def test_of_several_digests_none_is_the_file_s_own():
    digests = (Digest("sha256", "0" * 64), Digest("sha256", "1" * 64))

    assert () == file_of(source(f"lib @ {LIB_URL}"), Hashes(urls={LIB_URL: digests})).digests


def test_credentials_in_the_url_go_with_the_file():
    found = source("lib @ https://me:secret@pkgs.example/lib-1.0-py3-none-any.whl")

    assert (found.credentials, False) == (file_of(found, Hashes()).credentials, found.credentials is None)


def test_credentials_do_not_make_another_file():
    one, other = source(f"lib @ {LIB_URL}"), source("lib @ https://me:s@pkgs.example/lib-1.0-py3-none-any.whl")

    assert is_same(one, other)


def test_another_subdirectory_is_another_package():
    one = source(f"lib @ {LIB_URL}")

    assert not is_same(one, FromUrl(one.url, None, "sub"))


def test_an_indexs_package_that_asks_for_a_url_is_told_apart():
    (requirement,) = parsed(f"dep @ {DEP_URL}")

    refused = disallowed(LIB, requirement, requirement.source)

    assert (
        "Package `dep` was included as a URL dependency. URL dependencies must be expressed as direct requirements or"
        f" constraints. Consider adding `dep @ {DEP_URL}` to your dependencies or constraints file.",
        ("`dep` was included because `lib` depends on it",),
    ) == (refused.message, refused.hints)
