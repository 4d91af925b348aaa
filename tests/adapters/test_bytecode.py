import os
import subprocess
import sys

import pytest

from keyrack.adapters.bytecode import CannotCompile, compile_modules, compile_stored, compiled_in


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")


def compiled(folder):
    return {path.name.partition(".")[0] for path in folder.rglob("*.pyc")}


def paths(folder, *names):
    return [str(folder / name) for name in names]


@pytest.fixture
def store(tmp_path):
    put(tmp_path / "lib" / "one" / "tree", "a.py", "pkg/b.py", "pkg/c.py")
    (tmp_path / "lib" / "one" / "tree" / "pkg" / "c.py").write_text("this is no module\n")
    put(tmp_path / "bil" / "two" / "tree", "d.py")
    return tmp_path


def trees(store):
    return [
        (str(store / "lib" / "one" / "tree"), ("a.py", "pkg/b.py", "pkg/c.py")),
        (str(store / "bil" / "two" / "tree"), ("d.py",)),
    ]


def test_named_modules_are_compiled_where_they_are(tmp_path):
    put(tmp_path, "a.py", "pkg/b.py", "c.py")

    compile_modules(sys.executable, paths(tmp_path, "a.py", "pkg/b.py"), 1)

    assert {"a", "b"} == compiled(tmp_path)


def test_a_module_that_cannot_be_compiled_stops_nothing(tmp_path):
    put(tmp_path, "a.py", "c.py")
    (tmp_path / "b.py").write_text("this is no module\n")

    compile_modules(sys.executable, paths(tmp_path, "a.py", "b.py", "c.py"), 1)

    assert {"a", "c"} == compiled(tmp_path)


def test_where_there_are_no_modules_no_python_is_started():
    compile_modules("no such python", [])

    assert "" == compile_stored("no such python", [("/tree", ())])


def test_a_python_that_does_not_start_is_told(tmp_path):
    put(tmp_path, "a.py")

    with pytest.raises(CannotCompile, match="Failed to compile bytecode with `/no/such/python`"):
        compile_modules("/no/such/python", paths(tmp_path, "a.py"))


@pytest.mark.parametrize("workers", [1, 2])
def test_wheels_are_compiled_beside_their_trees(store, workers):
    name = compile_stored(sys.executable, trees(store), workers)

    tag = sys.implementation.cache_tag
    found = [sorted(compiled_in(tree, name)) for tree, _ in trees(store)]
    assert [[f"__pycache__/a.{tag}.pyc", f"pkg/__pycache__/b.{tag}.pyc"], [f"__pycache__/d.{tag}.pyc"]] == found
    assert {"tree", name} == set(os.listdir(store / "lib" / "one"))


def test_what_is_compiled_already_is_not_compiled_again(store):
    name = compile_stored(sys.executable, trees(store))
    before = (store / "bil" / "two" / name).stat().st_mtime_ns

    again = compile_stored(sys.executable, trees(store))

    assert (name, before) == (again, (store / "bil" / "two" / name).stat().st_mtime_ns)


def test_compiled_modules_are_valid_beside_a_link_to_their_source(store, tmp_path):
    name = compile_stored(sys.executable, trees(store))
    site = tmp_path / "site"
    (site / "__pycache__").mkdir(parents=True)
    (pyc,) = compiled_in(trees(store)[1][0], name)
    os.link(store / "bil" / "two" / "tree" / "d.py", site / "d.py")
    os.link(store / "bil" / "two" / name / pyc, site / pyc)

    script = "import sys; sys.path.insert(0, sys.argv[1]); import d; print(d.__file__)"
    said = subprocess.run((sys.executable, "-v", "-c", script, site), capture_output=True, text=True)

    assert f"{site / 'd.py'}\n" == said.stdout
    assert f"{site / pyc} matches" in said.stderr


def test_where_nothing_can_be_stored_there_is_no_name(tmp_path):
    assert "" == compile_stored(sys.executable, [(str(tmp_path / "gone" / "one" / "tree"), ("a.py",))])
