"""Where a requirement was written: a file, a project in it, one of its groups, or the settings beside it."""

from __future__ import annotations

from enum import IntEnum

import msgspec


class WrittenKind(IntEnum):
    """What a requirement stood in; files come first where places are listed."""

    FILE = 0
    PROJECT = 1
    GROUP = 2
    SETTINGS = 3


class Written(msgspec.Struct, frozen=True):
    """One place. `path` is as the user gave it, or absolute for what such a file includes; "" for settings.

    `project` is its name, "" where it has none; `group` is set where the kind says so.
    """

    kind: WrittenKind
    path: str = ""
    project: str = ""
    group: str = ""


IN_SETTINGS = Written(WrittenKind.SETTINGS)
