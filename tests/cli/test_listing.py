import pytest
from inline_snapshot import snapshot

from lab.wheels import wheel


def put(run, name, version="1.0", *, requires=(), direct_url="", egg_info=False, tags="py3-none-any", python=""):
    """Lay a distribution into the environment as an installer would."""
    site = next((run.folder / "v" / "lib").glob("python3*")) / "site-packages"
    metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"]
    metadata += [f"Requires-Dist: {each}\n" for each in requires]
    metadata += [f"Requires-Python: {python}\n"] if python else []
    folder = site / f"{name.replace('-', '_')}-{version}.{'egg' if egg_info else 'dist'}-info"
    folder.mkdir()
    (folder / ("PKG-INFO" if egg_info else "METADATA")).write_text("".join(metadata), encoding="utf-8")
    if not egg_info:
        (folder / "WHEEL").write_text(f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tags}\n", encoding="utf-8")
        (folder / "RECORD").write_text(f"{name}/__init__.py,,\n{folder.name}/RECORD,,\n", encoding="utf-8")
    if direct_url:
        (folder / "direct_url.json").write_text(direct_url, encoding="utf-8")
    return folder


@pytest.fixture
def filled(run):
    put(run, "lib-a", "1.10.0", requires=["lib-b>=1,<3", "lib_c; python_version >= '3'", "never; python_version < '3'"])
    put(run, "lib-b", "2.0", requires=["lib-c"])
    put(run, "lib-c", "0.1", direct_url='{"url": "https://pkgs.example/c.whl", "archive_info": {}}')
    put(run, "lib-e", "0.0.1", direct_url='{"url": "file:///src/lib-e", "dir_info": {"editable": true}}')
    put(run, "old", "3", egg_info=True)
    return run


def test_pip_list_is_a_table(filled):
    assert str(filled("pip", "list")) == snapshot("""\
exit 0
--- stdout
Package Version Editable project location
------- ------- -------------------------
lib-a   1.10.0
lib-b   2.0
lib-c   0.1
lib-e   0.0.1   /src/lib-e
old     3
--- stderr
Using Python [PYTHON] environment at: v
""")


def test_pip_list_as_lines(filled):
    assert filled("pip", "list", "--format", "freeze", "--exclude", "Lib_A").out == snapshot("""\
lib-b==2.0
lib-c==0.1
lib-e==0.0.1
old==3
""")


def test_pip_list_as_json(filled):
    assert filled("pip", "list", "--format=json").out == snapshot(
        '[{"name":"lib-a","version":"1.10.0"},{"name":"lib-b","version":"2.0"},{"name":"lib-c","version":"0.1"},{"name":"lib-e","version":"0.0.1","editable_project_location":"/src/lib-e"},{"name":"old","version":"3"}]\n'
    )


def test_pip_list_of_editable_packages(filled):
    assert filled("pip", "list", "-e").out == snapshot("""\
Package Version Editable project location
------- ------- -------------------------
lib-e   0.0.1   /src/lib-e
""")


def test_pip_list_without_editable_packages(filled):
    assert filled("pip", "list", "--exclude-editable").out == snapshot("""\
Package Version
------- -------
lib-a   1.10.0
lib-b   2.0
lib-c   0.1
old     3
""")


def test_pip_list_of_nothing_prints_nothing(run):
    assert (0, "", "Using Python [PYTHON] environment at: v\n") == run("pip", "list")


def test_pip_freeze_says_where_direct_packages_came_from(filled):
    assert str(filled("pip", "freeze")) == snapshot("""\
exit 0
--- stdout
lib-a==1.10.0
lib-b==2.0
lib-c @ https://pkgs.example/c.whl
-e file:///src/lib-e
old==3
--- stderr
Using Python [PYTHON] environment at: v
""")


def test_pip_freeze_without_editable_packages(filled):
    assert filled("pip", "freeze", "--exclude-editable", "--exclude", "old").out == snapshot("""\
lib-a==1.10.0
lib-b==2.0
lib-c @ https://pkgs.example/c.whl
""")


