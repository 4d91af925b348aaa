"""`keyrack tool`: tools in environments of their own, from an index of the lab."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from lab.registries.simple import public
from lab.wheels import wheel

HELLO = {"hello_tool.py": b"import sys\ndef main():\n    print('hello', *sys.argv[1:])\n    return 3\n"}


def tool(version, **more):
    return wheel("hello-tool", version, files=HELLO, console={"hello": "hello_tool:main"}, **more)


OTHER = wheel("other", "1.0", files={"other.py": b""})
GOODBYE = wheel("goodbye", "1.0", files=HELLO, console={"goodbye": "hello_tool:main"})
LIB = wheel("lib", "1.0")


@pytest.fixture(scope="module")
def index() -> Iterator[str]:
    with public(tool("1.0"), tool("2.0", requires=["lib"]), OTHER, GOODBYE, LIB) as served:
        yield served.index_url()


@pytest.fixture
def tools(run, index, tmp_path):
    folder = tmp_path / "pythons"
    folder.mkdir()
    (folder / "python3").symlink_to(os.path.realpath(sys.executable))
    run.variables |= {
        "PATH": str(folder),
        "UV_PYTHON_SEARCH_PATH": str(folder),
        "UV_DEFAULT_INDEX": index,
        "UV_TOOL_DIR": str(tmp_path / "tools"),
        "UV_TOOL_BIN_DIR": str(tmp_path / "bin"),
    }
    return run


def executables(run):
    return sorted(path.name for path in (run.folder / "bin").iterdir())


def test_a_tool_is_installed_and_can_be_called(tools):
    made = tools("tool", "install", "hello-tool==1.0")

    assert 0 == made.code
    assert "Installed 1 executable: hello\n" in made.err
    assert "warning: `[FOLDER]/bin` is not on your PATH." in made.err
    called = subprocess.run([tools.folder / "bin" / "hello", "you"], capture_output=True, text=True)
    assert (3, "hello you\n") == (called.returncode, called.stdout)


def test_a_tool_is_installed_once(tools):
    tools("tool", "install", "hello-tool")

    assert (0, "", "`hello-tool` is already installed\n") == tools("tool", "install", "hello-tool")


def test_another_version_takes_its_place(tools):
    tools("tool", "install", "hello-tool@1.0")
    before = tools("tool", "list").out

    tools("tool", "install", "hello-tool@latest")

    assert "hello-tool v1.0\n- hello\n" == before
    assert "hello-tool v2.0\n- hello\n" == tools("tool", "list").out


def test_a_list_shows_what_was_asked_for(tools):
    tools("tool", "install", "hello-tool>1", "--with", "other>=1")

    assert "hello-tool v2.0 [required: >1] [with: other>=1] [CPython [PYTHON]] ([FOLDER]/tools/hello-tool)\n" == (
        tools("tool", "list", "--show-paths", "--show-with", "--show-version-specifiers", "--show-python").out
    ).replace("- hello ([FOLDER]/bin/hello)\n", "")


def test_a_package_without_executables_is_no_tool(tools):
    made = tools("tool", "install", "lib")

    assert 2 == made.code
    assert made.err.endswith(
        "No executables are provided by package `lib`; removing tool\nerror: Failed to install entrypoints for `lib`\n"
    )
    assert not (tools.folder / "tools" / "lib").exists()


def test_executables_of_others_are_kept(tools):
    (tools.folder / "bin").mkdir()
    (tools.folder / "bin" / "hello").write_text("mine")

    refused = tools("tool", "install", "hello-tool")

    assert 2 == refused.code
    assert "error: Executable already exists: hello (use `--force` to overwrite)\n" in refused.err
    assert "mine" == (tools.folder / "bin" / "hello").read_text()
    assert "No tools installed\n" == tools("tool", "list").err
    assert 0 == tools("tool", "install", "--force", "hello-tool").code


def test_executables_of_a_package_beside_it_are_linked_where_that_is_asked_for(tools):
    tools("tool", "install", "hello-tool", "--with-executables-from", "goodbye")

    assert ["goodbye", "hello"] == executables(tools)
    tools("tool", "uninstall", "hello-tool")
    assert [] == executables(tools)


def test_a_tool_is_upgraded(tools):
    tools("tool", "install", "hello-tool<=2")
    first = tools("tool", "upgrade", "--all")
    tools("tool", "install", "hello-tool==1.0")

    pinned = tools("tool", "upgrade", "hello-tool")

    assert "Nothing to upgrade\n" == first.err.splitlines(keepends=True)[-1]
    assert "Nothing to upgrade\n" == pinned.err.splitlines(keepends=True)[-1]


def test_what_is_not_installed_cannot_be_upgraded_or_removed(tools):
    for word in ("upgrade", "uninstall"):
        assert (2, "", "error: `nope` is not installed\n") == tools("tool", word, "nope")


def test_a_tool_is_removed_with_its_executables(tools):
    tools("tool", "install", "hello-tool")

    assert "Uninstalled 1 executable: hello\n" == tools("tool", "uninstall", "hello-tool").err
    assert [] == executables(tools)
    assert "Nothing to uninstall\n" == tools("tool", "uninstall", "--all").err


def test_a_broken_tool_is_told_and_can_be_removed(tools):
    tools("tool", "install", "hello-tool")
    (tools.folder / "tools" / "hello-tool" / "uv-receipt.toml").write_text("x")

    assert "warning: Tool `hello-tool` environment not found or broken" in tools("tool", "list").err
    assert 0 == tools("tool", "uninstall", "hello-tool").code


def test_where_tools_are(tools):
    assert "[FOLDER]/tools\n" == tools("tool", "dir").out
    assert "[FOLDER]/bin\n" == tools("tool", "dir", "--bin").out


def test_tools_are_among_what_belongs_to_the_user(tools):
    del tools.variables["UV_TOOL_DIR"], tools.variables["UV_TOOL_BIN_DIR"]

    assert "[FOLDER]/.local/share/uv/tools\n" == tools("tool", "dir").out
    assert "[FOLDER]/.local/bin\n" == tools("tool", "dir", "--bin").out
    assert "[FOLDER]/d/uv/tools\n" == tools("tool", "dir", XDG_DATA_HOME=str(tools.folder / "d")).out
    assert "[FOLDER]/bin\n" == tools("tool", "dir", "--bin", XDG_DATA_HOME=str(tools.folder / "d")).out


def test_a_tool_runs_with_its_words_and_ends_as_it_ends(tools, capfd):
    ran = [tools("tool", "run", "--from", "hello-tool", "hello", "-v", "--help").code for _ in range(2)]

    assert [3, 3] == ran
    assert "hello -v --help\nhello -v --help\n" == capfd.readouterr().out


def test_a_command_that_a_tool_does_not_have_is_an_error(tools):
    told = tools("tool", "run", "hello-tool")

    assert 1 == told.code
    assert "error: An executable named `hello-tool` is not provided by package `hello-tool`." in told.err
    assert "- hello\n" in told.err
    assert "error: Package `lib` does not provide any executables.\n" in tools("tool", "run", "lib").err


def test_without_a_command_the_tools_are_listed(tools):
    tools("tool", "install", "hello-tool")

    told = tools("tool", "run")

    assert 2 == told.code
    assert "- hello-tool v2.0\n" in told.out


def test_a_projects_settings_do_not_count(tools):
    (tools.folder / "pyproject.toml").write_text("[tool.uv]\nno-index = true\n")

    assert 0 == tools("tool", "install", "hello-tool").code
