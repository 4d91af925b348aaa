"""A team that keeps two private indexes on one host of a kind, beside a public index, and what a run of theirs shows."""

import base64
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

from lab.client import ask
from lab.kinds import IN_PATH, identity, registry
from lab.registries.simple import public
from lab.registry import Registry, Shelf
from lab.server import Entry
from lab.wheels import Artifact, wheel
from lab.wire import Identity
from tests.scenarios.using import Said, User

ONE: tuple[Artifact, ...] = (
    wheel("front", "1.0", requires=["back>=1", "palette", "brush", "panel"]),
    wheel("panel", "4"),
)
TWO: tuple[Artifact, ...] = (wheel("back", "2.0", requires=["palette", "motor"]), wheel("motor", "0.5"))
PUBLIC = (
    wheel("palette", "3.0"),
    wheel("brush", "1.1"),
    # Whoever knows a private name may publish it.
    *(wheel(each.name, "99") for each in (*ONE, *TWO)),
)
INSTALLED = ["back-2.0", "brush-1.1", "front-1.0", "motor-0.5", "palette-3.0", "panel-4"]
PRIVATE = ("front", "panel", "back", "motor")
# 16 letters and digits of both cases, as registries make them: each as good as unknown to anything that leaks.
SECRETS = {"one": "s3cretOfOneAbCdE", "two": "s3cretOfTwoFgHiJ"}
# What is good as well, once somebody has asked for something new.
RENEWED = {"one": "s3cretOfOneNextX", "two": "s3cretOfTwoNextY"}
WRONG = "s3cretOfYesterdY"


class Way(NamedTuple):
    """What to type and the environment to type it in."""

    words: tuple[str, ...]
    variables: Mapping[str, str] = {}


class Team:
    """The servers of a kind, and how the team names its indexes there."""

    def __init__(self, kind: str, host: Registry, open_index: Registry) -> None:
        self.kind = kind
        self.host = host
        self.open_index = open_index
        self.identities: dict[str, Identity] = {name: identity(kind, secret) for name, secret in SECRETS.items()}

    def url(self, name: str, who: Identity | None = None) -> str:
        return self.host.index_url(f"team/{name}", who)

    def path(self, name: str, who: Identity) -> str:
        """The path of an index URL, as it stands in requests."""
        return urlsplit(self.url(name, who)).path

    def entries(self) -> tuple[Entry, ...]:
        """What was asked anywhere, oldest first."""
        both = (*self.host.requests(), *self.open_index.requests())
        return tuple(sorted(both, key=lambda entry: entry.order))

    def clear(self) -> None:
        """Forget what was asked and what goes wrong."""
        for server in (*self.host.servers, *self.open_index.servers):
            server.clear()
            server.faults.clear()

    def install(self, user: User, way: Way, *words: str, at_once: int = 50, wanted: str = "front") -> Said:
        """Run the program; nothing of the machine's own netrc is seen."""
        variables = {"NETRC": str(user.folder / "netrc"), "UV_CONCURRENT_DOWNLOADS": str(at_once), **way.variables}
        return user.install(*words, *way.words, wanted, **variables)

    def ask(self, url: str, who: Identity | None) -> None:
        """Send one request by hand."""
        ask(url, who)

    def files_of(self, name: str) -> list[str]:
        """The URLs of the files of an index' first package, as its page lists them."""
        who = self.identities[name]
        url = f"{self.url(name, who)}{(ONE if name == 'one' else TWO)[0].project}/"
        answer = ask(url, who, headers={"Accept": "text/html"})
        while answer.status == 302:
            url = urljoin(url, answer.headers["location"])
            answer = ask(url, headers={"Accept": "text/html"})
        parts = urlsplit(url)
        page = f"{parts.scheme}://{parts.hostname}:{parts.port}{parts.path}"
        return [urljoin(page, href) for href in re.findall(r'<a href="([^"#]*)', answer.body.decode())]

    # Ways to hand over credentials.

    def in_urls(self, _user: User, given: Mapping[str, Identity], **_more: str) -> Way:
        words = [f"--index={name}={self.url(name, who)}" for name, who in given.items()]
        return Way((*words, "--default-index", self.open_index.index_url()))

    def in_variables(self, _user: User, given: Mapping[str, Identity], **_more: str) -> Way:
        variables: dict[str, str] = {}
        for name, (username, password) in given.items():
            variables |= {f"UV_INDEX_{name.upper()}_USERNAME": username, f"UV_INDEX_{name.upper()}_PASSWORD": password}
        words = [f"--index={name}={self.url(name)}" for name in given]
        return Way((*words, "--default-index", self.open_index.index_url()), variables)

    def in_a_file(self, user: User, given: Mapping[str, Identity], **more: str) -> Way:
        """`more` are lines of the tables of both private indexes, as TOML writes their values.

        Where an index always wants credentials, a token without a password cannot be told from a name whose password
        is to be looked up: both then come from the environment.
        """
        lines = "".join(f"{key.replace('_', '-')} = {value}\n" for key, value in more.items())
        inline = "authenticate" not in more
        tables = [
            f'[[index]]\nname = "{name}"\nurl = "{self.url(name, who if inline else None)}"\n{lines}'
            for name, who in given.items()
        ]
        tables.append(f'[[index]]\nurl = "{self.open_index.index_url()}"\ndefault = true\n')
        user.write("uv.toml", "\n".join(tables))
        return Way((), {} if inline else self.in_variables(user, given).variables)

    def in_a_keyring(self, user: User, given: Mapping[str, Identity], **then: Identity) -> Way:
        """Nothing but the keyring knows even the user's name: the index says that it always wants one.

        `then` is what it says of an index when it is asked again.
        """
        passwords = {
            (self.url(name), who[0]): [each[1] for each in (who, then.get(name)) if each] for name, who in given.items()
        }
        tables = [f'[[index]]\nname = "{name}"\nurl = "{self.url(name)}"\nauthenticate = "always"\n' for name in given]
        tables.append(f'[[index]]\nurl = "{self.open_index.index_url()}"\ndefault = true\n')
        user.write("uv.toml", 'keyring-provider = "subprocess"\n' + "\n".join(tables))
        return Way((), {"PATH": user.keyring(passwords).path})

    def in_the_store(self, user: User, given: Mapping[str, Identity], **_more: str) -> Way:
        for name, (username, password) in given.items():
            said = user.run("auth", "login", self.url(name), "--username", username, "--password", password)
            assert said.code == 0, said.err
        return self.in_variables(user, {})._replace(words=self.in_variables(user, given).words)

    # What the servers saw.

    def owner(self, entry: Entry) -> str:
        """Whose page or file was asked for: a name, `public`, or `elsewhere` where a request should bring nothing."""
        if entry.origin in {server.url for server in self.open_index.servers}:
            return "public"
        if entry.origin != self.host.url:
            return "elsewhere"
        for name in SECRETS:
            if entry.target.startswith(self.path(name, self.identities[name])):
                return name
        for name, artifacts in (("one", ONE), ("two", TWO)):
            if any(each.filename in entry.target for each in artifacts):
                return name
        return "nobody knows"

    def strangers(self) -> list[str]:
        """Requests that brought another identity than that of the index they belong to, or none where one is known."""
        return [str(entry) for entry in self.entries() if not self._is_rightful(entry)]

    def _is_rightful(self, entry: Entry) -> bool:
        owner = self.owner(entry)
        if owner in ("public", "elsewhere"):
            return entry.identity is None and not any(secret in entry.target for secret in SECRETS.values())
        if owner == "nobody knows":
            # Only where a redirect on the host leads to a path that tells no name (Google): either has a right to it.
            return entry.identity in self.identities.values()
        if self.kind in IN_PATH:
            others = [secret for name, secret in SECRETS.items() if name != owner]
            return entry.identity is None and not any(secret in entry.target for secret in others)
        return entry.identity == self.identities[owner]

    def asked_in_public(self) -> list[str]:
        """What the public index heard of private names."""
        pages = {f"/simple/{name}/" for name in PRIVATE}
        return [str(entry) for entry in self.open_index.requests() if entry.path in pages]


