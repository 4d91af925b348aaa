"""`lock`: a project in, its lock out; what still holds of an earlier lock is kept, and asks no index."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from hashlib import sha256
from operator import and_

import msgspec
from packaging.specifiers import SpecifierSet

from keyrack.adapters import clock
from keyrack.adapters.workspace_files import PROJECT_FILE, read_project_file
from keyrack.errors import KeyrackError
from keyrack.formats.lock_inputs_text import parse_lock_inputs
from keyrack.formats.uv_lock_text import render_lock
from keyrack.operations.compile_solved import as_pins
from keyrack.operations.doubt import check_doubts
from keyrack.operations.lock_trees import Trees, WithTrees
from keyrack.operations.lowering import Lowering, read_project
from keyrack.operations.resolve import NoSolutionFound, ResolveRequest
from keyrack.operations.resolve_universal import UniversalRequest, resolve_universal
from keyrack.operations.tools import Tools
from keyrack.policy.index.pins import Where
from keyrack.policy.index.python_tags import PythonTags
from keyrack.policy.index.tags import Mismatch
from keyrack.policy.lock.freshness import Expected, Kept, Verdict, judge, kind_of
from keyrack.policy.lock.make import LocalFacts, Making, make_lock
from keyrack.policy.lock.pins import owner
from keyrack.policy.lock.required import Placing, required
from keyrack.policy.markers.algebra import (
    FALSE,
    TRUE,
    Diagram,
    beyond_python,
    diagram,
    either,
    python_bounds,
)
from keyrack.policy.resolve.fork_preferences import UniversalPreference
from keyrack.supply.downloads import archive_digests
from keyrack.values.artifact import Digest, File, parse_wheel_name
from keyrack.values.exchange import Purpose, Request
from keyrack.values.graph import UniversalPin, UniversalResolution
from keyrack.values.interpreter import Interpreter
from keyrack.values.layer import Layer
from keyrack.values.lock import (
    Lock,
    LockedArchive,
    LockedCutoff,
    LockedMetadata,
    LockedPackage,
    LockedRegistry,
    LockedRequirement,
    LockedTree,
    LockManifest,
    LockOptions,
    ScopedExclude,
    ScopedOverride,
)
from keyrack.values.lock_inputs import LockInputs
from keyrack.values.log import Level
from keyrack.values.names import GroupName, PackageName
from keyrack.values.points import point
from keyrack.values.requirement import FromTree, FromUrl, Requirement
from keyrack.values.settings import ForkStrategy
from keyrack.values.url import local_path
from keyrack.values.workspace import Member, Workspace


class LockRequest(msgspec.Struct, frozen=True):
    """What is locked. `layers` are the run's; `existing` is the lock that is there, `python` the one that builds.

    `say` hears why a lock is not kept.
    """

    workspace: Workspace
    layers: tuple[Layer, ...]
    python: Interpreter
    existing: Lock | None = None
    fork_strategy: ForkStrategy | None = None
    say: Callable[[str], None] = lambda _text: None


class LockOutcome(msgspec.Struct, frozen=True):
    """The lock, its text, whether it was kept as it was, how long finding out took, and warnings."""

    lock: Lock
    text: str
    is_kept: bool
    seconds: float
    warnings: tuple[str, ...] = ()


def lock_project(request: LockRequest, tools: Tools) -> LockOutcome:
    """Give the lock of a project. Raises what resolving raises, and `InvalidText` for what cannot be read."""
    return _Locking(request, tools).run()


class _Locking:
    def __init__(self, request: LockRequest, tools: Tools) -> None:
        self._request = request
        self._tools = tools
        self._workspace = request.workspace
        self._root = request.workspace.root.replace(os.sep, "/")
        self._placing = Placing(self._root, tools.settings.indexes)
        self._lowering = Lowering(request.layers)
        self._trees = Trees(self._lowering, self._placing)
        self._inputs = self._read_inputs()
        self._pythons = requires_python(request.workspace, request.python)

    def run(self) -> LockOutcome:
        started = clock.monotonic()
        expected = self._expected()
        existing = self._request.existing
        verdict = Verdict(Kept.NOTHING) if existing is None else judge(existing, expected)
        upgrade = self._tools.settings.resolving.upgrade
        if upgrade.all:
            verdict = Verdict(Kept.NOTHING)
        elif upgrade and verdict.kept is Kept.ALL:
            verdict = Verdict(Kept.FORKS)
        if verdict.why:
            self._tools.log(Level.DEBUG, verdict.why)
            if verdict.is_told:
                self._request.say(verdict.why)
        if existing is not None and verdict.kept is Kept.ALL:
            self._tools.log(Level.DEBUG, "Existing `uv.lock` satisfies workspace requirements")
            return LockOutcome(existing, render_lock(existing), True, clock.monotonic() - started)
        resolution = self._resolve(existing, verdict.kept)
        lock = make_lock(resolution, self._making(expected))
        warnings = (*resolution.warnings, *self._tools.session.warnings())
        return LockOutcome(lock, render_lock(lock), False, clock.monotonic() - started, warnings)

    def _read_inputs(self) -> LockInputs:
        found = self._inputs_of(self._workspace.root, self._workspace.facts.name)
        conflicts = list(found.conflicts)
        for member in self._workspace.members:
            if member.folder != self._workspace.root:
                conflicts += self._inputs_of(member.folder, member.name).conflicts
        return msgspec.structs.replace(found, conflicts=tuple(dict.fromkeys(conflicts)))

    def _inputs_of(self, folder: str, name: PackageName | None) -> LockInputs:
        return parse_lock_inputs(read_project_file(folder), os.path.join(folder, PROJECT_FILE), folder, name)

    def _expected(self) -> Expected:
        members = {member.name: (self._tree(member), member.facts.version) for member in self._workspace.members}
        return Expected(
            requires_python=self._pythons,
            options=self._options(),
            manifest=self._manifest(),
            members=members,
            indexes=self._tools.settings.indexes,
            facts=self._facts_at,
            supported=tuple(map(diagram, self._inputs.environments)),
            required=tuple(map(diagram, self._inputs.required_environments)),
            conflicts=self._inputs.conflicts,
            is_unchanged=self._is_unchanged,
        )

    def _tree(self, member: Member) -> LockedTree:
        return LockedTree(member.path, kind_of(is_package=self._workspace.is_package(member)))

    def _facts_at(self, path: str) -> LocalFacts | None:
        tree = self._trees.at(os.path.join(self._workspace.root, path))
        return None if tree is None else tree.facts

    def _is_unchanged(self, package: LockedPackage) -> bool:
        source = package.id.source
        if not isinstance(source, LockedArchive):
            return True
        path = os.path.join(self._workspace.root, source.path)
        digests = {file.digest for file in (*package.wheels, package.sdist) if file is not None}
        return os.path.isfile(path) and Digest("sha256", archive_digests(path, ("sha256",))["sha256"]) in digests

    def _options(self) -> LockOptions:
        resolving = self._tools.settings.resolving
        return LockOptions(
            resolution=resolving.resolution,
            prerelease=resolving.prerelease,
            fork_strategy=self._fork_strategy,
            minimum_libc=self._inputs.minimum_libc,
            exclude_newer=None if resolving.exclude_newer is None else _cutoff(resolving.exclude_newer),
            prerelease_package=tuple(sorted(resolving.prerelease_package, key=lambda pair: pair[0])),
            exclude_newer_package=tuple(
                (name, _cutoff(when)) for name, when in sorted(resolving.exclude_newer_package)
            ),
        )

    @property
    def _fork_strategy(self) -> ForkStrategy:
        return self._request.fork_strategy or self._inputs.fork_strategy or ForkStrategy.REQUIRES_PYTHON

    def _manifest(self) -> LockManifest:
        inputs, workspace = self._inputs, self._workspace
        is_virtual = workspace.facts.name is None
        is_alone = len(workspace.members) == 1 and not is_virtual
        overrides: list[LockedRequirement | ScopedOverride] = [*self._required(inputs.overrides)]
        excludes: list[PackageName | ScopedExclude] = [*sorted(inputs.scoped_excludes, key=lambda one: one.package)]
        return LockManifest(
            members=() if is_alone else tuple(sorted(member.name for member in workspace.members)),
            default_groups=workspace.facts.default_groups if is_virtual else None,
            constraints=self._required(inputs.constraints),
            overrides=(*overrides, *inputs.scoped_overrides),
            excludes=(*excludes, *sorted(inputs.excludes)),
            build_constraints=self._required(inputs.build_constraints),
            groups=self._root_groups() if is_virtual else (),
            group_requires_python=tuple(sorted(workspace.facts.group_requires_python)) if is_virtual else (),
            metadata=inputs.dependency_metadata,
        )

    def _required(self, requirements: Iterable[Requirement]) -> tuple[LockedRequirement, ...]:
        return required(self._lowered(requirements), self._placing)

    def _lowered(self, requirements: Iterable[Requirement]) -> list[Requirement]:
        """Point the settings' requirements at the root's sources."""
        project = read_project(self._workspace.root)
        if project is None:
            return list(requirements)
        pinned = self._lowering.of(project, self._workspace.root)
        return [found for one in requirements for found in pinned(one, Where()).requirements]

    def _root_groups(self) -> tuple[tuple[GroupName, tuple[LockedRequirement, ...]], ...]:
        return tuple((group, self._trees.written(entries)) for group, entries in self._virtual_groups().items())

    def _virtual_groups(self) -> Mapping[GroupName, list]:  # type: ignore[type-arg]
        project = read_project(self._workspace.root)
        if project is None or self._workspace.facts.name is not None:
            return {}
        pinned = self._lowering.of(project, self._workspace.root)
        facts = self._workspace.facts
        return {group: self._trees.group(project, facts, group, pinned) for group in sorted(project.groups)}

    def _requirements(self) -> tuple[Requirement, ...]:
        """Ask for each member with all its extras and groups, and for the groups of a root that is no project."""
        found = [one for member in self._workspace.members for one in _on_member(member, self._workspace)]
        for entries in self._virtual_groups().values():
            found += [one for one, _conflict in entries]
        return tuple(found)

    def _resolve(self, existing: Lock | None, kept: Kept) -> UniversalResolution[Diagram]:
        tools, inputs = self._tools, self._inputs
        preferences = {} if existing is None or kept is Kept.NOTHING else self._preferences(existing)
        forks: tuple[Diagram, ...] = ()
        if existing is not None and kept is Kept.FORKS:
            forks = tuple(beyond_python(diagram(marker), self._pythons) for marker in existing.resolution_markers)
        asked = ResolveRequest(
            requirements=self._requirements(),
            interpreter=self._request.python,
            options=tools.settings.resolving,
            indexes=tools.settings.indexes,
            constraints=(*self._lowered(inputs.constraints), *self._upgrades()),
            overrides=tuple(self._lowered(inputs.overrides)),
            excludes=frozenset(inputs.excludes),
            with_all_files=True,
        )
        request = UniversalRequest(
            asked,
            self._pythons,
            environments=tuple(map(diagram, inputs.environments)),
            required_environments=tuple(map(diagram, inputs.required_environments)),
            forks=forks,
            fork_strategy=self._fork_strategy,
            conflicts=inputs.conflicts,
            preferences=preferences,
            members=frozenset(member.name for member in self._workspace.members),
            own=tuple(self._own()),
        )
        tools.workshop.begin(self._request.python)
        try:
            found = resolve_universal(request, WithTrees(tools.catalogue, self._trees), tools.log)
        except NoSolutionFound as failure:
            failure.hints += tools.session.doubts()
            raise
        check_doubts(as_pins(found), tools.settings.indexes, tools.session)
        return found

    def _upgrades(self) -> Iterable[Requirement]:
        """Give the ranges within which single packages are to be upgraded."""
        return (one for layer in self._request.layers for one in layer.upgrade_package if one.specifier)

    def _own(self) -> Iterable[Requirement]:
        """Give what the members require themselves."""
        for member in self._workspace.members:
            tree = self._trees.at(member.folder)
            if tree is not None:
                yield from tree.metadata.requires
                for requirements in tree.metadata.groups.values():
                    yield from requirements

    def _preferences(self, existing: Lock) -> dict[PackageName, tuple[UniversalPreference, ...]]:
        """Prefer what was locked, each version in the forks that chose it, but for what is to be upgraded."""
        upgrade = self._tools.settings.resolving.upgrade
        found = dict[PackageName, tuple[UniversalPreference, ...]]()
        for package in existing.packages:
            own = package.id
            if own.version is None or not isinstance(own.source, LockedRegistry) or upgrade.holds(own.name):
                continue
            marker = FALSE if package.resolution_markers else TRUE
            for each in package.resolution_markers:
                marker = either(marker, diagram(each))
            index = None if own.source.url is None else owner(own.source.url, self._placing.indexes)
            one = UniversalPreference(point(str(own.version)), index, beyond_python(marker, existing.requires_python))
            found[own.name] = (*found.get(own.name, ()), one)
        return found

    def _making(self, expected: Expected) -> Making:
        tags = PythonTags(python_bounds(self._pythons))

        def fits(filename: str) -> bool:
            name = parse_wheel_name(filename)
            rank = tags.fit(".".join(name.pythons), ".".join(name.abis), ".".join(name.platforms))
            return not isinstance(rank, Mismatch)

        return Making(
            requires_python=self._pythons,
            placing=self._placing,
            facts=self._facts,
            digest_of=self._digest,
            fits=fits,
            supported=expected.supported,
            required=expected.required,
            conflicts=expected.conflicts,
            options=expected.options,
            manifest=expected.manifest,
        )

    def _facts(self, pin: UniversalPin[Diagram]) -> LocalFacts:
        if isinstance(pin.source, FromTree):
            tree = self._trees.at(pin.source.path)
            if tree is not None:
                return tree.facts
        if isinstance(pin.source, FromTree | FromUrl):
            requires = required(pin.metadata.requires, self._placing)
            return LocalFacts(LockedMetadata(requires, pin.metadata.extras))
        return LocalFacts()

    def _digest(self, pin: UniversalPin[Diagram]) -> Digest | None:
        """Hash an archive: what lies on this disk at once, what lies on the web by bringing it."""
        if not isinstance(pin.source, FromUrl):
            return None
        url = pin.source.url
        if url.scheme == "file":
            return Digest("sha256", archive_digests(local_path(url), ("sha256",))["sha256"])
        file = pin.files[0] if pin.files else File(url.filename, url, None, credentials=pin.source.credentials)
        return web_digest(file, self._tools)


def _cutoff(value: object) -> LockedCutoff:
    """Write a limit: a span as it was told, else its instant."""
    span = getattr(value, "span", "")
    return LockedCutoff(span=str(span)) if span else LockedCutoff(str(value or ""))


def web_digest(file: File, tools: Tools) -> Digest | None:
    """Bring an archive and hash it; what was brought stays in the cache."""
    if file.filename.endswith(".whl"):
        digests = tools.downloads.wheel(file).manifest.digests
        return next((one for one in digests if one.algorithm == "sha256"), None)
    request = Request(file.url, Purpose.DIRECT, None, link_credentials=file.credentials)
    response = tools.session.fetch(request)
    if response.head.status != 200:
        raise KeyrackError(f"Failed to fetch `{file.url}`", causes=(f"status {response.head.status}",))
    return Digest("sha256", sha256(response.body).hexdigest())


def _on_member(member: Member, workspace: Workspace) -> Iterable[Requirement]:
    """Ask for a member with its extras, and for its groups, which do not need the member itself."""
    is_package = workspace.is_package(member)
    source = FromTree(member.folder, editable=is_package, virtual=not is_package)
    yield Requirement(member.name, frozenset(member.facts.extras), source=source)
    if member.facts.groups:
        yield Requirement(member.name, groups=frozenset(member.facts.groups), source=source)


def doubt_of_python(workspace: Workspace, python: Interpreter) -> str:
    """Say what is doubtful about the Pythons that a workspace says it is for; "" where nothing is."""
    if all(member.facts.requires_python is None for member in workspace.members):
        return f"No `requires-python` value found in the workspace. Defaulting to `>={python.minor}`."
    found = requires_python(workspace, python)
    if any(each.operator.startswith((">", "=", "~")) for each in found):
        return ""
    return (
        f"The workspace `requires-python` value (`{found}`) does not contain a lower bound. Add a lower bound to"
        f" indicate the minimum compatible Python version (e.g., `>={python.minor}`)."
    )


def requires_python(workspace: Workspace, python: Interpreter) -> SpecifierSet:
    """Give the Pythons that all members are for; where none says, those from this one on."""
    told = [member.facts.requires_python for member in workspace.members if member.facts.requires_python is not None]
    if not told:
        return SpecifierSet(f">={python.minor}")
    if all(each == told[0] for each in told):
        return told[0]
    return SpecifierSet(str(python_bounds(reduce(and_, told))))
