"""Made-up packages for where there is no network: as many, as large and as deep as those of a web application."""

import random
from collections.abc import Iterator, Sequence
from itertools import groupby

from bench.recording import Recording, Told, key_of
from lab.pages import Link, Telling, json_page
from lab.wheels import Artifact, wheel

PACKAGES = 40
VERSIONS = 12
FILES = 30
SIZE = 4000
"""Bytes of a module, the median."""
ROOTS = ("pkg-00", "pkg-01", "pkg-02")
"""What is installed; the rest comes with it."""


def write(recording: Recording) -> None:
    """Write a recording of the packages, as if an index had been asked for them."""
    pages = {}
    for project, found in groupby(packages(), lambda each: each.project):
        artifacts = tuple(found)
        recording.keep(recording.page(project), json_page(project, _links(artifacts), Telling()))
        pages[project] = "made-up:///simple/"
        for each in artifacts:
            recording.keep(recording.file(_path(each)), each.body)
            recording.keep(recording.file(f"{_path(each)}.metadata"), each.metadata)
    recording.tell(Told(pages, {key_of("made-up"): ROOTS}))


def _links(artifacts: Sequence[Artifact]) -> list[Link]:
    return [Link(each, f"https://pkgs.invalid{_path(each)}") for each in artifacts]


def _path(artifact: Artifact) -> str:
    return f"/packages/{artifact.sha256[:2]}/{artifact.sha256[2:4]}/{artifact.sha256[4:]}/{artifact.filename}"


def packages() -> tuple[Artifact, ...]:
    """Build all wheels; the same on every machine."""
    return tuple(artifact for number in range(PACKAGES) for artifact in _versions(number))


def _versions(number: int) -> Iterator[Artifact]:
    chance = random.Random(number)
    name = f"pkg-{number:02}"
    requires = [f"pkg-{each:02}>=1.{VERSIONS // 2}" for each in (number + 3, 2 * number + 5) if each < PACKAGES]
    for version in range(VERSIONS):
        # Only the newest is ever fetched; what is older is there to be listed.
        count = FILES if version == VERSIONS - 1 else 1
        files = {f"pkg_{number:02}/part_{each % 5}/module_{each}.py": _module(chance) for each in range(count)}
        extras = {"test": ["never-there>=1", "nor-this<2"]}
        yield wheel(name, f"1.{version}", files=files, requires=requires, extras=extras, requires_python=">=3.8")


def _module(chance: random.Random) -> bytes:
    size = int(chance.lognormvariate(0, 1) * SIZE)
    words = [f"value_{chance.randrange(1000)} = {chance.randrange(10**6)}\n" for _ in range(size // 20)]
    return "".join(words).encode()
