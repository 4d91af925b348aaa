"""From a source tree to its metadata or its wheel, by its own backend in an environment made for it (PEP 517, 660).

To build we must resolve, and to resolve we must build: who makes environments is handed in (`Builder`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from threading import BoundedSemaphore, Lock
from typing import Protocol, TypeVar

import msgspec
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.adapters.locks import LockTimeout
from keyrack.adapters.processes import Children
from keyrack.adapters.store import NOBODY, Entry, Store
from keyrack.errors import KeyrackError
from keyrack.formats.core_metadata import header_of, parse_metadata
from keyrack.policy.building.key import build_key
from keyrack.policy.building.words import build_failed
from keyrack.policy.index.built_fit import check_built
from keyrack.supply.bench import Bench, Room, Work, read_system, told
from keyrack.supply.built_wheels import BuiltWheels, built_file, metadata_in
from keyrack.supply.turns import Circle, Needs, Turns
from keyrack.values.artifact import File
from keyrack.values.build_system import BuildSystem
from keyrack.values.building import Building, ConfigSettings
from keyrack.values.interpreter import Interpreter
from keyrack.values.log import Level, Log, silent
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName
from keyrack.values.requirement import FromIndex, FromTree, Requirement
from keyrack.values.settings import Selection
from keyrack.values.source_tree import SourceTree
from keyrack.values.url import local_path

METADATA, VERSION = "built-metadata", 1
"""The kind of entries in the cache that hold what backends say of wheels, and their form."""
Answer = TypeVar("Answer")


class Order(msgspec.Struct, frozen=True):
    """What is to be built, how, and what the run adds to what it asks for."""

    tree: SourceTree
    system: BuildSystem
    extra: tuple[Requirement, ...] = ()

    @property
    def name(self) -> PackageName | None:
        """The package's name, as far as it is known."""
        return self.system.name or self.tree.name


class Builder(Protocol):
    """Makes environments to build in: closes the circle of building and resolving."""

    def room(self, order: Order, builds: Builds) -> Room:
        """Make the environment for a build; what must be built for it in turn comes from `builds`."""
        ...


class BuildProgress(Protocol):
    """Hears which packages are built; called from many threads."""

    def building(self, label: str) -> None:
        """A build starts."""
        ...

    def built(self, label: str) -> None:
        """A build has ended well."""
        ...


class Made(msgspec.Struct, frozen=True):
    """A distribution that was built: its path, and what its backend said meanwhile, unfiltered."""

    path: str
    said: str


class Workplace(msgspec.Struct, frozen=True):
    """What a run's builds share: the cache, who runs hooks, who listens, and a folder that lasts as long as the run.

    `no_build` are packages of which nothing may be built, `no_sources` lets what trees say of sources not count;
    what backends say of failures is not shown where the run `hides_output`.
    """

    store: Store
    children: Children
    folder: Callable[[], str]
    building: Building = Building()
    no_build: Selection = Selection()
    no_sources: bool = False
    hides_output: bool = False
    progress: BuildProgress | None = None
    log: Log = silent


