import pytest

from keyrack.values.names import PackageName
from keyrack.values.workspace import Member, ProjectFacts, Workspace

APP = Member("/srv/app", ".", ProjectFacts(PackageName("app")))
LIB = Member("/srv/app/lib", "lib", ProjectFacts(PackageName("lib")))


def test_a_member_is_found_by_its_name():
    workspace = Workspace("/srv/app", APP.facts, (APP, LIB))

    assert (LIB, None) == (workspace.member("lib"), workspace.member("nope"))


def test_what_has_no_project_table_has_no_name():
    assert "" == Member("/srv/app", ".", ProjectFacts()).name


@pytest.mark.parametrize(
    ("package", "has_build_system", "expected"),
    [(None, True, True), (None, False, False), (True, False, True), (False, True, False)],
    ids=["built", "not built", "said to be one", "said to be none"],
)
def test_what_has_a_build_system_is_a_package_unless_it_says_otherwise(package, has_build_system, expected):
    assert expected == ProjectFacts(package=package, has_build_system=has_build_system).is_package


@pytest.mark.parametrize(
    ("facts", "root", "expected"),
    [
        ({}, {}, False),
        ({"has_build_system": True}, {}, True),
        ({}, {"of_workspace": frozenset({PackageName("lib")})}, True),
        ({"package": False}, {"of_workspace": frozenset({PackageName("lib")})}, False),
        ({"of_workspace": frozenset({PackageName("lib")})}, {}, False),
    ],
    ids=["neither", "built", "required", "denied", "itself"],
)
@pytest.mark.parametrize("name", [PackageName("app"), None], ids=["project", "virtual root"])
def test_a_member_that_another_requires_is_a_package(facts, root, expected, name):
    member = Member("/srv/app/lib", "lib", ProjectFacts(PackageName("lib"), **facts))
    around = ProjectFacts(name, **root)
    others = (Member("/srv/app", ".", around),) if name else ()

    assert expected == Workspace("/srv/app", around, (*others, member)).is_package(member)
