"""A failed resolution in words, and what to try."""

import msgspec
import pytest
from packaging.version import Version

from keyrack.policy.auth.refusals import About, AuthRequired
from keyrack.policy.resolve.catalogue import FoundPages, OfflineMetadata
from keyrack.policy.resolve.knowledge import IndexRefused
from keyrack.policy.resolve.question import Target
from keyrack.values.index import Index, Indexes, IndexId
from keyrack.values.names import package_name
from keyrack.values.settings import PrereleaseMode, Selection
from keyrack.values.url import parse_url
from lab.catalogue import MemoryCatalogue
from lab.sdists import sdist
from lab.wheels import wheel
from tests.policy.resolve.asking import TARGET, question, refusal, stock

LIB = package_name("lib")
END = "we can conclude that your requirements are unsatisfiable."
ALL = Selection(all=True)
ONE = Selection(names=frozenset({LIB}))
OFFLINE = (
    "Packages were unavailable because the network was disabled."
    " When the network is disabled, registry packages may only be read from the cache."
)


def text(asked, catalogue):
    return refusal(asked, catalogue)[0]


def hints(asked, catalogue):
    return refusal(asked, catalogue)[1]


def index(name, url):
    return Index(IndexId(name), parse_url(url).url)


def test_a_version_that_does_not_exist():
    assert f"Because there is no version of lib==3.0 and you require lib==3.0, {END}" == text(
        question("lib==3.0"), stock({"lib 1.0": []})
    )


def test_a_range_without_versions():
    assert f"Because only lib<=1.0 is available and you require lib>2, {END}" == text(
        question("lib>2"), stock({"lib 1.0": [], "lib 0.9": []})
    )


def test_a_hole_between_versions():
    assert (
        "Because only the following versions of lib are available:\n"
        "    lib<=1.0\n"
        "    lib>=2.0\n"
        f"and you require lib>1.0,<2.0, {END}"
    ) == text(question("lib>1.0,<2.0"), stock({"lib 1.0": [], "lib 2.0": []}))


def test_a_prefix_is_written_as_the_user_did():
    assert f"Because only lib==1.0 is available and you require lib==2.4.*, {END}" == text(
        question("lib==2.4.*"), stock({"lib 1.0": []})
    )


def test_a_package_that_does_not_exist():
    assert f"Because lib was not found in the package registry and you require lib, {END}" == text(
        question("lib"), MemoryCatalogue()
    )


def test_an_extra_of_a_package_that_does_not_exist():
    assert f"Because there are no versions of lib[fast] and you require lib[fast], {END}" == text(
        question("lib[fast]"), MemoryCatalogue()
    )


def test_two_requirements_that_no_version_meets():
    assert f"Because you require lib<1 and lib>2, {END}" == text(question("lib<1", "lib>2"), stock({"lib 1.0": []}))


@pytest.mark.parametrize(
    ("requirement", "words"),
    [
        ("lib>2,<1", "you require lib<1 and lib>2, which are incompatible"),
        ("lib[fast]<1,>2", "you require lib[fast]<1 and lib[fast]>2, which are incompatible"),
    ],
)
def test_a_requirement_that_no_version_could_ever_meet(requirement, words):
    assert words == text(question(requirement), stock({"lib 1.0": []}))


