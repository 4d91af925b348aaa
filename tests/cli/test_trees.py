"""Folders on this disk: what is installed from them, and when it is installed anew."""

import json
import os

import pytest
from inline_snapshot import snapshot

from lab.sdists import sdist, unpacked


@pytest.fixture
def tree(run):
    """A tree `lib`, beside the environment; nothing is needed to build it."""
    return unpacked(sdist("lib", "1.0", extras={"fast": []}), run.folder / "lib")


def metadata(run, name):
    return next(run.folder.glob(f"v/lib/python3*/site-packages/lib-1.0.dist-info/{name}"))


def written(run, name, text):
    (run.folder / name).write_text(text)
    return name


def test_a_folder_is_built_and_installed(run, tree):
    assert str(run("pip", "install", "./lib")) == snapshot("""\
exit 0
--- stdout
--- stderr
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
   Building lib @ file://[FOLDER]/lib
      Built lib @ file://[FOLDER]/lib
Prepared 1 package in [TIME]
Installed 1 package in [TIME]
 + lib==1.0 (from file://[FOLDER]/lib)
""")
    assert {"url": tree.as_uri(), "dir_info": {}} == json.loads(metadata(run, "direct_url.json").read_text())


def test_a_folder_of_the_command_line_is_always_built_anew(run, tree):
    run("pip", "install", "./lib")

    assert run("pip", "install", "./lib").err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
   Building lib @ file://[FOLDER]/lib
      Built lib @ file://[FOLDER]/lib
