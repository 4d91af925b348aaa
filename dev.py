"""The project's commands in one file: `python3 dev.py WORD [more words]`.

Needs nothing but a Python >= 3.11: it makes `.venv`, installs what pyproject.toml names, and runs the word. CI runs the
same words and nothing else. The second time, an unchanged environment costs one hash.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit("dev.py needs Python 3.11 or newer, and this is " + sys.version.split()[0] + ": try `python3.12 dev.py`")

import hashlib
import os
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
BIN = "Scripts" if os.name == "nt" else "bin"
VERSIONS = ("3.11", "3.12", "3.13")
PURE = ("values", "formats", "policy")  # the floors that must be covered whole by their own tests
USAGE = """\
usage: python3 dev.py WORD [more words, for the tool behind it]

  demo     install from several private registries of the lab, and show who was asked with which identity
  test     the pure floors with full branch coverage, then the rest; with more words: pytest with these words
  lint     ruff format, ruff check, mypy, import-linter
  check    lint and test on every Python found, and test with the lowest dependencies
  fix      format, and mend what ruff can mend
  accept   rewrite the inline snapshots, and show what changed
  bench    keyrack, uv and pip in turns against an index on this machine; `bench --help` says what can be chosen
  fuzz     throw malformed input at every reader for a minute; with more words: for so many seconds, at these readers"""


class Venv(NamedTuple):
    """A virtual environment to have: its folder under the root, the Python to make it with, its packages."""

    folder: str
    base: str
    version: str
    lowest: bool = False

    @property
    def python(self) -> str:
        return str(ROOT / self.folder / BIN / "python")

    @property
    def stamp(self) -> Path:
        return ROOT / self.folder / "stamp"


def main(words: list[str]) -> int:
    """Run one word; the exit code is that of the tool behind it."""
    if not words or words[0] not in WORDS:
        asked = bool(words) and words[0] in {"help", "-h", "--help"}
        print(USAGE, file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    return WORDS[words[0]](words[1:])


# The words.


def demo(words: list[str]) -> int:
    return run(made(here()), "-m", "lab.demo", *words)


def bench(words: list[str]) -> int:
    return run(made(here()), "-m", "bench", *words)


def fuzz(words: list[str]) -> int:
    """atheris, which has wheels for some Pythons only, joins in where it can be installed."""
    python = made(here())
    if run(python, "-c", "import atheris"):
        run(python, "-m", "pip", "-qq", "--disable-pip-version-check", "install", *group("fuzz"))
    return run(*isolated(), python, "-m", "fuzz", *words)


def test(words: list[str]) -> int:
    python = made(here())
    return pytest(python, words) if words else test_all(python)


def lint(words: list[str]) -> int:
    return lint_with(made(here()), words)


DEEP = "--hypothesis-profile=deep"


def check(_words: list[str]) -> int:
    """Everything, on everything: goes on after a failure, and answers with the first."""
    codes = []
    os.environ.setdefault("KEYRACK_TEST_KILLS", "50")
    for venv in [here(), *others()]:
        announce(f"Python {venv.version}")
        python = made(venv)
        codes += [lint_with(python, ["--python-version", venv.version]), test_all(python, DEEP)]
    announce("lowest dependencies")
    codes.append(test_all(made(here()._replace(folder=".venv-lowest", lowest=True))))
    return first_failure(codes)


def fix(words: list[str]) -> int:
    python = made(here())
    return first_failure(
        [run(python, "-m", "ruff", "check", "--fix", *words), run(python, "-m", "ruff", "format", *words)]
    )


def accept(words: list[str]) -> int:
    """Rewrite snapshots. pytest's own verdict is about the old ones, so the diff has the last word."""
    run(made(here()), "-m", "pytest", "--quiet", "--inline-snapshot=fix,create", *words)
    return run("git", "--no-pager", "diff", "--", "tests")


WORDS: dict[str, Callable[[list[str]], int]] = {
    "demo": demo,
    "test": test,
    "lint": lint,
    "check": check,
    "fix": fix,
    "accept": accept,
    "bench": bench,
    "fuzz": fuzz,
}


# What they are made of.


def lint_with(python: str, mypy_words: list[str]) -> int:
    """All four, whatever the first says."""
    return first_failure(
        [
            run(python, "-m", "ruff", "format", "--check"),
            run(python, "-m", "ruff", "check"),
            run(python, "-m", "mypy", *mypy_words),
            run(str(Path(python).with_name("lint-imports")), "--no-logo"),
        ]
    )


