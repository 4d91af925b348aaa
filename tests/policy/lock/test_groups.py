import pytest
from packaging.version import Version

from keyrack.policy.lock.groups import ExtraChoice, GroupChoice, Leaving
from keyrack.values.lock import AllGroups, LockedArchive, LockedId, LockedRegistry, LockedTree
from keyrack.values.names import GroupName, PackageName

GROUPS = ("dev", "docs", "test")
CHOICES = {
    "by default the group dev": (GroupChoice(), ["dev"]),
    "the project's own defaults": (GroupChoice(defaults=(GroupName("docs"), GroupName("test"))), ["docs", "test"]),
    "a project without defaults": (GroupChoice(defaults=()), []),
    "a project whose groups are all defaults": (GroupChoice(defaults=AllGroups()), ["dev", "docs", "test"]),
    "no defaults": (GroupChoice(no_defaults=True), []),
    "one by name beside the defaults": (GroupChoice(frozenset({GroupName("test")})), ["dev", "test"]),
    "all": (GroupChoice(everything=True), ["dev", "docs", "test"]),
    "all but one": (GroupChoice(everything=True, without=frozenset({GroupName("docs")})), ["dev", "test"]),
    "all but the default": (GroupChoice(without=frozenset({GroupName("dev")})), []),
    "only one": (GroupChoice(only=frozenset({GroupName("docs")})), ["docs"]),
}


@pytest.mark.parametrize(("choice", "expected"), CHOICES.values(), ids=CHOICES)
def test_groups_are_meant_by_name_or_by_default(choice, expected):
    assert expected == [group for group in GROUPS if choice.holds(group)]


def test_where_only_a_group_is_meant_the_project_itself_is_not():
    assert [True, False] == [GroupChoice().production, GroupChoice(only=frozenset({GroupName("dev")})).production]


def test_each_group_that_is_named_must_exist_but_for_dev():
    choice = GroupChoice(frozenset({"b", "dev"}), only=frozenset({"a"}), without=frozenset({"c"}))

    assert ("a", "b", "c") == choice.explicit


def test_extras_are_meant_by_name_or_all_but_some():
    by_name, most = ExtraChoice(frozenset({"x"})), ExtraChoice(everything=True, without=frozenset({"x"}))

    assert [True, False, False, True] == [by_name.holds("x"), by_name.holds("y"), most.holds("x"), most.holds("y")]


APP = LockedId(PackageName("app"), None, LockedTree("."))
MEMBER = LockedId(PackageName("member"), Version("1"), LockedTree("member"))
FILE = LockedId(PackageName("file"), Version("1"), LockedArchive("file-1.zip"))
OTHER = LockedId(PackageName("other"), Version("1"), LockedRegistry(path="wheels"))
LEFT_OUT = {
    "nothing": (Leaving(), []),
    "the project": (Leaving(project=True), ["app"]),
    "all members": (Leaving(workspace=True), ["app", "member"]),
    "what is local": (Leaving(local=True), ["app", "member", "file"]),
    "one by name": (Leaving(names=frozenset({PackageName("other")})), ["other"]),
}


@pytest.mark.parametrize(("leaving", "expected"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_packages_are_left_out_by_kind_or_by_name(leaving, expected):
    packages = (APP, MEMBER, FILE, OTHER)

    assert expected == [each.name for each in packages if leaving.leaves_out(each, "app", ("member",))]
