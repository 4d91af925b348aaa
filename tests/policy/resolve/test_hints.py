"""What to try after a failed resolution."""

from datetime import UTC, datetime

import msgspec
import pytest

from keyrack.policy.index.tags import make_tags, platform_tags
from keyrack.policy.resolve.catalogue import FoundPages
from keyrack.values.index import Index, Indexes, IndexId, IndexStrategy
from keyrack.values.names import package_name
from keyrack.values.settings import PrereleaseMode, Selection
from keyrack.values.url import parse_url
from lab.catalogue import MemoryCatalogue
from lab.sdists import sdist
from lab.wheels import wheel
from tests.policy.resolve.asking import question, refusal, stock

LIB = package_name("lib")
ALL = Selection(all=True)
ONE = Selection(names=frozenset({LIB}))


def hints(asked, catalogue):
    return refusal(asked, catalogue)[1]


def index(name, url):
    return Index(IndexId(name), parse_url(url).url)


@pytest.mark.parametrize(
    ("rules", "artifact", "hint"),
    [
        (
            {"no_build": ALL},
            sdist("lib", "1.0"),
            "Wheels are required for `lib` because building from source is disabled for all packages (i.e., with"
            " `--no-build`)",
        ),
        (
            {"no_build": ONE},
            sdist("lib", "1.0"),
            "Wheels are required for `lib` because building from source is disabled for `lib` (i.e., with"
            " `--no-build-package lib`)",
        ),
        (
            {"no_binary": ALL},
            wheel("lib", "1.0"),
            "A source distribution is required for `lib` because using pre-built wheels is disabled for all packages"
            " (i.e., with `--no-binary`)",
        ),
    ],
)
def test_an_option_that_rules_a_version_out_is_named(rules, artifact, hint):
    assert (hint,) == hints(question("lib", rules=rules), MemoryCatalogue([artifact]))


@pytest.mark.parametrize(
    ("tags", "hint"),
    [
        (
            ["cp312-cp312-win_amd64"],
            "Wheels are available for `lib` (v1.0) on the following platform: `win_amd64`",
        ),
        (
            ["cp312-cp312-win_amd64", "cp311-cp311-win32", "py3-none-macosx_11_0_arm64.macosx_10_9_x86_64"],
            "Wheels are available for `lib` (v1.0) on the following platforms: `macosx_10_9_x86_64`,"
            " `macosx_11_0_arm64`, `win_amd64`",
        ),
        (
            ["cp39-cp39-any"],
            "You require CPython 3.12 (`cp312`), but we only found wheels for `lib` (v1.0) with the following Python ABI"
            " tag: `cp39`",
        ),
        (
            ["cp311-cp311-any", "cp39-none-win32", "cp310-cp310-any"],
            None,
        ),
        (
            ["pp39-pypy39_pp73-any", "cp2-none-any", "py2-none-any"],
            "You require CPython 3.12 (`cp312`), but we only found wheels for `lib` (v1.0) with the following Python"
            " implementation tags: `py2`, `cp2`, `pp39`",
        ),
    ],
)
def test_what_wheels_there_are_is_told(tags, hint):
    found = hints(question("lib"), MemoryCatalogue([wheel("lib", "1.0", tags=tag) for tag in tags]))

    assert found == ((hint,) if hint else found)


def test_wheels_without_an_abi_are_no_news():
    assert () == hints(question("lib"), stock({"lib 1.0": {"tags": "cp311-none-any"}}))


def test_a_free_threaded_python_is_named_as_such():
    tags = make_tags("cpython", (3, 13), platform_tags("manylinux_2_36_x86_64"), free_threaded=True)
    asked = question("lib", rules={"tags": tags})
    asked = msgspec.structs.replace(asked, target=msgspec.structs.replace(asked.target, tags=tags))

    words, found = refusal(asked, stock({"lib 1.0": {"tags": "cp313-cp313-any"}}))

    assert "has no wheels with a free-threading compatible ABI tag" in words
    assert found[0].startswith("You require free-threaded CPython 3.13 (`cp313t`), but we only found")


def test_a_python_of_an_unknown_kind_is_named_by_its_tag():
    tags = make_tags("rustpython", (3, 13), ("any",))
    asked = question("lib", rules={"tags": tags})
    asked = msgspec.structs.replace(asked, target=msgspec.structs.replace(asked.target, tags=tags))

    assert hints(asked, stock({"lib 1.0": {"tags": "cp313-cp313-any"}}))[0].startswith(
        "You require `rustpython313`, but"
    )


NEVER = PrereleaseMode.DISALLOW


def test_pre_releases_that_were_not_considered_are_named():
    assert (
        "Pre-releases are available for `lib` in the requested range (e.g., 2.0b1), but pre-releases weren't enabled"
        " (try: `--prerelease=allow`)",
    ) == hints(question("lib>1", prerelease=NEVER), stock({"lib 1.0": [], "lib 2.0a1": [], "lib 2.0b1": []}))


def test_the_option_for_one_package_is_proposed_where_one_was_used():
    asked = question("lib>1", prerelease_package={LIB: NEVER})

    assert hints(asked, stock({"lib 1.0": [], "lib 2.0a1": []}))[0].endswith("(try: `--prerelease-package lib=allow`)")


