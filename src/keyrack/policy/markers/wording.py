"""The canonical text of a diagram, as uv writes it into a lock."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from keyrack.policy.markers.clauses import Clause, Term, clauses
from keyrack.policy.markers.diagram import FALSE, TRUE, Diagram

NEVER: Final = "python_version < '0'"

_TEXTS: Final[dict[Diagram, str]] = {TRUE: "", FALSE: NEVER}


def text(diagram: Diagram) -> str:
    """Write a diagram; "" for what always holds. `InvalidText` if it would be too long to be of use."""
    found = _TEXTS.get(diagram)
    if found is None:
        found = _TEXTS[diagram] = factored(clauses(diagram))
    return found


def factored(alternatives: list[Clause]) -> str:
    """Write what several alternatives begin with once, and what several beginnings end with once."""
    firsts = dict[Term, list[Clause]]()
    for clause in alternatives:
        firsts.setdefault(clause[0], []).append(clause)
    groups = dict[tuple[Clause, ...], list[Clause]]()
    for group in firsts.values():
        length = 1 if len(group) == 1 else _shared(group)
        rests = tuple(clause[length:] for clause in group)
        # The beginning alone says all that the longer ones say.
        groups.setdefault(rests if all(rests) else (), []).append(group[0][:length])
    ends_meet = any(rests and len(beginnings) > 1 for rests, beginnings in groups.items())
    if len(firsts) == len(alternatives) and not ends_meet:
        return _alternatives(alternatives)
    return " or ".join(
        f"{_operand(beginnings)} and {_operand(rests)}" if rests else _alternatives(beginnings)
        for rests, beginnings in groups.items()
    )


def _shared(group: Sequence[Clause]) -> int:
    """Count the terms that all alternatives begin with."""
    return sum(1 for _ in takewhile(lambda terms: len(set(terms)) == 1, zip(*group, strict=False)))


def _operand(alternatives: Sequence[Clause]) -> str:
    written = _alternatives(alternatives)
    return f"({written})" if len(alternatives) > 1 else written


def _alternatives(alternatives: Sequence[Clause]) -> str:
    form = "({})" if len(alternatives) > 1 else "{}"
    return " or ".join(
        (form if len(clause) > 1 else "{}").format(" and ".join(map(str, clause))) for clause in alternatives
    )
