"""Change single values and tables of a TOML document; what is new is laid out as uv lays it out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.toml_array import inline_table_text
from keyrack.formats.toml_layout import Entry, Path, Section, header_of, key_of, new_entry, read_layout


class Tables:
    """A document whose values are found by their path."""

    def __init__(self, text: str) -> None:
        """Take the document apart, which is known to be TOML."""
        layout = read_layout(text if text.endswith("\n") or not text else f"{text}\n")
        self._sections = list(layout.sections)
        self._rest = layout.rest

    def __str__(self) -> str:
        """Write the document."""
        return "".join(map(str, self._sections)) + self._rest

    def get(self, path: Path) -> str | None:
        """Give the text of a value; None where there is none."""
        found = self._entry(path)
        if found is None:
            return None
        section, place, below = found
        text = self._sections[section].entries[place].value.strip()
        return text if not below else inline_table_text(text).get(below)

    def keys(self, path: Path) -> tuple[str, ...]:
        """Give the keys of a table, however it is written, in their order."""
        found = dict[str, None]()
        for section in self._sections:
            if section.path == path or (len(section.path) > len(path) and section.path[: len(path)] == path):
                below = section.path[len(path) :]
                if below:
                    found[below[0]] = None
            for entry in section.entries:
                whole = (*section.path, *entry.path)
                if len(whole) > len(path) and whole[: len(path)] == path and not section.is_one_of_many:
                    found[whole[len(path)]] = None
                elif whole == path and entry.value.strip().startswith("{"):
                    found |= dict.fromkeys(tomllib.loads(f"x = {entry.value.strip()}")["x"])
        return tuple(found)

    def put(self, path: Path, text: str, before: str | None = None) -> None:
        """Write a value; a new one stands last in its table, or in front of the key `before`."""
        found = self._entry(path)
        if found is not None:
            section, place, below = found
            entry = self._sections[section].entries[place]
            self._replace(section, place, entry.with_value(_within(entry.value, below, text)))
            return
        inline = self._entry(path[:-1]) if len(path) > 1 else None
        if inline is not None:
            section, place, below = inline
            entry = self._sections[section].entries[place]
            self._replace(section, place, entry.with_value(_within(entry.value, (*below, path[-1]), text)))
            return
        section = self._section_for(path[:-1])
        entries = list(self._sections[section].entries)
        places = [place for place, entry in enumerate(entries) if entry.path[-1] == before]
        entries.insert(places[0] if places else len(entries), _below(self._sections[section].path, path, text))
        self._sections[section] = msgspec.structs.replace(self._sections[section], entries=tuple(entries))

    def remove(self, path: Path) -> None:
        """Take a value away, with the lines above that belong to it."""
        found = self._entry(path)
        if found is not None:
            section, place, below = found
            entry = self._sections[section].entries[place]
            self._replace(section, place, entry.with_value(_within(entry.value, below, None)) if below else None)
        for number in self._all(path):
            del self._sections[number]

    def remove_table(self, path: Path) -> None:
        """Take a table away."""
        for number in self._all(path):
            del self._sections[number]

    def many(self, path: Path) -> list[Mapping[str, object]]:
        """Give the tables of an array of tables. Raises `InvalidText` where it is written as a value."""
        if self._entry(path) is not None:
            raise InvalidText(f"`{'.'.join(path)}` is written inline", hints=(f"Write it as `[[{'.'.join(path)}]]`",))
        return [tomllib.loads("".join(map(str, self._sections[number].entries))) for number in self._numbers(path)]

    def first_of_many(self, path: Path, taken: Sequence[int], changes: Mapping[str, str | None]) -> None:
        """Put one table in front of the others: the first of those `taken`, changed, else a new one; the rest go."""
        numbers = self._numbers(path)
        old = [numbers[place] for place in taken]
        made = Section(path, "\n", header_of(path, one_of_many=True)) if not old else self._sections[old[0]]
        made = _changed(made, changes)
        if not numbers:
            self._insert(made, self._place_below(path[:-1]))
            return
        first = numbers[0]
        if old and old[0] != first:
            # The gap above belongs to the place, not to the table.
            made = msgspec.structs.replace(made, before=self._sections[first].before)
        elif not old:
            made = msgspec.structs.replace(made, before=self._sections[first].before or "\n")
        if first not in old and not self._sections[first].before.strip():
            self._sections[first] = msgspec.structs.replace(self._sections[first], before="\n")
        for number in reversed(old):
            del self._sections[number]
        self._sections.insert(first, made)

    def _numbers(self, path: Path) -> list[int]:
        return [number for number, section in enumerate(self._sections) if section.path == path]

    def _all(self, path: Path) -> list[int]:
        return list(reversed(self._numbers(path)))

    def _entry(self, path: Path) -> tuple[int, int, Path] | None:
        """Find a value: its table, its place there, and the keys that lead on from there into an inline table."""
        for number, section in enumerate(self._sections):
            if section.is_one_of_many:
                continue
            for place, entry in enumerate(section.entries):
                whole = (*section.path, *entry.path)
                if whole == path:
                    return number, place, ()
                below = path[len(whole) :]
                if path[: len(whole)] == whole and below in inline_table_text(entry.value.strip()):
                    return number, place, below
        return None

    def _replace(self, section: int, place: int, entry: Entry | None) -> None:
        entries = self._sections[section].entries
        kept = (*entries[:place], *((entry,) if entry else ()), *entries[place + 1 :])
        self._sections[section] = msgspec.structs.replace(self._sections[section], entries=kept)

    def _section_for(self, path: Path) -> int:
        """Find the table with a path, or one that says it with dotted keys, or make it."""
        numbers = self._numbers(path)
        if numbers or not path:
            return numbers[0] if numbers else 0
        for number, section in enumerate(self._sections):
            if any((*section.path, *entry.path)[: len(path)] == path for entry in section.entries):
                return number
        self._insert(Section(path, "\n", header_of(path)), self._place_below(path))
        return self._numbers(path)[0]

    def _insert(self, section: Section, place: int) -> None:
        if place == len(self._sections):
            section = msgspec.structs.replace(section, before=self._rest + ("\n" if str(self) else ""))
            self._rest = ""
        self._sections.insert(place, section)

    def _place_below(self, path: Path) -> int:
        """Find where a new table belongs: behind the last one that shares its beginning, else at the end."""
        for length in range(len(path), 0, -1):
            numbers = [at for at, section in enumerate(self._sections) if section.path[:length] == path[:length]]
            if numbers:
                return numbers[-1] + 1
        return len(self._sections)


def _below(section: Path, path: Path, text: str) -> Entry:
    """Make the entry of a value in a table above it; the keys between are dotted."""
    entry = new_entry(path[-1], text)
    dotted = path[len(section) : -1]
    return msgspec.structs.replace(entry, path=path[len(section) :], key=".".join((*dotted, entry.key)))


def _within(value: str, below: Path, text: str | None) -> str:
    """Change a value, or one within an inline table; None takes it away."""
    if not below:
        return text or ""
    parts = inline_table_text(value.strip())
    if text is None:
        parts.pop(below, None)
    else:
        parts[below] = text
    return _inline(parts.items())


def _inline(parts: Iterable[tuple[Path, str]]) -> str:
    return "{ " + ", ".join(f"{'.'.join(map(key_of, path))} = {text}" for path, text in parts) + " }"


def _changed(section: Section, changes: Mapping[str, str | None]) -> Section:
    entries = list(section.entries)
    for key, text in changes.items():
        place = next((at for at, entry in enumerate(entries) if entry.path == (key,)), None)
        if text is None:
            entries = [entry for entry in entries if entry.path != (key,)]
        elif place is None:
            entries.append(new_entry(key, text))
        else:
            entries[place] = entries[place].with_value(text)
    return msgspec.structs.replace(section, entries=tuple(entries))
