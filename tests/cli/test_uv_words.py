"""Words, lines and exit codes that are uv's in small things."""

import sys

import pytest

from lab.registries.simple import public
from lab.wheels import wheel

LIB = wheel("lib", "1.0", requires=["dep"], files={"lib/__init__.py": "", "lib/x.py": ""})
DEP = wheel("dep", "1.0", files={"dep.py": ""})
ISOLATED = (
    "warning: The `--isolated` flag is deprecated. Instead, use `--no-config` to prevent keyrack from discovering"
    " configuration files."
)


@pytest.fixture
def index():
    with public(LIB, DEP) as index:
        yield index


@pytest.fixture
def do(run, index):
    """Run with the index; give the lines for people, without what differs."""

    def doing(*words, **variables):
        said = run(*words, UV_DEFAULT_INDEX=index.index_url(), **variables)
        doing.code = said.code
        lines = said.err.replace("\n  ... ", " ").splitlines()
        return [line.strip() for line in lines if line and not line.startswith("Using ")]

    return doing


@pytest.mark.parametrize(
    ("words", "prepared"),
    [
        ((), 0),
        (("--reinstall",), 2),
        (("--upgrade",), 2),
        (("--refresh",), 2),
        (("--refresh-package", "dep"), 1),
        (("--reinstall-package", "dep"), 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_was_asked_for_anew_counts_as_prepared_though_it_was_stored(do, words, prepared):
    do("pip", "install", "lib")
    do("pip", "uninstall", "lib", "dep")

    lines = do("pip", "install", *words, "lib")

    expected = f"Prepared {prepared} package{'s' * (prepared > 1)} in [TIME]" if prepared else None
    assert expected == next((line for line in lines if line.startswith("Prepared")), None)


def test_a_dry_run_tells_how_many_would_be_asked_for_anew(do):
    do("pip", "install", "lib")

    assert "Would download 2 packages" in do("pip", "install", "--dry-run", "--reinstall", "lib")


def test_only_what_comes_is_compiled(do):
    do("pip", "install", "--compile-bytecode", "lib")

    lines = do("pip", "install", "--compile-bytecode", "--reinstall-package", "dep", "lib")

    assert "Bytecode compiled 1 file in [TIME]" in lines


@pytest.mark.parametrize("mode", ["hardlink", "copy", "clone"])
def test_modules_are_compiled_once_into_the_cache_and_valid_where_they_are_linked(do, run, mode):
    words = ("pip", "install", "--compile-bytecode", "--link-mode", mode, "lib")
    do(*words)
    stored = {path: path.stat().st_mtime_ns for path in (run.folder / "cache").rglob("*.pyc")}
    do("pip", "uninstall", "lib", "dep")

    lines = do(*words)

    assert "Bytecode compiled 3 files in [TIME]" in lines
    assert stored == {path: path.stat().st_mtime_ns for path in (run.folder / "cache").rglob("*.pyc")}
    linked = sorted((run.folder / "v").rglob("*.pyc"))
    assert 3 == len(stored) == len(linked)
    for pyc in linked:
        source = pyc.parent.parent / f"{pyc.name.partition('.')[0]}.py"
        is_hashed, stamp = (int.from_bytes(pyc.read_bytes()[at : at + 4], "little") for at in (4, 8))
        assert is_hashed or int(source.stat().st_mtime) == stamp


def test_compiled_modules_go_when_their_distribution_goes(do, run):
    do("pip", "install", "--compile-bytecode", "lib")

    do("pip", "uninstall", "lib", "dep")

    assert [] == list((run.folder / "v").rglob("*.pyc"))


@pytest.mark.parametrize("command", ["install", "sync"])
def test_a_dry_run_and_a_check_are_not_asked_for_together(run, command):
    said = run("pip", command, "--dry-run", "--check", "lib")

    assert (2, True) == (
        said.code,
        said.err.startswith("error: the argument '--dry-run' cannot be used with '--check'\n"),
    )


@pytest.mark.parametrize("command", ["install", "compile"])
def test_groups_are_upgraded_in_projects_alone(run, command):
    said = run("pip", command, "--upgrade-group", "dev", "lib")

    assert (2, "error: `--upgrade-group` is not supported in `keyrack pip` commands\n") == (said.code, said.err)


def test_isolated_is_an_old_word_for_no_config(do, run):
    (run.folder / "uv.toml").write_text("no such TOML")

    lines = do("pip", "install", "--isolated", "lib")

    assert (0, ISOLATED) == (do.code, lines[0])


@pytest.mark.parametrize(("flag", "inside"), [("--target", ""), ("--prefix", "/lib/python[MINOR]/site-packages")])
def test_a_folder_is_shown_as_it_was_named(do, run, flag, inside):
    do("pip", "install", flag, "t", "lib")

    said = run("pip", "show", flag, "t", "lib")

    assert f"Location: t{inside}" in said.out.splitlines()


def test_markers_are_written_in_their_canonical_form(do, run, installed):
    installed("a", requires='Requires-Dist: gone; python_version >= "3.8" and platform_system != "Windows"\n')

    said = run("pip", "check")

    wanted = "gone ; python_full_version >= '3.8' and sys_platform != 'win32'"
    assert f"The package `a` requires `{wanted}`, but it's not installed" in said.err.splitlines()


@pytest.mark.parametrize(
    ("project", "words", "place"),
    [(True, (), "mine"), (True, ("--no-project",), ".venv"), (False, (), ".venv"), (True, ("w",), "w")],
    ids=["in a project", "without it", "elsewhere", "named"],
)
def test_the_environment_of_a_project_may_be_named_by_a_variable(run, project, words, place):
    if project:
        (run.folder / "pyproject.toml").write_text("[project]\nname = 'a'\nversion = '1'\n")

    said = run("venv", "--python", sys.executable, *words, UV_PROJECT_ENVIRONMENT="mine")

    assert (0, True) == (said.code, (run.folder / place / "pyvenv.cfg").is_file())


def test_nobody_is_told_who_installed_where_that_is_not_wanted(do, run):
    do("pip", "install", "lib", UV_NO_INSTALLER_METADATA="1")

    (found,) = (run.folder / "v").glob("lib/python*/site-packages/lib-*.dist-info")
    assert {"METADATA", "RECORD", "WHEEL"} == {path.name for path in found.iterdir()}
    assert "INSTALLER" not in (found / "RECORD").read_text(encoding="utf-8")