def test_all(python: str, *more: str) -> int:
    """The pure floors first: they are quick, and when they are wrong the rest says nothing new."""
    floors = [f"tests/{floor}" for floor in PURE]
    covered = [f"--cov=src/keyrack/{floor}" for floor in PURE]
    gate = ["--cov-branch", "--cov-fail-under=100", "--cov-report=term-missing:skip-covered"]
    shared = ["--numprocesses=2", "--inline-snapshot=disable", "--durations=10", *more]
    rest = [f"--ignore=tests/{floor}" for floor in PURE]
    announce("values, formats, policy")
    code = pytest(python, [*floors, *covered, *gate, *shared])
    if code:
        return code
    announce("all others")
    return pytest(python, ["tests", *rest, *shared, "--dist=loadscope"])


def pytest(python: str, words: list[str]) -> int:
    return run(*isolated(), python, "-m", "pytest", *words)


def isolated() -> list[str]:
    """Words that run a program where loopback is the only network; none where the system has no such thing."""
    flags = "-n" if os.name == "posix" and os.geteuid() == 0 else "-rn"
    words = ["unshare", flags, "sh", "-c", 'ip link set lo up && exec "$0" "$@"']
    try:
        works = subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        works = False
    return words if works else []


# Environments.


def here() -> Venv:
    """`.venv`, made with the Python that runs this file (its base, if that one is virtual itself)."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return Venv(".venv", str(getattr(sys, "_base_executable", sys.executable)), version)


def others() -> Iterable[Venv]:
    """An environment for each further Python of this machine that keyrack speaks for."""
    for version in VERSIONS:
        candidates = [shutil.which(f"python{version}"), *pyenv_pythons(version)]
        base = next((python for python in candidates if python and answers(python, version)), None)
        if base and version != here().version:
            yield Venv(f".venv-{version}", base, version)


def pyenv_pythons(version: str) -> list[str]:
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    return [str(found) for found in sorted(versions.glob(f"{version}.*/{BIN}/python"))]


def answers(python: str, version: str) -> bool:
    """Say whether this is a working Python of that version: a shim may stand where none is."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    return subprocess.run([python, "-c", ask], capture_output=True, text=True, check=False).stdout.strip() == version


def made(venv: Venv) -> str:
    """Make the environment, or refresh it where its inputs changed; the path of its Python comes back."""
    wanted = fingerprint(venv)
    if venv.stamp.is_file() and venv.stamp.read_text() == wanted and (ROOT / "src/keyrack/_build.py").is_file():
        return venv.python
    announce(f"making {venv.folder}")
    venv.stamp.unlink(missing_ok=True)
    if not Path(venv.python).exists() or not answers(venv.python, venv.version):
        must(venv.base, "-m", "venv", "--clear", venv.folder)
    pip = (venv.python, "-m", "pip", "-qq", "--disable-pip-version-check", "install")
    # Development tools first: with hatchling among them, our own build needs no environment of its own.
    must(*pip, *requirements(lowest=venv.lowest))
    must(*pip, "--no-build-isolation", "--editable", ".")
    venv.stamp.write_text(wanted)
    return venv.python


def fingerprint(venv: Venv) -> str:
    """A hash of all that decides what the environment holds."""
    inputs = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "hatch_build.py")]
    inputs += [venv.version.encode(), os.environ.get("KEYRACK_BUILD_DEFAULT_INDEX", "").encode()]
    return hashlib.sha256(b"\0".join(inputs)).hexdigest()


def group(name: str) -> list[str]:
    """A group of pyproject.toml (PEP 735)."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[str] = table["dependency-groups"][name]
    return found


def requirements(*, lowest: bool) -> list[str]:
    """The development group of pyproject.toml (PEP 735), and for `lowest` each dependency at its lower bound."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    tools = group("dev")
    bounds: list[str] = table["project"]["dependencies"]
    return [*tools, *(bound.replace(">=", "==") for bound in bounds)] if lowest else tools


# Programs.


def run(*words: str) -> int:
    """Run a program from the root; its exit code comes back, 128 + n where signal n ended it.

    Ctrl-C reaches the program too: wait until it has said goodbye in its own way, then stop.
    """
    interrupted = False
    with subprocess.Popen(words, cwd=ROOT) as child:
        while child.poll() is None:
            try:
                child.wait()
            except KeyboardInterrupt:
                interrupted = True
    if interrupted:
        sys.exit(130)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def must(*words: str) -> None:
    """Run a program without which there is no going on."""
    code = run(*words)
    if code:
        sys.exit(code)


def first_failure(codes: list[int]) -> int:
    return next((code for code in codes if code), 0)


def announce(what: str) -> None:
    print(f"== {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
