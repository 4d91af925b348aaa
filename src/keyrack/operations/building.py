"""Environments to build in, made by keyrack's own resolver and installer; and what must be built of a resolution."""

from __future__ import annotations

import os
from collections.abc import Mapping
from threading import Lock

import msgspec

from keyrack.adapters.backends import HookEnvironment
from keyrack.adapters.disk import remove_tree
from keyrack.adapters.venvs import VenvOptions, create_venv, folders_of
from keyrack.errors import KeyrackError
from keyrack.operations.install import InstallRequest, InstallTools, install, label
from keyrack.operations.resolve import NoSolutionFound, ResolveRequest, resolve
from keyrack.policy.building.variables import hook_variables
from keyrack.policy.building.words import BuildFailed
from keyrack.policy.environment.words import requirement_text
from keyrack.policy.index.pins import Pinning, Where, nameable
from keyrack.policy.install.reasons import inclusion
from keyrack.policy.resolve.catalogue import Direct
from keyrack.supply.ahead import Ahead
from keyrack.supply.bench import Room
from keyrack.supply.builds import Builds, Order, Workplace
from keyrack.supply.downloads import Downloads
from keyrack.supply.metadata import MetadataReader
from keyrack.supply.sdists import Sdists
from keyrack.supply.sources import Sources
from keyrack.values.artifact import File
from keyrack.values.graph import Pin, Resolution
from keyrack.values.interpreter import Interpreter
from keyrack.values.log import Log, silent
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName
from keyrack.values.plan import Scheme
from keyrack.values.requirement import FromGit, FromIndex, FromUrl, Requirement
from keyrack.values.settings import Resolving, Settings
from keyrack.values.source_tree import SourceTree
from keyrack.values.version import VERSION

_NAMED = "`build-system.requires`"
_LEGACY = "`setup.py` build"
_EXTRA = f"{_NAMED} and `extra-build-dependencies`"


class NoBuilds(KeyrackError):
    """Something must be built before it was said for which Python."""


class Shelves(msgspec.Struct, frozen=True):
    """What building takes from the run: answers, files, settings, and the user's variables."""

    catalogue: Ahead
    reader: MetadataReader
    downloads: Downloads
    sdists: Sdists
    sources: Sources
    settings: Settings
    variables: Mapping[str, str]
    workplace: Workplace
    log: Log = silent


class Workshop:
    """Where a run builds. It opens when it is known for which Python (`begin`)."""

    def __init__(self, shelves: Shelves) -> None:
        """Start closed."""
        self._shelves = shelves
        self._builds: Builds | None = None
        self._opened: list[Builds] = []

    def begin(self, python: Interpreter) -> Builds:
        """Say for which Python is built; what was built for another one stays in the cache."""
        if self._builds is None or self._builds.python != python:
            self._builds = Builds(self._shelves.workplace, Rooms(self._shelves), python)
            self._opened.append(self._builds)
            self._shelves.reader.build_with(self._builds)
        return self._builds

    def wheel(self, pin: Pin, resolution: Resolution) -> File:
        """Give the wheel of a pin that must be built. Raises `BuildFailed`, and what fetching raises."""
        if self._builds is None:
            raise NoBuilds(f"`{pin.name}=={pin.version}` must be built, and nobody said for which Python")
        return wheel_of(pin, resolution, self._shelves, self._builds)

    def read_unnamed(self, source: Direct) -> Metadata:
        """Give the metadata of a source whose name nobody knows yet."""
        return self._shelves.reader.read_unnamed(source)

    def folder(self) -> str:
        """Give a folder that lasts as long as the run."""
        return self._shelves.workplace.folder()

    def close(self) -> None:
        """End what runs, and remove what was made."""
        for builds in self._opened:
            builds.close()


