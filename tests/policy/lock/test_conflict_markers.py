import pytest
from packaging.markers import Marker
from packaging.version import Version

from keyrack.policy.lock.conflict_markers import never_together, with_conflicts
from keyrack.policy.markers.algebra import TRUE, diagram, text
from keyrack.values.conflicts import ConflictItem
from keyrack.values.graph import Edge, UniversalPin, UniversalResolution
from keyrack.values.metadata import Metadata
from keyrack.values.names import ExtraName, GroupName, PackageName
from keyrack.values.requirement import FromIndex

CPU, GPU = ConflictItem(PackageName("app"), ExtraName("cpu")), ConflictItem(PackageName("app"), ExtraName("gpu"))
DEV, DOCS = (
    ConflictItem(PackageName("app"), group=GroupName("dev")),
    ConflictItem(PackageName("app"), group=GroupName("docs")),
)
ONE = ((CPU, GPU),)


def says(words):
    return diagram(Marker(words))


C, G = "extra == 'extra-3-app-cpu'", "extra == 'extra-3-app-gpu'"
NOT_C, NOT_G = "extra != 'extra-3-app-cpu'", "extra != 'extra-3-app-gpu'"


def pin(name, *edges, version="1", extras=(), groups=(), marker=TRUE):
    return UniversalPin(
        name, Version(version), FromIndex(), marker, Metadata(name, Version(version)), (), (), extras, groups, edges
    )


def resolution(*pins):
    asked = [Edge(0, TRUE)]
    asked += [Edge(0, TRUE, to_extra=extra) for extra, _ in pins[0].extras]
    asked += [Edge(0, TRUE, to_group=group) for group, _ in pins[0].groups]
    return UniversalResolution(tuple(pins), tuple(asked))


def markers(found, conflicts, at=0):
    return [text(edge.marker) for edge in with_conflicts(found, conflicts).pins[at].edges]


def test_without_conflicts_nothing_changes():
    found = resolution(pin("app"))

    assert found is with_conflicts(found, ())


def test_of_each_set_one_item_at_most_is_asked_for():
    assert says(f"{NOT_C} or {NOT_G}") is never_together(ONE)


def test_what_only_repeats_the_conflict_is_left_out():
    app = pin("app", Edge(1, says(f"{NOT_C} or {NOT_G}")), marker=says(f"{NOT_C} or {NOT_G}"))

    found = with_conflicts(resolution(app, pin("a")), ONE)

    assert (TRUE, TRUE) == (found.pins[0].marker, found.pins[0].edges[0].marker)


def test_what_an_extra_needs_does_not_repeat_the_extra():
    app = pin("app", Edge(1, says(f"{C} and {NOT_G}"), extra="cpu"), extras=(("cpu", TRUE), ("gpu", TRUE)))

    assert [""] == markers(resolution(app, pin("a")), ONE)


def test_what_a_group_needs_does_not_repeat_the_group():
    atoms = "extra == 'group-3-app-dev' and extra != 'group-3-app-docs'"
    app = pin("app", Edge(1, says(atoms), group="dev"), groups=(("dev", TRUE), ("docs", TRUE)))

    assert [""] == markers(resolution(app, pin("a")), ((DEV, DOCS),))


def test_where_one_of_several_versions_is_chosen_their_markers_stay():
    app = pin("app", Edge(1, TRUE), Edge(1, TRUE, extra="cpu"), extras=(("cpu", TRUE), ("gpu", TRUE)))
    chooses = pin("a", Edge(2, says(f"{C} and {NOT_G}")), Edge(3, says(NOT_C)))

    found = resolution(app, chooses, pin("b"), pin("b", version="2"))

    assert [C, f"{NOT_C} or {G}"] == markers(found, ONE, 1)


def test_a_marker_that_is_the_same_on_all_ways_is_left_of_one():
    windows = "sys_platform == 'win32'"
    app = pin("app", Edge(1, TRUE, extra="cpu"), extras=(("cpu", TRUE),))
    needs = pin("a", Edge(2, says(f"{windows} and {C}")))

    assert [windows] == markers(resolution(app, needs, pin("b")), ONE, 1)


def test_a_marker_that_differs_by_the_way_stays():
    windows = "sys_platform == 'win32'"
    app = pin(
        "app",
        Edge(1, TRUE, extra="cpu"),
        Edge(1, TRUE, extra="gpu"),
        extras=(("cpu", TRUE), ("gpu", TRUE)),
    )
    needs = pin("a", Edge(2, says(f"{windows} and {C}")))

    assert "sys_platform" in markers(resolution(app, needs, pin("b")), ONE, 1)[0]


def test_what_nobody_asks_for_keeps_its_marker():
    found = UniversalResolution((pin("app", Edge(0, says(C)), extras=(("x", says(C)),)),), ())

    assert [C] == markers(found, ((CPU, DEV),))


def test_a_circle_ends():
    app = pin("app", Edge(1, TRUE), Edge(1, TRUE, extra="cpu", to_extra="x"), extras=(("cpu", TRUE),))
    back = pin("a", Edge(0, TRUE), Edge(0, TRUE, extra="x", to_extra="cpu"), extras=(("x", TRUE),))

    assert ["", ""] == markers(resolution(app, back), ONE, 1)


@pytest.mark.parametrize("part", ["extras", "groups"])
def test_parts_take_in_what_is_known(part):
    never = says(f"{NOT_C} or {NOT_G}")
    app = pin("app", **{part: (("x", never),)})

    found = with_conflicts(resolution(app), ONE).pins[0]

    assert (("x", TRUE),) == getattr(found, part)
