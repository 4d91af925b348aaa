import pytest
from packaging.markers import Marker

from keyrack.policy.resolve.annotate import Given, named_places, path_order, shown_path
from keyrack.values.names import PackageName
from keyrack.values.requirement import IN_SETTINGS, Requirement, Written, WrittenKind

A = PackageName("a")


def written(path, kind=WrittenKind.FILE, project="", group=""):
    return Requirement(A, written=Written(kind, path, project, group))


def places(requirements=(), constraints=(), overrides=(), holds=lambda _one: True):
    given = Given(tuple(requirements), tuple(constraints), tuple(overrides), "/work")
    return named_places(given, holds).get(A, ())


def test_constraints_come_first_then_overrides_then_requirements():
    found = places([written("r.in")], [written("c.txt")], [written("o.txt")])

    assert ("-c c.txt", "--override o.txt", "-r r.in") == found


def test_a_place_is_named_once():
    assert ("-r r.in",) == places([written("r.in"), written("r.in")])


def test_projects_and_groups_are_named_by_their_project():
    project = written("pyproject.toml", WrittenKind.PROJECT, "my-proj")
    group = written("pyproject.toml", WrittenKind.GROUP, "my-proj", "dev")

    assert ("my-proj (pyproject.toml)", "my-proj (pyproject.toml:dev)") == places([group, project])


def test_a_group_of_no_project_stands_alone():
    assert ("(pyproject.toml:dev)",) == places([written("pyproject.toml", WrittenKind.GROUP, "", "dev")])


def test_settings_are_the_workspace():
    settings = Requirement(A, written=IN_SETTINGS)

    assert ("-c (workspace)", "--override (workspace)") == places((), [settings], [settings])


def test_what_does_not_hold_and_what_was_written_nowhere_is_not_named():
    only = Requirement(A, marker=Marker("os_name == 'nt'"), written=Written(WrittenKind.FILE, "r.in"))

    assert () == places([only], holds=lambda one: one.marker is None)
    assert () == places([Requirement(A)])


@pytest.mark.parametrize(
    ("path", "shown"),
    [("/work/sub/r.in", "sub/r.in"), ("/else/r.in", "/else/r.in"), ("./r.in", "./r.in"), ("r.in", "r.in")],
)
def test_paths_below_the_folder_of_the_run_are_shown_without_it(path, shown):
    assert shown == shown_path(path, "/work")


def test_below_the_root_every_path_is_shown_without_it():
    assert "tmp/r.in" == shown_path("/tmp/r.in", "/")


def test_paths_are_sorted_by_their_parts():
    paths = ["a.in", "a/b.in", "../z.in", "./q.in", "/work/x.in", "a/../b.in"]

    assert ["/work/x.in", "./q.in", "../z.in", "a/../b.in", "a/b.in", "a.in"] == sorted(paths, key=path_order)
