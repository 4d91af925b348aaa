import pytest
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.policy.environment.tree import ALREADY, CYCLE
from keyrack.policy.lock.groups import GroupChoice
from keyrack.policy.lock.tree import TreeShape, draw_tree, graph_nodes, lock_graph
from keyrack.values.drawing import GraphNode
from keyrack.values.lock import (
    Lock,
    LockedDependency,
    LockedId,
    LockedPackage,
    LockedRegistry,
    LockedRequirement,
    LockedTree,
    LockManifest,
)
from keyrack.values.names import ExtraName, GroupName, PackageName
from keyrack.values.url import parse_url

INDEX = LockedRegistry(parse_url("https://pkgs.example/simple").url)
X, Y = ExtraName("x"), ExtraName("y")


def id_of(name):
    source = LockedTree(".") if name == "app" else LockedRegistry(path="wheels") if name == "local" else INDEX
    return LockedId(PackageName(name), None if name == "dynamic" else Version("1.0"), source)


def need(text):
    name, _, extras = text.partition("[")
    marker = Marker("os_name == 'nt'") if name.endswith("!") else None
    found = tuple(ExtraName(each) for each in extras.rstrip("]").split(",") if each)
    return LockedDependency(id_of(name.rstrip("!")), found, marker)


def package(name, *needs, groups=(), **optional):
    return LockedPackage(
        id_of(name),
        dependencies=tuple(map(need, needs)),
        optional=tuple((ExtraName(extra), tuple(map(need, found))) for extra, found in optional.items()),
        groups=tuple((GroupName(group), tuple(map(need, found))) for group, found in groups),
    )


def drawn(*packages, roots=("app",), groups=GroupChoice(), manifest=LockManifest(), applies=bool, **shape):  # noqa: B008
    lock = Lock(SpecifierSet(">=3.9"), tuple(packages), manifest=manifest)
    graph = lock_graph(lock, [PackageName(each) for each in roots], groups, lambda marker: marker is None or applies(1))
    return list(draw_tree(graph, TreeShape(**shape)))


APP = package("app", "a[x]", "b", groups=[("dev", ["c"]), ("docs", ["d"])], y=["b"])
A = package("a", "c", x=["d"], y=["c"])
B = package("b", "a", "n!")
REST = (package("c"), package("d"), package("n"))


def test_a_tree_shows_who_needs_what_and_as_which_part():
    assert [
        "app v1.0",
        "├── a[x] v1.0",
        "│   ├── c v1.0",
        "│   └── d v1.0 (extra: x)",
        "├── b v1.0",
        "│   ├── a v1.0",
        "│   │   └── c v1.0",
        "│   └── n v1.0",
        "├── b v1.0 (extra: y) (*)",
        "└── c v1.0 (group: dev)",
        ALREADY,
    ] == drawn(APP, A, B, *REST)


def test_an_inverted_tree_leads_to_the_roots():
    lines = drawn(APP, A, B, *REST, invert=True, packages=frozenset({PackageName("d")}))

    assert ["d v1.0", "└── a v1.0 (extra: x)", "    └── app[x] v1.0"] == lines


def test_an_inverted_tree_begins_at_what_needs_nothing():
    assert "c v1.0" == drawn(APP, A, B, *REST, invert=True)[0]


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ({"depth": 1, "prune": frozenset({"b", "c"})}, ["app v1.0", "└── a[x] v1.0"]),
        ({"packages": frozenset({"b"}), "depth": 1}, ["b v1.0", "├── a v1.0", "└── n v1.0"]),
        ({"prune": frozenset({"app"})}, []),
    ],
    ids=["depth", "package", "all"],
)
def test_parts_of_a_tree_can_be_shown(shape, expected):
    assert expected == drawn(APP, A, B, *REST, **shape)


def test_what_was_shown_can_be_shown_again():
    lines = drawn(APP, A, B, *REST, dedupe=False)

    assert 2 == sum(line.endswith("n v1.0") for line in lines)
    assert ALREADY not in lines


def test_a_circle_ends():
    circle = (package("app", "a"), package("a", "b"), package("b", "a"))

    assert ["app v1.0", "└── a v1.0", "    └── b v1.0", "        └── a v1.0 (*)", CYCLE] == drawn(*circle, dedupe=False)


def test_what_does_not_apply_is_left_out():
    assert not any("n v1.0" in line for line in drawn(APP, A, B, *REST, applies=lambda _one: False))


def test_a_group_can_stand_alone():
    groups = GroupChoice(only=frozenset({GroupName("docs")}))

    assert ["app v1.0", "└── d v1.0 (group: docs)"] == drawn(APP, A, B, *REST, groups=groups)


def test_what_a_lock_requires_itself_is_a_root():
    manifest = LockManifest(requirements=(LockedRequirement(PackageName("c")),))

    assert ["c v1.0"] == drawn(*REST, roots=(), manifest=manifest)


def test_a_dependency_that_is_not_in_the_lock_is_passed_over():
    assert ["app v1.0"] == drawn(package("app", "gone"))


def test_a_tree_of_no_version_has_none():
    assert ["app v1.0", "└── dynamic"] == drawn(package("app", "dynamic"), package("dynamic"))


def test_the_nodes_of_a_picture_say_where_packages_come_from():
    lock = Lock(
        SpecifierSet(""),
        (package("app", "c", "local", "dynamic", "c"), *REST[:1], package("local"), package("dynamic")),
    )

    assert (
        GraphNode("app", "1.0", "", (1, 2, 3)),
        GraphNode("c", "1.0", "https://pkgs.example/simple"),
        GraphNode("local", "1.0", "wheels"),
        GraphNode("dynamic", "", "https://pkgs.example/simple"),
    ) == graph_nodes(lock_graph(lock, [PackageName("app")], GroupChoice(), lambda _marker: True))
