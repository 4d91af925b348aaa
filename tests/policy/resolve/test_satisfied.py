"""What is installed answers requirements only if all that they require in turn is there as well."""

import pytest
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.policy.resolve.environment import Environment
from keyrack.policy.resolve.satisfied import Present, recognised, unsatisfied
from keyrack.values.installed import DirectUrl, Installed
from keyrack.values.metadata import Metadata
from keyrack.values.names import extra_name, package_name
from keyrack.values.requirement import FromGit, FromTree, FromUrl, Requirement, Unnamed
from keyrack.values.url import parse_url

MARKERS = {"python_version": "3.12", "python_full_version": "3.12.1", "sys_platform": "linux", "os_name": "posix"}
ARCHIVE = parse_url("https://pkgs.example/a-1.0-py3-none-any.whl").url


def need(name, specifier="", *, extras=(), marker=None, **words):
    return Requirement(
        package_name(name),
        frozenset(map(extra_name, extras)),
        SpecifierSet(specifier),
        Marker(marker) if marker else None,
        **words,
    )


def there(name, version="1.0", **words):
    return Installed(package_name(name), Version(version), "/site", f"/site/{name}-{version}.dist-info", **words)


def first_missing(requirements, installed, requires=None, constraints=(), *, fresh=()):
    """Say the name of the first requirement that is not met, or None."""
    by_name = {}
    for one in installed:
        by_name[one.name] = (*by_name.get(one.name, ()), one)
    listed = requires or {}

    def metadata_of(one):
        found = listed.get(one.name, ())
        return None if found is None else Metadata(one.name, one.version, tuple(found))

    present = Present(by_name, metadata_of, lambda _one, path: path in fresh)
    found = unsatisfied(requirements, constraints, present, Environment(MARKERS))
    return found and found.name


def test_nothing_is_missing_where_nothing_is_required():
    assert first_missing((), ()) is None


def test_a_package_that_is_not_there_is_missing():
    assert first_missing([need("a")], ()) == "a"


def test_a_version_in_range_is_enough():
    assert first_missing([need("a", ">=1")], [there("a", "1.5")]) is None


def test_a_version_out_of_range_is_missing():
    assert first_missing([need("a", ">=2")], [there("a", "1.5")]) == "a"


def test_an_installed_prerelease_counts():
    assert first_missing([need("a", ">=1")], [there("a", "2.0b1")]) is None


def test_a_requirement_whose_marker_does_not_hold_is_not_one():
    assert first_missing([need("a", marker="sys_platform == 'win32'")], ()) is None


def test_a_constraint_narrows_what_is_installed():
    assert first_missing([need("a")], [there("a")], constraints=[need("a", "<1")]) == "a"


def test_a_constraint_whose_marker_does_not_hold_narrows_nothing():
    limit = need("a", "<1", marker="sys_platform == 'win32'")

    assert first_missing([need("a")], [there("a")], constraints=[limit]) is None


def test_what_a_package_requires_is_required_too():
    assert first_missing([need("a")], [there("a")], {"a": [need("b")]}) == "b"


def test_circles_end():
    both = {"a": [need("b")], "b": [need("a")]}

    assert first_missing([need("a")], [there("a"), there("b")], both) is None


def test_an_extra_adds_its_requirements_only_where_it_is_asked_for():
    requires = {"a": [need("b", marker="extra == 'x'")]}

    assert first_missing([need("a")], [there("a")], requires) is None
    assert first_missing([need("a", extras=["x"])], [there("a")], requires) == "b"


def test_an_extra_that_is_asked_for_later_is_looked_at_too():
    requires = {"a": [need("b", marker="extra == 'x'")], "c": [need("a", extras=["x"])]}

    assert first_missing([need("a"), need("c")], [there("a"), there("c")], requires) == "b"


def test_a_broken_distribution_satisfies_nothing():
    assert first_missing([need("a")], [there("a", whole=False)]) == "a"


def test_two_distributions_of_one_name_satisfy_nothing():
    assert first_missing([need("a")], [there("a"), there("a", "2.0")]) == "a"


def test_a_distribution_without_readable_metadata_satisfies_nothing():
    assert first_missing([need("a")], [there("a")], {"a": None}) == "a"


@pytest.mark.parametrize(
    ("installed_from", "missing"),
    [
        (DirectUrl(ARCHIVE), None),
        (DirectUrl(ARCHIVE, subdirectory="x"), "a"),
        (DirectUrl(parse_url("https://pkgs.example/a-2.0-py3-none-any.whl").url), "a"),
        (None, "a"),
    ],
)
def test_a_url_is_met_by_what_came_from_that_url(installed_from, missing):
    wanted = need("a", source=FromUrl(ARCHIVE))

    assert first_missing([wanted], [there("a", direct_url=installed_from)]) == missing


TREE, GIT = parse_url("file:///src/a").url, parse_url("https://git.example/a").url
LOCAL = parse_url("file:///src/a-1.0-py3-none-any.whl").url
COMMIT = "1" * 40


@pytest.mark.parametrize(
    ("source", "installed_from", "fresh", "missing"),
    [
        (FromTree("/src/a"), DirectUrl(TREE, is_tree=True), ("/src/a",), None),
        (FromTree("/src/a"), DirectUrl(TREE, is_tree=True), (), "a"),
        (FromTree("/src/a", editable=True), DirectUrl(TREE, is_tree=True), ("/src/a",), "a"),
        (FromTree("/src/a"), DirectUrl(TREE), ("/src/a",), "a"),
        (FromTree("/src/a"), None, ("/src/a",), "a"),
        (FromUrl(LOCAL), DirectUrl(LOCAL), ("/src/a-1.0-py3-none-any.whl",), None),
        (FromUrl(LOCAL), DirectUrl(LOCAL), (), "a"),
        (FromGit(GIT, COMMIT), DirectUrl(GIT, revision=COMMIT), (), None),
        (FromGit(GIT, "v1", commit=COMMIT), DirectUrl(GIT, revision=COMMIT), (), None),
        (FromGit(GIT, "main"), DirectUrl(GIT, revision=COMMIT, requested_revision="main"), (), "a"),
        (FromGit(GIT), DirectUrl(GIT, revision=COMMIT), (), "a"),
        (FromGit(GIT, COMMIT), None, (), "a"),
    ],
)
def test_what_lies_in_a_place_is_met_by_what_came_from_there_and_has_not_changed(
    source, installed_from, fresh, missing
):
    wanted = need("a", source=source)

    assert first_missing([wanted], [there("a", direct_url=installed_from)], fresh=fresh) == missing


def test_what_has_no_name_is_known_by_its_place():
    others = [there("b"), there("c", direct_url=DirectUrl(TREE, is_tree=True))]
    one = there("a", direct_url=DirectUrl(GIT, revision=COMMIT))

    found = recognised(Unnamed(FromGit(GIT, COMMIT)), [*others, one], lambda _one, _path: True)

    assert Requirement(package_name("a"), source=FromGit(GIT, COMMIT)) == found


def test_a_place_from_which_nothing_was_installed_has_no_name():
    assert recognised(Unnamed(FromTree("/src/b")), [there("b")], lambda _one, _path: True) is None
