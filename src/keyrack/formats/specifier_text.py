"""Read version specifiers as text (PEP 440), with uv's words where they are none, and mend those of old metadata."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from keyrack.formats.text_fault import Fault, failed_to_parse
from keyrack.values.late import pattern

_LONGEST_MENDED = 2000
"""Characters: the time of mending grows with the square of them, and no honest text has more."""
_OPERATORS = ("~=", "==", "!=", "<=", ">=", "<", ">", "===")
# Python refuses to read numbers of thousands of digits, and no version has one that does not fit into 64 bits.
_HUGE = pattern(r"\d{20,}")
_RELEASE = pattern(r"v?(?:\d+!)?\d+(?:\.\d+)*", re.IGNORECASE)


@lru_cache(maxsize=32768)
def parse_specifier(text: str) -> SpecifierSet:
    """Read comma-separated specifiers; no clause means every version. Raises `Fault` at the first one that is wrong."""
    try:
        found = SpecifierSet(text)
    except InvalidSpecifier as error:
        _check(text)
        raise Fault("Not a valid version specifier", 0, len(text)) from error
    # What stands behind `===` may be anything for PEP 440, but uv wants a version there too.
    if "===" in text or _HUGE.search(text):
        _check(text)
    return found


def parse_requires_python(text: str) -> SpecifierSet:
    """Read a Python range as projects write it, mended where uv mends it; `InvalidText` if nothing helps."""
    try:
        return parse_specifier(text)
    except Fault as fault:
        for repaired in repairs(text):
            try:
                return parse_specifier(repaired)
            except Fault:
                continue
        raise failed_to_parse(text, fault) from fault


def _check(text: str) -> None:
    start = 0
    for clause in text.split(","):
        wrong = _wrong(clause.strip()) if clause.strip() else ""
        if wrong:
            indent = len(clause) - len(clause.lstrip())
            raise Fault(wrong, start + indent, len(clause.strip()))
        start += len(clause) + 1


def _wrong(clause: str) -> str:
    """Say what is wrong with one clause, or nothing."""
    behind = clause.lstrip("=<>~!")
    operator = clause[: len(clause) - len(behind)]
    version, *rest = behind.split(None, 1)[:2] or [""]
    if operator not in _OPERATORS:
        return f'no such comparison operator "{operator}", must be one of ~= == != <= >= < > ==='
    if not version:
        return "Unexpected end of version specifier, expected version"
    if rest:
        return f"Trailing `{rest[0]}` is not allowed"
    if version.endswith(".*") and operator not in ("==", "!="):
        return f"Operator {operator} cannot be used with a wildcard version specifier"
    return _wrong_version(operator, version.removesuffix(".*"))


def _wrong_version(operator: str, version: str) -> str:
    if _HUGE.search(version):
        return "expected number less than or equal to 18446744073709551615, but number found exceeds it"
    try:
        parsed = Version(version)
    except InvalidVersion:
        start = _RELEASE.match(version)
        if start is None:
            return "expected version to start with a number, but no leading ASCII digits were found"
        return f"after parsing `{start[0]}`, found `{version[start.end() :]}`, which is not part of a valid version"
    if operator == "~=" and len(parsed.release) < 2:
        return "The ~= operator requires at least two segments in the release version"
    if parsed.local and operator not in ("==", "!=", "==="):
        return (
            f"Operator {operator} is incompatible with versions containing non-empty local segments (`+{parsed.local}`)"
        )
    return ""


def repairs(text: str) -> Iterator[str]:
    """Give better readings of a requirement or specifier that older tools let pass, each built on those before."""
    if len(text) > _LONGEST_MENDED:
        return
    mends: list[Callable[[str], str]] = [partial(wrong.sub, right) for wrong, right in _MENDS]
    for mend in (*mends, _without_stray_quotes):  # >= 2.7'
        mended = mend(text)
        if mended != text:
            text = mended
            yield text


def _without_stray_quotes(text: str) -> str:
    """Take quotes out of a requirement, but not out of its marker."""
    requirement, semicolon, marker = text.partition(";")
    return requirement.replace("'", "").replace('"', "") + semicolon + marker


# The same cases as uv's, in its order.
_MENDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (pattern(r"(\d)([<>=~^!])"), r"\1,\2"),  # >=7.2.0<8.0.0
    (pattern(r"!=~((?:\d\.)*\d)"), r"!=\1.*"),  # !=~5.0
    (pattern(r"(<=|>=|<|>)\s*(\d+(?:\.\d+)*)\.\*"), r"\1\2"),  # >=1.9.*
    (pattern(r"(\d\.\d)+\*"), r"\1.*"),  # !=3.0*
    (pattern(r",\s*\Z"), ""),  # >=3.6,
    (pattern(r">dev"), ">0.0.0dev"),
    (pattern(r"(\d+(?:\.\d)*(?:a|b|rc|post|dev)\d+)\.0"), r"\1"),  # >=9.0.0a1.0
)