def wheel_of(pin: Pin, resolution: Resolution, shelves: Shelves, builds: Builds) -> File:
    """Build the wheel of a pin, which will run with what else was resolved."""
    runtime = {one.name: one.version for one in resolution.pins}
    try:
        return builds.matching(runtime).wheel(_tree(pin, shelves))
    except KeyrackError as error:
        named = f"Failed to build `{label(pin)}`"
        message = f"Failed to download and build `{label(pin)}`" if _is_elsewhere(pin) else named
        own = error.causes if error.message == named else (error.message, *error.causes)
        why = inclusion(pin, resolution)
        failed = BuildFailed(message, causes=own, hints=(*error.hints, *filter(None, (why,))))
        failed.exit_code = error.exit_code
        raise failed from error.__cause__


def _tree(pin: Pin, shelves: Shelves) -> SourceTree:
    if isinstance(pin.source, FromIndex):
        return shelves.sdists.tree(pin.files[0], pin.name, pin.expected)
    return shelves.sources.tree(pin.source, pin.name)


def _is_elsewhere(pin: Pin) -> bool:
    """Say whether what a pin is built from comes over the network."""
    source = pin.source
    if isinstance(source, FromIndex):
        return pin.files[0].url.is_web
    return isinstance(source, FromGit) or (isinstance(source, FromUrl) and source.url.is_web)


class Wanted(msgspec.Struct, frozen=True):
    """What is to be in an environment, and where it was asked for, for messages."""

    requirements: tuple[Requirement, ...]
    origin: str


class Rooms:
    """Makes environments (the `Builder` of `supply/builds.py`)."""

    def __init__(self, shelves: Shelves) -> None:
        """Take what the run has."""
        self._shelves = shelves
        self._lock = Lock()
        self._resolutions: dict[tuple[Requirement, ...], Resolution] = {}

    def room(self, order: Order, builds: Builds) -> Room:
        """Make the environment that a tree is built in, with what it names installed."""
        workplace, name = self._shelves.workplace, order.name
        folder = os.path.join(workplace.folder(), os.urandom(8).hex())
        variables = tuple(workplace.building.variables_of(name))
        if workplace.building.is_in_place(name):
            return InPlaceRoom(folder, builds.python, self._shelves.variables, variables)
        origin = _EXTRA if order.extra else _LEGACY if order.system.is_implied else _NAMED
        room = IsolatedRoom(folder, self, builds, variables)
        try:
            room.put((*self._pinned(order), *order.extra), origin)
        except BaseException:
            room.close()
            raise
        return room

    def put(self, wanted: Wanted, scheme: Scheme, builds: Builds) -> None:
        """Install requirements into an environment. Raises what resolving and installing raise, said of the build."""
        if not wanted.requirements:
            return
        try:
            resolution = self._resolve(wanted.requirements, builds)
        except KeyrackError as error:
            if isinstance(error, NoSolutionFound):
                error.message = f"No solution found when resolving: {_listed(wanted.requirements)}"
            raise _said(f"Failed to resolve requirements from {wanted.origin}", error) from error.__cause__
        shelves = self._shelves
        request = InstallRequest(resolution, scheme, link_mode=self._shelves.settings.installing.link_mode)
        tools = InstallTools(
            shelves.downloads, shelves.log, make=lambda pin, found: wheel_of(pin, found, shelves, builds)
        )
        try:
            install(request, tools)
        except KeyrackError as error:
            raise _said(f"Failed to install requirements from {wanted.origin}", error) from error.__cause__

    def _pinned(self, order: Order) -> tuple[Requirement, ...]:
        """Give what a tree asks for, each from where its own sources say."""
        system, no_sources = order.system, self._shelves.settings.resolving.no_sources
        pinning = Pinning(system.sources, nameable((), system.indexes, ()))
        found: list[Requirement] = []
        for one in system.requires:
            found += (one,) if no_sources.holds(one.name) else pinning.pinned(one, Where()).requirements
        return tuple(found)

    def _resolve(self, requirements: tuple[Requirement, ...], builds: Builds) -> Resolution:
        with self._lock:
            known = self._resolutions.get(requirements)
        if known is not None:
            return known
        shelves = self._shelves
        options = shelves.settings.resolving
        request = ResolveRequest(
            requirements=requirements,
            interpreter=builds.python,
            options=Resolving(
                strategy=options.strategy,
                exclude_newer=options.exclude_newer,
                exclude_newer_package=options.exclude_newer_package,
                available_until=options.available_until,
                no_build=options.no_build,
                no_binary=options.no_binary,
                only_binary=options.only_binary,
                no_index=options.no_index,
                require_hashes=shelves.workplace.building.require_hashes,
            ),
            indexes=shelves.settings.indexes,
            constraints=shelves.workplace.building.constraints,
            trusts_constraints=True,
        )
        with Ahead(shelves.catalogue, NestedReader(shelves, builds)) as catalogue:
            found = resolve(request, catalogue, shelves.log)
        # What had to be built may be in a circle from elsewhere, so each must find that out for itself.
        if all(pin.wheel is not None for pin in found.pins):
            with self._lock:
                self._resolutions[requirements] = found
        return found

    @property
    def variables(self) -> Mapping[str, str]:
        """The user's variables."""
        return self._shelves.variables