def opened(kind: str, stack) -> Team:
    """Start the servers of a kind; `stack` ends them."""
    shelves = [
        Shelf(f"team/{name}", artifacts, (identity(kind, SECRETS[name]), identity(kind, RENEWED[name])))
        for name, artifacts in (("one", ONE), ("two", TWO))
    ]
    return Team(kind, stack.enter_context(registry(kind, *shelves)), stack.enter_context(public(*PUBLIC)))


def spellings(secret: str, identities: Iterable[Identity]) -> set[bytes]:
    """How a secret may stand somewhere: as it is, percent-encoded, in a header."""
    found = {secret, quote(secret, safe="")}
    for pair in identities:
        if secret in pair:
            found.add(base64.b64encode(":".join(pair).encode()).decode())
    return {text.encode() for text in found if len(text) > 3}


def secrets_of(team: Team) -> set[bytes]:
    """Everything that must stand nowhere: secrets in all spellings, and the values of signed queries that were seen."""
    pairs = list(team.identities.values())
    found = {
        each
        for pair in pairs
        for half in pair
        if half not in ("user", "aws", "token", "_json_key_base64")
        for each in spellings(half, pairs)
    }
    for entry in team.host.requests():
        query = urlsplit(entry.target).query
        found |= {value.encode() for key, value in parse_qsl(query) if "ignature" in key or key in ("sig", "token")}
    return found


def leaks(secrets: Iterable[bytes], said: Said, *folders: Path) -> list[str]:
    """Where a secret stands: in what was printed, in a file, or in a file's name."""
    wanted = tuple(secrets)
    found = [f"printed: {each!r}" for each in wanted if each in (said.out + said.err).encode()]
    for folder in folders:
        for path, text in _contents(folder):
            found += [f"{path}: {each!r}" for each in wanted if each in text or each in os.fsencode(path)]
    return found


def _contents(folder: Path) -> Iterable[tuple[Path, bytes]]:
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            if not path.is_symlink() and path.is_file():
                yield path, path.read_bytes()
