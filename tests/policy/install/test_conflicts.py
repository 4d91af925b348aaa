from hypothesis import given
from hypothesis import strategies as st

from keyrack.policy.install.conflicts import find_conflicts
from keyrack.values.plan import Launcher, Layout, Placement
from keyrack.values.wheel import EntryPoint, Member


def layout(stem, files, *, scripts=(), launchers=()):
    plain = tuple(Member(path, 1, digest) for path, digest in files.items())
    return Layout(
        stem,
        "/v",
        ("/v",),
        plain,
        (),
        scripts=tuple(
            Placement(Member(f"{stem}.data/scripts/{name}", 1, digest), f"/v/bin/{name}", "")
            for name, digest in scripts
        ),
        launchers=tuple(Launcher(EntryPoint(name, module, "main"), f"/v/bin/{name}", "") for name, module in launchers),
    )


def test_wheels_that_share_nothing_have_no_conflict():
    found = find_conflicts([layout("a-1", {"a.py": "x"}), layout("b-1", {"b.py": "x"})])

    assert ({}, ()) == (found.losing, found.warnings)


def test_equal_files_are_linked_once_and_nobody_is_told():
    found = find_conflicts([layout("a-1", {"ns/__init__.py": "x"}), layout("b-1", {"ns/__init__.py": "x"})])

    assert ({"a-1": frozenset({"/v/ns/__init__.py"})}, ()) == (found.losing, found.warnings)


def test_of_two_different_files_the_later_one_stays_and_the_pair_is_named_once():
    files = {"ns/a.py": "x", "ns/b.py": "x"}

    found = find_conflicts([layout("a-1", files), layout("b-1", dict.fromkeys(files, "y"))])

    assert {"a-1": frozenset({"/v/ns/a.py", "/v/ns/b.py"})} == found.losing
    assert ("`a-1` and `b-1` both provide `/v/ns/a.py`; the file of `b-1` is used",) == found.warnings


def test_scripts_and_launchers_of_one_name_are_a_conflict():
    one, two = layout("a-1", {}, scripts=[("run", "x")]), layout("b-1", {}, launchers=[("run", "pkg")])

    assert 1 == len(find_conflicts([one, two]).warnings)


def test_a_wheel_is_in_no_conflict_with_itself():
    assert {} == find_conflicts([layout("a-1", {}, scripts=[("run", "x")], launchers=[("run", "pkg")])]).losing


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), st.sampled_from("xy")), max_size=5))
def test_each_path_is_given_by_exactly_one_wheel_the_last(wheels):
    layouts = [layout(f"w-{at}", files) for at, files in enumerate(wheels)]

    losing = find_conflicts(layouts).losing

    winners = [
        (path, one.stem)
        for one in layouts
        for path in (member.path for member in one.plain)
        if f"/v/{path}" not in losing.get(one.stem, ())
    ]
    assert sorted({path: f"w-{at}" for at, files in enumerate(wheels) for path in files}.items()) == sorted(winners)
