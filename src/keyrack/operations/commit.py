"""The second phase of an installation: old files away, new ones in, and every `dist-info` last of all."""

from __future__ import annotations

import os
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from keyrack.adapters.changes import Change
from keyrack.adapters.foresight import Foresight
from keyrack.adapters.free_space import check_room
from keyrack.adapters.journal import Journal
from keyrack.adapters.links import DEFAULT, Linker, write_new
from keyrack.adapters.locks import lock
from keyrack.adapters.recovery import recover
from keyrack.adapters.removal import Leaving, Ownership, remove
from keyrack.adapters.signals import signals_held
from keyrack.adapters.site_packages import installed
from keyrack.adapters.unfinished import is_unfinished
from keyrack.errors import KeyrackError
from keyrack.formats import freshness_json
from keyrack.formats.direct_url import write_direct_url
from keyrack.formats.wheel_files import write_record
from keyrack.operations.bytecode import links
from keyrack.policy.install.conflicts import find_conflicts
from keyrack.policy.install.layout import lay_out
from keyrack.policy.install.scripts import launcher_text, rewritten
from keyrack.values.freshness import Freshness
from keyrack.values.installed import DirectUrl, Installed
from keyrack.values.late import LateModule, import_the_rest
from keyrack.values.log import Level, Log, silent
from keyrack.values.plan import Layout, Scheme
from keyrack.values.settings import LinkMode
from keyrack.values.wheel import EntryPoint, RecordRow, StoredWheel

if TYPE_CHECKING:
    from keyrack.adapters import own_modules
else:
    own_modules = LateModule("keyrack.adapters.own_modules")
if sys.platform == "win32":
    from keyrack.adapters.launchers import windows_launcher

INSTALLER = b"keyrack"
_THREADS = 2  # more only wait for the file system's journal


class Stopped(KeyrackError):
    """The user asked to stop; the environment is as it was."""

    exit_code = 130

    def __init__(self, message: str, number: int = 0) -> None:
        """Take what to say, and the number of the signal that asked for it."""
        super().__init__(message)
        if number:
            self.exit_code = 128 + number


@contextmanager
def changing(scheme: Scheme, path: str, log: Log = silent) -> Iterator[None]:
    """Hold the environment's lock at `path` for a block, and first put right what a killed run left.

    With no path there is no lock, and nothing is put right: that needs to be alone.
    """
    if not path:
        yield
        return
    with lock(path) as is_alone:
        for root in scheme.roots if is_alone and is_unfinished(scheme.roots) else ():
            own_modules.import_all()  # what is put right may be keyrack, and this run goes on afterwards
            if recover(root):
                log(Level.WARN, f"An earlier run was interrupted while it changed `{root}`; that was put right")
        yield


def put_right(scheme: Scheme, path: str, log: Log = silent) -> None:
    """Put right what a killed run left, if it left anything; the lock at `path` is taken only then."""
    if is_unfinished(scheme.roots):
        with changing(scheme, path, log):
            return


class Coming(msgspec.Struct, frozen=True):
    """A prepared wheel that goes in, whether the user named it, and where it came from if from no index.

    `look` is what a tree or archive on this disk looked like. `bytecode` names the folder beside the wheel's tree that
    holds its compiled modules, if they go in as well. Without `is_marked` its dist-info has no files of ours but RECORD
    (`UV_NO_INSTALLER_METADATA`).
    """

    wheel: StoredWheel
    requested: bool = False
    source: DirectUrl | None = None
    look: Freshness | None = None
    bytecode: str = ""
    is_marked: bool = True


