"""Add requirements to the text of an array, and take them out: sorted arrays stay sorted, comments stay in place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

import msgspec
from packaging.markers import InvalidMarker, Marker
from packaging.utils import canonicalize_name

from keyrack.errors import KeyrackError
from keyrack.formats.toml_array import ArrayItem, ArrayText, item_of, one_a_line
from keyrack.values.late import pattern

_WRITTEN = pattern(
    r"\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[(?P<extras>[^\]]*)\])?\s*"
    r"(?:@\s*(?P<url>\S+?)(?=\s*(?:\s;|$))|(?P<specifier>(?:[(<>=!~][^;@]*?)?))\s*(?:;\s*(?P<marker>.*?))?\s*\Z",
    re.DOTALL,
)


class Ambiguous(KeyrackError):
    """A name stands in an array more than once, so nobody can tell which entry is meant."""


class WrittenRequirement(msgspec.Struct, frozen=True):
    """A requirement as it stands in a file, in its parts: no part is read further than it must be to compare it."""

    name: str
    extras: tuple[str, ...] = ()
    specifier: str = ""
    url: str = ""
    marker: str = ""

    def __str__(self) -> str:
        """Write it as uv does: `name[a,b]>=1,<2 ; marker`."""
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        place = f" @ {self.url}" if self.url else self.specifier
        return f"{self.name}{extras}{place}{f' ; {self.marker}' if self.marker else ''}"


class ArrayEdit(msgspec.Struct, frozen=True):
    """A changed array, and the place in it where a requirement was added or (`is_new` false) changed."""

    array: ArrayText
    place: int
    is_new: bool


def read_written(text: str) -> WrittenRequirement | None:
    """Take a requirement apart; None where it is none."""
    found = _WRITTEN.match(text)
    if found is None:
        return None
    extras = sorted({canonicalize_name(one.strip()) for one in (found["extras"] or "").split(",") if one.strip()})
    specifier = ",".join("".join(one.split()) for one in (found["specifier"] or "").strip("() ").split(","))
    return WrittenRequirement(found["name"], tuple(extras), specifier, found["url"] or "", found["marker"] or "")


def add_requirement(array: ArrayText, new: WrittenRequirement, *, has_source: bool = False) -> ArrayEdit:
    """Add a requirement, or change the one on its name with the same marker. Raises `Ambiguous`.

    `has_source` says that `[tool.uv.sources]` tells where it comes from; then no URL stays in the array.
    """
    same = _find(array, new.name, new.marker)
    if len(same) > 1:
        entries = "\n".join(f"- `{old}`" for _, old in same)
        raise Ambiguous(f"Cannot perform ambiguous update; found multiple entries for `{new.name}`:\n{entries}")
    if same:
        place, old = same[0]
        item = msgspec.structs.replace(array.items[place], text=item_of(str(_changed(old, new, has_source))).text)
        items = (*array.items[:place], item, *array.items[place + 1 :])
        return ArrayEdit(one_a_line(msgspec.structs.replace(array, items=items)), place, is_new=False)
    place = _place_for(array, str(new))
    return ArrayEdit(one_a_line(_inserted(array, place, str(new))), place, is_new=True)


def replaced(array: ArrayText, place: int, new: WrittenRequirement) -> ArrayText:
    """Write another requirement at a place; nothing else changes."""
    item = msgspec.structs.replace(array.items[place], text=item_of(str(new)).text)
    return msgspec.structs.replace(array, items=(*array.items[:place], item, *array.items[place + 1 :]))


def remove_requirements(array: ArrayText, name: str) -> tuple[ArrayText, tuple[WrittenRequirement, ...]]:
    """Take out every requirement on a name, whatever its marker; comments stay."""
    gone = _find(array, name)
    for place, _ in reversed(gone):
        array = _without(array, place)
    return (one_a_line(array) if gone else array), tuple(old for _, old in gone)


def names_in(array: ArrayText) -> frozenset[str]:
    """Give the names of the packages that an array requires, normalised."""
    found = (read_written(text) for text in array.strings)
    return frozenset(canonicalize_name(one.name) for one in found if one is not None)


def _find(array: ArrayText, name: str, marker: str | None = None) -> list[tuple[int, WrittenRequirement]]:
    found = list[tuple[int, WrittenRequirement]]()
    for place, item in enumerate(array.items):
        old = read_written(item.string or "")
        if old is None or canonicalize_name(old.name) != canonicalize_name(name):
            continue
        if marker is None or is_same_marker(old.marker, marker):
            found.append((place, old))
    return found


def is_same_marker(one: str, other: str) -> bool:
    """Say whether two markers say the same; `python_version < "3.9"` and `python_full_version < "3.9"` do."""
    return _plain(one) == _plain(other)


def _plain(marker: str) -> str:
    text = re.sub(r"\bpython_version\s*(<|>=)", r"python_full_version \1", marker)
    try:
        return str(Marker(text))
    except InvalidMarker:
        return text.strip()


def _changed(old: WrittenRequirement, new: WrittenRequirement, has_source: bool) -> WrittenRequirement:
    extras = tuple(sorted({*old.extras, *new.extras}))
    specifier, url = old.specifier, "" if has_source else old.url
    if new.specifier or new.url:
        specifier, url = new.specifier, new.url
    name = canonicalize_name(old.name)
    return WrittenRequirement(name, extras, specifier, url, new.marker or old.marker)


Order = Callable[[str], str | tuple[str, str]]


def _orders() -> tuple[Order, ...]:
    """Give the orders that people keep: by name without or with regard to case, or by the whole text."""
    return (lambda text: _split(text.lower()), _split, str.lower, str)


def _split(text: str) -> tuple[str, str]:
    at = next((at for at, letter in enumerate(text) if letter in "><=~!@"), len(text))
    return text[:at].strip(), text[at:].strip()


def _is_sorted(texts: Sequence[str], order: Order) -> bool:
    return all(order(one) <= order(two) for one, two in pairwise(texts))  # type: ignore[operator]  # of one kind each


def _place_for(array: ArrayText, text: str) -> int:
    """Find the place of a new requirement: where it keeps the order, else behind the last requirement."""
    strings = [item.string for item in array.items]
    order = next((each for each in _orders() if _is_sorted(array.strings, each)), None)
    if order is not None:
        for place, string in enumerate(strings):
            if string is not None and order(string) > order(text):  # type: ignore[operator]  # of one kind each
                return place
    return max((place + 1 for place, string in enumerate(strings) if string is not None), default=len(strings))


def _inserted(array: ArrayText, place: int, text: str) -> ArrayText:
    items = list(array.items)
    if place == len(items):
        # What stands behind the last value belongs to that: a comment there stays on its line.
        if items and not array.has_last_comma:
            items[-1] = msgspec.structs.replace(items[-1], after="")
            return ArrayText((*items, item_of(text, array.items[-1].after)))
        return ArrayText((*items, item_of(text, array.rest)), has_last_comma=array.has_last_comma)
    before = items[place].before
    if place:
        items[place] = msgspec.structs.replace(items[place], before="")
    else:
        # A comment on the line of the bracket stays there; one on a line of its own goes with its value.
        first, newline, rest = before.partition("\n")
        if newline:
            items[0] = msgspec.structs.replace(items[0], before=f"\n{rest}")
            before = f"{first}\n{rest.rpartition(chr(10))[2]}"
    return msgspec.structs.replace(array, items=(*items[:place], item_of(text, before), *items[place:]))


def _without(array: ArrayText, place: int) -> ArrayText:
    items: list[ArrayItem] = list(array.items)
    before = items.pop(place).before
    if place < len(items):
        items[place] = msgspec.structs.replace(items[place], before=before + items[place].before)
        return msgspec.structs.replace(array, items=tuple(items))
    return msgspec.structs.replace(array, items=tuple(items), rest=before + array.rest)
