"""Turn the text of a marker into its diagram (PEP 508), with uv's answers where a comparison makes no sense.

A comparison without a meaning (`os_name ~= 'x'`, `python_version > 'abc'`, two names, two texts) is left out, as if it
had not been written; a marker of such comparisons alone always holds. An order of texts (`sys_platform >= 'win32'`)
means equality, or nothing for `<` and `>`; the release and version of the platform alone are compared by letters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from packaging.utils import InvalidName, canonicalize_name

from keyrack.policy.markers.diagram import FALSE, TRUE, Diagram, along, opposite, switch
from keyrack.policy.markers.joining import join, meet
from keyrack.policy.markers.platforms import both, either
from keyrack.policy.markers.releases import compared, compared_minor
from keyrack.policy.markers.variables import containing, extra, listed, release, string, version, within
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
_ORDERS: Final = frozenset(("<", "<=", ">", ">="))
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


def _folded(joined: Callable[[Diagram, Diagram], Diagram], terms: list[Diagram]) -> Diagram:
    """Join neighbours, again and again: from the left, each join would walk over all that was joined before."""
    while len(terms) > 1:
        odd = terms[len(terms) & ~1 :]
        terms = [joined(first, second) for first, second in zip(terms[::2], terms[1::2], strict=False)] + odd
    return terms[0]


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
        if turned and text.endswith(".*"):
            return None
        return compared_minor(operator, text) if name == "python_version" else compared(version(name), operator, text)
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
    if name == "platform_system" and text in _SYSTEMS:
        name, text = "sys_platform", _SYSTEMS[text]
    by_letters = _by_letters(name, operator, text)
    by_number = compared(release(name), operator, text) if name == "platform_release" else None
    if by_number is None:
        return by_letters
    # Darwin's releases are versions. Others can hold any text, and stay texts.
    darwin = _is("sys_platform", "darwin")
    return join(meet(darwin, by_number), meet(opposite(darwin), by_letters))


def _is(name: str, text: str) -> Diagram:
    return along(string(name), (((text, 0), (text, 1)),))


def _by_letters(name: str, operator: str, text: str) -> Diagram:
    if operator == "!=":
        return opposite(_is(name, text))
    if name in _BY_LETTERS and operator in _ORDERS:
        cut = (text, 1 if operator in (">", "<=") else 0)
        above = along(string(name), ((cut, None),))
        return above if operator in (">", ">=") else opposite(above)
    return FALSE if operator in ("<", ">") else _is(name, text)
