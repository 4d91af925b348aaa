"""`python -m lab`: private registries on loopback for a person to try, until Ctrl-C, each request told as it comes."""

import argparse
import contextlib
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from lab.example import WANTED, Example
from lab.kinds import IN_PATH, KINDS, about, identity, registry
from lab.registries.simple import public
from lab.registry import Registry, Shelf
from lab.scenarios import Scenario, load
from lab.wheels import wheel


def main(words: Sequence[str]) -> int:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m lab", description="Private registries on loopback, to try.")
    parser.add_argument("--tls", action="store_true", help="the registries speak HTTPS")
    parser.add_argument("--scenario", type=Path, metavar="FILE", help="serve the packages of one resolver scenario")
    parser.add_argument("--kind", choices=KINDS, metavar="KIND", help="serve two indexes of one kind of registry")
    parser.add_argument("--kinds", action="store_true", help="list the kinds of registries")
    parser.add_argument("--seconds", type=float, default=0.0, help="stop by itself after so long")
    chosen = parser.parse_args(words)
    until = time.monotonic() + chosen.seconds if chosen.seconds else float("inf")
    with contextlib.suppress(KeyboardInterrupt):
        if chosen.kinds:
            print("\n".join(f"{kind:26}{about(kind)}" for kind in KINDS))
        elif chosen.scenario:
            _serve_scenario(load(chosen.scenario), until)
        elif chosen.kind:
            _serve_kind(chosen.kind, tls=chosen.tls, until=until)
        else:
            _serve_example(tls=chosen.tls, until=until)
    return 0


def _serve_scenario(scenario: Scenario, until: float) -> None:
    with scenario.index() as index:
        print(f"{scenario.name}: {scenario.description}\n")
        print(f"  keyrack pip install --default-index {index.index_url()} {shlex.join(scenario.root.requires)}\n")
        for _ in _ticks(until):
            pass


def _serve_kind(kind: str, *, tls: bool, until: float) -> None:
    one = Shelf("team/one", (wheel("front", "1.0", requires=["back"]),), (identity(kind, "secret-of-one"),))
    two = Shelf("team/two", (wheel("back", "2.0"),), (identity(kind, "secret-of-two"),))
    with registry(kind, one, two, tls=tls) as host, public(wheel("back", "99"), tls=tls) as open_index:
        print("\n".join(told_of_a_kind(kind, host, (one, two), open_index)), flush=True)
        seen = 0
        for _ in _ticks(until):
            entries = host.requests()
            for entry in entries[seen:]:
                print(f"{entry.origin}  {entry}", flush=True)
            seen = len(entries)


def told_of_a_kind(kind: str, host: Registry, shelves: Sequence[Shelf], open_index: Registry) -> Iterator[str]:
    """What a person needs to try a kind: what it is, and commands to paste."""
    yield f"{about(kind)}\n"
    names = [shelf.name.rpartition("/")[2] for shelf in shelves]
    if host.url.startswith("https:"):
        yield f"export SSL_CERT_FILE={host.ca_file}"
    for name, shelf in zip(names, shelves, strict=True):
        if kind not in IN_PATH:
            for half, value in zip(("USERNAME", "PASSWORD"), shelf.readers[0], strict=True):
                yield f"export UV_INDEX_{name.upper()}_{half}={shlex.quote(value)}"
    yield "keyrack venv .venv-lab"
    urls = [host.index_url(each.name, each.readers[0] if kind in IN_PATH else None) for each in shelves]
    indexes = " ".join(f"--index {name}={shlex.quote(url)}" for name, url in zip(names, urls, strict=True))
    yield f"keyrack pip install --python .venv-lab {indexes} --default-index {open_index.index_url()} front\n"


def _serve_example(*, tls: bool, until: float) -> None:
    with Example(tls=tls) as example:
        print("\n".join(told(example, tls=tls)), flush=True)
        seen = 0
        for _ in _ticks(until):
            entries = example.requests()
            for entry in entries[seen:]:
                who = example.whose(entry.identity)
                print(f"{example.where(entry):9}  as {who:10}  {entry.status}  {entry.method} {entry.path}", flush=True)
            seen = len(entries)


def told(example: Example, *, tls: bool) -> Iterator[str]:
    """What a person needs: URLs, identities, and commands to paste."""
    for place in example.places:
        user, password = place.identity
        yield f"{place.name}: {place.registry.index_url(place.shelf.name)}"
        yield f"    user name {user}, password {password}"
    yield f"public: {example.public.index_url()}"
    yield "\nPaste to try:\n"
    if tls:
        yield f"export SSL_CERT_FILE={example.public.ca_file}"
    for place in example.places:
        if not place.inline:
            for variable, value in zip(place.variables, place.identity, strict=True):
                yield f"export {variable}={shlex.quote(value)}"
    yield "keyrack venv .venv-lab"
    indexes = " ".join(f"--index {place.name}={shlex.quote(place.url())}" for place in example.places)
    yield f"keyrack pip install --python .venv-lab {indexes} --default-index {example.public.index_url()} {WANTED}\n"


def _ticks(until: float) -> Iterator[None]:
    while time.monotonic() < until:
        time.sleep(0.1)
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