class Commit:
    """One change of an environment, all or nothing as long as the process lives."""

    def __init__(self, scheme: Scheme, mode: LinkMode | None, stop: Callable[[], bool]) -> None:
        self._scheme = scheme
        self._linker = Linker(mode or DEFAULT)
        self._stop = stop
        self._signal: Callable[[], int] = lambda: 0
        paths = scheme.paths
        self._allowed = (paths.purelib, paths.platlib, paths.scripts, paths.data, paths.include)
        self._compiled: dict[str, list[tuple[str, str]]] = {}
        self.warnings: list[str] = []
        self.removed_at = self.linked_at = 0.0

    def run(self, going: Iterable[Installed], coming: Iterable[Coming], clock: Callable[[], float]) -> None:
        """Make the change; on any failure everything is brought back first. `clock` gives seconds.

        SIGINT, SIGTERM and SIGHUP wait for that: before the last file is in place they take the change back.
        """
        import_the_rest()
        with signals_held() as self._signal:
            self._run(tuple(going), tuple(coming), clock)
            if self._signal():
                raise Stopped("Interrupted; the environment had been changed by then", self._signal())

    def _run(self, going: tuple[Installed, ...], coming: tuple[Coming, ...], clock: Callable[[], float]) -> None:
        if not (going or coming):
            return
        layouts = [lay_out(one.wheel.manifest, self._scheme) for one in coming]
        conflicts = find_conflicts(layouts)
        self.warnings += conflicts.warnings
        layouts = [self._with_bytecode(*each, conflicts.losing) for each in zip(coming, layouts, strict=True)]
        leaving = self._leaving(going)
        root = layouts[0].root if layouts else going[0].location
        self._check_room(root, coming)
        change = self._change = Change(root, self._allowed, self._linker, check=self._check_stop)
        shown = [f"{layout.root}/{layout.stem}.dist-info" for layout in layouts]
        try:
            change.begin(self._foresee(leaving, layouts))
            for folder in leaving.emptied:
                change.prune(folder)
            for path, contents in leaving.written:
                change.write(path, contents)
            self.removed_at = clock()
            self._link(list(zip(coming, layouts, strict=True)), conflicts.losing)
            self._check_stop()
            change.settle()
            for path in shown:
                change.reveal(path)
            self.linked_at = clock()
            self._tell_replaced(frozenset(shown))
        except BaseException:
            change.undo()
            raise
        change.finish()
        self.warnings += self._linker.warnings

    def _with_bytecode(self, one: Coming, layout: Layout, losing: dict[str, frozenset[str]]) -> Layout:
        """Remember the compiled modules that come with a wheel, and add their folders."""
        pairs = links(one.wheel.folder, one.bytecode, layout, losing.get(layout.stem, frozenset()))
        if not pairs:
            return layout
        self._compiled[layout.stem] = pairs
        folders = dict.fromkeys((*layout.folders, *(os.path.dirname(target) for _, target in pairs)))
        return msgspec.structs.replace(layout, folders=tuple(folders))

    def _check_stop(self) -> None:
        number = self._signal()
        if number or self._stop():
            raise Stopped("Interrupted; the environment was left as it was", number)

    def _check_room(self, root: str, coming: tuple[Coming, ...]) -> None:
        if coming and self._linker.mode is not LinkMode.SYMLINK:
            members = (member for one in coming for member in one.wheel.manifest.members)
            check_room(root, coming[0].wheel.folder, members, copies=self._linker.mode is LinkMode.COPY)

    def _leaving(self, going: tuple[Installed, ...]) -> Leaving:
        leaving = Leaving()
        if not going:
            return leaving
        ownership = Ownership((*self._allowed, *(one.location for one in going)))
        metadata = {one.metadata_path for one in going}
        others: set[str] = set()
        for one in installed((*self._scheme.roots, *(one.location for one in going))):
            if one.metadata_path not in metadata:
                others |= ownership.listed(one)
        ownership.warnings.clear()
        files = {one.metadata_path: ownership.listed(one) - others for one in going}
        together = set().union(*files.values())
        for one in going:
            warning = remove(one, files[one.metadata_path], leaving, together)
            self.warnings += [warning] if warning else []
        self.warnings += ownership.warnings
        return leaving

    def _foresee(self, leaving: Leaving, layouts: list[Layout]) -> Journal:
        """Say what will be touched, before anything is."""
        foresight = Foresight(leaving.paths)
        there = []
        for layout in layouts:
            there.append(foresight.make_all(layout.folders))
            foresight.show(f"{layout.root}/{layout.stem}.dist-info")
        for path, _ in leaving.written:
            foresight.put_all((path,))
        for layout, folders in zip(layouts, there, strict=True):
            # Mostly a wheel's folders are all new, and only files beside them can meet anything.
            deep = any(folder != layout.root for folder in folders)
            foresight.put_all(f"{layout.root}/{one.path}" for one in layout.plain if deep or "/" not in one.path)
            foresight.put_all(target for _, target in self._compiled.get(layout.stem, ()))
            for places in (layout.moved, layout.scripts, layout.launchers):
                foresight.put_all(place.target for place in places)
        self._replaced = foresight.replaced
        return foresight.journal()

    def _tell_replaced(self, shown: frozenset[str]) -> None:
        """Warn of files that other distributions list, too: they are gone now."""
        replaced = {*self._replaced, *self._change.replaced}
        if not replaced:
            return
        ownership = Ownership(self._allowed)
        for one in installed(self._scheme.roots):
            if one.metadata_path not in shown and (lost := sorted(ownership.listed(one) & replaced)):
                self.warnings.append(f"`{lost[0]}` of the installed `{one.name}=={one.version}` was replaced")

    def _link(self, ones: list[tuple[Coming, Layout]], losing: dict[str, frozenset[str]]) -> None:
        ones.sort(key=lambda pair: -len(pair[1].plain))
        with ThreadPoolExecutor(_THREADS) as pool:
            jobs = [pool.submit(self._one, one, layout, losing.get(layout.stem, frozenset())) for one, layout in ones]
            try:
                wait(jobs, return_when=FIRST_EXCEPTION)
            finally:
                for job in jobs:
                    job.cancel()
        for job in jobs:
            if not job.cancelled():
                job.result()

    def _one(self, one: Coming, layout: Layout, losing: frozenset[str]) -> None:
        self._check_stop()
        change, tree, root = self._change, one.wheel.folder, layout.root
        change.make_folders(layout.folders)
        plain = ((f"{tree}/{member.path}", f"{root}/{member.path}") for member in layout.plain)
        change.link_all(pair for pair in plain if pair[1] not in losing) if losing else change.link_all(plain)
        change.link_all(self._compiled.get(layout.stem, ()))
        moved = [place for place in layout.moved if place.target not in losing]
        change.make_folders(sorted({os.path.dirname(place.target) for place in moved}))
        change.link_all((f"{tree}/{place.member.path}", place.target) for place in moved)
        rows = [member.row for member in layout.plain]
        rows += [RecordRow(place.row, place.member.digest, place.member.size) for place in layout.moved]
        rows += self._scripts(one, layout, losing)
        self._dist_info(one, layout, rows)

    def _scripts(self, one: Coming, layout: Layout, losing: frozenset[str]) -> list[RecordRow]:
        change = self._change
        texts: list[tuple[str, str, bytes]] = []
        for place in layout.scripts:
            with open(f"{one.wheel.folder}/{place.member.path}", "rb") as file:
                text = file.read()
            if place.member.path in layout.rewritten:
                text = rewritten(text, self._scheme.executable, windows=self._scheme.windows)
            texts.append((place.target, place.row, text))
        texts += [(launcher.target, launcher.row, self._launcher(launcher.point)) for launcher in layout.launchers]
        if texts:
            change.make_folders((self._scheme.paths.scripts,))
        for target, _, text in texts:
            if target not in losing:
                change.write(target, text, executable=True)
        return [_row(row, text) for _, row, text in texts]

    def _launcher(self, point: EntryPoint) -> bytes:
        if sys.platform == "win32":
            return windows_launcher(point, self._scheme.executable, self._scheme.machine)
        return launcher_text(point, self._scheme.executable)

    def _dist_info(self, one: Coming, layout: Layout, rows: list[RecordRow]) -> None:
        """Build the dist-info folder aside; RECORD lists it at the place where it will be."""
        name = f"{layout.stem}.dist-info"
        change = self._change
        folder = change.prepare(name)
        for member in layout.own:
            path = f"{folder}{member.path[len(name) :]}"
            if "/" in member.path[len(name) + 1 :]:
                os.makedirs(os.path.dirname(path), exist_ok=True)
            self._linker.link(f"{one.wheel.folder}/{member.path}", path)
            rows.append(member.row)
        texts = _marks(one) if one.is_marked else {}
        rows += [_row(f"{name}/{file}", text) for file, text in texts.items()]
        rows.append(RecordRow(f"{name}/RECORD"))
        texts["RECORD"] = write_record(rows).encode()
        for file, text in texts.items():
            write_new(f"{folder}/{file}", text)


def _marks(one: Coming) -> dict[str, bytes]:
    """Give the files that say who installed a wheel, why, and from where."""
    texts = {"INSTALLER": INSTALLER}
    if one.requested:
        texts["REQUESTED"] = b""
    if one.source:
        texts["direct_url.json"] = write_direct_url(one.source)
    if one.look:
        texts[freshness_json.NAME] = freshness_json.write_freshness(one.look)
    return texts


def _row(path: str, text: bytes) -> RecordRow:
    digest = urlsafe_b64encode(sha256(text).digest()).rstrip(b"=").decode()
    return RecordRow(path, f"sha256={digest}", len(text))