@pytest.mark.parametrize(("requirement", "ranged"), [("lib>=2.0a1", "lib>=2.0a1"), ("lib<2.0b1,>1", "lib>1,<2.0b1")])
def test_a_requirement_that_names_a_pre_release_is_named(requirement, ranged):
    assert (
        f"`lib` was requested with a pre-release marker (e.g., {ranged}), but pre-releases weren't enabled"
        " (try: `--prerelease=allow`)",
    ) == hints(question(requirement, prerelease=NEVER), stock({"lib 1.0": [], "lib 2.0a1": [], "lib 2.0rc1": []}))


@pytest.mark.parametrize("requirement", ["lib==2.4.*", "lib~=2.4", "lib>5"])
def test_no_pre_release_is_proposed_where_there_is_none_in_range(requirement):
    assert () == hints(question(requirement, prerelease=NEVER), stock({"lib 1.0": [], "lib 2.0a1": []}))


def test_several_ranges_with_a_pre_release_are_told_one_a_line():
    asked = question("lib!=1.5,>=2.0a1", prerelease=NEVER)

    assert hints(asked, stock({"lib 1.0": []}))[0].startswith("`lib` was requested with a pre-release marker")


TWO = Indexes(searched=(index("index-0", "https://pkgs.example/a/"), index("index-1", "https://pkgs.example/b/")))


def test_a_later_index_that_was_not_asked_is_named():
    catalogue = MemoryCatalogue([wheel("lib", "1.0")])

    assert (
        "`lib` was found on https://pkgs.example/a/, but not at the requested version (lib>2). A compatible version may be"
        " available on a subsequent index (e.g., https://pkgs.example/b/). By default, keyrack will only consider versions"
        " that are published on the first index that contains a given package, to avoid dependency confusion attacks. If"
        " all indexes are equally trusted, use `--index-strategy unsafe-best-match` to consider all versions from all"
        " indexes, regardless of the order in which they were defined.",
    ) == hints(question("lib>2", indexes=TWO), catalogue)


@pytest.mark.parametrize(
    ("words", "artifacts"),
    [
        ({"strategy": IndexStrategy.UNSAFE_BEST_MATCH}, [[wheel("lib", "1.0")]]),
        ({}, [[], [wheel("lib", "1.0")]]),
        ({}, []),
    ],
)
def test_no_index_is_named_where_none_is_left(words, artifacts):
    assert () == hints(question("lib>2", indexes=TWO, **words), MemoryCatalogue(*artifacts))


class Flat(MemoryCatalogue):
    def pages(self, name, pinned=None):
        return FoundPages((), super().pages(name, pinned).pages)


def test_no_index_is_named_where_a_flat_place_answered():
    assert () == hints(question("lib>2", indexes=TWO), Flat([wheel("lib", "1.0")]))


FEBRUARY = datetime(2024, 2, 1, tzinfo=UTC)
DATED = {
    "lib 1.0": {"uploaded": "2024-01-01T00:00:00Z"},
    "lib 2.0": {"uploaded": "2024-03-01T00:00:00.000000Z"},
    "lib 3.0": {"uploaded": "2024-04-01T00:00:00.500000Z"},
}


@pytest.mark.parametrize(
    ("requirement", "latest"),
    [
        ("lib>1", " The latest version satisfying the requirement is v3.0, published at 2024-04-01T00:00:00.5Z."),
        ("lib===2.0", " The requested version, v2.0, was published at 2024-03-01T00:00:00Z."),
    ],
)
def test_a_version_that_a_date_hides_is_named(requirement, latest):
    asked = question(requirement, rules={"exclude_newer": FEBRUARY})

    assert (
        "`lib` was filtered by `exclude-newer` to only include packages uploaded before 2024-02-01T00:00:00Z."
        f"{latest} Consider using `exclude-newer-package` to override the cutoff for this package.",
    ) == hints(asked, stock(DATED))


def test_a_version_that_a_packages_own_date_hides_is_named():
    asked = question("lib>1", rules={"exclude_newer_package": {LIB: FEBRUARY}})

    assert hints(asked, stock(DATED))[0].endswith("Consider removing the setting or updating it to a later date.")


def test_a_version_that_the_date_of_its_index_hides_is_named():
    index = IndexId("index-0")
    asked = question("lib>1", rules={"exclude_newer_index": {index: FEBRUARY}}, pins={LIB: index})

    assert (
        "`lib` was filtered by the index-specific `exclude-newer` setting to only include packages uploaded before"
        " 2024-02-01T00:00:00Z. The latest version satisfying the requirement is v3.0, published at"
        " 2024-04-01T00:00:00.5Z. Consider updating that index's cutoff, setting it to `false`, or using"
        " `exclude-newer-package` to override the cutoff for this package.",
    ) == hints(asked, stock(DATED))


def test_a_version_without_a_date_is_named_without_one():
    asked = question("lib>1", rules={"exclude_newer": FEBRUARY})

    assert (
        "`lib` was filtered by `exclude-newer` to only include packages uploaded before 2024-02-01T00:00:00Z."
        " The latest version satisfying the requirement is v2.0."
        " Consider using `exclude-newer-package` to override the cutoff for this package.",
    ) == hints(asked, stock({"lib 1.0": {"uploaded": "2024-01-01T00:00:00Z"}, "lib 2.0": {"uploaded": ""}}))


def test_a_requested_version_without_a_date_is_not_named():
    asked = question("lib==2.0", rules={"exclude_newer": FEBRUARY})

    (told,) = hints(asked, stock({"lib 2.0": {"uploaded": ""}}))

    assert "v2.0" not in told


def test_no_date_is_named_where_it_hides_nothing():
    asked = question("lib>5", rules={"exclude_newer": FEBRUARY})

    assert () == hints(asked, stock(DATED))
