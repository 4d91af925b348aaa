"""`keyrack init`, beside what uv makes of the same words."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

MINOR = "{}.{}".format(*sys.version_info[:2])


@pytest.fixture(autouse=True)
def python(run, tmp_path):
    """Put a link to a real Python on the search path, alone: no git."""
    folder = tmp_path / "pythons"
    folder.mkdir()
    (folder / "python3").symlink_to(os.path.realpath(sys.executable))
    run.variables["PATH"] = run.variables["UV_PYTHON_SEARCH_PATH"] = str(folder)


@pytest.fixture
def git(run, tmp_path):
    """Put git on the search path, with a name for its user."""
    found = shutil.which("git")
    if found is None:
        pytest.skip("git is not here")
    (tmp_path / "pythons" / "git").symlink_to(found)
    (tmp_path / ".gitconfig").write_text("[user]\nname = Ada\nemail = ada@mail.example\n")
    run.variables["GIT_CEILING_DIRECTORIES"] = str(tmp_path)
    return found


def files(folder):
    return sorted(
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and ".git/" not in str(path)
    )


def read(path: Path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_a_project_begins_as_a_package(run):
    made = run("init", "My_App")

    assert (0, "", "Initialized project `my-app` at `[FOLDER]/My_App`\n") == made
    assert [".python-version", "README.md", "pyproject.toml", "src/my_app/__init__.py"] == files(run.folder / "My_App")
    assert f"{MINOR}\n" == (run.folder / "My_App" / ".python-version").read_text()
    assert f">={MINOR}" == read(run.folder / "My_App" / "pyproject.toml")["project"]["requires-python"]


def test_the_folder_of_the_run_can_be_the_project(run):
    made = run("init", "--no-package", "--name", "here")

    assert "Initialized project `here`\n" == made.err
    assert (run.folder / "main.py").exists()


def test_a_bare_project_is_one_file(run):
    run("init", "--bare", "--name", "Other", "x")

    assert ["pyproject.toml"] == files(run.folder / "x")
    assert "other" == read(run.folder / "x" / "pyproject.toml")["project"]["name"]


def test_what_is_there_is_kept(run):
    (run.folder / "x").mkdir()
    (run.folder / "x" / "README.md").write_text("mine")

    run("init", "x")

    assert "mine" == (run.folder / "x" / "README.md").read_text()


def test_a_second_project_in_a_folder_is_refused(run):
    run("init", "x")
    before = (run.folder / "x" / "pyproject.toml").read_bytes()

    again = run("init", "--lib", "x")

    assert 2 == again.code
    assert "because `pyproject.toml` already exists" in again.err
    assert before == (run.folder / "x" / "pyproject.toml").read_bytes()


def test_the_python_that_is_asked_for_need_not_be_there(run):
    run("init", "-p", "3.99", "--no-description", "--no-readme", "x")

    project = read(run.folder / "x" / "pyproject.toml")["project"]
    assert ">=3.99" == project["requires-python"]
    assert not {"description", "readme"} & set(project)
    assert "3.99\n" == (run.folder / "x" / ".python-version").read_text()


def test_a_range_of_pythons_is_kept_as_written(run):
    run("init", "-p", ">=3.9,<4", "x")

    assert ">=3.9, <4" == read(run.folder / "x" / "pyproject.toml")["project"]["requires-python"]


def test_a_version_file_says_which_python(run):
    (run.folder / ".python-version").write_text(f"{MINOR}\n")

    run("init", "x")

    assert f">={MINOR}" == read(run.folder / "x" / "pyproject.toml")["project"]["requires-python"]


@pytest.mark.parametrize("lib", [[], ["--lib"]], ids=["app", "lib"])
@pytest.mark.parametrize("backend", ["uv", "hatch", "flit", "pdm", "poetry", "setuptools", "maturin", "scikit"])
def test_every_backend_can_be_chosen(run, backend, lib):
    assert 0 == run("init", *lib, "--build-backend", backend, "x").code
    assert read(run.folder / "x" / "pyproject.toml")["build-system"]


def test_git_knows_the_author_and_keeps_the_versions(run, git):
    run("init", "x")

    assert [{"name": "Ada", "email": "ada@mail.example"}] == read(run.folder / "x" / "pyproject.toml")["project"][
        "authors"
    ]
    assert (run.folder / "x" / ".git").is_dir()
    assert ".venv\n" in (run.folder / "x" / ".gitignore").read_text()


def test_within_a_repository_none_is_begun(run, git):
    subprocess.run([git, "init", "--quiet", str(run.folder / "r")], check=True)

    run("init", "--author-from", "none", "r/x")

    assert not (run.folder / "r" / "x" / ".git").exists()
    assert not (run.folder / "r" / "x" / ".gitignore").exists()
    assert "authors" not in read(run.folder / "r" / "x" / "pyproject.toml")["project"]


def test_git_must_be_there_where_it_is_asked_for(run):
    made = run("init", "--vcs", "git", "x")

    assert 2 == made.code
    assert "Attempted to initialize a Git repository, but `git` was not found in PATH" in made.err


@pytest.mark.parametrize(
    ("workspace", "said", "members"),
    [
        ("", "Adding `x` as member of workspace", ["x"]),
        ("[tool.uv.workspace]\nmembers = ['x*']\n", "Project `x` is already a member of workspace", ["x*"]),
        ("[tool.uv.workspace]\nexclude = ['x']\n", "Project `x` is excluded by workspace", None),
        ("[tool.uv]\nmanaged = false\n", "Initialized project `x`", None),
    ],
    ids=["new", "member", "excluded", "unmanaged"],
)
def test_a_project_joins_the_workspace_around_it(run, workspace, said, members):
    around = run.folder / "pyproject.toml"
    around.write_text(f"[project]\nname = 'w'\nversion = '1'\nrequires-python = '>=3.8'\n{workspace}")

    made = run("init", "x")

    assert made.err.startswith(said)
    assert members == read(around).get("tool", {}).get("uv", {}).get("workspace", {}).get("members")


def test_a_member_is_for_the_pythons_of_its_workspace(run):
    (run.folder / "pyproject.toml").write_text("[project]\nname = 'w'\nversion = '1'\nrequires-python = '>=3.8'\n")
    (run.folder / ".python-version").write_text(f"{MINOR}\n")

    run("init", "x")

    assert ">=3.8" == read(run.folder / "x" / "pyproject.toml")["project"]["requires-python"]
    assert not (run.folder / "x" / ".python-version").exists()


def test_a_file_around_it_that_is_no_project_is_an_error(run):
    (run.folder / "pyproject.toml").write_text("[tool.x]\n")

    made = run("init", "x")

    assert 2 == made.code
    assert "No `project` table found in: [FOLDER]/pyproject.toml" in made.err
    assert not (run.folder / "x").exists()
    assert 0 == run("init", "--no-workspace", "x").code


def test_a_script_begins_with_its_block(run):
    made = run("init", "--script", "tools/a.py")

    assert "Initialized script at `tools/a.py`\n" == made.err
    assert (run.folder / "tools" / "a.py").read_text().startswith("# /// script\n")


@pytest.mark.parametrize(
    ("before", "start"), [("print(1)\n", "# /// script\n"), ("#!/bin/x\nprint(1)\n", "#!/bin/x\n#\n# /// script\n")]
)
def test_a_script_that_is_there_gets_a_block(run, before, start):
    (run.folder / "a.py").write_text(before)

    run("init", "--script", "a.py")

    text = (run.folder / "a.py").read_text()
    assert text.startswith(start)
    assert text.endswith("# ///\n\nprint(1)\n")


def test_a_script_gets_one_block_only(run):
    run("init", "--script", "--bare", "a.py")

    again = run("init", "--script", "a.py")

    assert 2 == again.code
    assert "error: `a.py` is already a PEP 723 script; use `keyrack run` to execute it\n" == again.err


@pytest.mark.parametrize("words", [["--script"], ["--lib", "--no-package", "x"], ["--app", "--lib"], ["x y!"]])
def test_words_that_do_not_go_together_are_refused(run, words):
    made = run("init", *words)

    assert 2 == made.code
    assert not (run.folder / "pyproject.toml").exists()


def test_a_folder_that_cannot_be_made_is_an_error(run):
    (run.folder / "file").write_text("")

    made = run("init", "file/x")

    assert 2 == made.code
    assert made.err.startswith("error: Cannot create the folder")
