"""A user of the real program, the ways in which one hands over credentials, and what servers saw of it."""

import io
import re
import shutil
import venv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from keyrack.adapters.terminal import Terminal
from keyrack.cli.main import Program
from keyrack.values.volume import Volume
from lab.keyring_program import KeyringProgram, keyring_program
from lab.registry import Registry, with_userinfo
from lab.server import Entry
from lab.wire import Identity


class Said(NamedTuple):
    """How a run ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def hints(self) -> list[str]:
        return [line.removeprefix("hint: ") for line in self.err.splitlines() if line.startswith("hint: ")]

    @property
    def causes(self) -> list[str]:
        return re.findall(r"^  cause: (.*)$", self.err, re.MULTILINE)


class Fresh(NamedTuple):
    """An empty environment to copy, where to put it, and a cache that knows nothing but its Python."""

    empty: Path
    place: Path
    cache: Path


def made_fresh(folder: Path) -> Fresh:
    """Make them, once for many users."""
    made = Fresh(folder / "empty", folder / "v", folder / "cache")
    venv.create(made.empty, symlinks=True)
    said = User(folder, made).run("pip", "list")
    assert (0, "") == (said.code, said.out), said.err
    return made


class User:
    """Types commands in a folder of their own, with an empty environment; nothing of the machine is seen.

    The environment always lies in one place: a Python that is known already need not be asked about itself.
    """

    def __init__(self, folder: Path, fresh: Fresh) -> None:
        self.folder = folder
        self.environment = fresh.place
        self.cache = folder / "cache"
        shutil.rmtree(self.environment, ignore_errors=True)
        shutil.copytree(fresh.empty, self.environment, symlinks=True)
        if fresh.cache.exists():
            shutil.copytree(fresh.cache, self.cache)
        self.variables: Mapping[str, str] = {
            "HOME": str(folder),
            "PATH": "",
            "UV_CACHE_DIR": str(self.cache),
            "UV_NO_SYSTEM_CONFIG": "1",
            "VIRTUAL_ENV": str(self.environment),
        }

    def run(self, *words: str, **variables: str) -> Said:
        out, err = io.StringIO(), io.StringIO()

        def open_terminal(given, _variables):
            loudness = given.get("verbose", 0) - given.get("quiet", 0)
            return Terminal(out, err, volume=Volume(max(-2, min(2, loudness))), colors=(False, False))

        code = Program({**self.variables, **variables}, open_terminal, str(self.folder)).run(words)
        return Said(code, out.getvalue(), err.getvalue())

    def install(self, *words: str, **variables: str) -> Said:
        return self.run("pip", "install", *words, **variables)

    def installed(self) -> list[str]:
        found = self.environment.rglob("*.dist-info")
        return sorted(path.name.removesuffix(".dist-info").replace("_", "-") for path in found)

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def keyring(self, passwords: Mapping[Identity, str | list[str]]) -> KeyringProgram:
        return keyring_program(self.folder / "bin", passwords)


class Place(NamedTuple):
    """An index as its user knows it: a name, its URL without credentials, and what opens it."""

    name: str
    url: str
    identity: Identity

    @property
    def variables(self) -> dict[str, str]:
        stem = f"UV_INDEX_{self.name.upper().replace('-', '_')}"
        return {f"{stem}_USERNAME": self.identity[0], f"{stem}_PASSWORD": self.identity[1]}

    @property
    def inline(self) -> str:
        return with_userinfo(self.url, self.identity)


class Given(NamedTuple):
    """What to type, and the environment to type it in."""

    words: tuple[str, ...]
    variables: Mapping[str, str] = {}


def inline(_user: User, places: Iterable[Place], default: str) -> Given:
    words = [word for place in places for word in ("--index", place.inline)]
    return Given((*words, "--default-index", default))


def extra(_user: User, places: Iterable[Place], default: str) -> Given:
    words = [word for place in places for word in ("--extra-index-url", place.inline)]
    return Given((*words, "--index-url", default))


def by_name(_user: User, places: Iterable[Place], default: str) -> Given:
    words = [word for place in places for word in ("--index", f"{place.name}={place.url}")]
    variables = {name: value for place in places for name, value in place.variables.items()}
    return Given((*words, "--default-index", default), variables)


def in_variables(_user: User, places: Iterable[Place], default: str) -> Given:
    return Given((), {"UV_INDEX": " ".join(place.inline for place in places), "UV_DEFAULT_INDEX": default})


def in_a_requirements_file(user: User, places: Iterable[Place], default: str) -> Given:
    lines = [f"--index-url {default}", *(f"--extra-index-url {place.inline}" for place in places)]
    return Given(("-r", user.write("requirements.txt", "\n".join(lines) + "\n")))


def in_a_project(user: User, places: Iterable[Place], default: str) -> Given:
    tables = [f'[[tool.uv.index]]\nname = "{place.name}"\nurl = "{place.url}"\n' for place in places]
    tables.append(f'[[tool.uv.index]]\nurl = "{default}"\ndefault = true\n')
    user.write("pyproject.toml", "\n".join(tables))
    return Given((), {name: value for place in places for name, value in place.variables.items()})


def in_a_configuration_file(user: User, places: Iterable[Place], default: str) -> Given:
    tables = [f'[[index]]\nurl = "{place.inline}"\n' for place in places]
    user.write("uv.toml", "\n".join([*tables, f'[[index]]\nurl = "{default}"\ndefault = true\n']))
    return Given(())


def by_keyring(user: User, places: Iterable[Place], default: str) -> Given:
    """The user's name stands in the URL, the password is kept under the index's URL."""
    program = user.keyring({(place.url, place.identity[0]): place.identity[1] for place in places})
    words = [word for place in places for word in ("--index", named(place.url, place.identity[0]))]
    return Given((*words, "--default-index", default, "--keyring-provider", "subprocess"), {"PATH": program.path})


def by_keyring_alone(user: User, places: Iterable[Place], default: str) -> Given:
    """Nothing but the keyring knows even the user's name: the index says that it always wants one."""
    program = user.keyring({(place.url, place.identity[0]): place.identity[1] for place in places})
    tables = [f'[[index]]\nurl = "{place.url}"\nauthenticate = "always"\n' for place in places]
    tables.append(f'[[index]]\nurl = "{default}"\ndefault = true\n')
    user.write("uv.toml", 'keyring-provider = "subprocess"\n' + "\n".join(tables))
    return Given((), {"PATH": program.path})


WAYS = (
    inline,
    extra,
    by_name,
    in_variables,
    in_a_requirements_file,
    in_a_project,
    in_a_configuration_file,
    by_keyring,
    by_keyring_alone,
)


def named(url: str, user: str) -> str:
    """The URL with a user name and no colon."""
    return url.replace("://", f"://{quote(user, safe='')}@", 1)


def asked(registry: Registry, pattern: str = "*") -> list[str]:
    """What a registry was asked, as whom and what it said, in an order that does not depend on threads."""
    return sorted(str(entry) for entry in registry.requests(pattern))


def repeated(entries: Iterable[Entry]) -> list[str]:
    """What was asked for more than once."""
    seen = [f"{entry.origin}{entry.target} {entry.headers.get('range', '')}" for entry in entries]
    return sorted({one for one in seen if seen.count(one) > 1})


def refused(entries: Iterable[Entry]) -> list[str]:
    """What was answered with a status that a right identity never meets."""
    return [str(entry) for entry in entries if entry.status in (400, 401, 403, 405)]
