import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from keyrack.adapters.interpreters import query
from keyrack.adapters.processes import run_text
from keyrack.adapters.venvs import VenvExists, VenvFailed, VenvOptions, create_venv
from keyrack.formats.pyvenv_cfg import parse_pyvenv_cfg
from lab.pythons import a_python

ODD = 'it\'s a "b" $(touch pwned) `c` 5% !d'
BY = ("keyrack", "1.2.3")


def base():
    return query(query(sys.executable, run_text).base_executable, run_text)


def others():
    """Pythons of this machine that are not ours, one for each version."""
    return sorted((Path.home() / ".pyenv/versions").glob("3.*/bin/python"))


def make(path, python=None, **options):
    return create_venv(str(path), python or base(), VenvOptions(**options), BY)


def refusal(path, **options):
    with pytest.raises(VenvExists) as caught:
        make(path, **options)
    return caught.value.causes[0], *caught.value.hints


def configuration(path):
    return parse_pyvenv_cfg((path / "pyvenv.cfg").read_text())


@pytest.fixture
def env(tmp_path):
    make(tmp_path / "env")
    return tmp_path / "env"


def test_its_python_is_in_the_environment(tmp_path):
    executable = make(tmp_path / "env")

    found = query(executable, run_text)

    assert (str(tmp_path / "env"), True) == (found.prefix, found.is_virtual)


@pytest.mark.skipif(not others(), reason="there are no other Pythons here")
@pytest.mark.parametrize("executable", others(), ids=lambda path: path.parts[-3])
def test_it_works_for_other_pythons(tmp_path, executable):
    made = make(tmp_path / "env", query(str(executable), run_text))

    ran = subprocess.run(
        [made, "-c", "import sys; print(sys.prefix); print(sys.path[-1])"], capture_output=True, text=True
    )

    (site,) = (tmp_path / "env/lib").glob("python*/site-packages")
    assert [str(tmp_path / "env"), str(site)] == ran.stdout.split()


def test_its_configuration_says_what_it_is_made_of(env):
    python = base()

    assert {
        "home": os.path.dirname(python.base_executable),
        "implementation": "CPython",
        "keyrack": "1.2.3",
        "version_info": python.version,
        "include-system-site-packages": "false",
    } == configuration(env)


def test_its_options_stand_in_the_configuration(tmp_path):
    make(tmp_path / "env", prompt="a\nb", system_site_packages=True, relocatable=True)

    found = configuration(tmp_path / "env")

    assert ("ab", "true", "true") == (found["prompt"], found["include-system-site-packages"], found["relocatable"])


def test_it_is_no_part_of_a_repository_or_a_backup(env):
    assert ("*", "Signature: 8a477f597d28d172789f06886806bc55") == (
        (env / ".gitignore").read_text(),
        (env / "CACHEDIR.TAG").read_text(),
    )


def test_its_pythons_have_all_usual_names(env):
    minor = base().minor

    assert ["python", "python3", f"python{minor}"] == sorted(path.name for path in (env / "bin").glob("python*"))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"implementation": "pypy"}, "lib/pypy3.12/site-packages bin/pypy bin/pypy3 bin/pypy3.12"),
        ({"gil_disabled": True}, "lib/python3.12t/site-packages bin/python3.12t"),
        ({"pointer_size": 32}, "lib/python3.12/site-packages bin/python3.12"),
    ],
)
def test_other_kinds_of_python_have_their_own_places(tmp_path, change, expected):
    make(tmp_path / "env", msgspec.structs.replace(a_python("3.12.1"), **change))

    assert [] == [place for place in expected.split() if not os.path.lexists(tmp_path / "env" / place)]


@pytest.mark.parametrize(
    ("python", "expected"),
    [
        (a_python("3.12.1"), True),
        (msgspec.structs.replace(a_python("3.12.1"), pointer_size=32), False),
        (a_python("3.12.1", "macosx_14_0_arm64"), False),
    ],
)
def test_a_second_name_of_lib_is_for_64_bits(tmp_path, python, expected):
    make(tmp_path / "env", python)

    assert expected == (tmp_path / "env/lib64").is_symlink()


def windows(tmp_path, *files, **change):
    home = tmp_path / "home"
    for name in files:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(name)
    python = msgspec.structs.replace(
        a_python("3.12.1", "win_amd64"), base_executable=str(home / "python.exe"), **change
    )
    made = create_venv(str(tmp_path / "env"), python, VenvOptions(), BY, windows=True)
    assert str(tmp_path / "env/Scripts/python.exe") == made
    assert (tmp_path / "env/Lib/site-packages").is_dir()
    scripts = tmp_path / "env/Scripts"
    return {
        path.name: path.read_text() for path in scripts.iterdir() if path.suffix in (".exe", ".dll", ".pyd", ".zip")
    }


