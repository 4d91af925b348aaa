"""Whether a requirement applies in one environment, with an extra or without (PEP 508, dependency specifiers).

Nearly every marker compares in a way that means the same to everybody; those `packaging` evaluates, which is loaded
anyway. The others (`python_version in '3.8 3.9'`, an order of texts, what has no meaning) mean what uv takes them for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from packaging.markers import Marker

from keyrack.values.late import LateModule, pattern
from keyrack.values.names import ExtraName, extra_name

if TYPE_CHECKING:
    from keyrack.policy.markers import algebra
else:
    algebra = LateModule("keyrack.policy.markers.algebra")  # most runs meet none of those markers

_PYTHONS = ("python_version", "python_full_version")
_EXTRA = pattern(r"""\bextra\s*(?:==|in|not in|!=)\s*["']""")
_TOP_LEVEL_EXTRA = pattern(r"""\s*(?:extra\s*==\s*["']([^"']+)["']|["']([^"']+)["']\s*==\s*extra)\s*""")
_NONE = ExtraName("")
_RELEASE = pattern(r"[0-9]+(?:\.[0-9]+)*")
_NAME = "(?:os_name|sys_platform|platform_system|platform_machine|platform_python_implementation|implementation_name)"
_TERMS = (
    r'python(?:_full)?_version (?:[<>]=?|[=!]=) "[0-9]+(?:\.[0-9]+)*"',
    r'python(?:_full)?_version [=!]= "[0-9]+(?:\.[0-9]+)*\.\*"',
    f'{_NAME} (?:[=!]=|(?:not )?in) "[^"]*"',
    f'"[^"]*" (?:[=!]=|(?:not )?in) {_NAME}',
    'extra [=!]= "[^"]*"',
    '"[^"]*" [=!]= extra',
)
_PLAIN = pattern(rf"(?:\(|\)| and | or |{'|'.join(_TERMS)})+")
"""What means the same to everybody, as `packaging` writes it."""


class Holds(Protocol):
    """Says of markers whether they hold."""

    def holds(self, marker: Marker | None) -> bool:
        """Say whether a marker holds without any extra."""
        ...


class Everywhere:
    """All environments at once: any marker may hold somewhere."""

    def holds(self, marker: Marker | None) -> bool:
        """Say that it may."""
        return True


class Environment:
    """The markers of one Python, and what was already found to hold there."""

    def __init__(self, markers: Mapping[str, str]) -> None:
        """Take PEP 508's variables by name."""
        self._markers = dict(markers)
        self._is_released = all(_RELEASE.fullmatch(markers.get(name, "0")) for name in _PYTHONS)
        self._known: dict[tuple[str, ExtraName], bool] = {}
        self._extras: dict[str, tuple[bool, ExtraName]] = {}
        # A marker makes its text anew each time it is asked. The marker is kept too: so its id stays its own.
        self._texts: dict[int, tuple[Marker, str]] = {}

    def applies(self, marker: Marker | None, extra: ExtraName = _NONE) -> bool:
        """Say whether a requirement is one of the package itself, or, with an extra, one that this extra adds."""
        if marker is None:
            return not extra
        text = self._text(marker)
        mentions, only = self._extras_in(text)
        if not mentions:
            return not extra and self._holds(marker, text, _NONE)
        if only and only != extra:
            return False
        if not extra:
            return self._holds(marker, text, _NONE)
        return self._holds(marker, text, extra) and not self._holds(marker, text, _NONE)

    def holds(self, marker: Marker | None) -> bool:
        """Say whether a marker holds without any extra."""
        return marker is None or self._holds(marker, self._text(marker), _NONE)

    def extra_of(self, marker: Marker | None) -> ExtraName:
        """Give the one extra without which a marker cannot hold, or ""."""
        return _NONE if marker is None else self._extras_in(self._text(marker))[1]

    def _text(self, marker: Marker) -> str:
        known = self._texts.get(id(marker))
        if known is None:
            known = self._texts[id(marker)] = marker, str(marker)
        return known[1]

    def _extras_in(self, text: str) -> tuple[bool, ExtraName]:
        """Say whether a marker speaks of extras, and of which one alone, if that can be read off its text."""
        found = self._extras.get(text)
        if found is None:
            mentions = "extra" in text and bool(_EXTRA.search(text) or "== extra" in text or "in extra" in text)
            found = self._extras[text] = (mentions, _needed_extra(text) if mentions else _NONE)
        return found

    def _holds(self, marker: Marker, text: str, extra: ExtraName) -> bool:
        key = text, extra
        found = self._known.get(key)
        if found is None:
            if self._is_released and _PLAIN.fullmatch(text):
                found = marker.evaluate({**self._markers, "extra": extra})
            else:
                extras = frozenset((extra,)) if extra else frozenset()
                found = algebra.holds(algebra.diagram(marker), self._markers, extras)
            self._known[key] = found
        return found


def _needed_extra(text: str) -> ExtraName:
    """Find `extra == "x"` among the terms of a plain conjunction."""
    if " or " in text or "(" in text:
        return _NONE
    for term in text.split(" and "):
        found = _TOP_LEVEL_EXTRA.fullmatch(term)
        if found:
            return extra_name(found[1] or found[2])
    return _NONE
