"""Whoever asks the same again is told the same at once, unless anything changed that the answer rests on."""

import os
import shutil
import sys

import pytest

from keyrack.adapters.settled import recall as recalled
from keyrack.operations.settled import Asked, Settled, recall

PYTHON = "{}.{}.{}".format(*sys.version_info[:3])
WORDS = ("pip", "install", "lib", "-r", "r.txt", "-c", "c.txt", "--config-file", "u.toml")


def asked(run, words=WORDS, **variables):
    return Asked(words, {**run.variables, **variables}, str(run.folder))


def known(run, words=WORDS, **variables):
    """Say whether an answer to this is remembered and stands."""
    return recall(asked(run, words, **variables)) is not None


def old(path, text=""):
    """Write a file that looks as if it had been there for long."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (10**9, 10**9))


@pytest.fixture
def site(run, installed):
    old(run.folder / "r.txt", "needs\n-r inner/more.txt\n")
    old(run.folder / "inner/more.txt", "needs>=1\n")
    old(run.folder / "c.txt", "lib<2\n")
    old(run.folder / "u.toml")
    return installed("lib", "needs")


def test_the_same_is_said_again_without_looking(run, site):
    said = [run(*WORDS), run(*WORDS)]

    assert said[0] == said[1]
    assert "Using Python [PYTHON] environment at: v\nChecked 3 packages in [TIME]\n" == said[0].err
    assert Settled(f"Using Python {PYTHON} environment at: v", 3) == recall(asked(run))


def age(folder):
    for place in (*folder.rglob("*"), folder):
        os.utime(place, (10**9, 10**9), follow_symlinks=False)


def change_requirements(run, site):
    (run.folder / "r.txt").write_text("needs>1\n")


def change_an_included_file(run, site):
    (run.folder / "inner/more.txt").write_text("needs>1\n")


def change_constraints(run, site):
    (run.folder / "c.txt").write_text("lib<1\n")


def change_settings(run, site):
    (run.folder / "u.toml").write_text("offline = true\n")


def change_metadata(run, site):
    path = site / "lib-1.0.dist-info" / "METADATA"
    path.write_text(path.read_text() + "Requires-Dist: gone\n")


def change_metadata_and_keep_its_size(run, site):
    path = site / "needs-1.0.dist-info" / "METADATA"
    path.write_text(path.read_text())


def replace_metadata_by_a_file_as_old(run, site):
    path = site / "needs-1.0.dist-info" / "METADATA"
    size = path.stat().st_size
    path.rename(run.folder / "kept")
    old(path, "x" * size)
    os.utime(path.parent, (10**9, 10**9))


def remove_metadata(run, site):
    (site / "lib-1.0.dist-info" / "METADATA").unlink()


def remove_the_record(run, site):
    (site / "lib-1.0.dist-info" / "RECORD").unlink()


def uninstall(run, site):
    shutil.rmtree(site / "needs-1.0.dist-info")


def install_something_else(run, site):
    (site / "lib-2.0.dist-info").mkdir()


def replace_the_environment_by_another(run, site):
    (run.folder / "v" / "pyvenv.cfg").write_text("home = elsewhere\n")


def replace_its_python(run, site):
    path = run.folder / "v" / "bin" / "python"
    path.unlink()
    path.write_text("#!/bin/sh\n")


def damage_what_is_remembered(run, site):
    path = asked(run).path
    with open(path, "r+b") as file:
        file.seek(-3, os.SEEK_END)
        file.write(b"!")


def remove_the_cache(run, site):
    shutil.rmtree(run.folder / "cache")


@pytest.mark.parametrize(
    "change",
    [
        change_requirements,
        change_an_included_file,
        change_constraints,
        change_settings,
        change_metadata,
        change_metadata_and_keep_its_size,
        replace_metadata_by_a_file_as_old,
        remove_metadata,
        remove_the_record,
        uninstall,
        install_something_else,
        replace_the_environment_by_another,
        replace_its_python,
        damage_what_is_remembered,
        remove_the_cache,
    ],
)
def test_after_any_change_it_is_looked_again(run, site, change):
    run(*WORDS)
    assert known(run)

    change(run, site)

    assert not known(run)


@pytest.mark.parametrize("place", ["uv.toml", "pyproject.toml", "../uv.toml", ".config/uv/uv.toml"])
def test_new_settings_are_looked_at(run, site, place):
    words = ("pip", "install", "lib")
    run(*words)
    assert known(run, words)

    old(run.folder / place)

    assert not known(run, words)
    (run.folder / place).unlink()


def test_a_nearer_environment_is_looked_at(run, site):
    words = ("pip", "install", "lib")
    shutil.move(run.folder / "v", run.folder.parent / ".venv")
    del run.variables["VIRTUAL_ENV"]
    os.utime(run.folder.parent / ".venv", (10**9, 10**9))
    run(*words)
    assert known(run, words)

    old(run.folder / ".venv" / "pyvenv.cfg")

    assert not known(run, words)
    shutil.rmtree(run.folder.parent / ".venv")


def test_another_question_has_another_answer(run, site):
    run(*WORDS)

    found = [
        known(run, WORDS),
        known(run, (*WORDS, "--pre")),
        known(run, NEW="1"),
        known(run, UV_CACHE_DIR="relative"),
        known(run, UV_NO_CACHE="1"),
        known(run, SHLVL="2"),
        recall(Asked(WORDS, run.variables, str(run.folder.parent))) is not None,
    ]

    assert [True, False, False, False, False, True, False] == found


@pytest.mark.parametrize("named", ["v", "v/bin/python"])
def test_an_environment_that_is_named_by_its_path_is_looked_at(run, site, named):
    words = ("pip", "install", "lib", "--python", named)
    run(*words)
    assert known(run, words)

    replace_its_python(run, site)

    assert not known(run, words)


def test_a_legacy_distribution_may_change_unseen(run, site):
    (site / "oldish-1.0-py3.egg-info").write_text("Metadata-Version: 1.0\nName: oldish\nVersion: 1.0\n")
    age(run.folder)
    words = ("pip", "install", "oldish")

    run(*words)

    assert not known(run, words)


@pytest.mark.parametrize(
    "more", ["-q", "--no-cache", "--cache-dir=other", "--color=never", "--dry-run", "--system", "-v", "--check"]
)
def test_what_is_said_in_another_way_is_not_remembered(run, site, more):
    words = ("pip", "install", "lib", more)

    run(*words)

    assert not known(run, words)


def test_a_young_file_may_change_unseen_so_nothing_is_remembered(run, site):
    os.utime(run.folder / "r.txt")

    run(*WORDS)

    assert not known(run)


def test_a_cache_that_cannot_be_written_is_no_error(run, site):
    (run.folder / "cache" / "settled-v1").mkdir(parents=True)
    (run.folder / "cache" / "settled-v1" / "_").touch()

    assert 0 == run(*WORDS).code


def test_what_is_no_entry_is_none(tmp_path):
    (tmp_path / "x").write_bytes(b"\xff\0")

    assert [None, None] == [recalled(str(tmp_path / name), "q") for name in ("x", "none")]
