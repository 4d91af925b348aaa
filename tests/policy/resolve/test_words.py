"""Names, versions and reasons as people read them."""

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.policy.index.choose import Exclusion, Kind
from keyrack.policy.index.tags import Mismatch, Tags
from keyrack.policy.resolve.packages import PYTHON, ROOT, Package
from keyrack.policy.resolve.python import PythonRequirement
from keyrack.policy.resolve.reasons import (
    BadMetadata,
    Impossible,
    Missing,
    NoFile,
    OfflineFile,
    OldPython,
    Unbuilt,
    Unlisted,
)
from keyrack.policy.resolve.versions import SpecifierRanges
from keyrack.policy.resolve.words import ResolverWords
from keyrack.policy.solver.ranges import Ranges, Segment
from keyrack.policy.solver.words import Role
from keyrack.values.names import extra_name, package_name
from keyrack.values.points import above_local, point
from tests.policy.resolve.asking import TARGET

LIB = package_name("lib")
FAST = extra_name("fast")
KNOWN = {LIB: [point(text) for text in ("1.0", "2.0a1", "2.0")]}


def words(stable_only=(), tags=TARGET.tags, known=KNOWN):
    return ResolverWords(known, frozenset(stable_only), PythonRequirement(Version("3.12"), Version("3.12")), tags)


def both(reason):
    """What is said of one version and of several."""
    return words().unusable(reason, plural=False), words().unusable(reason, plural=True)


def ranged(text):
    return SpecifierRanges().of(SpecifierSet(text))


@pytest.mark.parametrize(
    ("package", "role"),
    [
        (ROOT, Role.ROOT),
        (PYTHON, Role.SURROUNDINGS),
        (Package(LIB), Role.PACKAGE),
        (Package(LIB, FAST), Role.PACKAGE),
        (Package(LIB, FAST, is_proxy=True), Role.PROXY),
    ],
)
def test_each_package_is_something_to_the_reader(package, role):
    assert role is words().role(package)


def test_the_request_and_python_stand_before_packages_and_packages_before_proxies():
    packages = [Package(LIB, FAST, is_proxy=True), Package(LIB, FAST), Package(LIB), PYTHON, ROOT]

    assert packages[::-1] == sorted(packages, key=words().order)


@pytest.mark.parametrize(
    ("other", "same"), [(Package(LIB, FAST), True), (Package(package_name("dep")), False), (ROOT, False)]
)
def test_a_package_and_its_extras_are_one(other, same):
    assert same is words().is_same(Package(LIB), other)


def test_the_request_is_not_one_with_python():
    assert not words().is_same(ROOT, PYTHON)


@pytest.mark.parametrize(
    ("exclusion", "singular", "plural"),
    [
        (Exclusion(Kind.YANKED), "was yanked", "were yanked"),
        (Exclusion(Kind.YANKED, yank_reason="bad."), "was yanked (reason: bad)", "were yanked (reason: bad)"),
        (Exclusion(Kind.NO_BUILD), "has no usable wheels", "have no usable wheels"),
        (Exclusion(Kind.NO_BINARY), "has no source distribution", "have no source distribution"),
        (Exclusion(Kind.UNDATED), "has no publish time", "have no publish time"),
        (Exclusion(Kind.NO_FILES), "has no available distributions", "have no available distributions"),
        (
            Exclusion(Kind.TOO_NEW),
            "was published after the exclude newer time",
            "were published after the exclude newer time",
        ),
        (
            Exclusion(Kind.TAGS, Mismatch.ABI),
            "has no wheels with a matching Python ABI tag (e.g., `cp312`)",
            "have no wheels with a matching Python ABI tag (e.g., `cp312`)",
        ),
        (
            Exclusion(Kind.TAGS, Mismatch.FREE_THREADED),
            "has no wheels with a free-threading compatible ABI tag",
            "have no wheels with a free-threading compatible ABI tag",
        ),
    ],
)
def test_why_no_file_can_be_used(exclusion, singular, plural):
    assert (singular, plural) == both(NoFile(exclusion))


