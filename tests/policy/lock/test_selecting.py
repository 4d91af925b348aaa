import pytest

from keyrack.formats.uv_lock import parse_lock
from keyrack.policy.lock.groups import ExtraChoice, GroupChoice, Leaving
from keyrack.policy.lock.selecting import LockDoesNotFit, Selecting, Target, select
from keyrack.values.names import ExtraName, GroupName, PackageName
from lab.pythons import a_python

HEAD = 'version = 1\nrevision = 5\nrequires-python = ">=3.9"\n'
REGISTRY = 'source = { registry = "https://pkgs.example/simple/" }'
APP = (
    HEAD
    + f"""
[[package]]
name = "app"
version = "1"
source = {{ virtual = "." }}
dependencies = [
    {{ name = "a", extra = ["x"] }},
    {{ name = "old", marker = "python_full_version < '3.11'" }},
]

[package.optional-dependencies]
fast = [
    {{ name = "c" }},
]

[package.dev-dependencies]
dev = [
    {{ name = "d" }},
    {{ name = "win", marker = "sys_platform == 'win32'" }},
]

[[package]]
name = "a"
version = "1"
{REGISTRY}
dependencies = [
    {{ name = "b" }},
]

[package.optional-dependencies]
x = [
    {{ name = "e" }},
    {{ name = "a" }},
]
y = [
    {{ name = "win" }},
]
"""
    + "".join(
        f'\n[[package]]\nname = "{name}"\nversion = "1"\n{REGISTRY}\n' for name in ("b", "c", "d", "e", "old", "win")
    )
)
PROJECT = Target((PackageName("app"),), PackageName("app"))


def chosen(text, target=PROJECT, *, python="3.12", **words):
    asked = Selecting(target, a_python(python).markers, **words)
    return [each.package.id.name for each in select(parse_lock(text, "uv.lock"), asked) if each.is_installed]


CASES = {
    "by default": ({}, ["a", "d", "b", "e"]),
    "on an older Python": ({"python": "3.9"}, ["d", "a", "old", "b", "e"]),
    "with an extra": ({"extras": ExtraChoice(frozenset({ExtraName("fast")}))}, ["d", "a", "c", "b", "e"]),
    "without the group": ({"groups": GroupChoice(without=frozenset({GroupName("dev")}))}, ["a", "b", "e"]),
    "only the group": ({"groups": GroupChoice(only=frozenset({GroupName("dev")}))}, ["d"]),
    "but one": ({"leaving": Leaving(names=frozenset({PackageName("b")}))}, ["d", "a", "e"]),
}


@pytest.mark.parametrize(("words", "expected"), CASES.values(), ids=CASES)
def test_what_is_needed_is_chosen(words, expected):
    assert sorted(expected) == sorted(chosen(APP, **words))


def test_a_tree_that_is_not_installed_is_not_chosen():
    assert "app" not in chosen(APP)


def test_who_needs_a_package_is_told():
    selected = select(parse_lock(APP, "uv.lock"), Selecting(PROJECT, a_python().markers))

    assert {"app": ("",), "a": ("app", "a"), "b": ("a",), "d": ("app",), "e": ("a",)} == {
        each.package.id.name: each.required_by for each in selected
    }


def test_a_root_that_is_not_in_the_lock_is_refused():
    with pytest.raises(LockDoesNotFit, match="Could not find root package `nope`"):
        chosen(APP, Target(("nope",), "nope"))


def test_a_root_that_the_lock_has_twice_is_refused():
    twice = APP + f'\n[[package]]\nname = "b"\nversion = "2"\n{REGISTRY}\n'
    twice = twice.replace('{ name = "b" }', '{ name = "b", version = "1", ' + REGISTRY + " }")

    with pytest.raises(LockDoesNotFit, match="Found multiple packages matching `b`"):
        chosen(twice, Target(("b",), "b"))


WORKSPACE = (
    HEAD
    + """
[manifest]
members = [
    "lib",
    "root",
]

[[package]]
name = "lib"
version = "1"
source = { editable = "lib" }
dependencies = [
    { name = "a" },
]

[package.dev-dependencies]
dev = [
    { name = "b" },
]

[[package]]
name = "root"
version = "1"
source = { editable = "." }
dependencies = [
    { name = "lib" },
]

[package.dev-dependencies]
dev = [
    { name = "c" },
    { name = "root" },
]
docs = [
    { name = "d" },
]

"""
    + "".join(f'\n[[package]]\nname = "{name}"\nversion = "1"\n{REGISTRY}\n' for name in "abcd")
)
MEMBER = Target(
    (PackageName("lib"),), PackageName("lib"), inherited=PackageName("root"), own_groups=frozenset({GroupName("dev")})
)


def test_a_member_brings_its_own_default_groups_and_not_those_of_the_root():
    assert ["lib", "a", "b"] == sorted(chosen(WORKSPACE, MEMBER), key=["lib", "a", "b"].index)


def test_a_group_of_the_root_can_be_asked_for_while_a_member_is_meant():
    assert {"lib", "a", "b", "d"} == set(chosen(WORKSPACE, MEMBER, groups=GroupChoice(frozenset({"docs"}))))


def test_a_group_that_the_member_has_itself_is_not_the_roots():
    assert {"lib", "a", "b"} == set(chosen(WORKSPACE, MEMBER, groups=GroupChoice(frozenset({"dev"}))))


def test_all_members_bring_their_groups():
    assert {"lib", "root", "a", "b", "c"} == set(chosen(WORKSPACE, Target(("lib", "root"))))


