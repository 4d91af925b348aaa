"""`Tools`: the live services that one run uses, put together by the composition root."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from keyrack.adapters.store import Store
from keyrack.adapters.wheels import WheelStore
from keyrack.operations.inputs import Inputs
from keyrack.operations.pythons import Pythons
from keyrack.supply.cached import CachedSession
from keyrack.supply.credentials import Lookups
from keyrack.supply.downloads import Downloads
from keyrack.supply.session import Session
from keyrack.values.log import Log
from keyrack.values.settings import Settings

if TYPE_CHECKING:  # opened when something of them is first wanted
    from keyrack.operations.building import Workshop
    from keyrack.supply.ahead import Ahead
    from keyrack.supply.sources import Sources


class Tools(msgspec.Struct, frozen=True):
    """What the verbs work with. `folder` is where the run takes place; relative paths start there."""

    settings: Settings
    inputs: Inputs
    folder: str
    variables: Mapping[str, str]
    pythons: Pythons
    store: Store
    wheels: WheelStore
    session: Session
    lookups: Lookups
    cached: CachedSession
    catalogue: Ahead
    downloads: Downloads
    workshop: Workshop
    sources: Sources
    log: Log
