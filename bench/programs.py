"""What is compared: keyrack as users have it installed, uv, and pip; each with its words for each operation."""

import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bench.measure import surroundings

ROOT = Path(__file__).resolve().parent.parent
Words = tuple[str, ...]


LAUNCHER = """\
#!{python}
import sys
from keyrack.cli.main import main
if __name__ == "__main__":
    sys.argv[0] = sys.argv[0].removesuffix(".exe")
    sys.exit(main())
"""


class Program(NamedTuple):
    """One installer. `command` stands for all but pip, which belongs to the environment that it changes.

    compiles: it has `pip compile`; where one has not, a resolution is `pip install --dry-run` for all.
    """

    name: str
    command: Words
    version: str = ""
    compiles: bool = False
    beside: Path | None = None
    """The folder in which pip lies, for `PYTHONPATH`."""

    def say_version(self) -> Words:
        """Words that print the version."""
        return (*self.command, "--version")

    def install(self, target: Path, wanted: Sequence[str]) -> Words:
        """Words that install into an environment. pip compiles by default, the others do not."""
        if self.beside is not None:
            return (str(python_of(target)), "-m", "pip", "install", "--no-compile", *wanted)
        return (*self.command, "pip", "install", "--python", str(target), *wanted)

    def resolve(self, target: Path, wanted: Path | Sequence[str]) -> Words:
        """Words that resolve for an environment: a file is compiled, requirements are as good as installed."""
        if isinstance(wanted, Path):
            return (*self.command, "pip", "compile", "--quiet", "--python", str(python_of(target)), str(wanted))
        if self.beside is not None:
            return (str(python_of(target)), "-m", "pip", "install", "--dry-run", *wanted)
        return (*self.command, "pip", "install", "--dry-run", "--python", str(target), *wanted)

    def make_environment(self, target: Path) -> Words:
        """Words that make an environment without pip in it."""
        if self.beside is not None:
            return (sys.executable, "-m", "venv", "--without-pip", str(target))
        return (*self.command, "venv", "--python", sys.executable, str(target))

    def variables(self, index: str, cache: Path, authority: Path | None) -> dict[str, str]:
        """Give the environment of a run: this index, this cache, and nobody's configuration."""
        found = surroundings(
            UV_DEFAULT_INDEX=index,
            UV_CACHE_DIR=str(cache),
            UV_NO_CONFIG="1",
            UV_PYTHON_DOWNLOADS="never",
            PIP_INDEX_URL=index,
            PIP_CACHE_DIR=str(cache),
            PIP_CONFIG_FILE="/dev/null",
            PIP_DISABLE_PIP_VERSION_CHECK="1",
        )
        found["PATH"] = "/usr/bin:/bin"
        if authority is not None:
            found |= {"SSL_CERT_FILE": str(authority), "PIP_CERT": str(authority)}
        if self.beside is not None:
            found["PYTHONPATH"] = str(self.beside)
        return found


def environment(path: Path) -> Path:
    """Make a fresh environment."""
    venv.create(path, symlinks=True)
    return path


def python_of(target: Path) -> Path:
    """Give the Python of an environment."""
    return target / "bin" / "python"


def programs(folder: Path, uv: str | None) -> dict[str, Program]:
    """Make ready what is compared, by name, keyrack first."""
    found = [_keyrack(folder / "home")]
    if uv:
        found.append(Program("uv", (uv,), compiles=True))
    found.append(_pip(folder))
    return {each.name: each._replace(version=_version(each)) for each in found}


def _keyrack(home: Path) -> Program:
    """Install keyrack itself, built and byte-compiled, and copies of what it needs, and nothing beside that."""
    environment(home)
    words = (
        "-m",
        "pip",
        "-qq",
        "--disable-pip-version-check",
        "--python",
        str(python_of(home)),
        "install",
        "--no-deps",
    )
    variables = surroundings(PIP_CONFIG_FILE="/dev/null", PIP_NO_INDEX="1")
    # Where this Python's own build tools are found, no environment has to be made for them.
    variables["PYTHONPATH"] = sysconfig.get_path("purelib")
    subprocess.run(
        (sys.executable, *words, "--no-build-isolation", "--ignore-installed", str(ROOT)), check=True, env=variables
    )
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(home), "platbase": str(home)}))
    for needed in needed_by("keyrack", set()):
        _copy(distribution(needed), site)
    # As uv and later versions of pip write it; earlier ones import `re` first, which takes a third of Python's start.
    (home / "bin" / "keyrack").write_text(LAUNCHER.format(python=python_of(home)), encoding="utf-8")
    command = str(home / "bin" / "keyrack")
    commands = subprocess.run((command, "pip", "--help"), capture_output=True, text=True, check=True).stdout
    return Program("keyrack", (command,), compiles="  compile " in commands)


def needed_by(name: str, known: set[str]) -> Iterator[str]:
    """Name what a distribution needs, and what that needs, as it is installed here."""
    for text in distribution(name).requires or ():
        one = Requirement(text)
        found = canonicalize_name(one.name)
        if found not in known and (one.marker is None or one.marker.evaluate({"extra": ""})):
            known.add(found)
            yield found
            yield from needed_by(found, known)


def _copy(found: Distribution, site: Path) -> None:
    """Copy an installed distribution's modules, those that are compiled already among them."""
    for file in found.files or ():
        target = site / file
        if target.resolve().is_relative_to(site.resolve()):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(str(found.locate_file(file)), target)


def _pip(folder: Path) -> Program:
    """Put pip by itself into a folder, so that no environment has to hold it."""
    purelib = Path(sysconfig.get_path("purelib"))
    beside = folder / "pip"
    for found in (*purelib.glob("pip"), *purelib.glob("pip-*.dist-info")):
        shutil.copytree(found, beside / found.name)
    return Program("pip", (sys.executable, "-m", "pip"), beside=beside)


def _version(program: Program) -> str:
    variables = {"PYTHONPATH": str(program.beside)} if program.beside else {}
    said = subprocess.run(
        program.say_version(), check=True, capture_output=True, text=True, env=surroundings(**variables)
    )
    return said.stdout.split()[1]


def resolving(given: Mapping[str, Program]) -> str:
    """Say what a resolution is here."""
    able = all(each.compiles for each in given.values() if each.name != "pip")
    return "`pip compile`, pip `install --dry-run`" if able else "`pip install --dry-run`"