def test_a_project_that_its_own_group_needs_is_chosen_even_where_only_the_group_is_meant():
    only = GroupChoice(only=frozenset({"dev"}))

    assert {"root", "lib", "a", "c"} == set(chosen(WORKSPACE, Target(("root",), "root"), groups=only))


SCRIPT = (
    HEAD
    + f"""
[manifest]
requirements = [
    {{ name = "a", extras = ["x"] }},
    {{ name = "win", marker = "sys_platform == 'win32'" }},
]

[manifest.dependency-groups]
dev = [{{ name = "b" }}]
docs = [{{ name = "win" }}]

[[package]]
name = "a"
version = "1"
{REGISTRY}
resolution-markers = [
    "python_full_version < '3.11'",
]

[[package]]
name = "a"
version = "2"
{REGISTRY}
resolution-markers = [
    "python_full_version >= '3.11'",
]

[package.optional-dependencies]
x = [
    {{ name = "c" }},
]
"""
    + "".join(f'\n[[package]]\nname = "{name}"\nversion = "1"\n{REGISTRY}\n' for name in ("b", "c", "win"))
)


def test_what_a_script_requires_itself_is_chosen_in_the_version_of_this_environments_fork():
    selected = select(
        parse_lock(SCRIPT, "s.py.lock"), Selecting(Target((), with_manifest=True), a_python("3.12").markers)
    )

    assert ["a==2", "b==1", "c==1"] == [str(each.package.id) for each in selected]


def test_where_only_a_group_is_meant_a_scripts_requirements_are_not():
    assert ["b"] == chosen(SCRIPT, Target((), with_manifest=True), groups=GroupChoice(only=frozenset({"dev"})))


def test_a_requirement_of_no_package_in_the_lock_is_refused():
    with pytest.raises(LockDoesNotFit, match="Could not find root package `c`"):
        chosen(HEAD + '\n[manifest]\nrequirements = [{ name = "c" }]\n', Target((), with_manifest=True))


CONFLICTS = (
    HEAD
    + f"""conflicts = [[
    {{ package = "app", extra = "cpu" }},
    {{ package = "app", extra = "gpu" }},
], [
    {{ package = "app", group = "dev" }},
    {{ package = "app", group = "docs" }},
], [
    {{ package = "lib", extra = "one" }},
    {{ package = "lib", extra = "two" }},
]]

[[package]]
name = "app"
version = "1"
source = {{ virtual = "." }}
dependencies = [
    {{ name = "torch", version = "1", {REGISTRY}, marker = "extra == 'extra-3-app-cpu'" }},
    {{ name = "torch", version = "2", {REGISTRY}, marker = "extra != 'extra-3-app-cpu'" }},
    {{ name = "lib" }},
]

[package.optional-dependencies]
cpu = [
    {{ name = "lib" }},
]
gpu = [
    {{ name = "lib" }},
]
one = [
    {{ name = "lib", extra = ["one"] }},
]
two = [
    {{ name = "lib", extra = ["two"] }},
]

[package.dev-dependencies]
dev = [
    {{ name = "a", marker = "extra == 'group-3-app-dev'" }},
]
docs = [
    {{ name = "a", marker = "extra == 'group-3-app-docs'" }},
]

[[package]]
name = "torch"
version = "1"
{REGISTRY}

[[package]]
name = "torch"
version = "2"
{REGISTRY}

[[package]]
name = "a"
version = "1"
{REGISTRY}

[[package]]
name = "lib"
version = "1"
{REGISTRY}

[package.optional-dependencies]
one = [
    {{ name = "a", marker = "extra == 'extra-3-lib-one'" }},
]
two = [
    {{ name = "a", marker = "extra == 'extra-3-lib-two'" }},
]
"""
)


def versions(*extras, **words):
    asked = Selecting(PROJECT, a_python().markers, ExtraChoice(frozenset(extras)), **words)
    return {str(each.package.id) for each in select(parse_lock(CONFLICTS, "uv.lock"), asked) if each.is_installed}


NO_GROUPS = GroupChoice(no_defaults=True)


def test_an_extra_that_conflicts_takes_its_own_version():
    assert {"torch==1", "lib==1"} == versions("cpu", groups=NO_GROUPS)
    assert {"torch==2", "lib==1"} == versions("gpu", groups=NO_GROUPS)


def test_a_group_that_conflicts_brings_what_it_needs():
    assert {"torch==2", "lib==1", "a==1"} == versions()


def test_an_extra_of_a_package_further_on_counts_as_asked_for():
    assert {"torch==2", "lib==1", "a==1"} == versions("one", groups=NO_GROUPS)


def test_where_only_a_group_is_meant_its_project_is_not_active():
    assert {"a==1"} == versions(groups=GroupChoice(only=frozenset({"docs"})))


@pytest.mark.parametrize(
    ("extras", "groups", "words"),
    [
        (("cpu", "gpu"), NO_GROUPS, "Extras `cpu` and `gpu` are incompatible"),
        (("one", "two"), NO_GROUPS, "Extras `one` and `two` are incompatible"),
        (
            (),
            GroupChoice(frozenset({GroupName("docs")})),
            "Groups `dev` \\(enabled by default\\) and `docs` are incompatible",
        ),
    ],
    ids=["extras of the project", "extras of a package further on", "groups"],
)
def test_what_conflicts_is_not_installed_together(extras, groups, words):
    with pytest.raises(LockDoesNotFit, match=words):
        versions(*extras, groups=groups)
