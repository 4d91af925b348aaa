"""What a marker can ask, and in which order a diagram asks it (PEP 508, PEP 751).

The order is uv's, because the canonical text follows from it: strings that exclude each other first, then versions,
then tests for a part of a string, then extras and groups.
"""

from __future__ import annotations

from typing import Final

from keyrack.policy.markers.diagram import Variable

STRINGS: Final = (
    "os_name",
    "sys_platform",
    "platform_system",
    "platform_machine",
    "platform_python_implementation",
    "platform_release",
    "platform_version",
    "implementation_name",
)
VERSIONS: Final = ("implementation_version", "python_full_version")
LISTS: Final = ("extras", "dependency_groups")

STRING: Final = 0
RELEASE: Final = 1
VERSION: Final = 2
IN: Final = 3
CONTAINS: Final = 4
EXTRA: Final = 5
LIST: Final = 6

_STRING_AT: Final = {name: place for place, name in enumerate(STRINGS)}
_LAST_PLATFORM: Final[Variable] = (STRING, 2)

PYTHON: Final[Variable] = (VERSION, 1)
"""`python_full_version`; `python_version` is written in its terms."""


def string(name: str) -> Variable:
    """The value of `os_name` and its like, on the line of all strings."""
    return STRING, _STRING_AT[name]


def release(name: str) -> Variable:
    """The same value, on the line of versions: where it is known to be one."""
    return RELEASE, _STRING_AT[name]


def version(name: str) -> Variable:
    """The value of `python_full_version` or `implementation_version`, on the line of versions."""
    return VERSION, VERSIONS.index(name)


def within(name: str, text: str) -> Variable:
    """Whether `name in 'text'`."""
    return IN, _STRING_AT[name], text


def containing(name: str, text: str) -> Variable:
    """Whether `'text' in name`."""
    return CONTAINS, _STRING_AT[name], text


def extra(name: str) -> Variable:
    """Whether an extra is asked for."""
    return EXTRA, name


def listed(key: str, value: str) -> Variable:
    """Whether `'value' in extras`, or in `dependency_groups` (PEP 751)."""
    return LIST, LISTS.index(key), value


def is_platform(variable: Variable) -> bool:
    """Say whether a variable is one of those whose values exclude values of another."""
    return variable <= _LAST_PLATFORM
