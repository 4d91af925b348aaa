import os
import stat
import sys
from pathlib import Path

import msgspec
import pytest

from keyrack.adapters.interpreters import (
    NoEntry,
    NotAPython,
    environment_python,
    executables,
    installation_python,
    query,
)
from keyrack.adapters.processes import run_text
from lab.pythons import a_python


class Kept(dict[str, bytes]):
    """A cache of answers in memory."""

    def put(self, key, body):
        self[key] = body


class Asked:
    """Answers with one made-up Python, and counts how often it was asked."""

    def __init__(self, python):
        self.answer = msgspec.json.encode(python).decode()
        self.count = 0

    def __call__(self, arguments):
        self.count += 1
        return 0, self.answer, ""


def an_executable(path, text="\x7fELF"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_python_describes_itself():
    found = query(sys.executable, run_text)

    assert (sys.implementation.name, sys.version.split()[0], sys.prefix, True) == (
        found.implementation,
        found.version,
        found.prefix,
        found.is_virtual,
    )


@pytest.mark.skipif(not list((Path.home() / ".pyenv/versions").glob("3.8.*")), reason="there is no Python 3.8 here")
def test_an_old_python_describes_itself():
    (folder, *_) = (Path.home() / ".pyenv/versions").glob("3.8.*")

    found = query(str(folder / "bin/python"), run_text)

    assert (folder.name, str(folder), False) == (found.version, found.prefix, found.is_virtual)


def test_an_answer_is_kept_while_the_executable_is_unchanged(tmp_path):
    path = an_executable(tmp_path / "python")
    asked, kept = Asked(a_python("3.12.1")), Kept()

    found = [query(path, asked, kept).version for _ in range(2)]

    assert (["3.12.1", "3.12.1"], 1) == (found, asked.count)


def test_a_changed_executable_is_asked_again(tmp_path):
    path = an_executable(tmp_path / "python")
    asked, kept = Asked(a_python()), Kept()
    query(path, asked, kept)
    an_executable(tmp_path / "python", "\x7fELF another")

    query(path, asked, kept)

    assert 2 == asked.count


def test_an_executable_of_another_environment_is_asked_again(tmp_path):
    path = an_executable(tmp_path / "bin/python")
    asked, kept = Asked(a_python()), Kept()
    query(path, asked, kept)
    (tmp_path / "pyvenv.cfg").touch()

    query(path, asked, kept)

    assert 2 == asked.count


def test_a_script_in_the_place_of_a_python_is_asked_each_time(tmp_path):
    path = an_executable(tmp_path / "python", "#!/bin/sh\n")
    asked, kept = Asked(a_python()), Kept()

    query(path, asked, kept)
    query(path, asked, kept)

    assert (2, {}) == (asked.count, kept)


def test_an_answer_that_cannot_be_read_any_more_is_asked_for_again(tmp_path):
    path = an_executable(tmp_path / "python")
    asked, kept = Asked(a_python()), Kept()
    query(path, asked, kept)
    kept.update(dict.fromkeys(kept, b"{}"))

    query(path, asked, kept)

    assert 2 == asked.count


def test_what_is_not_there_is_no_entry(tmp_path):
    with pytest.raises(NoEntry) as caught:
        query(str(tmp_path / "python"), run_text)

    assert f"Python interpreter not found at `{tmp_path}/python`" == caught.value.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#!/bin/sh\necho no >&2; exit 3", "Querying Python at `PATH` failed with exit status 3\n\n[stderr]\nno"),
        ("#!/bin/sh\nexit 3", "Querying Python at `PATH` failed with exit status 3"),
        ("#!/bin/sh\necho '{}'", "Querying Python at `PATH` returned an answer that no Python gives"),
        ("", "Failed to query Python interpreter at `PATH`"),
        ("#!/nowhere/at/all\n", "Failed to query Python interpreter at `PATH`"),
    ],
)
def test_what_is_no_python_is_told(tmp_path, text, expected):
    path = an_executable(tmp_path / "python", text)

    with pytest.raises(NotAPython) as caught:
        query(path, run_text)

    assert expected.replace("PATH", path) == caught.value.message