def test_pip_freeze_of_a_commit(run):
    vcs = '"vcs_info": {"vcs": "git", "commit_id": "abc"}, "subdirectory": "sub"'
    put(run, "lib", direct_url=f'{{"url": "https://git.example/r", {vcs}}}')

    assert run("pip", "freeze").out == snapshot("lib @ git+https://git.example/r@abc#subdirectory=sub\n")


def test_pip_freeze_of_another_folder(run, tmp_path):
    (tmp_path / "other" / "lib-1.5.dist-info").mkdir(parents=True)

    assert "lib==1.5\n" == run("pip", "freeze", "--path", str(tmp_path / "other")).out


def test_pip_show_of_two_and_of_one_that_is_not_there(filled):
    assert str(filled("pip", "show", "lib-b", "nope", "Lib.A")) == snapshot("""\
exit 0
--- stdout
Name: lib-a
Version: 1.10.0
Location: [FOLDER]/v/lib/python[MINOR]/site-packages
Requires: lib-b, lib-c
Required-by:
---
Name: lib-b
Version: 2.0
Location: [FOLDER]/v/lib/python[MINOR]/site-packages
Requires: lib-c
Required-by: lib-a
--- stderr
Using Python [PYTHON] environment at: v
warning: Package(s) not found for: nope
""")


def test_pip_show_of_an_editable_package_with_its_files(filled):
    assert filled("pip", "show", "--files", "lib-e").out == snapshot("""\
Name: lib-e
Version: 0.0.1
Location: [FOLDER]/v/lib/python[MINOR]/site-packages
Editable project location: /src/lib-e
Requires:
Required-by:
Files:
  lib-e/__init__.py
  lib_e-0.0.1.dist-info/RECORD
""")


def test_pip_show_of_nothing_that_is_there_fails(run):
    assert str(run("pip", "show", "nope", "nada")) == snapshot("""\
exit 1
--- stdout
--- stderr
Using Python [PYTHON] environment at: v
warning: Package(s) not found for: nada, nope
""")


def test_pip_show_wants_a_name(run):
    assert str(run("pip", "show")) == snapshot("""\
exit 1
--- stdout
--- stderr
warning: Please provide a package name or names.
""")


def test_pip_check_is_content(filled):
    assert str(filled("pip", "check")) == snapshot("""\
exit 0
--- stdout
--- stderr
Using Python [PYTHON] environment at: v
Checked 5 packages in [TIME]
All installed packages are compatible
""")


def test_pip_check_of_an_empty_environment(run):
    assert run("pip", "check").err == snapshot("""\
Using Python [PYTHON] environment at: v
Checked 0 packages in [TIME]
All installed packages are compatible
""")


def test_pip_check_finds_what_is_wrong(run):
    put(run, "needs", requires=["gone>=2,!=3", "lib[x]<1.0", "url @ https://pkgs.example/url.whl"], python=">=3.99")
    put(run, "lib", "1.0")
    put(run, "alien", tags="cp27-cp27m-win32")
    put(run, "twice", "1.0")
    put(run, "twice", "2.0")

    assert str(run("pip", "check")) == snapshot("""\
exit 1
--- stdout
--- stderr
Using Python [PYTHON] environment at: v
Checked 5 packages in [TIME]
Found 6 incompatibilities
The package `alien` was built for a different platform
The package `needs` requires Python >=3.99, but `[PYTHON]` is installed
The package `needs` requires `gone>=2,!=3`, but it's not installed
The package `needs` requires `lib[x]<1.0`, but `1.0` is installed
The package `needs` requires `url @ https://pkgs.example/url.whl`, but it's not installed
The package `twice` has multiple installed distributions: \n\
  - [FOLDER]/v/lib/python[MINOR]/site-packages/twice-1.0.dist-info
  - [FOLDER]/v/lib/python[MINOR]/site-packages/twice-2.0.dist-info
""")


