"""`InstallPlan`: what will be removed, kept and added."""

from __future__ import annotations

import msgspec

from keyrack.values.artifact import File
from keyrack.values.graph import Pin
from keyrack.values.installed import Installed


class Addition(msgspec.Struct, frozen=True):
    """A wheel that will be installed; `requested` where the user named it (PEP 376)."""

    pin: Pin
    wheel: File
    requested: bool


class InstallPlan(msgspec.Struct, frozen=True):
    """The change of an environment. A reinstalled name stands in both `remove` and `add`."""

    remove: tuple[Installed, ...] = ()
    keep: tuple[Installed, ...] = ()
    add: tuple[Addition, ...] = ()
