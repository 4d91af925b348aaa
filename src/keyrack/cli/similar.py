"""Which known name somebody may have meant: Jaro's similarity (1989), with the threshold of uv's parser."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # `collections` takes longer to import than all of this
    from collections.abc import Iterable


_ENOUGH = 0.7


def similar(text: str, known: Iterable[str]) -> list[str]:
    """Give the names that are close to a text, the closest last."""
    rated = [(jaro(text, name), name) for name in known]
    return [name for rating, name in sorted(rated, key=lambda each: each[0]) if rating > _ENOUGH]


def jaro(left: str, right: str) -> float:
    """Rate how alike two texts are, from 0 to 1."""
    if not left or not right:
        return float(left == right)
    reach = max(0, max(len(left), len(right)) // 2 - 1)
    taken = [False] * len(right)
    matched = list[str]()
    for at, letter in enumerate(left):
        for other in range(max(0, at - reach), min(len(right), at + reach + 1)):
            if not taken[other] and right[other] == letter:
                taken[other] = True
                matched.append(letter)
                break
    if not matched:
        return 0.0
    opposite = [letter for letter, is_taken in zip(right, taken, strict=True) if is_taken]
    swapped = sum(one != other for one, other in zip(matched, opposite, strict=True)) / 2
    count = len(matched)
    return (count / len(left) + count / len(right) + (count - swapped) / count) / 3