def test_on_windows_launchers_are_copied(tmp_path):
    nt = "Lib/venv/scripts/nt"

    assert {"python.exe": f"{nt}/venvlauncher.exe", "pythonw.exe": f"{nt}/venvwlauncher.exe"} == windows(
        tmp_path, f"{nt}/venvlauncher.exe", f"{nt}/venvwlauncher.exe", "python.exe", "python312.dll"
    )


def test_on_windows_newer_launchers_have_the_names_of_what_they_stand_for(tmp_path):
    nt = "Lib/venv/scripts/nt"

    assert {"python.exe": f"{nt}/python.exe"} == windows(tmp_path, f"{nt}/python.exe", f"{nt}/venvlauncher.exe")


def test_on_windows_a_free_threaded_python_has_launchers_of_its_own(tmp_path):
    nt = "Lib/venv/scripts/nt"

    assert {"python.exe": f"{nt}/venvlaunchert.exe"} == windows(
        tmp_path, f"{nt}/venvlauncher.exe", f"{nt}/venvlaunchert.exe", gil_disabled=True
    )


def test_on_windows_an_embedded_python_is_copied_with_its_libraries(tmp_path):
    files = ("python.exe", "python312.dll", "python312.zip", "readme.txt", "DLLs/_ssl.pyd")

    assert {
        "python.exe": "python.exe",
        "python312.dll": "python312.dll",
        "python312.zip": "python312.zip",
        "_ssl.pyd": "DLLs/_ssl.pyd",
    } == windows(tmp_path, *files)


def test_an_empty_folder_becomes_an_environment(tmp_path):
    make(tmp_path)

    assert (tmp_path / "pyvenv.cfg").is_file()


def test_an_environment_is_not_replaced_unasked(env):
    assert (
        f"A virtual environment already exists at: {env}",
        "Use the `--clear` flag or set `UV_VENV_CLEAR=1` to replace the existing virtual environment",
    ) == refusal(env)


def test_messages_call_the_place_as_the_user_does(env):
    assert "A virtual environment already exists at: env" == refusal(env, shown="env")[0]


def test_a_folder_is_not_filled_unasked(tmp_path):
    (tmp_path / "mine").touch()

    assert (
        f"A directory already exists at: {tmp_path}",
        "Use the `--clear` flag or set `UV_VENV_CLEAR=1` to replace the existing directory",
    ) == refusal(tmp_path)


def test_a_folder_that_is_no_environment_is_not_cleared_unasked(tmp_path):
    (tmp_path / "mine").touch()

    assert (
        "keyrack will not clear a directory that is not a virtual environment",
        "Use the `--force` flag to remove the existing directory anyway",
    ) == refusal(tmp_path, clear=True)
    assert (tmp_path / "mine").exists()


def test_a_file_is_in_the_way(tmp_path):
    (tmp_path / "file").touch()

    assert (f"File exists at `{tmp_path}/file`",) == refusal(tmp_path / "file", clear=True, force=True)


def test_clearing_leaves_nothing_but_the_new_environment(env, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/kept").touch()
    (env / "linked").symlink_to(tmp_path / "outside")
    (env / "folder").mkdir()
    (env / "file").touch()

    make(env, clear=True)

    assert [True, False, False, False] == [
        path.exists() for path in (tmp_path / "outside/kept", env / "linked", env / "folder", env / "file")
    ]


def test_a_folder_may_be_cleared_by_force(tmp_path):
    (tmp_path / "mine").touch()

    make(tmp_path, clear=True, force=True)

    assert (False, True) == ((tmp_path / "mine").exists(), (tmp_path / "pyvenv.cfg").exists())


def test_what_is_there_may_be_kept(env):
    (env / "mine").touch()
    (env / "lib64").unlink()
    (env / "lib64").mkdir()

    make(env, allow_existing=True)

    assert [True, True] == [(env / "mine").exists(), (env / "lib64").is_dir()]


def test_a_link_in_the_place_of_a_file_is_not_written_through(env, tmp_path):
    (tmp_path / "outside").write_text("kept")
    (env / "pyvenv.cfg").unlink()
    (env / "pyvenv.cfg").symlink_to(tmp_path / "outside")

    make(env, allow_existing=True)

    assert "kept" == (tmp_path / "outside").read_text()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_disk_that_says_no_is_told(tmp_path):
    tmp_path.chmod(0o500)

    with pytest.raises(VenvFailed):
        make(tmp_path / "env")


def test_a_name_that_the_disk_cannot_take_is_told(tmp_path):
    with pytest.raises(VenvFailed) as caught:
        make(tmp_path / ("x" * 300))

    assert caught.value.causes[0].startswith("File name too long (os error 36)")


def test_every_template_is_one_of_a_shell(env):
    scripts = {path.name for path in (env / "bin").iterdir()} - {"python", "python3", f"python{base().minor}"}

    assert {
        "activate",
        "activate.bat",
        "activate.csh",
        "activate.fish",
        "activate.nu",
        "activate.ps1",
        "activate.xsh",
        "activate_this.py",
        "deactivate.bat",
        "deactivate.csh",
    } == scripts