Prepared 1 package in [TIME]
Uninstalled 1 package in [TIME]
Installed 1 package in [TIME]
 ~ lib==1.0 (from file://[FOLDER]/lib)
""")


def test_a_folder_of_a_file_is_left_alone_until_it_changes(run, tree):
    name = written(run, "r.txt", "./lib")
    run("pip", "install", "-r", name)
    again = run("pip", "install", "-r", name)
    os.utime(tree / "pyproject.toml")
    changed = run("pip", "install", "-r", name)

    assert again.err == snapshot("""\
Using Python [PYTHON] environment at: v
Checked 1 package in [TIME]
""")
    assert "~ lib==1.0" in changed.err


def test_an_editable_folder_is_written_down_as_one(run, tree):
    printed = run("pip", "install", "-e", "lib")

    assert (0, {"editable": True}) == (
        printed.code,
        json.loads(metadata(run, "direct_url.json").read_text())["dir_info"],
    )
    assert run("pip", "freeze").out == snapshot("-e file://[FOLDER]/lib\n")


def test_what_was_not_editable_becomes_so(run, tree):
    run("pip", "install", "-r", written(run, "r.txt", "./lib"))

    assert " ~ lib==1.0" in run("pip", "install", "-r", written(run, "r.txt", "-e ./lib")).err


def test_no_editable_takes_trees_as_they_are(run, tree):
    run("pip", "install", "-e", "./lib", "--no-editable")

    assert {"url": tree.as_uri(), "dir_info": {}} == json.loads(metadata(run, "direct_url.json").read_text())


def test_an_extra_that_a_folder_does_not_have_is_a_warning(run, tree):
    printed = run("pip", "install", "./lib[fast,slow]")

    assert "warning: The package `lib==1.0` does not have an extra named `slow`\n" in printed.err


@pytest.mark.parametrize("words", [("./nope",), ("-e", "./nope"), ("lib @ ./nope",), ("-r", "r.txt")])
def test_a_folder_that_is_not_there_ends_the_run_with_1(run, words):
    written(run, "r.txt", "./nope")

    assert str(run("pip", "install", *words)).splitlines()[::3] == snapshot(
        ["exit 1", "error: Distribution not found at: file://[FOLDER]/nope"]
    )


def test_a_folder_without_a_project_is_told(run):
    (run.folder / "empty").mkdir()

    assert (run("pip", "install", "./empty").err, run("pip", "install", "x @ ./empty").err) == snapshot(
        (
            """\
Using Python [PYTHON] environment at: v
error: `[FOLDER]/empty` does not appear to be a Python project, as neither `pyproject.toml` nor
  ... `setup.py` are present in the directory
""",
            """\
Using Python [PYTHON] environment at: v
error: Failed to build `x @ file://[FOLDER]/empty`
  cause: `[FOLDER]/empty` does not appear to be a Python project, as neither `pyproject.toml` nor
  ... `setup.py` are present in the directory
""",
        )
    )


def test_a_folder_has_the_name_that_is_asked_for(run, tree):
    assert run("pip", "install", "other @ ./lib").err == snapshot("""\
Using Python [PYTHON] environment at: v
error: Failed to build `other @ file://[FOLDER]/lib`
  cause: Package metadata name `lib` does not match given name `other`
""")


def test_a_tree_that_only_a_build_can_name_is_built_for_it(run):
    unpacked(sdist("lib", "1.0", no_pkg_info=True), run.folder / "lib")

    assert " + lib==1.0 (from file://[FOLDER]/lib)\n" in run("pip", "install", "./lib").err


def test_requirements_of_a_tree_come_from_where_its_own_sources_say(run):
    inner = '\n[project]\nname = "outer"\nversion = "1"\ndependencies = ["inner"]\n'
    sources = '[tool.uv.sources]\ninner = { path = "../inner", editable = true }\n'
    outer = unpacked(sdist("outer", "1", requires=["inner"], no_pkg_info=True), run.folder / "outer")
    unpacked(sdist("inner", "2"), run.folder / "inner")
    with (outer / "pyproject.toml").open("a") as file:
        file.write(inner + sources)

    assert run("pip", "install", "./outer").code == 0
    assert run("pip", "freeze").out == snapshot("-e file://[FOLDER]/inner\nouter @ file://[FOLDER]/outer\n")
    assert (
        "inner was not found in the provided"
        in run("pip", "install", "--no-index", "--no-sources", "--exact", "./outer").err
    )


def test_what_a_setup_py_requires_is_told_by_building_it(run):
    tree = unpacked(sdist("lib", "1.0"), run.folder / "lib")
    needing = unpacked(
        sdist("app", "1", requires=[f"lib @ {tree.as_uri()}"], extras={"x": []}, no_pkg_info=True), run.folder / "app"
    )
    (needing / "setup.py").write_text("")

    assert run("pip", "install", "-r", "app/setup.py").err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
   Building lib @ file://[FOLDER]/lib
      Built lib @ file://[FOLDER]/lib
Prepared 1 package in [TIME]
Installed 1 package in [TIME]
 + lib==1.0 (from file://[FOLDER]/lib)
""")
    assert (
        "error: Requested extra not found: nope\n" in run("pip", "install", "-r", "app/setup.py", "--extra", "nope").err
    )


def test_trees_have_no_hashes(run, tree):
    assert run("pip", "install", "--require-hashes", "lib @ ./lib").err == snapshot("""\
Using Python [PYTHON] environment at: v
error: In `--require-hashes` mode, all requirements must have a hash, but none were provided for: lib @
  ... file://[FOLDER]/lib
""")


def test_what_is_believed_of_a_tree_needs_no_build(run):
    unpacked(sdist("lib", "1.0", no_pkg_info=True, build_fails=True), run.folder / "lib")
    written(run, "uv.toml", '[[dependency-metadata]]\nname = "lib"\nversion = "1.0"\nrequires-dist = ["dep"]\n')

    printed = run("pip", "install", "--no-index", "--dry-run", "lib @ ./lib")

    assert "Because dep was not found in the provided package locations and lib==1.0 depends on dep" in printed.err


def test_a_tree_without_a_name_is_known_by_its_place(run):
    unpacked(sdist("lib", "1.0", no_pkg_info=True), run.folder / "lib")
    run("pip", "install", "-r", written(run, "r.txt", "./lib"))

    assert run("pip", "install", "-r", "r.txt").err == snapshot("""\
Using Python [PYTHON] environment at: v
Checked 1 package in [TIME]
""")
