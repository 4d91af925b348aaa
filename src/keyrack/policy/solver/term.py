"""A term: a statement about one package that a choice of versions makes true or false.

A *positive* term says that a version in a range is chosen. A *negative* one says that no version in a range is chosen,
which also holds where the package is not chosen at all. We keep what a term **admits**: the versions, and whether it
admits absence. So negation, intersection and union are those of sets, with absence as one more member.
See `docs/solver.md#term`.
"""

from typing import Final, Generic

from keyrack.policy.solver.ranges import DISJOINT, OVERLAP, SUBSET, Ranges, V

# How the terms known so far relate to one term of an incompatibility.
SATISFIED: Final = SUBSET
CONTRADICTED: Final = DISJOINT
INCONCLUSIVE: Final = OVERLAP


class Term(Generic[V]):
    """What may become of a package: one of `versions`, or, where `absent`, nothing.

    `relations` and `remainders` are for the partial solution, which asks the same again and again (five times of six in
    a hard case): how this term stands under a known one, and what of a known term is left when this one is false. Their
    keys are the identities of terms that the partial solution keeps alive.
    """

    __slots__ = ("absent", "relations", "remainders", "versions")

    versions: Ranges[V]
    absent: bool
    relations: dict[int, int]
    remainders: "dict[int, Term[V]]"

    def __init__(self, versions: Ranges[V], absent: bool) -> None:
        """Take what the term admits."""
        self.versions = versions
        self.absent = absent
        self.relations = {}
        self.remainders = {}

    @classmethod
    def positive(cls, versions: Ranges[V]) -> "Term[V]":
        """Say "one of `versions` is chosen"."""
        return cls(versions, False)

    @classmethod
    def negative(cls, versions: Ranges[V]) -> "Term[V]":
        """Say "none of `versions` is chosen"."""
        return cls(versions.complement(), True)

    @property
    def is_positive(self) -> bool:
        """Say whether the package must be chosen."""
        return not self.absent

    @property
    def ranges(self) -> Ranges[V]:
        """The range that the term is written with: what it admits if positive, what it forbids if negative."""
        return self.versions.complement() if self.absent else self.versions

    @property
    def is_any(self) -> bool:
        """Say whether the term always holds."""
        return self.absent and self.versions.is_full

    def negate(self) -> "Term[V]":
        """Give the term that holds exactly where this one does not."""
        return Term(self.versions.complement(), not self.absent)

    def intersection(self, other: "Term[V]") -> "Term[V]":
        """Give the term that holds where both hold."""
        return Term(self.versions.intersection(other.versions), self.absent and other.absent)

    def union(self, other: "Term[V]") -> "Term[V]":
        """Give the term that holds where one of them holds."""
        return Term(self.versions.union(other.versions), self.absent or other.absent)

    def contains(self, version: V) -> bool:
        """Say whether the choice of a version makes the term true."""
        return self.versions.contains(version)

    def is_disjoint(self, other: "Term[V]") -> bool:
        """Say whether the two can never hold together."""
        return not (self.absent and other.absent) and self.versions.is_disjoint(other.versions)

    def under(self, known: "Term[V]") -> int:
        """Say whether what is `known` makes this term `SATISFIED`, `CONTRADICTED`, or neither (`INCONCLUSIVE`)."""
        found = known.versions.relation(self.versions)
        if found == SUBSET:
            if self.absent or not known.absent:
                return SATISFIED
            return CONTRADICTED if known.versions.is_empty else INCONCLUSIVE
        if found == DISJOINT and self.absent and known.absent:
            return INCONCLUSIVE
        return found

    def __eq__(self, other: object) -> bool:
        """Compare by content."""
        if not isinstance(other, Term):
            return NotImplemented
        return self.absent == other.absent and self.versions == other.versions

    def __hash__(self) -> int:
        """Hash by content."""
        return hash((self.absent, self.versions))

    def __repr__(self) -> str:
        """Show the sign and the range."""
        return f"{'not ' if self.absent else ''}{self.ranges!r}"