class InPlaceRoom:
    """The environment itself (`--no-build-isolation`): whoever asks for that has put there what builds need."""

    is_isolated = False

    def __init__(
        self, folder: str, python: Interpreter, told: Mapping[str, str], variables: tuple[tuple[str, str], ...]
    ) -> None:
        """Make nothing but `folder`; `told` are the user's variables."""
        os.makedirs(folder, mode=0o700)
        self.folder = folder
        scripts = python.paths.scripts
        self.hooks = HookEnvironment(
            python.executable, hook_variables(told, variables, python.prefix, scripts, os.pathsep)
        )

    def add(self, requirements: tuple[Requirement, ...]) -> None:
        """Install nothing."""

    def close(self) -> None:
        """Remove what hooks wrote."""
        remove_tree(self.folder)


class NestedReader:
    """Reads metadata for the build of something: what must be built in turn is built within it."""

    def __init__(self, shelves: Shelves, builds: Builds) -> None:
        """Share with the run whatever needs no build."""
        self._shared = shelves.catalogue
        self._own = shelves.reader.inside(builds)

    def read(self, file: File) -> Metadata:
        """Give the metadata of a file."""
        return self._shared.metadata(file) if file.filename.endswith(".whl") else self._own.read(file)

    def read_source(self, name: PackageName, source: Direct) -> Metadata:
        """Give the metadata of a source."""
        return self._own.read_source(name, source)

    def located(self, source: Direct) -> Direct:
        """Give a source with the commit that it means."""
        return self._own.located(source)


class IsolatedRoom:
    """An environment that holds only what one build asks for."""

    is_isolated = True

    def __init__(self, folder: str, rooms: Rooms, builds: Builds, variables: tuple[tuple[str, str], ...]) -> None:
        """Make an empty one below `folder`."""
        python = builds.python
        self.folder = folder
        self._rooms = rooms
        self._builds = builds
        self._requirements: tuple[Requirement, ...] = ()
        root = os.path.join(folder, "venv")
        executable = create_venv(root, python, VenvOptions(), ("keyrack", VERSION))
        paths = folders_of(root, python)
        self._scheme = Scheme(paths, executable, windows=python.markers["os_name"] == "nt")
        self.hooks = HookEnvironment(
            executable, hook_variables(rooms.variables, variables, root, paths.scripts, os.pathsep)
        )

    def add(self, requirements: tuple[Requirement, ...]) -> None:
        """Install more, resolved together with what is there."""
        self.put(requirements, _NAMED)

    def put(self, requirements: tuple[Requirement, ...], origin: str) -> None:
        """Install more; `origin` says in messages where it was asked for."""
        self._requirements += tuple(one for one in requirements if one not in self._requirements)
        self._rooms.put(Wanted(self._requirements, origin), self._scheme, self._builds)

    def close(self) -> None:
        """Remove the environment and what hooks wrote beside it."""
        remove_tree(self.folder)


def _listed(requirements: tuple[Requirement, ...]) -> str:
    return ", ".join(f"`{text}`" for text in sorted(map(requirement_text, requirements)))


def _said(message: str, error: KeyrackError) -> KeyrackError:
    return KeyrackError(message, causes=(error.message, *error.causes), hints=error.hints)
