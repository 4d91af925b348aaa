"""The text of a TOML array, taken apart and put together so that every comment stays with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

import msgspec

from keyrack.errors import InvalidText
from keyrack.values.late import pattern

INDENT = "    "
# A string of each kind, a comment, white space, a bracket, a comma, or anything else up to one of those.
TOKEN = pattern(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\'|#[^\n]*|\s+|[\[\]{},]|[^\[\]{},#"\'\s]+',
    re.DOTALL,
)
_LINE = pattern(r"\r\n|\r|\n")


class ArrayItem(msgspec.Struct, frozen=True):
    """One value: what stands between it and the comma or bracket before it, its text, and what stands behind it."""

    text: str
    before: str = ""
    after: str = ""

    @property
    def string(self) -> str | None:
        """The string that the value is; None where it is something else (`{include-group = "x"}`)."""
        if self.text[:1] not in ('"', "'"):
            return None
        found = tomllib.loads(f"x = {self.text}")["x"]
        return str(found)


class ArrayText(msgspec.Struct, frozen=True):
    """An array: its values, and what stands between the last comma and the closing bracket."""

    items: tuple[ArrayItem, ...] = ()
    rest: str = ""
    has_last_comma: bool = False

    @property
    def strings(self) -> tuple[str, ...]:
        """The values that are strings."""
        return tuple(string for item in self.items if (string := item.string) is not None)

    def __str__(self) -> str:
        """Write the array with its brackets."""
        parts = [f"{item.before}{item.text}{item.after}" for item in self.items]
        return f"[{','.join(parts)}{',' if parts and self.has_last_comma else ''}{self.rest}]"


def item_of(string: str, before: str = "") -> ArrayItem:
    """Make the item of a string."""
    return ArrayItem(quoted(string), before)


def quoted(string: str) -> str:
    """Write a string as uv does: in double quotes, or in single ones where it holds double ones itself."""
    if any(letter < " " or letter == "\x7f" for letter in string) or ('"' in string and "'" in string):
        return msgspec.json.encode(string).decode().replace("\x7f", "\\u007f")
    if '"' in string:
        return f"'{string}'"
    return '"' + string.replace("\\", "\\\\") + '"'


def inline_table(values: Mapping[str, object]) -> str:
    """Write an inline table of strings, booleans and lists of strings."""
    return "{ " + ", ".join(f"{key} = {_value(value)}" for key, value in values.items()) + " }"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(one) for one in value)}]"
    return quoted(str(value))


def inline_table_text(text: str) -> dict[tuple[str, ...], str]:
    """Give the values of an inline table as written, by their keys; nothing where the text is none."""
    if not (text.startswith("{") and text.endswith("}")):
        return {}
    array = read_array(f"[{text[1:-1]}]")
    found = dict[tuple[str, ...], str]()
    for item in array.items:
        # The tokens of an entry have lost the space between them, which means nothing outside of strings.
        key, value = _parted(item.text)
        found[key] = value
    return found


def _parted(entry: str) -> tuple[tuple[str, ...], str]:
    found = (match for match in TOKEN.finditer(entry) if "=" in match[0] and match[0][0] not in ("'", '"'))
    first = next(found)
    end = first.start() + first[0].index("=")
    key = tomllib.loads(f"{entry[:end]} = 0")
    path: tuple[str, ...] = ()
    node: object = key
    while isinstance(node, dict):
        name = next(iter(node))
        path, node = (*path, name), node[name]
    return path, entry[end + 1 :]


def read_array(text: str) -> ArrayText:
    """Take the text of an array apart; `InvalidText` where it is none."""
    tokens = [match[0] for match in TOKEN.finditer(text)]
    if tokens[:1] != ["["] or tokens[-1] != "]":
        raise InvalidText("Expected an array")
    items = list[ArrayItem]()
    before, value, after, depth = "", "", "", 0
    for token in tokens[1:-1]:
        if token == "," and not depth:
            items.append(ArrayItem(value, before, after))
            before, value, after = "", "", ""
        elif not depth and (token.isspace() or token.startswith("#")):
            before, after = (before, after + token) if value else (before + token, after)
        else:
            depth += (token in ("[", "{")) - (token in ("]", "}"))
            value += token
    if value:
        return ArrayText((*items, ArrayItem(value, before, after)))
    return ArrayText(tuple(items), before, has_last_comma=bool(items))


class _Comment(msgspec.Struct, frozen=True):
    """A comment; `gap` is the white space before it where it shares its line with a value, None where it does not."""

    text: str
    gap: str | None = None


def one_a_line(array: ArrayText) -> ArrayText:
    """Write an array with one value a line and a comma behind each; comments stay, own lines stay own lines."""
    items, rest = list(array.items), array.rest
    if items and not array.has_last_comma and "#" in items[-1].after:
        items[-1], rest = msgspec.structs.replace(items[-1], after=""), items[-1].after + rest
    first = _last_line(items[0].before).partition("#")[0] if items else ""
    start = f"\n{first or INDENT}"
    lines = [
        ArrayItem(item.text, _written([*_comments(item.before), *_comments(item.after)], start) + start)
        for item in items
    ]
    end = _written(_comments(rest), start)
    return ArrayText(tuple(lines), f"{end}\n" if end or items else "", has_last_comma=True)


def _written(comments: list[_Comment], start: str) -> str:
    return "".join(f"{start if each.gap is None else each.gap}{each.text}" for each in comments)


def _comments(text: str) -> list[_Comment]:
    """Find the comments; one that begins on the first line shares it with what stands before."""
    found = list[_Comment]()
    for number, line in enumerate(_LINE.split(text)):
        head, mark, tail = line.partition("#")
        if mark:
            found.append(_Comment(f"#{tail.rstrip()}", None if number else head))
    return found


def _last_line(text: str) -> str:
    return _LINE.split(text)[-1]
