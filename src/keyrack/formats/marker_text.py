"""Read an environment marker as text (PEP 508), with uv's words where it is none."""

from __future__ import annotations

import re
from functools import lru_cache

from packaging.markers import InvalidMarker, Marker

from keyrack.formats.text_fault import Fault
from keyrack.values.late import pattern

DEEPEST = 50
"""How many brackets may stand within each other; reading is recursive, and no real marker has more than three."""

_NAMES = (
    "python_version",
    "python_full_version",
    "os_name",
    "os.name",
    "sys_platform",
    "sys.platform",
    "platform_release",
    "platform_system",
    "platform_version",
    "platform.version",
    "platform_machine",
    "platform.machine",
    "platform_python_implementation",
    "platform.python_implementation",
    "python_implementation",
    "implementation_name",
    "implementation_version",
    "extra",
    "extras",
    "dependency_groups",
)
_TOKEN = pattern(
    r"\s*(?P<token>(?P<value>'[^']*'|\"[^\"]*\")|(?P<bracket>[()])|(?P<operator>[=<>~!]+)|(?P<word>[\w.]+)|(?P<other>\S))"
)
_COMPARISONS = ("==", "!=", "<=", ">=", "<", ">", "~=", "in")
_LISTS = ("extras", "dependency_groups")
_END = "end of dependency specification"


@lru_cache(maxsize=8192)
def parse_marker(text: str) -> Marker:
    """Read a marker; raises `Fault` at the first place that breaks the grammar, or nests too deeply."""
    depth = 0
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth > DEEPEST:
            raise Fault(f"The marker nests more than {DEEPEST} brackets", at)
    # Quoted values are read as Python reads them; a backslash would be an escape there, and means nothing in PEP 508.
    if "\\" in text:
        raise Fault("A marker may not hold a backslash", text.index("\\"))
    # PEP 508 has more than uv reads. What uv refuses in a requirement must not come from us either.
    if "===" in text or "extras" in text or "dependency_groups" in text:
        _Diagnosis(text).marker()
    try:
        return Marker(text)
    except InvalidMarker as error:
        _Diagnosis(text).marker()
        raise Fault("Not a valid marker", 0, len(text)) from error


class _Diagnosis:
    """Walks over a broken marker and raises the fault where it first breaks."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_TOKEN.finditer(text))
        self._text = text
        self._next = 0

    def marker(self) -> None:
        self._any_of()
        found = self._peek()
        if found is not None:
            first = found["token"][0]
            start = found.start("token")
            raise Fault(
                f"Unexpected character '{first}', expected 'and', 'or' or end of input",
                start,
                len(self._text.rstrip()) - start,
            )

    def _peek(self) -> re.Match[str] | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _is(self, *words: str) -> bool:
        found = self._peek()
        return found is not None and found["token"] in words

    def _any_of(self) -> None:
        self._one()
        while self._is("and", "or"):
            self._next += 1
            self._one()

    def _one(self) -> None:
        if not self._is("("):
            return self._comparison()
        opened = self._tokens[self._next].start("token")
        self._next += 1
        self._any_of()
        found = self._peek()
        if found is None:
            raise Fault(f"Expected ')', found {_END}", opened)
        if found["token"] != ")":
            raise Fault(f"Expected ')', found `{found['token']}`", found.start("token"), len(found["token"]))
        self._next += 1
        return None

    def _comparison(self) -> None:
        left = self._operand()
        operator = self._operator()
        right = self._operand()
        start = left.start("token")
        if left["token"] in _LISTS:
            about = f"The marker {left['token']} must be on the right hand side of the expression"
            raise Fault(about, start, right.end("token") - start)
        if right["token"] in _LISTS and left["value"] and operator not in ("in", "not in"):
            raise Fault(
                f"The operator {operator} is not supported with the marker {right['token']}, only the `in` and `not in`"
                " operators are supported",
                start,
                right.end("token") - start,
            )

    def _operand(self) -> re.Match[str]:
        found = self._peek()
        if found is None:
            raise Fault(f"Expected marker value, found {_END}", len(self._text))
        if found["value"] is None and found["token"] not in _NAMES:
            raise Fault(
                f"Expected a quoted string or a valid marker name, found `{found['token']}`",
                found.start("token"),
                len(found["token"]),
            )
        self._next += 1
        return found

    def _operator(self) -> str:
        found = self._peek()
        token, start = (found["token"], found.start("token")) if found else ("", len(self._text))
        if token == "not" and self._next + 1 < len(self._tokens) and self._tokens[self._next + 1]["token"] == "in":
            self._next += 1
            token = "not in"
        elif token not in _COMPARISONS:
            raise Fault(
                f"Expected a valid marker operator (such as `>=` or `not in`), found `{token}`", start, len(token)
            )
        self._next += 1
        return token
