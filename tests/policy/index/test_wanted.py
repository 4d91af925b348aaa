import pytest

from keyrack.errors import InvalidText
from keyrack.policy.index.pins import Where
from keyrack.policy.index.wanted import dependencies_of, dependencies_of_group, needs_build
from keyrack.values.names import extra_name, group_name, package_name
from keyrack.values.project import GroupInclude, Project
from keyrack.values.requirement import Requirement

SIX, SEVEN, EIGHT = (Requirement(package_name(name)) for name in ("six", "seven", "eight"))


def include(name):
    return GroupInclude(name)


def own_extras(*names):
    return Requirement(package_name("proj"), frozenset(names))


def project(**fields):
    return Project(**{"place": "pyproject.toml", "name": "proj", **fields})


def test_dependencies_come_without_extras():
    assert ((SIX, Where()),) == dependencies_of(project(dependencies=(SIX,), optional={"x": (SEVEN,)}), ())


def test_an_extra_adds_its_own():
    own = project(dependencies=(SIX,), optional={"x": (SEVEN,), "y": (EIGHT,)})

    assert ((SIX, Where()), (EIGHT, Where(extra=extra_name("y")))) == dependencies_of(
        own, (extra_name("y"), extra_name("unknown"))
    )


def test_all_extras_add_theirs_in_order():
    own = project(optional={"y": (SEVEN,), "x": (EIGHT,)})

    assert ((SEVEN, Where(extra=extra_name("y"))), (EIGHT, Where(extra=extra_name("x")))) == dependencies_of(
        own, (), all_extras=True
    )


def test_an_extra_may_name_other_extras_of_the_project_in_circles():
    own = project(
        optional={
            "all": (own_extras("x"), SIX),
            "x": (own_extras("all", "nope"), SEVEN),
        }
    )

    assert ((SIX, Where(extra=extra_name("all"))), (SEVEN, Where(extra=extra_name("x")))) == dependencies_of(
        own, (extra_name("all"),)
    )


def test_extras_that_are_not_asked_for_may_be_dynamic():
    assert ((SIX, Where()),) == dependencies_of(project(dependencies=(SIX,), optional=None), ())


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (project(), False),
        (project(name=None), True),
        (project(dependencies=None), True),
        (project(optional=None), True),
    ],
)
def test_only_a_build_tells_what_is_not_written_down(own, expected):
    assert expected is needs_build(own)


def test_what_is_dynamic_is_not_among_what_is_written_down():
    assert () == dependencies_of(project(dependencies=None, optional=None), [extra_name("x")])


def test_a_group_includes_others_in_their_places():
    own = project(name=None, groups={"dev": (SIX, include("test"), EIGHT), "test": (SEVEN,)})

    assert tuple((one, Where(group=group_name("dev"))) for one in (SIX, SEVEN, EIGHT)) == dependencies_of_group(
        own, group_name("dev")
    )


def test_a_group_may_be_included_twice():
    own = project(groups={"dev": (include("a"), include("a")), "a": (SIX,)})

    assert [SIX, SIX] == [one for one, _ in dependencies_of_group(own, group_name("dev"))]


def test_an_unknown_group_names_the_file():
    with pytest.raises(InvalidText) as caught:
        dependencies_of_group(project(), group_name("dev"))

    assert "The dependency group 'dev' was not found in the project: pyproject.toml" == caught.value.message


@pytest.mark.parametrize(
    ("groups", "name", "expected"),
    [
        (
            {"a": (include("b"),), "b": (include("a"),)},
            "proj",
            (
                "Project `proj` has malformed dependency groups",
                "Detected a cycle in `dependency-groups`: `a` -> `b` -> `a`",
            ),
        ),
        (
            {"a": (include("c"),)},
            None,
            ("Project `` has malformed dependency groups", "Failed to find group `c` included by `a`"),
        ),
    ],
)
def test_malformed_groups_are_told(groups, name, expected):
    with pytest.raises(InvalidText) as caught:
        dependencies_of_group(project(name=name, groups=groups), group_name("a"))

    assert expected == caught.value.causes