def test_no_tag_is_given_as_an_example_where_there_is_none():
    reason = NoFile(Exclusion(Kind.TAGS, Mismatch.PLATFORM))

    assert words(tags=Tags(())).unusable(reason, plural=False) == "has no wheels with a matching platform tag"


@pytest.mark.parametrize(
    ("reason", "singular", "plural"),
    [
        (OldPython(">=3.20"), "requires Python >=3.20", "require Python >=3.20"),
        (OfflineFile(), "needs to be downloaded from a registry", "need to be downloaded from a registry"),
        (BadMetadata("x"), "has invalid metadata", "have invalid metadata"),
        (
            Unbuilt(),
            "needs to be built from source, which is not supported yet",
            "need to be built from source, which is not supported yet",
        ),
        (
            Impossible("dep", SpecifierSet("===x")),
            "depends on dep===x, which does not allow any versions",
            "depend on dep===x, which does not allow any versions",
        ),
        (
            Unlisted(Missing.NOT_FOUND),
            "was not found in the package registry",
            "was not found in the package registry",
        ),
    ],
)
def test_why_versions_cannot_be_used(reason, singular, plural):
    assert (singular, plural) == both(reason)


@pytest.mark.parametrize("missing", Missing)
def test_why_a_package_is_not_known(missing):
    assert missing.value == words().absent(Unlisted(missing))


def test_what_no_version_could_meet_is_told_of_the_users_requirements():
    reason = Impossible("dep", SpecifierSet(">2,<1"))

    assert words().root_unusable(reason).endswith(", which are incompatible")


def test_no_other_reason_is_one_of_the_users_requirements():
    assert words().root_unusable(Unbuilt()) is None


def test_ranges_are_measured_by_all_versions():
    assert KNOWN[LIB] == words().measure(Package(LIB), ranged(">1"))


@pytest.mark.parametrize(("specifier", "count"), [(">1", 2), (">=2.0a1", 3)])
def test_pre_releases_that_are_not_considered_are_no_measure_unless_named(specifier, count):
    assert count == len(words([LIB]).measure(Package(LIB), ranged(specifier)))


def test_a_package_that_was_not_looked_at_has_no_measure():
    assert words(known={}).measure(Package(LIB), ranged(">1")) is None


@pytest.mark.parametrize(
    ("specifier", "plain"),
    [("==1.0", "==1.0"), ("!=1.0", "<1.0 | >1.0"), ("<=1.0", "<=1.0"), (">1.0.post1", ">1.0.post1")],
)
def test_a_range_is_rewritten_without_borders_above_local_versions(specifier, plain):
    assert f"Ranges({plain})" == repr(words().plain(ranged(specifier)))


def test_a_range_without_such_borders_stays_as_it_is():
    wanted = ranged(">=1,<2")

    assert wanted is words().plain(wanted)


def between(lower, upper, *, includes_lower=False):
    return Ranges.of_segments([Segment(point(lower), includes_lower, upper, False)])


@pytest.mark.parametrize(
    ("versions", "beside"),
    [
        (between("1.0", above_local(Version("1.0"))), True),
        (between("1.0", above_local(Version("1.0")), includes_lower=True), False),
        (between("0.9", above_local(Version("1.0"))), False),
        (between("0.9", point("1.0")), False),
        (ranged("<1"), False),
        (ranged(">1"), False),
    ],
)
def test_a_range_of_nothing_but_local_versions_is_beside_the_point(versions, beside):
    assert beside is words().is_beside_the_point(versions)


def test_a_border_lies_beside_a_version():
    border = above_local(Version("1.0"))

    assert (point("1.0"), point("2.0")) == (words().bare(border), words().bare(point("2.0")))


def test_a_package_that_is_chosen_is_never_said_to_be_missing_in_other_words():
    assert words().missing(Package(LIB), "lib>1") is None