def test_an_executable_that_hangs_is_no_python(tmp_path):
    path = an_executable(tmp_path / "python", "#!/bin/sh\nexec tail -f /dev/null")

    with pytest.raises(NotAPython) as caught:
        query(path, lambda arguments: run_text(arguments, 0.2))

    assert (f"`{path}` took more than 0.2 seconds",) == caught.value.causes


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("musl libc (x86_64)\nVersion 1.2.4\nDynamic Program Loader", "musllinux_1_2_x86_64"),
        ("nothing", "linux_x86_64"),
    ],
)
def test_a_python_on_musl_has_the_version_of_its_loader(tmp_path, said, expected):
    path = an_executable(tmp_path / "python")
    python = msgspec.structs.replace(a_python(), platform="musl:/lib/ld-musl-x86_64.so.1:x86_64")
    answer = msgspec.json.encode(python).decode()

    def run(arguments):
        return (1, "", said) if arguments[0].startswith("/lib/ld-musl") else (0, answer, "")

    assert expected == query(path, run).platform


def test_a_loader_that_cannot_be_run_is_no_musl(tmp_path):
    path = an_executable(tmp_path / "python")
    python = msgspec.structs.replace(a_python(), platform="musl:/nowhere/ld-musl.so.1:x86_64")
    answer = msgspec.json.encode(python).decode()

    def run(arguments):
        if arguments[0].startswith("/nowhere"):
            raise FileNotFoundError(2, "No such file or directory")
        return 0, answer, ""

    assert "linux_x86_64" == query(path, run).platform


def test_the_python_of_an_environment_is_found(tmp_path):
    (tmp_path / "pyvenv.cfg").touch()
    path = an_executable(tmp_path / "bin/python3")

    assert path == environment_python(str(tmp_path))


def test_an_environment_may_have_lost_its_python(tmp_path):
    (tmp_path / "pyvenv.cfg").touch()

    assert str(tmp_path / "bin/python") == environment_python(str(tmp_path))


def test_a_folder_without_a_configuration_is_no_environment(tmp_path):
    path = an_executable(tmp_path / "bin/python")

    assert (None, path) == (environment_python(str(tmp_path)), installation_python(str(tmp_path)))


def test_a_folder_without_a_python_is_no_installation(tmp_path):
    assert installation_python(str(tmp_path)) is None


def names(tmp_path, *wanted, **words):
    path = os.pathsep.join(("", str(tmp_path / "a"), str(tmp_path / "none"), str(tmp_path / "b")))
    return [os.path.relpath(found, tmp_path) for found in executables(path, wanted, **words)]


def test_a_search_path_is_walked_folder_by_folder(tmp_path):
    for name in ("a/python3", "a/python", "b/python3.12", "b/python"):
        an_executable(tmp_path / name)

    assert ["a/python", "a/python3", "b/python"] == names(tmp_path, "python", "python3")


def test_names_that_were_asked_for_come_before_others(tmp_path):
    for name in (
        "python",
        "python3",
        "python3.9",
        "python3.12",
        "python3.13t",
        "pypy3",
        "python3-config",
        "pip",
        "graalpy",
    ):
        an_executable(tmp_path / "a" / name)

    assert ["python3.9", "graalpy", "python", "pypy3", "python3", "python3.13t", "python3.12"] == [
        os.path.basename(name) for name in names(tmp_path, "python3.9", others=True)
    ]


def test_what_cannot_be_run_is_passed_over(tmp_path):
    (tmp_path / "a/python").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    (tmp_path / "b/python").touch()

    assert [] == names(tmp_path, "python")


def test_on_windows_executables_have_an_ending(tmp_path):
    for name in ("python.exe", "python3.12.exe", "pythonw.exe", "py.exe"):
        an_executable(tmp_path / "a" / name)

    assert ["a/python3.12.exe", "a/python.exe"] == names(tmp_path, "python3.12", others=True, windows=True)


@pytest.mark.parametrize("name", ["Scripts/python.exe", "python.exe"])
def test_on_windows_pythons_lie_in_other_places(tmp_path, name):
    (tmp_path / "pyvenv.cfg").touch()
    path = an_executable(tmp_path / name)

    assert [path, path] == [
        environment_python(str(tmp_path), windows=True),
        installation_python(str(tmp_path), windows=True),
    ]
