"""Edits of pyproject.toml and of script blocks that leave every other byte alone (uv's `add`, `remove`, `version`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from itertools import pairwise

import msgspec
from packaging.utils import canonicalize_name

from keyrack.errors import InvalidText
from keyrack.formats.dependency_array import (
    ArrayEdit,
    WrittenRequirement,
    add_requirement,
    names_in,
    read_written,
    remove_requirements,
    replaced,
)
from keyrack.formats.toml_array import ArrayText, inline_table, item_of, one_a_line, quoted, read_array
from keyrack.formats.toml_changes import Tables
from keyrack.formats.toml_layout import Path
from keyrack.formats.toml_text import parse_toml

TOOL_UV = ("tool", "uv")
SOURCES = (*TOOL_UV, "sources")
INDEX = (*TOOL_UV, "index")


class ListKind(Enum):
    """The lists of requirements that a project has; the value is what messages call them."""

    DEPENDENCIES = "project.dependencies"
    OPTIONAL = "project.optional-dependencies"
    GROUP = "dependency-groups"
    DEV = "tool.uv.dev-dependencies"


class ListName(msgspec.Struct, frozen=True):
    """One list of requirements; `name` is that of the extra or group."""

    kind: ListKind = ListKind.DEPENDENCIES
    name: str = ""


class IndexTable(msgspec.Struct, frozen=True):
    """An index to write: its URL holds no credentials."""

    url: str
    name: str = ""
    default: bool = False
    is_flat: bool = False


class Edit:
    """A document that is being edited; `str()` gives its text."""

    def __init__(self, text: str, place: str, *, is_script: bool = False) -> None:
        """Read the text; `InvalidText` where it is no TOML. In a script's block `dependencies` stand at the top."""
        parse_toml(text, place)  # the faults are told as everywhere
        self._tables = Tables(text)
        self._place = place
        self._is_script = is_script

    def __str__(self) -> str:
        """Write the document."""
        return str(self._tables)

    def add(self, where: ListName, new: WrittenRequirement, *, has_source: bool = False) -> ArrayEdit:
        """Add a requirement to a list, or change the one that is there. Raises `Ambiguous`."""
        edit = add_requirement(self._array(where) or ArrayText(), new, has_source=has_source)
        self._put(where, edit.array)
        return edit

    def ensure(self, where: ListName) -> None:
        """Make a list, empty, where there is none."""
        if self._array(where) is None:
            self._put(where, ArrayText())

    def replace(self, where: ListName, place: int, change: Callable[[WrittenRequirement], WrittenRequirement]) -> None:
        """Write another requirement at a place of a list."""
        array = self._array(where) or ArrayText()
        old = read_written(array.items[place].string or "")
        if old is not None:
            self._put(where, replaced(array, place, change(old)))

    def remove(self, where: ListName, name: str) -> tuple[WrittenRequirement, ...]:
        """Take a name out of a list, and its source where no list needs it any more; gives what stood there."""
        array = self._array(where)
        if array is None:
            return ()
        array, gone = remove_requirements(array, name)
        if gone:
            self._put(where, array)
        if not self.lists_with(name):
            self._drop_source(name)
            if not self._tables.keys(SOURCES):
                self._tables.remove_table(SOURCES)
        return gone

    def lists_with(self, name: str) -> tuple[ListName, ...]:
        """Give the lists in which a name stands."""
        wanted = canonicalize_name(name)
        return tuple(where for where in self._lists() if wanted in names_in(self._array(where) or ArrayText()))

    def has_list(self, where: ListName) -> bool:
        """Say whether a list is there, be it empty."""
        return self._array(where) is not None

    def set_source(self, name: str, source: Mapping[str, object]) -> None:
        """Write where a package comes from; what was said of it before is gone."""
        self._drop_source(name)
        self._tables.put((*SOURCES, name), inline_table(source))

    def set_index(self, index: IndexTable, is_same: Callable[[str], bool]) -> None:
        """Write an index as the first one; one of its name, its URL or (a default) its role is taken over.

        `is_same` says whether a URL as written is that of the index.
        """
        tables = self._tables.many(INDEX)
        old = [place for place, table in enumerate(tables) if _is_taken_over(table, index, is_same)]
        taken = tables[old[0]] if old else {}
        changes = dict[str, str | None]()
        if index.name and taken.get("name") != index.name:
            changes["name"] = quoted(index.name)
        if taken.get("url") != index.url:
            changes["url"] = quoted(index.url)
        if index.default and taken.get("default") is not True:
            changes["default"] = "true"
        if not is_same(str(taken.get("url", ""))):
            changes["format"] = quoted("flat") if index.is_flat else None
        self._tables.first_of_many(INDEX, old, changes)

    def add_member(self, path: str) -> None:
        """Make a folder a member of the workspace."""
        where = (*TOOL_UV, "workspace", "members")
        text = self._tables.get(where)
        array = read_array(text) if text else ArrayText()
        items = (*array.items, item_of(path, array.rest))
        self._tables.put(where, str(one_a_line(msgspec.structs.replace(array, items=items, rest=""))))

    def set_version(self, version: str) -> None:
        """Write the project's version."""
        self._tables.put(("project", "version"), quoted(version))

    def _lists(self) -> tuple[ListName, ...]:
        optional = [ListName(ListKind.OPTIONAL, name) for name in self._tables.keys(_parent(ListKind.OPTIONAL))]
        groups = [ListName(ListKind.GROUP, name) for name in self._tables.keys(_parent(ListKind.GROUP))]
        return (ListName(), *optional, *groups, ListName(ListKind.DEV))

    def _path(self, where: ListName) -> Path:
        """Give the keys that lead to a list; extras and groups are found however they are written (PEP 685, 735)."""
        if where.kind is ListKind.DEPENDENCIES:
            return ("dependencies",) if self._is_script else ("project", "dependencies")
        if where.kind is ListKind.DEV:
            return (*TOOL_UV, "dev-dependencies")
        parent, wanted = _parent(where.kind), canonicalize_name(where.name)
        found = (key for key in self._tables.keys(parent) if canonicalize_name(key) == wanted)
        return (*parent, next(found, where.name))

    def _array(self, where: ListName) -> ArrayText | None:
        path = self._path(where)
        text = self._tables.get(path)
        if text is None:
            return None
        if not text.startswith("["):
            cause = f"`{'.'.join(path)}` is not an array"
            raise InvalidText(f"Failed to parse: {self._place}", causes=(cause,))
        return read_array(text)

    def _put(self, where: ListName, array: ArrayText) -> None:
        path = self._path(where)
        keys = self._tables.keys(path[:-1])
        is_sorted = where.kind is ListKind.GROUP and all(one <= two for one, two in pairwise(keys))
        # To spare the reader of the change, groups are sorted only where they were.
        before = next((key for key in keys if key > path[-1]), None) if is_sorted else None
        self._tables.put(path, str(array), before)

    def _drop_source(self, name: str) -> None:
        for key in self._tables.keys(SOURCES):
            if canonicalize_name(key) == canonicalize_name(name):
                self._tables.remove((*SOURCES, key))


def _parent(kind: ListKind) -> Path:
    return ("project", "optional-dependencies") if kind is ListKind.OPTIONAL else ("dependency-groups",)


def _is_taken_over(table: Mapping[str, object], index: IndexTable, is_same: Callable[[str], bool]) -> bool:
    return (
        (bool(index.name) and table.get("name") == index.name)
        or (index.default and table.get("default") is True)
        or is_same(str(table.get("url", "")))
    )
