"""How requirements and version ranges read in messages: parts in the order of their versions, as uv writes them."""

from __future__ import annotations

from packaging.specifiers import Specifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from keyrack.policy.markers.algebra import diagram
from keyrack.policy.markers.wording import text
from keyrack.values.requirement import FromGit, FromTree, FromUrl, Requirement


def specifier_text(specifiers: SpecifierSet, separator: str = ",") -> str:
    """Write a range: `>=1,!=1.5,<2`."""
    return separator.join(map(str, in_order(list(specifiers))))


def in_order(specifiers: list[Specifier]) -> list[Specifier]:
    """Sort the parts of a range by version; what is no version (`===anything`) comes last."""
    return sorted(specifiers, key=_rank)


def source_text(requirement: Requirement) -> str:
    """Write where a direct requirement comes from; "" for one that an index answers."""
    match requirement.source:
        case FromUrl(url=url) | FromGit(url=url):
            return str(url)
        case FromTree(path=path):
            return f"file://{path}"
        case _:
            return ""


def requirement_text(requirement: Requirement) -> str:
    """Write a requirement (PEP 508), its marker in the canonical form."""
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    source = source_text(requirement)
    wanted = f" @ {source}" if source else specifier_text(requirement.specifier)
    marker = text(diagram(requirement.marker))
    return f"{requirement.name}{extras}{wanted}{f' ; {marker}' if marker else ''}"


def _rank(specifier: Specifier) -> tuple[int, Version, str]:
    try:
        return 0, Version(specifier.version.removesuffix(".*")), specifier.operator
    except InvalidVersion:
        return 1, Version("0"), str(specifier)
