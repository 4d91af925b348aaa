"""Turn the text of a marker into its diagram (PEP 508), with uv's answers where a comparison makes no sense.

A comparison without a meaning (`os_name ~= 'x'`, `python_version > 'abc'`, two names, two texts) is left out, as if it
had not been written; a marker of such comparisons alone always holds. An order of texts (`sys_platform >= 'win32'`)
means equality, or nothing for `<` and `>`; the release and version of the platform alone are compared by letters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from packaging.utils import InvalidName, canonicalize_name

from keyrack.policy.markers.conjunction import both, either
from keyrack.policy.markers.diagram import FALSE, TRUE, Diagram, Value, along, opposite, switch
from keyrack.policy.markers.releases import compared
from keyrack.policy.markers.variables import containing, extra, listed, string, within
from keyrack.values.late import pattern

_TOKEN = pattern(r"""\s*(\(|\)|"[^"]*"|'[^']*'|[=<>~!]+|not\s+in\b|[\w.]+)""")
_VERSIONS: Final = frozenset(("python_version", "python_full_version", "implementation_version"))
_NAMES: Final = {
    **{
        name: name
        for name in (
            "os_name",
            "sys_platform",
            "platform_system",
            "platform_machine",
            "platform_python_implementation",
            "platform_release",
            "platform_version",
            "implementation_name",
        )
    },
    "os.name": "os_name",
    "sys.platform": "sys_platform",
    "platform.machine": "platform_machine",
    "platform.python_implementation": "platform_python_implementation",
    "platform.version": "platform_version",
    "python_implementation": "platform_python_implementation",
}
_LISTS: Final = frozenset(("extras", "dependency_groups"))
_BY_LETTERS: Final = frozenset(("platform_release", "platform_version"))
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "in": "contains", "not in": "not contains"}
_SYSTEMS: Final = {
    "Windows": "win32",
    "Darwin": "darwin",
    "Linux": "linux",
    "AIX": "aix",
    "Emscripten": "emscripten",
    "Android": "android",
}
"""Where `platform_system` says just what `sys_platform` says."""
_LONG: Final = 64

_READ: Final[dict[str, Diagram]] = {}


def read(text: str) -> Diagram:
    """Give the diagram of a marker's text, which is known to follow the grammar."""
    found = _READ.get(text)
    if found is None:
        found = _READ[text] = _marker([" ".join(word.split()) for word in _TOKEN.findall(text)])
    return found


class _Level:
    """What was read between two brackets: alternatives, each of them terms that hold together."""

    def __init__(self) -> None:
        self._alternatives: list[list[Diagram]] = [[]]

    def add(self, term: Diagram | None) -> None:
        if term is not None:
            self._alternatives[-1].append(term)

    def next(self) -> None:
        self._alternatives.append([])

    def value(self) -> Diagram | None:
        terms = [_folded(both, terms) for terms in self._alternatives if terms]
        return _folded(either, terms) if terms else None


def _folded(join: Callable[[Diagram, Diagram], Diagram], terms: list[Diagram]) -> Diagram:
    """Join from the left, as uv does; very many of them in pairs, for each join walks over all that was joined."""
    while len(terms) > _LONG:
        odd = terms[len(terms) & ~1 :]
        terms = [join(first, second) for first, second in zip(terms[::2], terms[1::2], strict=False)] + odd
    found = terms[0]
    for term in terms[1:]:
        found = join(found, term)
    return found


def _marker(words: list[str]) -> Diagram:
    outer, level, at = list[_Level](), _Level(), 0
    while at < len(words):
        match words[at]:
            case "(":
                outer.append(level)
                level = _Level()
            case ")":
                value, level = level.value(), outer.pop()
                level.add(value)
            case "or":
                level.next()
            case "and":
                pass
            case left:
                level.add(_comparison(left, words[at + 1], words[at + 2]))
                at += 2
        at += 1
    found = level.value()
    return TRUE if found is None else found


def _comparison(left: str, operator: str, right: str) -> Diagram | None:
    written_left, written_right = left[0] in "'\"", right[0] in "'\""
    if written_left == written_right:
        return None
    if written_right:
        return _named(left, operator, right[1:-1], turned=False)
    return _named(right, operator, left[1:-1], turned=True)


def _named(name: str, operator: str, text: str, *, turned: bool) -> Diagram | None:
    """Read a comparison of a name and a text; `turned` if the text came first."""
    if name in _LISTS:
        return switch(listed(name, text), on=operator == "in") if turned and operator in ("in", "not in") else None
    if name == "extra":
        return _extra(operator, text)
    operator = _TURNED.get(operator, operator) if turned else operator
    if name in _VERSIONS:
        return None if turned and text.endswith(".*") else compared(name, operator, text)
    return _text(_NAMES[name], operator, text)


def _extra(operator: str, text: str) -> Diagram | None:
    if operator not in ("==", "!="):
        return None
    try:
        name = canonicalize_name(text, validate=True)
    except InvalidName:
        return FALSE
    return switch(extra(name), on=operator == "==")


def _text(name: str, operator: str, text: str) -> Diagram | None:
    if operator == "~=":
        return None
    if operator in ("in", "not in"):
        return switch(within(name, text), on=operator == "in")
    if operator in ("contains", "not contains"):
        return switch(containing(name, text), on=operator == "contains")
    return _ordered(name, operator, text)


def _ordered(name: str, operator: str, text: str) -> Diagram:
    """Read an equation, or an order."""
    by_letters = name in _BY_LETTERS
    if name == "platform_system" and text in _SYSTEMS:
        name, text = "sys_platform", _SYSTEMS[text]
    value: Value = text
    equal = along(string(name), (((value, 0), (value, 1)),))
    match operator:
        case "!=":
            return opposite(equal)
        case "<" | ">=" if by_letters:
            above = along(string(name), (((value, 0), None),))
            return above if operator == ">=" else opposite(above)
        case ">" | "<=" if by_letters:
            above = along(string(name), (((value, 1), None),))
            return above if operator == ">" else opposite(above)
        case "<" | ">":
            return FALSE
        case _:
            return equal
