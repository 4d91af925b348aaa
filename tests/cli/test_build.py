"""`keyrack build`, with backends that lie in the trees themselves."""

import os
import sys
import tarfile
import zipfile

import pytest

BACKEND = '''"""Pack the tree; the wheel says whether it was made from an sdist."""

import io, os, tarfile, zipfile

NAME = "{name}"


def build_sdist(folder, config_settings=None):
    print("packing", config_settings)
    path = os.path.join(folder, NAME + "-1.0.tar.gz")
    with tarfile.open(path, "w:gz") as archive:
        for each in ("pyproject.toml", "backend.py"):
            archive.add(each, NAME + "-1.0/" + each)
        text = b"Metadata-Version: 2.2\\nName: " + NAME.encode() + b"\\nVersion: 1.0\\n"
        member = tarfile.TarInfo(NAME + "-1.0/PKG-INFO")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    return os.path.basename(path)


def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = NAME + "-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as archive:
        archive.writestr("made.txt", "sdist" if os.path.exists("PKG-INFO") else "tree")
    return name
'''
PYPROJECT = """\
[project]
name = "{name}"
version = "1.0"

[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


@pytest.fixture(autouse=True)
def python(run, tmp_path):
    """Put a link to a real Python on the search path, alone."""
    folder = tmp_path / "pythons"
    folder.mkdir()
    (folder / "python3").symlink_to(os.path.realpath(sys.executable))
    run.variables["PATH"] = run.variables["UV_PYTHON_SEARCH_PATH"] = str(folder)


@pytest.fixture
def tree(run):
    def make(name, folder="app", more=""):
        path = run.folder / folder
        path.mkdir(parents=True)
        (path / "backend.py").write_text(BACKEND.replace("{name}", name))
        (path / "pyproject.toml").write_text(PYPROJECT.replace("{name}", name) + more)
        return path

    return make


def made_from(path):
    with zipfile.ZipFile(path) as archive:
        return archive.read("made.txt").decode()


def test_both_distributions_are_made_and_the_wheel_from_the_sdist(run, tree):
    path = tree("app")

    made = run("build", "app", "-C", "a=b")

    assert 0 == made.code
    assert [".gitignore", "app-1.0-py3-none-any.whl", "app-1.0.tar.gz"] == sorted(os.listdir(path / "dist"))
    assert "sdist" == made_from(path / "dist" / "app-1.0-py3-none-any.whl")
    assert made.err == (
        "Building source distribution...\npacking {'a': 'b'}\nBuilding wheel from source distribution...\n"
        "Successfully built app/dist/app-1.0.tar.gz\nSuccessfully built app/dist/app-1.0-py3-none-any.whl\n"
    )
    with tarfile.open(path / "dist" / "app-1.0.tar.gz") as archive:
        assert "app-1.0/PKG-INFO" in archive.getnames()


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["--sdist"], ["app-1.0.tar.gz"]),
        (["--wheel"], ["app-1.0-py3-none-any.whl"]),
        (["--sdist", "--wheel"], ["app-1.0-py3-none-any.whl", "app-1.0.tar.gz"]),
    ],
    ids=["sdist", "wheel", "both"],
)
def test_what_is_made_can_be_chosen(run, tree, words, names):
    tree("app")

    run("build", "app", "--no-create-gitignore", "-o", "out", *words)

    assert names == sorted(os.listdir(run.folder / "out"))
    if len(names) == 2 or words == ["--wheel"]:
        assert "tree" == made_from(run.folder / "out" / "app-1.0-py3-none-any.whl")


def test_an_sdist_becomes_a_wheel(run, tree):
    tree("app")
    run("build", "app", "--sdist", "-o", "out")

    refused = run("build", "out/app-1.0.tar.gz")
    made = run("build", "--wheel", "out/app-1.0.tar.gz")

    assert 2 == refused.code
    assert "cause: Pass `--wheel` explicitly to build a wheel from a source distribution" in refused.err
    assert 0 == made.code
    assert "sdist" == made_from(run.folder / "out" / "app-1.0-py3-none-any.whl")


def test_the_output_can_be_cleared_first(run, tree):
    path = tree("app")
    (path / "dist").mkdir()
    (path / "dist" / "stale.whl").write_text("")

    run("build", "app", "--wheel", "--clear")

    assert "stale.whl" not in os.listdir(path / "dist")


def test_logs_can_be_left_out(run, tree):
    tree("app")

    assert "packing" not in run("build", "app", "--sdist", "--no-build-logs").err


def test_members_of_a_workspace_are_built_into_its_folder(run, tree):
    root = run.folder / "ws"
    tree("app", "ws", '\n[tool.uv.workspace]\nmembers = ["libs/*"]\n')
    tree("lib", "ws/libs/lib")

    one = run("build", "ws", "--package", "lib", "--wheel")
    assert (0, ["lib-1.0-py3-none-any.whl"]) == (one.code, wheels(root / "dist"))
    run("build", "ws", "--all-packages", "--wheel", "--clear")

    assert ["app-1.0-py3-none-any.whl", "lib-1.0-py3-none-any.whl"] == wheels(root / "dist")


def wheels(folder):
    return sorted(name for name in os.listdir(folder) if name.endswith(".whl"))


def test_a_package_that_is_no_member_is_an_error(run, tree):
    tree("app")

    told = run("build", "app", "--package", "other")

    assert (2, "error: Package `other` not found in workspace\n") == (told.code, told.err)


def test_what_is_not_there_cannot_be_built(run):
    told = run("build", "nothing")

    assert (2, "error: Source `nothing` does not exist\n") == (told.code, told.err)


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (["--wheel", "file.txt"], "It is neither a folder nor a source distribution"),
        (["--wheel", "--sdist", "file.txt"], "Building an `--sdist` from a source distribution is not supported"),
    ],
    ids=["kind", "sdist"],
)
def test_a_file_must_be_an_sdist(run, words, cause):
    (run.folder / "file.txt").write_text("")

    told = run("build", *words)

    assert 2 == told.code
    assert f"  cause: {cause}\n" in told.err


def test_a_backend_that_fails_leaves_nothing(run, tree):
    path = tree("app")
    (path / "backend.py").write_text("def build_sdist(folder, config_settings=None):\n    raise ValueError('no')\n")

    told = run("build", "app")

    assert 2 == told.code
    assert told.err.startswith("Building source distribution...\nerror: Failed to build `[FOLDER]/app`\n")
    assert "ValueError: no" in told.err
    assert not (path / "dist").exists()
