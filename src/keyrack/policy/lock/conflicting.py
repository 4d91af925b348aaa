"""Say that two things were asked for that exclude each other, in uv's words."""

from __future__ import annotations

from collections.abc import Iterable

from keyrack.policy.lock.groups import GroupChoice
from keyrack.values.conflicts import ConflictItem, ConflictSet


def conflict_words(declared: ConflictSet, found: tuple[ConflictItem, ...], groups: GroupChoice) -> str:
    """Write which items of a set were asked for together."""
    shown = ", ".join(f"`{item}`" if item.extra or item.group else str(item) for item in declared)
    end = f"are incompatible with the declared conflicts: {{{shown}}}"
    if all(item.extra for item in found):
        return f"Extras {_listed(f'`{item.extra}`' for item in found)} {end}"
    if all(item.group for item in found):
        listed = _listed(_group(item, groups) for item in found)
        return f"Groups {listed} are incompatible with the conflicts: {{{shown}}}"
    text = _listed(_told(item, groups) for item in found)
    return f"{text[:1].upper()}{text[1:]} {end}"


def _listed(words: Iterable[str]) -> str:
    return " and ".join(words)


def _group(item: ConflictItem, groups: GroupChoice) -> str:
    return f"`{item.group}`" if groups.is_named(item.group) else f"`{item.group}` (enabled by default)"


def _told(item: ConflictItem, groups: GroupChoice) -> str:
    if item.extra:
        return f"extra `{item.extra}`"
    return f"group {_group(item, groups)}" if item.group else f"package `{item.package}`"
