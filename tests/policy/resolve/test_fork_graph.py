"""Extras, groups and conflicts in forks, and the graph that is made of them."""

import msgspec

from keyrack.values.conflicts import ConflictItem
from keyrack.values.names import extra_name, group_name, package_name
from lab.catalogue import MemoryCatalogue
from lab.sdists import sdist
from lab.wheels import wheel
from tests.policy.resolve.asking import stock
from tests.policy.resolve.forking import TREE, fork_question, forks, project, universal, where

LINUX, MAC, WINDOWS = (f"sys_platform == '{name}'" for name in ("linux", "darwin", "win32"))


def test_extras_are_nodes_of_their_own():
    catalogue = stock(
        {"lib 1": {"requires": ["base"], "extras": {"fast": [f"dep; {LINUX}"]}}, "base 1": [], "dep 1": []}
    )

    found = universal(fork_question(f"lib[fast]; {MAC} or {LINUX}"), catalogue)

    (lib,) = [pin for pin in found.pins if pin.name == "lib"]
    targets = [(found.pins[edge.pin].name, edge.extra, edge.to_extra) for edge in lib.edges]
    assert [("base", "", ""), ("dep", "fast", "")] == targets
    assert [extra_name("fast")] == [name for name, _ in lib.extras]
    assert [("lib", ""), ("lib", "fast")] == [(found.pins[edge.pin].name, edge.to_extra) for edge in found.roots]


def test_requirements_on_own_extras_are_those_of_the_extras():
    catalogue = stock(
        {
            "lib 1": {"extras": {"all": ["lib[a]", f"lib[b]>=1; {LINUX}"], "a": ["dep"], "b": ["leaf", "lib[a]"]}},
            "dep 1": [],
            "leaf 1": [],
        }
    )

    assert {"dep 1": "", "leaf 1": LINUX, "lib 1": ""} == where(fork_question("lib[all]"), catalogue)


CPU, GPU = (ConflictItem(package_name("lib"), extra_name(name)) for name in ("cpu", "gpu"))


def test_conflicting_extras_are_solved_apart():
    catalogue = stock({"lib 1": {"extras": {"cpu": ["dep<2"], "gpu": ["dep>=2"]}}, "dep 1": [], "dep 2": []})
    asked = fork_question("lib[cpu,gpu]", fork={"conflicts": ((CPU, GPU),)})

    cpu, gpu = "extra == 'extra-3-lib-cpu'", "extra == 'extra-3-lib-gpu'"
    assert [
        f"{cpu.replace('==', '!=')} and {gpu}",
        f"{cpu} and {gpu.replace('==', '!=')}",
        f"{cpu.replace('==', '!=')} and {gpu.replace('==', '!=')}",
    ] == forks(asked, catalogue)
    assert {"dep 1", "dep 2", "lib 1"} == set(where(asked, catalogue))


def test_conflicts_of_what_nobody_asks_for_part_nothing():
    catalogue = stock({"lib 1": {"extras": {"cpu": [], "gpu": []}}})

    assert [] == forks(fork_question("lib", fork={"conflicts": ((CPU, GPU),)}), catalogue)


def test_groups_of_a_tree_are_nodes_of_their_own():
    catalogue = stock({"lib 1": [], "tool 1": [], "dep 1": []})
    app = project(catalogue, requires=["lib"], groups={"dev": ["tool", "app"], "docs": [f"dep; {LINUX}"]})
    groups = frozenset(map(group_name, ("dev", "docs")))

    found = universal(fork_question(app, msgspec.structs.replace(app, groups=groups)), catalogue)

    (pin,) = [pin for pin in found.pins if pin.name == "app"]
    targets = [(found.pins[edge.pin].name, edge.group) for edge in pin.edges]
    assert [("app", "dev"), ("dep", "docs"), ("lib", ""), ("tool", "dev")] == targets
    assert ["dev", "docs"] == [name for name, _ in pin.groups]
    assert [("", ""), ("", "dev"), ("", "docs")] == [(edge.to_extra, edge.to_group) for edge in found.roots]
    assert ((), TREE) == (pin.files, pin.source)


def test_a_group_is_needed_without_its_package():
    catalogue = stock({"tool 1": [], "lib 1": []})
    app = project(catalogue, requires=["lib"], groups={"dev": ["tool"]})

    asked = fork_question(msgspec.structs.replace(app, groups=frozenset((group_name("dev"),))))

    assert ["app 1", "tool 1"] == list(where(asked, catalogue))


