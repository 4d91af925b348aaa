import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from keyrack.adapters.interpreters import query
from keyrack.adapters.processes import run_text
from keyrack.adapters.venvs import VenvOptions, create_venv

ODD = 'it\'s a "b" $(touch pwned) `c` 5% !d'


def base():
    return query(query(sys.executable, run_text).base_executable, run_text)


def make(path, **options):
    return create_venv(str(path), base(), VenvOptions(**options), ("keyrack", "1.2.3"))


@pytest.fixture
def env(tmp_path):
    make(tmp_path / "env")
    return tmp_path / "env"


SH = """\
before="$PATH"; PS1='$ '; PYTHONHOME=/x; export PYTHONHOME
. "$1/bin/activate"
printf '%s\\n' "$VIRTUAL_ENV" "$VIRTUAL_ENV_PROMPT" "$PS1" "${PYTHONHOME-unset}" "${PATH%%:*}"
. "$1/bin/activate"
deactivate
[ "$PATH" = "$before" ] && printf '%s\\n' "$PS1" "$PYTHONHOME" "${VIRTUAL_ENV-unset}" "${VIRTUAL_ENV_PROMPT-unset}"
"""
CSH = """\
set before = "$PATH:q"; set prompt = '$ '; setenv PYTHONHOME /x
source "$argv[1]:q/bin/activate.csh"
printf '%s\\n' "$VIRTUAL_ENV:q" "$VIRTUAL_ENV_PROMPT:q"
source "$argv[1]:q/bin/activate.csh"
deactivate
if ("$PATH:q" == "$before:q") printf '%s\\n' "$prompt:q" "$PYTHONHOME"
"""
FISH = """\
set before $PATH; set -gx PYTHONHOME /x
source "$argv[1]/bin/activate.fish"
printf '%s\\n' "$VIRTUAL_ENV" "$VIRTUAL_ENV_PROMPT"
source "$argv[1]/bin/activate.fish"
deactivate
test (string join : $before) = (string join : $PATH); and printf '%s\\n' "$PYTHONHOME"
"""
PWSH = """\
$before = $env:PATH
. "$($args[0])/bin/activate.ps1"
$env:VIRTUAL_ENV; $env:VIRTUAL_ENV_PROMPT
deactivate
if ($env:PATH -eq $before) { 'restored' }
"""


def run_in(shell, text, *arguments):
    words, _, flags = shell.partition(" ")
    if shutil.which(words) is None:
        pytest.skip(f"there is no {words} here")
    return subprocess.run(
        [words, *flags.split(), "-c", text, words, *arguments], capture_output=True, text=True, cwd="/"
    )


def run_script(shell, tmp_path, text, *arguments):
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    script = tmp_path / ("script.ps1" if shell == "pwsh" else "script")
    script.write_text(text)
    return subprocess.run([shell, str(script), *arguments], capture_output=True, text=True).stdout.splitlines()


@pytest.mark.parametrize("shell", ["sh", "bash", "sh -eu", "bash -eu", "zsh", "ksh"])
def test_a_posix_shell_enters_and_leaves_it(tmp_path, shell):
    env = tmp_path / ODD
    make(env, prompt=ODD)

    ran = run_in(shell, SH, str(env))

    shown = f"({ODD.replace('%', '%%')}) $ " if shell == "zsh" else "(${VIRTUAL_ENV_PROMPT}) $ "
    found = [str(env), ODD, shown, "unset", str(env / "bin"), "$ ", "/x", "unset", "unset"]
    assert (found, "") == (ran.stdout.splitlines(), ran.stderr)
    assert not Path("/pwned").exists()


def test_bash_shows_the_prompt_and_runs_no_part_of_it(tmp_path):
    make(tmp_path / "env", prompt=ODD)

    ran = run_in("bash", '. "$1/bin/activate"; PS1="${PS1}"; echo "${PS1@P}"', str(tmp_path / "env"))

    assert f"({ODD}) " == ran.stdout.rstrip("\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "ksh"])
def test_a_relocatable_environment_is_entered_where_it_lies(tmp_path, shell):
    make(tmp_path / "env", relocatable=True)
    shutil.move(tmp_path / "env", tmp_path / ODD)

    ran = run_in(shell, '. "$1/bin/activate"; echo "$VIRTUAL_ENV"', str(tmp_path / ODD))

    assert str(tmp_path / ODD) == ran.stdout.rstrip("\n")


def test_a_shell_that_cannot_say_where_a_script_lies_says_that(tmp_path):
    make(tmp_path / "env", relocatable=True)

    ran = run_in("dash", '. "$1/bin/activate"; echo "${VIRTUAL_ENV-unset}"', str(tmp_path / "env"))

    assert ("unset\n", "This shell cannot say where a script lies: source it from bash, zsh or ksh\n") == (
        ran.stdout,
        ran.stderr,
    )


def test_csh_enters_and_leaves_it(tmp_path):
    make(tmp_path / ODD, prompt=ODD)

    assert [str(tmp_path / ODD), ODD, "$ ", "/x"] == run_script("tcsh", tmp_path, CSH, str(tmp_path / ODD))


def test_fish_enters_and_leaves_it(tmp_path):
    make(tmp_path / ODD, prompt=ODD)

    assert [str(tmp_path / ODD), ODD, "/x"] == run_script("fish", tmp_path, FISH, str(tmp_path / ODD))


def test_powershell_enters_and_leaves_it(tmp_path):
    make(tmp_path / ODD, prompt=ODD)

    assert [str(tmp_path / ODD), ODD, "restored"] == run_script("pwsh", tmp_path, PWSH, str(tmp_path / ODD))


def test_a_running_python_enters_it(env):
    (site,) = (env / "lib").glob("python*/site-packages")
    (site / "only_here.py").write_text("found = True")
    path = env / "bin/activate_this.py"
    text = f"exec(open({str(path)!r}).read(), {{'__file__': {str(path)!r}}}); import only_here, os, sys"

    ran = subprocess.run(
        [base().executable, "-c", f"{text}; print(sys.prefix, os.environ['VIRTUAL_ENV'])"],
        capture_output=True,
        text=True,
    )

    assert [str(env), str(env)] == ran.stdout.split()
