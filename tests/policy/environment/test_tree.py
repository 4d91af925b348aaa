from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.specifiers import Specifier, SpecifierSet
from packaging.version import Version

from keyrack.policy.environment.tree import ALREADY, CYCLE, TreeOptions, draw, simplified
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName
from keyrack.values.requirement import FromUrl, Requirement
from keyrack.values.url import parse_url

NAMES = [PackageName(letter) for letter in "abcdef"]


def package(name, *requires, version="1"):
    wanted = tuple(each if isinstance(each, Requirement) else needs(each) for each in requires)
    return Metadata(PackageName(name), Version(version), wanted)


def needs(text, marker=None):
    name, *specifier = text.split(" ")
    return Requirement(PackageName(name), specifier=SpecifierSet("".join(specifier)), marker=marker)


def drawn(*packages, applies=lambda _marker: True, **options):
    return list(draw(packages, TreeOptions(**options), applies))


def names(*given):
    return frozenset(map(PackageName, given))


def test_roots_come_by_name_and_what_they_require_stands_below_them():
    assert [
        "a v1",
        "└── c v1",
        "    └── d v1",
        "b v1",
    ] == drawn(package("b"), package("d"), package("c", "d"), package("a", "c"))


def test_a_subtree_is_drawn_once():
    assert [
        "a v1",
        "├── b v1",
        "│   └── c v1",
        "└── d v1",
        "    └── b v1 (*)",
        ALREADY,
    ] == drawn(package("a", "b", "d"), package("b", "c"), package("c"), package("d", "b"))


def test_what_has_nothing_below_it_is_never_marked():
    assert ["a v1", "├── b v1", "│   └── c v1", "└── c v1"] == drawn(
        package("a", "b", "c"), package("b", "c"), package("c")
    )


def test_a_subtree_is_drawn_again_where_that_is_asked_for():
    assert [
        "a v1",
        "├── b v1",
        "│   └── c v1",
        "└── d v1",
        "    └── b v1",
        "        └── c v1",
    ] == drawn(package("a", "b", "d"), package("b", "c"), package("c"), package("d", "b"), dedupe=False)


def test_a_circle_starts_at_its_first_name_and_ends_where_it_began():
    circle = [package("c", "a"), package("b", "c"), package("a", "b")]

    assert ["a v1", "└── b v1", "    └── c v1", "        └── a v1 (*)", ALREADY] == drawn(*circle)
    assert CYCLE == drawn(*circle, dedupe=False)[-1]


def test_a_circle_below_a_root_has_no_root_of_its_own():
    assert [
        "r v1",
        "└── b v1",
        "    └── a v1",
        "        └── b v1 (*)",
        ALREADY,
    ] == drawn(package("a", "b"), package("b", "a"), package("r", "b"))


def test_a_circle_that_leads_to_another_is_the_root_of_both():
    packages = [package("a", "b"), package("b", "a"), package("x", "y"), package("y", "x", "a")]

    assert "x v1" == drawn(*packages)[0]
    assert 1 == sum(line[0].isalpha() for line in drawn(*packages))


def test_the_depth_is_limited():
    packages = [package("a", "b"), package("b", "c"), package("c")]

    assert ["a v1"] == drawn(*packages, depth=0)
    assert ["a v1", "└── b v1"] == drawn(*packages, depth=1)


def test_pruned_packages_are_gone():
    assert ["a v1"] == drawn(package("a", "b"), package("b", "c"), package("c", "b"), prune=names("b", "c"))


def test_only_the_trees_of_some_packages_are_drawn():
    packages = [package("a", "b"), package("b", "c"), package("c"), package("d")]

    assert ["b v1", "└── c v1"] == drawn(*packages, packages=names("b"))
    assert [] == drawn(*packages, packages=names("nope"))


def test_upside_down_those_who_require_stand_below():
    packages = [package("a", "c >=1"), package("b", "c"), package("c")]

    assert [
        "c v1",
        "├── a v1 [requires: c >=1]",
        "└── b v1 [requires: c *]",
    ] == drawn(*packages, invert=True, show_specifiers=True)


def test_versions_that_are_required_are_shown():
    url = Requirement(PackageName("d"), source=FromUrl(parse_url("https://pkgs.example/d.whl").url))
    packages = [package("a", "b >=1", "b <3,!=2", "c", url), package("b"), package("c"), package("d")]

    assert [
        "a v1",
        "├── b v1 [required: >=1, !=2, <3]",
        "├── c v1 [required: *]",
        "└── d v1 [required: https://pkgs.example/d.whl]",
    ] == drawn(*packages, show_specifiers=True)


def test_newer_versions_are_told_where_a_subtree_is_drawn():
    packages = [package("a", "b", "c"), package("b", "c"), package("c", "d"), package("d")]

    assert [
        "a v1",
        "├── b v1",
        "│   └── c v1 (latest: v2)",
        "│       └── d v1",
        "└── c v1 (*)",
        ALREADY,
    ] == drawn(*packages, latest={PackageName("c"): "2"})


def test_a_requirement_that_does_not_apply_or_is_not_met_draws_nothing():
    other = needs("c", Marker("os_name == 'nt'"))
    packages = [package("a", "b >=2", other), package("b"), package("c")]

    assert ["a v1", "b v1", "c v1"] == drawn(*packages, applies=lambda marker: marker is None)


def test_two_versions_of_one_package_are_both_drawn():
    assert ["a v1", "└── b v2", "b v1"] == drawn(package("a", "b >=2"), package("b"), package("b", version="2"))


def test_ranges_are_joined_to_the_tighter_bounds():
    table = {
        (">=0.3.6", ">=0.3.7"): ">=0.3.7",
        (">=1", ">1"): ">1",
        (">1", ">=1"): ">1",
        ("<=1", "<1"): "<1",
        ("<1", "<2"): "<1",
        ("<2", "<1"): "<1",
        (">=2", ">=1"): ">=2",
        (">=1", ">=1"): ">=1",
        (">=0.3.7", "<0.4", "!=0.3.9", ">=0.3.7"): ">=0.3.7, !=0.3.9, <0.4",
        (): "",
    }

    assert table == {written: simplified(map(Specifier, written)) for written in table}


@given(st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=4), max_size=6), st.booleans())
def test_every_package_is_drawn_and_the_drawing_ends(requires, invert):
    packages = [package(name, *names) for name, names in requires.items()]

    lines = drawn(*packages, invert=invert)

    shown = {line.lstrip("│├└─ ").split(" ")[0] for line in lines if not line.startswith("(*)")}
    assert set(requires) == shown