def test_a_version_that_requires_what_no_version_could_meet():
    assert (
        "Because lib==1.0 depends on dep<1 and dep>2, which are incompatible and only lib==1.0 is available,"
        " we can conclude that all versions of lib cannot be used.\n"
        f"And because you require lib, {END}"
    ) == text(question("lib"), stock({"lib 1.0": ["dep>2,<1"]}))


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"yanked": ""}, "was yanked"),
        ({"yanked": "broken."}, "was yanked (reason: broken)"),
        (
            {"tags": "cp312-cp312-win_amd64"},
            "has no wheels with a matching platform tag (e.g., `manylinux_2_36_x86_64`)",
        ),
        ({"tags": "cp39-cp39-any"}, "has no wheels with a matching Python ABI tag (e.g., `cp312`)"),
        ({"tags": "pp39-pypy39_pp73-any"}, "has no wheels with a matching Python implementation tag (e.g., `cp312`)"),
    ],
)
def test_a_version_none_of_whose_files_can_be_used(about, words):
    assert (f"Because lib==1.0 {words} and you require lib==1.0, {END}") == text(
        question("lib>=1.0,<=1.0"), stock({"lib 1.0": about, "lib 0.9": about})
    ).replace("lib>=1.0,<=1.0", "lib==1.0")


def test_versions_that_are_out_for_one_reason_are_told_together():
    assert f"Because all versions of lib were yanked and you require lib, {END}" == text(
        question("lib"), stock({"lib 1.0": {"yanked": ""}, "lib 2.0": {"yanked": ""}})
    )


@pytest.mark.parametrize(
    ("artifacts", "rules", "words"),
    [
        ([sdist("lib", "1.0")], {"no_build": ALL}, "has no usable wheels"),
        ([wheel("lib", "1.0")], {"no_binary": ALL}, "has no source distribution"),
        (
            [msgspec.structs.replace(sdist("lib", "1.0"), filename="lib-1.0.tar.bz2")],
            {},
            "has a non-PEP 625-compliant source distribution filename",
        ),
    ],
)
def test_a_version_that_the_options_rule_out(artifacts, rules, words):
    assert f"Because lib==1.0 {words} and only lib==1.0 is available" in text(
        question("lib", rules=rules), MemoryCatalogue(artifacts)
    )


def test_a_version_that_must_be_built():
    catalogue = MemoryCatalogue([sdist("lib", "1.0")], unbuilt=frozenset({"lib-1.0.tar.gz"}))

    words, found = refusal(question("lib"), catalogue)

    assert "Because lib==1.0 needs to be built from source, which is not supported yet and only lib==1.0" in words
    assert (
        "`lib` (v1.0) has no wheel to read its requirements from, and `lib-1.0.tar.gz` does not state them without being"
        " built: this run builds nothing",
    ) == found


def test_versions_that_must_be_built_are_told_together():
    catalogue = MemoryCatalogue(
        [sdist("lib", "1.0"), sdist("lib", "2.0")], unbuilt=frozenset({"lib-1.0.tar.gz", "lib-2.0.tar.gz"})
    )

    assert (
        f"Because all versions of lib need to be built from source, which is not supported yet and you require lib, {END}"
        == text(question("lib"), catalogue)
    )


def test_a_version_with_broken_metadata():
    broken = msgspec.structs.replace(wheel("lib", "1.0"), metadata=b"Name: lib\n\n")

    words, found = refusal(question("lib"), MemoryCatalogue([broken]))

    assert "Because lib==1.0 has invalid metadata" in words
    expected = "Metadata for `lib` (v1.0) could not be parsed:\n  Metadata field Version not found"
    assert (expected,) == found


def test_a_version_whose_metadata_is_not_in_the_cache():
    class Off(MemoryCatalogue):
        def metadata(self, file):
            raise OfflineMetadata("off")

    words, found = refusal(question("lib"), Off([wheel("lib", "1.0")]))

    assert "Because lib==1.0 needs to be downloaded from a registry" in words
    assert (OFFLINE,) == found


def test_a_version_whose_metadata_asks_for_a_newer_python():
    newer = msgspec.structs.replace(wheel("lib", "1.0", requires_python=">=3.20"), requires_python="")

    assert "Because lib==1.0 requires Python >=3.20" in text(question("lib"), MemoryCatalogue([newer]))


def test_a_version_whose_page_asks_for_a_newer_python():
    assert (
        "Because the current Python version (3.12.1) does not satisfy Python>=3.20 and lib==1.0 depends on Python>=3.20,"
        " we can conclude that lib==1.0 cannot be used."
    ) in text(question("lib"), stock({"lib 1.0": {"requires_python": ">=3.20"}}))


