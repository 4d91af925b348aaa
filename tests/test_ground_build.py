"""The wheel that hatchling builds: the index it was built for, both commands, and nothing that does not belong."""

import os
import shutil
import subprocess
import sys
import zipfile
from configparser import ConfigParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from distlib.index import DEFAULT_INDEX

ROOT = Path(__file__).resolve().parent.parent
BUILD = "from hatchling.build import build_wheel; print(build_wheel('dist'))"


def built(folder, index):
    """Build a wheel from a copy of the tree, as `pip wheel` would; the tree's own constants stay as they are."""
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "_build.py"))
    environ = {name: value for name, value in os.environ.items() if name != "KEYRACK_BUILD_DEFAULT_INDEX"}
    environ |= {"KEYRACK_BUILD_DEFAULT_INDEX": index} if index else {}
    ran = subprocess.run([sys.executable, "-c", BUILD], cwd=folder, env=environ, capture_output=True, text=True)
    assert 0 == ran.returncode, ran.stderr
    return zipfile.ZipFile(folder / "dist" / ran.stdout.splitlines()[-1])


def default_index(wheel):
    constants: dict[str, str] = {}
    exec(wheel.read("keyrack/_build.py"), constants)  # our own module, read from the archive
    return constants["DEFAULT_INDEX"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    with built(tmp_path_factory.mktemp("named"), "https://pkgs.example/simple/") as wheel:
        yield wheel


def test_a_wheel_asks_the_index_that_its_builder_named(wheel):
    assert "https://pkgs.example/simple/" == default_index(wheel)


def test_a_wheel_asks_the_public_index_if_its_builder_named_none(tmp_path):
    with built(tmp_path, "") as wheel:
        index = urlsplit(default_index(wheel))

    assert (urlsplit(DEFAULT_INDEX).netloc, "/simple/") == (index.netloc, index.path)


def test_a_wheel_offers_its_commands(wheel):
    commands = ConfigParser()

    commands.read_string(wheel.read("keyrack-0.1.0.dist-info/entry_points.txt").decode())

    assert {
        "keyrack": "keyrack.cli.main:main",
        "kr": "keyrack.cli.main:main",
        "krx": "keyrack.cli.krx:main",
    } == dict(commands["console_scripts"])


def test_a_wheel_holds_the_package_and_its_metadata_only(wheel):
    assert {"keyrack", "keyrack-0.1.0.dist-info"} == {name.partition("/")[0] for name in wheel.namelist()}


def test_building_a_wheel_leaves_the_tree_as_it_was(tmp_path):
    built(tmp_path, "https://pkgs.example/simple/").close()

    assert not (tmp_path / "src/keyrack/_build.py").exists()
