"""A failed derivation as numbered English, in uv's words.

Each step is one sentence, `Because A and B, we can conclude that C.`, and the next goes on from it. A step that is
needed twice is told once and gets a number. See `docs/solver.md#report`.
"""

from collections.abc import Callable
from typing import Generic

from keyrack.policy.solver.collapse import collapse
from keyrack.policy.solver.derivation import Derivation, Derived, External, P
from keyrack.policy.solver.phrases import Phrases, ended, joined
from keyrack.policy.solver.ranges import V
from keyrack.policy.solver.words import Words


def report(tree: Derivation[P, V], words: Words[P, V]) -> str:
    """Explain why there is no solution: lines without a line break at the end, no heading, no hints."""
    return explain(collapse(tree, words), words)


def explain(tree: Derivation[P, V], words: Words[P, V]) -> str:
    """Write a derivation as it stands."""
    if isinstance(tree, Derived):
        return "\n".join(_Explanation(Phrases(words)).lines_of(tree))
    return Phrases(words).fact(tree)


class _Explanation(Generic[P, V]):
    """The lines written so far. Derivations can be deep, so what is still to be written waits on a stack."""

    def __init__(self, phrases: Phrases[P, V]) -> None:
        self._phrases = phrases
        self._lines: list[str] = []
        # The line number of each shared step that has been explained.
        self._numbers: dict[int, int] = {}
        self._count = 0
        self._waiting: list[Callable[[], None]] = []

    def lines_of(self, tree: Derived[P, V]) -> list[str]:
        """Explain a step and all behind it."""
        self._explain(tree)
        while self._waiting:
            self._waiting.pop()()
        return self._lines

    def _explain(self, step: Derived[P, V]) -> None:
        """Explain a step; what is put on the stack last is done first."""
        self._waiting.append(lambda: self._finish(step))
        first, second = step.first, step.second
        if isinstance(first, Derived):
            if isinstance(second, Derived):
                self._from_two_steps(step, first, second)
            else:
                self._from_step_and_fact(step, first, second)
        elif isinstance(second, Derived):
            self._from_step_and_fact(step, second, first)
        else:
            self._conclude(step, "Because", self._phrases.both(first, second))

    def _finish(self, step: Derived[P, V]) -> None:
        """Number the line of a step that others will refer to."""
        if step.shared is not None and step.shared not in self._numbers:
            self._numbers[step.shared] = self._number_line()

    def _number_line(self) -> int:
        self._count += 1
        self._lines[-1] += f" ({self._count})"
        return self._count

    def _number(self, step: Derived[P, V]) -> int | None:
        return None if step.shared is None else self._numbers.get(step.shared)

    def _from_step_and_fact(self, step: Derived[P, V], cause: Derived[P, V], fact: External[P, V]) -> None:
        """Explain what follows from an earlier step and a fact; two facts in a row share a sentence."""
        number = self._number(cause)
        if number is not None:
            known = self._known(number, cause)
            self._conclude(step, "Because", joined(known, "and", self._phrases.fact(fact)))
            return
        inner, prior = cause.first, cause.second
        if not isinstance(inner, Derived):
            inner, prior = prior, inner
        if isinstance(inner, Derived) and not isinstance(prior, Derived):
            told, said = inner, self._phrases.both(prior, fact)
        else:
            told, said = cause, self._phrases.fact(fact)
        self._waiting.append(lambda: self._conclude(step, "And because", said))
        self._waiting.append(lambda: self._explain(told))

    def _from_two_steps(self, step: Derived[P, V], first: Derived[P, V], second: Derived[P, V]) -> None:
        """Explain what follows from two earlier steps."""
        number, other = self._number(first), self._number(second)
        if number is not None and other is not None:
            known = joined(self._known(number, first), "and", self._known(other, second))
            self._lines.append(f"Because {ended(known, ', ')}{ended(self._phrases.conclusion(step.terms), '.')}")
        elif number is not None:
            self._waiting.append(lambda: self._conclude(step, "And because", self._known(number, first)))
            self._waiting.append(lambda: self._explain(second))
        elif other is not None:
            self._waiting.append(lambda: self._conclude(step, "And because", self._known(other, second)))
            self._waiting.append(lambda: self._explain(first))
        else:
            self._waiting.append(lambda: self._after_first(step, first, second))
            self._waiting.append(lambda: self._explain(first))

    def _after_first(self, step: Derived[P, V], first: Derived[P, V], second: Derived[P, V]) -> None:
        """Go on with the second step, in a paragraph of its own, and come back to the first by its number."""
        if first.shared is not None:
            self._lines.append("")
            self._explain(step)
            return
        number = self._number_line()
        self._lines.append("")
        self._waiting.append(lambda: self._conclude(step, "And because", self._known(number, first)))
        self._waiting.append(lambda: self._explain(second))

    def _known(self, number: int, step: Derived[P, V]) -> str:
        return joined(f"we know from ({number}) that", self._phrases.conclusion(step.terms))

    def _conclude(self, step: Derived[P, V], opening: str, said: str) -> None:
        """Write a line."""
        conclusion = self._phrases.conclusion(step.terms)
        self._lines.append(f"{opening} {ended(said, ', ')}we can conclude that {ended(conclusion, '.')}")
