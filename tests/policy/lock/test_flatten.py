import pytest

from keyrack.formats.uv_lock import parse_lock
from keyrack.policy.lock.flatten import Flattening, flatten
from keyrack.policy.lock.groups import ExtraChoice, GroupChoice, Leaving
from keyrack.policy.lock.selecting import LockDoesNotFit, Target
from keyrack.values.names import ExtraName, GroupName, PackageName

HEAD = 'version = 1\nrevision = 5\nrequires-python = ">=3.9"\n'
REGISTRY = 'source = { registry = "https://pkgs.example/simple/" }'


def plain(*names):
    return "".join(f'\n[[package]]\nname = "{name}"\nversion = "1"\n{REGISTRY}\n' for name in names)


APP = (
    HEAD
    + f"""
[[package]]
name = "a"
version = "1"
{REGISTRY}
dependencies = [
    {{ name = "b" }},
    {{ name = "app" }},
]

[package.optional-dependencies]
x = [
    {{ name = "c", marker = "sys_platform == 'linux'" }},
]

[[package]]
name = "app"
version = "1"
source = {{ editable = "." }}
dependencies = [
    {{ name = "a", extra = ["x"], marker = "python_full_version < '3.11'" }},
    {{ name = "b", marker = "sys_platform == 'win32'" }},
]

[package.optional-dependencies]
more = [
    {{ name = "d" }},
]

[package.dev-dependencies]
dev = [
    {{ name = "e", marker = "python_full_version >= '3.9'" }},
]
"""
    + plain("b", "c", "d", "e", "unused")
)
PROJECT = Target((PackageName("app"),), PackageName("app"))


def shown(text, target=PROJECT, **words):
    found = flatten(parse_lock(text, "uv.lock"), Flattening(target, **words))
    return {
        str(one.package.id): ("" if one.marker is None else str(one.marker).replace('"', "'"), *one.required_by)
        for one in found
    }


def test_packages_have_the_union_of_all_ways_to_them():
    assert {
        "a==1": ("python_full_version < '3.11'", "app"),
        "app==1": ("", "a"),
        "b==1": ("python_full_version < '3.11' or sys_platform == 'win32'", "a", "app"),
        "c==1": ("python_full_version < '3.11' and sys_platform == 'linux'", "a"),
        "e==1": ("",),
    } == shown(APP)


WORDS = {
    "an extra": (
        {"extras": ExtraChoice(frozenset({ExtraName("more")}))},
        ["a==1", "app==1", "b==1", "c==1", "d==1", "e==1"],
    ),
    "no group": ({"groups": GroupChoice(no_defaults=True)}, ["a==1", "app==1", "b==1", "c==1"]),
    "only a group": ({"groups": GroupChoice(only=frozenset({GroupName("dev")}))}, ["e==1"]),
    "without the project": ({"leaving": Leaving(project=True)}, ["a==1", "b==1", "c==1", "e==1"]),
    "without what one needs": ({"prune": frozenset({"a"})}, ["app==1", "b==1", "e==1"]),
}


@pytest.mark.parametrize(("words", "expected"), WORDS.values(), ids=WORDS)
def test_what_is_meant_is_given(words, expected):
    assert expected == list(shown(APP, **words))


def test_what_the_lock_is_for_is_told_of_each_package():
    text = APP.replace(
        'requires-python = ">=3.9"\n',
        'requires-python = ">=3.9"\nresolution-markers = [\n    "sys_platform == \'win32\'",\n]\n',
    )

    assert ("sys_platform == 'win32'",) == shown(text)["e==1"]


def test_a_tree_that_is_not_installed_is_left_out():
    assert "app==1" not in shown(APP.replace("editable", "virtual"))


def test_a_root_that_is_not_in_the_lock_is_refused():
    with pytest.raises(LockDoesNotFit, match="Could not find root package `nope`"):
        shown(APP, Target(("nope",)))


def test_the_groups_of_the_root_can_be_asked_for_while_a_member_is_meant():
    target = Target(("a",), "a", inherited="app")

    assert "e==1" not in shown(APP, target)
    assert "e==1" in shown(APP, target, groups=GroupChoice(frozenset({"dev"})))


SCRIPT = (
    HEAD
    + f"""
[manifest]
requirements = [{{ name = "a", extras = ["x"], marker = "sys_platform == 'linux'" }}]

[manifest.dependency-groups]
dev = [{{ name = "b" }}]
docs = [{{ name = "c" }}]

[[package]]
name = "a"
version = "1"
{REGISTRY}
resolution-markers = [
    "python_full_version < '3.11'",
]

[package.optional-dependencies]
x = [
    {{ name = "c" }},
]

[[package]]
name = "a"
version = "2"
{REGISTRY}
resolution-markers = [
    "python_full_version >= '3.11'",
]
"""
    + plain("b", "c")
)


def test_what_a_script_requires_is_given_in_each_fork():
    assert {
        "a==1": ("python_full_version < '3.11' and sys_platform == 'linux'",),
        "a==2": ("python_full_version >= '3.11' and sys_platform == 'linux'",),
        "b==1": ("",),
        "c==1": ("python_full_version < '3.11' and sys_platform == 'linux'", "a"),
    } == shown(SCRIPT, Target((), with_manifest=True))


def test_where_only_a_group_is_meant_what_a_script_requires_is_not():
    only = GroupChoice(only=frozenset({"docs"}))

    assert {"c==1": ("",)} == shown(SCRIPT, Target((), with_manifest=True), groups=only)


CONFLICTS = (
    HEAD
    + """conflicts = [[
    { package = "app", extra = "cpu" },
    { package = "app", group = "dev" },
]]

[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [
    { name = "a", marker = "extra == 'extra-3-app-cpu'" },
    { name = "b", marker = "extra != 'extra-3-app-cpu'" },
]

[package.optional-dependencies]
cpu = [
    { name = "c" },
]

[package.dev-dependencies]
dev = [
    { name = "d", extra = ["y"], marker = "extra == 'group-3-app-dev'" },
]
"""
    + plain("a", "b", "c", "d")
)


@pytest.mark.parametrize(
    ("extras", "groups", "expected"),
    [
        (("cpu",), GroupChoice(no_defaults=True), ["a==1", "c==1"]),
        ((), GroupChoice(), ["b==1", "d==1"]),
        ((), GroupChoice(only=frozenset({GroupName("dev")})), ["d==1"]),
    ],
    ids=["an extra", "a group", "the group alone"],
)
def test_what_conflicts_counts_as_asked_for_or_not(extras, groups, expected):
    assert expected == list(shown(CONFLICTS, extras=ExtraChoice(frozenset(extras)), groups=groups))