def test_pip_check_finds_broken_packages(run):
    put(run, "bare").joinpath("METADATA").unlink()
    put(run, "tagless").joinpath("WHEEL").unlink()

    assert run("pip", "check").err == snapshot(
        """\
Using Python [PYTHON] environment at: v
Checked 2 packages in [TIME]
Found 2 incompatibilities
The package `bare` is broken or incomplete (unable to read `METADATA`). Consider recreating the
  ... virtualenv, or removing the package directory at:
  ... [FOLDER]/v/lib/python[MINOR]/site-packages/bare-1.0.dist-info.
The package `tagless` is broken or incomplete (unable to read `WHEEL` file). Consider recreating the
  ... virtualenv, or removing the package directory at:
  ... [FOLDER]/v/lib/python[MINOR]/site-packages/tagless-1.0.dist-info.
"""
    )


def test_pip_check_for_another_python_and_platform(run):
    put(run, "lib", python=">=3.99", requires=["windows-only; sys_platform == 'win32'"])

    assert run("pip", "check", "--python-version", "3.99", "--python-platform", "windows").err == snapshot("""\
Using Python [PYTHON] environment at: v
Checked 1 package in [TIME]
Found 1 incompatibility
The package `lib` requires `windows-only ; sys_platform == 'win32'`, but it's not installed
""")


@pytest.mark.parametrize("words", [("pip", "list"), ("pip", "freeze"), ("pip", "tree"), ("pip", "show", "needs")])
def test_strict_warns_of_what_is_wrong(run, words):
    put(run, "needs", requires=["gone"])

    printed = run(*words, "--strict")

    assert (
        0,
        snapshot("""\
Using Python [PYTHON] environment at: v
warning: The package `needs` requires `gone`, but it's not installed
"""),
    ) == (printed.code, printed.err)


def test_pip_tree_draws_each_subtree_once(filled):
    assert str(filled("pip", "tree")) == snapshot("""\
exit 0
--- stdout
lib-a v1.10.0
├── lib-b v2.0
│   └── lib-c v0.1
└── lib-c v0.1
lib-e v0.0.1
old v3
--- stderr
Using Python [PYTHON] environment at: v
""")


def test_pip_tree_with_everything_asked_for(filled):
    words = ["--no-dedupe", "--show-version-specifiers", "--package", "lib-a", "--depth", "1"]

    assert filled("pip", "tree", *words).out == snapshot("""\
lib-a v1.10.0
├── lib-b v2.0 [required: >=1, <3]
└── lib-c v0.1 [required: *]
""")


def test_pip_tree_upside_down(filled):
    assert filled("pip", "tree", "--invert", "--prune", "old", "--prune", "lib-e").out == snapshot("""\
lib-c v0.1
├── lib-a v1.10.0
└── lib-b v2.0
    └── lib-a v1.10.0
""")


def test_the_environment_of_the_folder_is_not_worth_a_line(run):
    (run.folder / "v").rename(run.folder / ".venv")
    del run.variables["VIRTUAL_ENV"]

    assert (0, "", "") == run("pip", "list")


def test_an_environment_elsewhere_is_named_in_full(run, tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    run.folder = inner

    assert f"Using Python [PYTHON] environment at: {tmp_path}/v\n" == run("pip", "list").err


def test_without_any_python_reading_fails(run):
    del run.variables["VIRTUAL_ENV"]

    assert str(run("pip", "list")) == snapshot("""\
exit 2
--- stdout
--- stderr
error: No virtual environment or system Python installation found; run `keyrack venv` to create an environment
""")


@pytest.mark.parametrize("command", ["list", "freeze"])
def test_a_quiet_list_still_prints_its_result(filled, command):
    loud, quiet, silent = (filled("pip", command, *flags) for flags in ([], ["-q"], ["-qq"]))

    assert (loud.out, "", "", "") == (quiet.out, quiet.err, silent.out, silent.err)


@pytest.mark.parametrize("words", [("show", "lib-a"), ("tree",)])
def test_what_only_people_read_is_hidden_by_quiet(filled, words):
    assert (0, "", "") == filled("pip", *words, "-q")


def test_colours_mark_names(run):
    put(run, "lib")

    assert run("pip", "freeze", color=True).out == snapshot("\x1b[1mlib\x1b[0m==1.0\n")


def test_an_artifact_of_the_lab_is_listed_as_it_is_named(run):
    put(run, wheel("Up_Per.Name", "2.0rc1").project, "2.0rc1")

    assert "up-per-name==2.0rc1\n" == run("pip", "freeze").out
