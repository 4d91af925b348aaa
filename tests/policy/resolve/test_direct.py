"""Packages that come from a URL."""

import pytest

from keyrack.errors import InvalidText
from keyrack.policy.resolve.catalogue import NeedsBuild
from keyrack.policy.resolve.direct import (
    ConflictingUrls,
    NotBuilt,
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
from keyrack.values.requirement import FromUrl
from tests.policy.resolve.asking import PYTHON, parsed

LIB, DEP = package_name("lib"), package_name("dep")
LIB_URL = "https://pkgs.example/lib-1.0-py3-none-any.whl"
DEP_URL = "https://pkgs.example/dep-1.0-py3-none-any.whl"


class Wheels:
    """A catalogue of files by URL."""

    def __init__(self, requires=None, error=None):
        self.requires = requires or {}
        self.error = error
        self.expected = []

    def expect_metadata(self, file):
        self.expected.append(file.url.exact)

    def metadata(self, file):
        if self.error:
            raise self.error
        return Metadata(package_name("any"), None, parsed(*self.requires.get(file.url.exact, ())))


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


def test_files_are_asked_for_before_the_first_is_waited_for():
    wheels = Wheels()
    direct_urls(parsed(f"lib @ {LIB_URL}", f"dep @ {DEP_URL}"), Hashes(), Environment(PYTHON.markers), wheels)

    assert [LIB_URL, DEP_URL] == wheels.expected


@pytest.mark.parametrize(
    ("text", "place"),
    [("lib @ git+https://pkgs.example/lib", "https://pkgs.example/lib"), ("lib @ file:///srv/lib", "/srv/lib")],
)
def test_what_must_be_built_is_refused_with_what_to_do(text, place):
    with pytest.raises(NotBuilt) as caught:
        url_of(parsed(text)[0])

    assert (
        f"Cannot use `lib` from `{place}`: this version of keyrack does not build packages",
        ("Build a wheel of `lib`, and give its path or URL instead",),
    ) == (caught.value.message, caught.value.hints)


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
