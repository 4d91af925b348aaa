"""`InstallPlan`: what will be removed, kept and added; and where the files of a wheel go."""

from __future__ import annotations

import msgspec

from keyrack.values.artifact import File
from keyrack.values.graph import Pin
from keyrack.values.installed import Installed
from keyrack.values.interpreter import Paths
from keyrack.values.wheel import EntryPoint, Member


class Addition(msgspec.Struct, frozen=True):
    """A wheel that will be installed; `requested` where the user named it (PEP 376). None where it must be built."""

    pin: Pin
    wheel: File | None
    requested: bool


class InstallPlan(msgspec.Struct, frozen=True):
    """The change of an environment. A reinstalled name stands in both `remove` and `add`."""

    remove: tuple[Installed, ...] = ()
    keep: tuple[Installed, ...] = ()
    add: tuple[Addition, ...] = ()


class Scheme(msgspec.Struct, frozen=True):
    """Where files go, and which Python runs the scripts there.

    `windows` asks for `.exe` launchers; `machine` is then the processor that they are for (`AMD64`).
    """

    paths: Paths
    executable: str
    windows: bool = False
    machine: str = ""

    @property
    def roots(self) -> tuple[str, ...]:
        """The folders in which distributions are found, each once."""
        return tuple(dict.fromkeys((self.paths.purelib, self.paths.platlib)))


class Placement(msgspec.Struct, frozen=True, array_like=True):
    """A file that does not keep its place: from the wheel's tree to an absolute `target`, `row` being RECORD's path."""

    member: Member
    target: str
    row: str


class Launcher(msgspec.Struct, frozen=True):
    """A script that will be written for an entry point."""

    point: EntryPoint
    target: str
    row: str


class Layout(msgspec.Struct, frozen=True):
    """Where each file of one wheel goes. `root` is its site-packages.

    `plain` keep their relative path below `root`; `moved` are linked elsewhere; `scripts` must be executable, and
    those whose member is in `rewritten` get another first line; `own` are the files of its dist-info folder.
    `folders` are absolute, parents first.
    """

    stem: str
    root: str
    folders: tuple[str, ...]
    plain: tuple[Member, ...]
    own: tuple[Member, ...]
    moved: tuple[Placement, ...] = ()
    scripts: tuple[Placement, ...] = ()
    rewritten: frozenset[str] = frozenset()
    launchers: tuple[Launcher, ...] = ()