DEV = ConflictItem(package_name("app"), group=group_name("dev"))
APP = ConflictItem(package_name("app"))
FAST = ConflictItem(package_name("app"), extra_name("fast"))


def conflicting(*conflicts, base="lib<2"):
    catalogue = stock({"lib 1": [], "lib 2": [], "lib 3": []})
    app = project(
        catalogue,
        requires=[base, "lib==3; extra == 'fast'"],
        groups={"dev": ["lib==2"]},
        extras=(extra_name("fast"),),
    )
    more = [msgspec.structs.replace(app, groups=frozenset((group_name("dev"),)))]
    if FAST in conflicts[0]:
        more.append(msgspec.structs.replace(app, extras=frozenset((extra_name("fast"),))))
    return universal(fork_question(app, *more, fork={"conflicts": conflicts}), catalogue)


def test_a_group_may_conflict_with_its_project():
    found = conflicting((APP, DEV))

    assert {"1", "2"} == {str(pin.version) for pin in found.pins if pin.name == "lib"}
    assert 3 == len(found.forks)


def test_sets_of_conflicts_are_parted_one_within_the_other():
    found = conflicting((DEV, FAST), (APP, DEV), base="lib>=1")

    assert {"2", "3"} == {str(pin.version) for pin in found.pins if pin.name == "lib"}
    assert 3 == len(found.forks)


def test_a_set_with_an_item_in_another_set_is_parted_although_one_item_alone_is_left():
    found = conflicting((DEV, FAST), (APP, DEV), (APP, FAST), base="lib>=1")

    assert {"2", "3"} == {str(pin.version) for pin in found.pins if pin.name == "lib"}


def test_a_node_that_is_needed_nowhere_is_left_out():
    catalogue = stock({"lib 1": [f"dep; {LINUX}"], "dep 1": [], "tool 1": [], "tool 2": []})
    asked = fork_question("lib", f"tool<2; {MAC}", f"tool>=2; {WINDOWS}")

    assert {"dep 1": LINUX, "lib 1": "", "tool 1": MAC, "tool 2": WINDOWS} == where(asked, catalogue)


def test_a_version_that_only_a_fork_without_need_of_it_chose_is_left_out():
    catalogue = stock({
        "lib 1": [f"dep; {LINUX}", "late"], "late 1": [f"tool!=2; {LINUX}", f"tool>=2,<3; {MAC}"],
        "tool 1": ["dep==1"], "tool 2": [], "dep 1": ["leaf"], "dep 2": ["leaf"], "leaf 1": [],
    })  # fmt: skip

    found = where(fork_question("lib"), catalogue)

    assert ["dep 1", "late 1", "leaf 1", "lib 1", "tool 1", "tool 2"] == list(found)
    assert LINUX == found["dep 1"] == found["leaf 1"]


def test_what_is_needed_in_several_ways_is_needed_wherever_one_of_them_leads():
    catalogue = MemoryCatalogue([
        wheel("lib", "1", requires=[f"a; {LINUX}", f"b; {LINUX}", f"dep; {MAC}"]), wheel("a", "1", requires=["dep"]),
        wheel("b", "1", requires=["dep"]), wheel("dep", "1"), sdist("dep", "1"),
        wheel("dep", "2", tags="py3-none-win_amd64"),
    ])  # fmt: skip

    assert ["a 1", "b 1", "dep 1", "lib 1"] == list(where(fork_question("lib", required=(LINUX, MAC)), catalogue))


def test_a_cycle_ends():
    catalogue = stock({"lib 1": [f"dep; {LINUX}"], "dep 1": ["lib", f"leaf; {LINUX} or {MAC}"], "leaf 1": ["dep"]})

    assert {"dep 1": LINUX, "leaf 1": LINUX, "lib 1": ""} == where(fork_question("lib"), catalogue)


def test_an_own_extra_that_is_asked_for_twice_in_one_way_is_followed_once():
    catalogue = stock({
        "lib 1": {"extras": {"all": ["lib[a]", "lib[b]"], "a": ["lib[c]"], "b": ["lib[c]"], "c": ["dep"]}}, "dep 1": [],
    })  # fmt: skip

    assert {"dep 1": "", "lib 1": ""} == where(fork_question("lib[all]"), catalogue)
