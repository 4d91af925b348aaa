"""Where the cache lies, and taking things out of it."""

from __future__ import annotations

import os
from collections.abc import Iterable

import msgspec

from keyrack.adapters.cache_place import default_folder
from keyrack.adapters.disk import Amount
from keyrack.adapters.store import Store
from keyrack.operations.configure import Words, layers
from keyrack.operations.environments import first_text
from keyrack.values.log import Log, silent
from keyrack.values.names import PackageName

__all__ = ["Amount", "Cleaned", "cache_folder", "clean", "exists"]


class Cleaned(msgspec.Struct, frozen=True):
    """What went: the cache's folder, whether it was there at all, and how many files and bytes."""

    folder: str
    existed: bool
    amount: Amount = Amount()


def cache_folder(words: Words, log: Log = silent) -> str:
    """Give the cache's folder: `--cache-dir`, `UV_CACHE_DIR`, the configuration's, else our own."""
    found = first_text(layers(words, log), "cache_dir") or default_folder(words.environment)
    return os.path.abspath(os.path.join(words.folder, found))


def exists(folder: str) -> bool:
    """Say whether there is a cache at all."""
    return os.path.isdir(folder)


def clean(folder: str, names: Iterable[PackageName] | None, log: Log = silent, *, force: bool = False) -> Cleaned:
    """Remove all entries, or those of some packages. Waits for those who use the cache, unless forced."""
    if not os.path.isdir(folder):
        return Cleaned(folder, existed=False)
    return Cleaned(folder, existed=True, amount=Store(folder, log).clean(names, force=force))
