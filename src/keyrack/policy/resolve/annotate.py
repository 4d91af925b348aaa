"""Who asked for a package, in the words and the order of a compiled requirements file (uv's)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum

import msgspec

from keyrack.values.names import PackageName
from keyrack.values.requirement import Requirement, Written, WrittenKind


class Role(IntEnum):
    """As what a requirement was given; constraints are named first."""

    CONSTRAINT = 0
    OVERRIDE = 1
    REQUIREMENT = 2


class Given(msgspec.Struct, frozen=True):
    """All that the user gave. `folder` is where the run takes place: paths below it are shown without it."""

    requirements: tuple[Requirement, ...]
    constraints: tuple[Requirement, ...]
    overrides: tuple[Requirement, ...]
    folder: str


_Part = tuple[int, str]
_Place = tuple[Role, WrittenKind, tuple[_Part, ...], str, str, Written]


def named_places(given: Given, holds: Callable[[Requirement], bool]) -> Mapping[PackageName, tuple[str, ...]]:
    """Give for each package the places that name it, in order and each once, of requirements that hold."""
    found: dict[PackageName, set[_Place]] = {}
    for role, requirements in (
        (Role.REQUIREMENT, given.requirements),
        (Role.CONSTRAINT, given.constraints),
        (Role.OVERRIDE, given.overrides),
    ):
        for one in requirements:
            if one.written is not None and holds(one):
                written = one.written
                place = (role, written.kind, path_order(written.path), written.project, written.group, written)
                found.setdefault(one.name, set()).add(place)
    return {
        name: tuple(_text(place[0], place[-1], given.folder) for place in sorted(places, key=lambda one: one[:-1]))
        for name, places in found.items()
    }


def path_order(path: str) -> tuple[_Part, ...]:
    """Give what sorts paths by their parts: absolute ones first, then those that begin with a dot or two."""
    parts = [(0, "")] if path.startswith("/") else []
    for at, part in enumerate(path.split("/")):
        if part == ".." or (part and part != "."):
            parts.append((2 if part == ".." else 3, part))
        elif part == "." and at == 0:
            parts.append((1, ""))
    return tuple(parts)


def shown_path(path: str, folder: str) -> str:
    """Write a path as messages do: an absolute one below the folder of the run without it."""
    return path.removeprefix(folder.rstrip("/") + "/")


def _text(role: Role, written: Written, folder: str) -> str:
    path = shown_path(written.path, folder)
    if written.kind is WrittenKind.SETTINGS:
        place = "(workspace)"
    elif written.kind is WrittenKind.FILE:
        place = path
    else:
        inside = f"({path}:{written.group})" if written.kind is WrittenKind.GROUP else f"({path})"
        place = f"{written.project} {inside}".lstrip()
    if role is Role.REQUIREMENT:
        return f"-r {place}" if written.kind is WrittenKind.FILE else place
    return f"-c {place}" if role is Role.CONSTRAINT else f"--override {place}"