def for_python(version, *texts):
    target = Target(TARGET.markers, TARGET.tags, Version(version), TARGET.installed)
    return msgspec.structs.replace(question(*texts), target=target)


def test_a_version_that_the_requested_python_is_too_old_for():
    catalogue = stock({"lib 1.0": {"requires_python": ">=3.10"}})

    words, found = refusal(for_python("3.9.0", "lib"), catalogue)

    assert "Because the requested Python version (>=3.9) does not satisfy Python>=3.10" in words
    assert (
        "The `--python-version` value (>=3.9) includes Python versions that are not supported by your dependencies (e.g.,"
        " lib==1.0 only supports >=3.10). Consider using a higher `--python-version` value.",
    ) == found


def test_all_versions_that_the_requested_python_is_too_old_for():
    catalogue = stock({"lib 1.0": {"requires_python": ">=3.10"}, "lib 2.0": {"requires_python": ">=3.10"}})

    assert "(e.g., all versions of lib only support >=3.10)" in hints(for_python("3.9.0", "lib"), catalogue)[0]


def test_of_versions_that_ask_for_different_pythons_one_is_told():
    catalogue = stock({"lib 1.0": {"requires_python": ">=3.10"}, "lib 2.0": {"requires_python": ">=3.11"}})

    (told,) = hints(for_python("3.9.0", "lib"), catalogue)

    assert "(e.g., lib==1.0 only supports >=3.10)" in told


def test_a_package_that_is_not_in_the_cache():
    words, found = refusal(question("lib"), MemoryCatalogue(offline=True))

    assert f"Because lib was not found in the cache and you require lib, {END}" == words
    assert (OFFLINE,) == found


class WithoutIndex(MemoryCatalogue):
    def pages(self, name, pinned=None):
        return FoundPages(without_index=True)


def test_a_package_that_could_be_nowhere():
    words, found = refusal(question("lib"), WithoutIndex())

    assert f"Because lib was not found in the provided package locations and you require lib, {END}" == words
    assert (
        "Packages were unavailable because index lookups were disabled and no additional package locations were provided"
        " (try: `--find-links <uri>`)",
    ) == found


def test_where_there_are_flat_places_none_are_proposed():
    indexes = Indexes(flat=(index("flat", "https://pkgs.example/flat/"),))

    assert () == hints(question("lib", indexes=indexes), WithoutIndex())


REFUSED = AuthRequired(
    "Index `a` wants credentials",
    About(parse_url("https://pkgs.example/a/lib/").url, index("a", "https://pkgs.example/a/"), 401),
)


def test_an_index_that_refuses_ends_the_search_as_itself():
    class Refusing(MemoryCatalogue):
        def pages(self, name, pinned=None):
            return FoundPages(refusals=(REFUSED,))

    with pytest.raises(IndexRefused, match="Failed to look up `lib`") as raised:
        hints(question("lib"), Refusing())

    assert REFUSED is raised.value.__cause__


def test_pre_releases_are_left_out_of_what_is_available_where_they_are_not_considered():
    assert f"Because only lib<=1.0 is available and you require lib>1.0, {END}" == text(
        question("lib>1.0", prerelease=PrereleaseMode.DISALLOW), stock({"lib 1.0": [], "lib 0.9": [], "lib 2.0a1": []})
    ).replace("lib<2.0a1", "lib<=1.0")


def test_which_other_pages_have_arrived_does_not_change_the_words():
    packages = {"lib 1.0": ["dep==1.0"], "lib 3.0": ["dep==3.0"], **{f"dep {number}.0": [] for number in (1, 2, 3)}}

    assert "    dep==1.0\n    dep==3.0\n" in text(question("lib", "dep>=2,<3"), stock(packages))
