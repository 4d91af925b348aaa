"""Two private indexes on one host, a key each: requests a wheel, refusals, and whether it succeeds."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.measure import Starter
from bench.programs import Program, environment
from lab.kinds import identity, registry
from lab.registry import Registry, Shelf
from lab.wheels import Artifact, wheel

KINDS = ("google", "azure")
EACH = 10
"""Packages of each index."""
INDEXES = ("team/one", "team/two")


class Outcome(NamedTuple):
    """What came of one run. refused: answers 401 and 403. foreign: requests that took one index's key to the other."""

    kind: str
    program: str
    wheels: int
    requests: int
    refused: int
    foreign: int
    code: int


def run_private(folder: Path, starter: Starter, programs: Mapping[str, Program]) -> list[Outcome]:
    """Let each program install from two indexes of each kind, nothing in the cache."""
    return [
        outcome
        for kind in KINDS
        for program in programs.values()
        for outcome in _install(folder / f"{kind}-{program.name}", starter, program, kind)
    ]


def _install(folder: Path, starter: Starter, program: Program, kind: str) -> Iterator[Outcome]:
    folder.mkdir(parents=True)
    shelves = [Shelf(name, _packages(name), (identity(kind, f"key of {name}"),)) for name in INDEXES]
    with registry(kind, *shelves, tls=True) as host:
        target = environment(folder / "environment")
        urls = [host.index_url(shelf.name, shelf.readers[0]) for shelf in shelves]
        wanted = [f"of-{name.rpartition('/')[2]}-{number}" for name in INDEXES for number in range(EACH)]
        words = (*program.install(target, ()), *options(program, urls), *wanted)
        ended = starter.run(words, program.variables(urls[-1], folder / "cache", host.ca_file))
        wheels = len(list(target.glob("lib/python*/site-packages/of_*.dist-info")))
        yield Outcome(kind, program.name, wheels, *_counted(host, shelves), ended.code)


def options(program: Program, urls: Sequence[str]) -> tuple[str, ...]:
    """Say which indexes to ask; the last is the default one."""
    if program.beside is not None:
        return tuple(f"--extra-index-url={url}" for url in urls[:-1])
    return tuple(f"--index={url}" for url in urls[:-1])


def _packages(name: str) -> tuple[Artifact, ...]:
    part = name.rpartition("/")[2]
    return tuple(wheel(f"of-{part}-{number}", "1.0", files={f"of_{part}_{number}.py": b""}) for number in range(EACH))


def _counted(host: Registry, shelves: Sequence[Shelf]) -> tuple[int, int, int]:
    entries = host.requests()
    keys = {shelf.readers[0]: shelf.name.rpartition("/")[2] for shelf in shelves}
    others = [
        entry
        for entry in entries
        for part in keys.values()
        if f"of-{part}-" in entry.target.replace("_", "-") and entry.identity and keys.get(entry.identity) != part
    ]
    # A page of another index is asked with that index's key, as it must be: only its files tell.
    foreign = [entry for entry in others if entry.target.endswith((".whl", ".metadata"))]
    return len(entries), sum(entry.status in (401, 403) for entry in entries), len(foreign)


def private_table(outcomes: Sequence[Outcome]) -> list[str]:
    """Write the outcomes as a table in Markdown."""
    lines = [
        "| two indexes of | program | wheels | requests | a wheel | 401 and 403 | with the other's key | outcome |",
        "|---|---|---:|---:|---:|---:|---:|---|",
    ]
    for each in outcomes:
        ratio = f"{each.requests / each.wheels:.1f}" if each.wheels else ""
        code = "installed" if each.code == 0 else f"failed with {each.code}"
        lines.append(
            f"| {each.kind} | {each.program} | {each.wheels} | {each.requests} | {ratio}"
            f" | {each.refused} | {each.foreign} | {code} |"
        )
    return lines