class Builds:
    """Builds trees, each once in a run; may be called from any thread.

    What is built in order to build something else is asked of `inside` it, so that nothing waits for itself.
    """

    def __init__(self, workplace: Workplace, builder: Builder, python: Interpreter) -> None:
        """`python` is what is built for."""
        self.python = python
        self._place = workplace
        self._builder = builder
        self._within: tuple[str, ...] = ()
        self._runtime: Mapping[PackageName, Version] = {}
        needs = Needs()
        self._metadata: Turns[Metadata] = Turns(needs)
        self._wheels: Turns[File] = Turns(needs)
        self._slots = BoundedSemaphore(workplace.building.at_once or max(1, os.cpu_count() or 1))
        self._benches = _Benches()

    def inside(self, tree: SourceTree) -> Builds:
        """Give the same builds, as seen from within the build of a tree."""
        found = object.__new__(Builds)
        found.__dict__.update(self.__dict__)
        found._within = (*self._within, _identity(tree))
        return found

    def matching(self, runtime: Mapping[PackageName, Version]) -> Builds:
        """Give the same builds, as seen by who knows the versions that packages will run with."""
        found = object.__new__(Builds)
        found.__dict__.update(self.__dict__)
        found._runtime = runtime
        return found

    def metadata(self, tree: SourceTree) -> Metadata:
        """Give what a tree's wheel will say of itself. Raises `BuildFailed`."""
        return _taken(tree, lambda: self._metadata.take(_identity(tree), self._within, lambda: self._tell(tree)))

    def wheel(self, tree: SourceTree) -> File:
        """Give the wheel of a tree, as a file on this disk. Raises `BuildFailed`."""
        return _taken(tree, lambda: self._wheels.take(_identity(tree), self._within, lambda: self._make(tree)))

    def distribute(self, tree: SourceTree, kind: str, folder: str) -> Made:
        """Build a distribution (`sdist` or `wheel`) into a folder, whatever was built before. Raises `BuildFailed`."""
        bench = self._open_bench(tree, kind)
        try:
            path = bench.build(folder)
            return Made(path, bench.said)
        finally:
            bench.close()

    def close(self) -> None:
        """End what runs, and remove what was kept for later."""
        self._place.children.end()
        self._benches.close()

    def _key(self, tree: SourceTree) -> str:
        key = build_key(tree, tree.name, self._place.building, self.python)
        matched = [one.requirement.name for one in self._place.building.extra_of(tree.name) if one.match_runtime]
        return "\n".join((key, *(f"with {name} {self._runtime.get(name)}" for name in matched))) if key else ""

    def _tell(self, tree: SourceTree) -> Metadata:
        key, package = self._key(tree), tree.name or NOBODY
        kept = self._place.store.bucket(METADATA, VERSION)
        entry = kept.find(key, package) if key else None
        if entry is not None:
            return parse_metadata(entry.body)
        text = self._at_bench(tree, lambda bench: bench.metadata())
        if text is None:  # only a whole build can tell
            path = local_path(self.wheel(tree).url)
            text = told(tree.label, lambda: metadata_in(path))
        text = header_of(text)
        metadata = told(tree.label, lambda: parse_metadata(text))
        if key:
            kept.keep(key, Entry(b"", text), package)
        return metadata

    def _make(self, tree: SourceTree) -> File:
        key, kept = self._key(tree), BuiltWheels(self._place.store)
        if not key:
            return self._build(tree, self._fresh())
        found = kept.find(key, tree.name)
        if found is not None:
            return found
        # Only who builds for itself keeps other processes waiting: two that wait for each other would wait for ever.
        with nullcontext() if self._within else self._waiting(f"build {key}"):
            found = kept.find(key, tree.name)
            if found is not None:
                return found
            return kept.keep(key, tree.name, lambda folder: self._build(tree, folder), self._fresh())

    def _fresh(self) -> str:
        """Make a folder for one wheel, which lasts as long as the run."""
        folder = os.path.join(self._place.folder(), os.urandom(8).hex())
        os.makedirs(folder, mode=0o700)
        return folder

    def _build(self, tree: SourceTree, folder: str) -> File:
        self._check_allowed(tree, tree.name)
        if self._place.progress:
            self._place.progress.building(tree.label)
        path = self._at_bench(tree, lambda bench: bench.build(folder), keep=False)
        told(tree.label, lambda: check_built(os.path.basename(path), tree, self.python))
        if self._place.progress:
            self._place.progress.built(tree.label)
        return built_file(path)

    def _at_bench(self, tree: SourceTree, work: Callable[[Bench], Answer], *, keep: bool = True) -> Answer:
        """Do something at the tree's bench, which then stays for the next one who needs it, if told so."""
        identity = _identity(tree)
        bench = self._benches.pop(identity) or self._open_bench(tree)
        try:
            found = work(bench)
        except BaseException:
            bench.close()
            raise
        if keep:
            self._benches.put(identity, bench)
        else:
            bench.close()
        return found

    def _open_bench(self, tree: SourceTree, kind: str = "") -> Bench:
        place = self._place
        with_sources = not place.no_sources and not isinstance(tree.source, FromIndex)
        system = read_system(tree, with_sources=with_sources)
        name = system.name or tree.name
        self._check_allowed(tree, name)
        settings = _as_told(place.building.settings_of(name))
        alone = self._alone(tree) if isinstance(tree.source, FromTree) else nullcontext
        work = Work(tree, system, settings, place.children, self._slots, place.log, alone, place.hides_output)
        order = Order(tree, system, told(tree.label, lambda: self._extra(name)))
        room = told(tree.label, lambda: self._builder.room(order, self.inside(tree)))
        try:
            return Bench(work, room, kind)
        except BaseException:
            room.close()
            raise

    def _check_allowed(self, tree: SourceTree, name: PackageName | None) -> None:
        """Refuse what must not be built; a tree that is installed editable is the user's own work."""
        no_build = self._place.no_build
        if not tree.editable and (no_build.all if name is None else no_build.holds(name)):
            raise build_failed(tree.label, f"Building source distributions for `{name or tree.label}` is disabled")

    def _alone(self, tree: SourceTree) -> Callable[[], AbstractContextManager[object]]:
        """Keep others out of a tree of the user's own: backends write into it, and step on each other's toes."""
        key = f"tree {os.path.realpath(tree.path)}"
        return lambda: self._waiting(key)

    @contextmanager
    def _waiting(self, key: str) -> Iterator[None]:
        """Wait for who works on a key, but not for ever: two builds of one thing are slow, and do no harm."""
        with ExitStack() as stack:
            try:
                stack.enter_context(self._place.store.alone(key))
            except LockTimeout as error:
                self._place.log(Level.WARN, error.message)
            yield

    def _extra(self, name: PackageName | None) -> tuple[Requirement, ...]:
        """Give what the run adds to what a package asks for; some of it in the version that it will run with."""
        found = []
        for one in self._place.building.extra_of(name):
            version = self._runtime.get(one.requirement.name) if one.match_runtime else None
            if one.match_runtime and version is None:
                raise KeyrackError(
                    f"Extra build requirement `{one.requirement.name}` was declared with `match-runtime = true`, but"
                    f" `{name}` does not declare static metadata, making runtime-matching impossible"
                )
            exact = one.requirement.specifier if version is None else SpecifierSet(f"=={version}")
            found.append(msgspec.structs.replace(one.requirement, specifier=exact))
        return tuple(found)


class _Benches:
    """Environments that were made and may be needed once more, by the tree that they are for."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[str, Bench] = {}
        self._is_over = False

    def pop(self, identity: str) -> Bench | None:
        with self._lock:
            return self._kept.pop(identity, None)

    def put(self, identity: str, bench: Bench) -> None:
        with self._lock:
            if not self._is_over and identity not in self._kept:
                self._kept[identity] = bench
                return
        bench.close()

    def close(self) -> None:
        with self._lock:
            self._is_over = True
            kept = tuple(self._kept.values())
            self._kept.clear()
        for bench in kept:
            bench.close()


def _taken(tree: SourceTree, take: Callable[[], Answer]) -> Answer:
    try:
        return take()
    except Circle as error:
        cause = f"Cyclic build dependency detected for `{tree.name or tree.label}`"
        raise build_failed(tree.label, cause) from error


def _identity(tree: SourceTree) -> str:
    """Name what is built: unpacked twice, an archive is still the same."""
    return "\n".join((tree.key or tree.path, "editable" if tree.editable else "wheel", tree.name or ""))


def _as_told(settings: ConfigSettings) -> dict[str, str | list[str]]:
    return {key: value if isinstance(value, str) else list(value) for key, value in settings}
