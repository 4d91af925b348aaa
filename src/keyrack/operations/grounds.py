"""What a run has from its beginning, for whoever opens more of its services later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

from keyrack.adapters.store import Store
from keyrack.adapters.wheels import WheelStore
from keyrack.operations.configure import Words
from keyrack.operations.inputs import Inputs
from keyrack.supply.cached import CachedSession
from keyrack.supply.downloads import Downloads
from keyrack.supply.session import Session
from keyrack.values.layer import Layer
from keyrack.values.log import Log
from keyrack.values.settings import Settings

if TYPE_CHECKING:
    from keyrack.supply.builds import BuildProgress
    from keyrack.supply.downloads import Progress
    from keyrack.supply.sources import GitProgress

    class RunProgress(Progress, BuildProgress, GitProgress, Protocol):
        """Hears of downloads, of builds and of repositories; called from many threads."""


class Grounds(msgspec.Struct, frozen=True):
    """The words of the run and what they came to, the doors to network and cache, and who hears of progress."""

    words: Words
    settings: Settings
    inputs: Inputs
    told: tuple[Layer, ...]
    session: Session
    cached: CachedSession
    store: Store
    wheels: WheelStore
    downloads: Downloads
    progress: RunProgress | None
    log: Log
