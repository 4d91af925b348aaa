"""What brings pages, metadata and sources, and what builds: opened when something of it is first wanted."""

from __future__ import annotations

import os
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING

import msgspec

from keyrack.adapters.disk import remove_tree
from keyrack.adapters.git import Git, GitSettings
from keyrack.adapters.processes import Children
from keyrack.adapters.store import Store
from keyrack.formats.uv_environment import switch
from keyrack.operations.building import Shelves, Workshop
from keyrack.operations.grounds import Grounds
from keyrack.policy.settings import together
from keyrack.policy.wire.proxies import is_insecure
from keyrack.supply.ahead import Ahead
from keyrack.supply.at_hand import AtHand
from keyrack.supply.builds import Workplace
from keyrack.supply.indexes import PackageIndexes, Searching
from keyrack.supply.keeping import Keeper
from keyrack.supply.metadata import MetadataReader, Reading
from keyrack.supply.sdists import Sdists
from keyrack.supply.source_metadata import Place, SourceReader
from keyrack.supply.sources import SourceRules, Sources
from keyrack.values.late import LateModule
from keyrack.values.layer import Layer
from keyrack.values.log import Log
from keyrack.values.metadata import Metadata
from keyrack.values.settings import Settings

if TYPE_CHECKING:
    from keyrack.operations import lowering
else:
    lowering = LateModule("keyrack.operations.lowering")  # only for trees


class Works(msgspec.Struct, frozen=True):
    """The services, each of which knows the others."""

    catalogue: Ahead
    workshop: Workshop
    sources: Sources


def open_works(stack: ExitStack, grounds: Grounds) -> Works:
    """Open them; what has to be closed is left to the stack."""
    settings, session, cached, log = grounds.settings, grounds.session, grounds.cached, grounds.log
    searching = Searching(settings.resolving.strategy, settings.resolving.no_index)
    indexes = PackageIndexes(settings.indexes, cached, searching, log)
    temporary = _Temporary(grounds.store)
    stack.callback(temporary.close)
    sdists = Sdists(session, grounds.store, temporary.folder, log)
    sources = _sources(grounds, sdists, temporary)
    reader = _source_reader(sources, settings, grounds.told, log)
    folder = os.path.join(grounds.store.root, "tmp")
    reading = Reading(
        settings.network.offline, folder, Keeper(grounds.wheels, log), sdists, reader, settings.resolving.believed
    )
    metadata = MetadataReader(session, cached, grounds.store.bucket("metadata", 1), reading, log=log)
    at_hand = AtHand(settings.indexes, searching, (cached, metadata), log)
    catalogue = Ahead(indexes, metadata, settings.network.concurrent_downloads, at_hand)
    stack.callback(catalogue.close)
    place = _workplace(grounds, temporary)
    variables = grounds.words.environment
    shelves = Shelves(catalogue, metadata, grounds.downloads, sdists, sources, settings, variables, place, log)
    workshop = Workshop(shelves)
    stack.callback(workshop.close)
    return Works(catalogue, workshop, sources)


def _workplace(grounds: Grounds, temporary: _Temporary) -> Workplace:
    settings, resolving = grounds.settings, grounds.settings.resolving
    constraints = (*grounds.inputs.build_constraints, *settings.building.constraints)
    return Workplace(
        grounds.store,
        Children(),
        temporary.folder,
        msgspec.structs.replace(settings.building, constraints=constraints),
        no_build=together(resolving.no_build, resolving.only_binary),
        no_sources=resolving.no_sources.all,
        hides_output=bool(switch(grounds.words.environment, "UV_HIDE_BUILD_OUTPUT")),
        progress=grounds.progress,
        log=grounds.log,
    )


def _sources(grounds: Grounds, sdists: Sdists, temporary: _Temporary) -> Sources:
    settings, variables = grounds.settings, grounds.words.environment
    network = settings.network
    git = Git(
        GitSettings(
            variables,
            offline=network.offline,
            is_insecure=lambda url: is_insecure(url.origin, network.allow_insecure_hosts),
        ),
        log=grounds.log,
    )
    rules = SourceRules(settings.cache.refresh, grounds.inputs.explicit, variables, temporary.folder)
    return Sources(git, sdists, temporary.store, rules, grounds.progress)


def _source_reader(sources: Sources, settings: Settings, told: tuple[Layer, ...], log: Log) -> SourceReader:
    def lower(found: Metadata, place: Place) -> Metadata:
        return lowering.Lowering(told).metadata(found, place, lambda one: settings.indexes.by_id(one) is not None)

    return SourceReader(sources, lower, log)


class _Temporary:
    """A folder that lasts as long as the run; it is made when it is first asked for."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._lock = threading.Lock()
        self._folder = ""

    def folder(self) -> str:
        with self._lock:
            self._folder = self._folder or self.store.temporary_folder()
            return self._folder

    def close(self) -> None:
        if self._folder:
            remove_tree(self._folder)
