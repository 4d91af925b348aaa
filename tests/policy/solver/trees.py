"""Short names for making derivations by hand, for the tests of the report."""

from keyrack.policy.solver.derivation import (
    Absent,
    Derivation,
    Derived,
    FromDependency,
    NotRoot,
    NoVersions,
    Unusable,
)
from keyrack.policy.solver.term import Term
from keyrack.policy.solver.words import PlainWords, Role
from tests.policy.solver.worlds import ROOT, versions

Tree = Derivation[str, int]


def none(package: str, text: str = "") -> NoVersions[str, int]:
    """Say that a package has no versions in a range."""
    return NoVersions(package, versions(text))


def depends(package: str, text: str, dependency: str, wanted: str = "") -> FromDependency[str, int]:
    """Say that versions of a package depend on versions of another; `-` is no version."""
    return FromDependency(package, versions(text), dependency, versions(wanted if wanted != "-" else "<1,>1"))


def unusable(package: str, text: str, reason: str = "was yanked") -> Unusable[str, int]:
    """Say that versions of a package cannot be used."""
    return Unusable(package, versions(text), reason)


def absent(package: str, text: str = "", reason: str = "was not found") -> Absent[str, int]:
    """Say that nothing of a package can be used."""
    return Absent(package, versions(text), reason)


def root() -> NotRoot[str, int]:
    """Say that the root must be chosen."""
    return NotRoot(ROOT, 0)


def terms(*texts: str) -> dict[str, Term[int]]:
    """Read terms: `a>1` is positive, `not a>1` negative."""
    found = {}
    for text in texts:
        bare = text.removeprefix("not ")
        name = bare.rstrip("0123456789,<>=!")
        make = Term.positive if bare == text else Term.negative
        found[name] = make(versions(bare.removeprefix(name)))
    return found


def step(first: Tree, second: Tree, *texts: str, shared: int | None = None) -> Derived[str, int]:
    """Derive terms from two causes."""
    return Derived(terms(*texts), first, second, shared)


def shape(tree: Tree) -> object:
    """Show a tree as nested tuples: terms, first cause, second cause, number."""
    if isinstance(tree, Derived):
        shown = dict(tree.terms), shape(tree.first), shape(tree.second)
        return shown if tree.shared is None else (*shown, tree.shared)
    return tree


class TreeWords(PlainWords[str, int]):
    """Words by first letter: `p` a proxy, `y` what is given, `m` a package of the reader's own, `mine` the project.

    Versions exist where they are given. A hundred and more are borders above the version without the hundreds.
    """

    def __init__(self, **available: list[int]) -> None:
        super().__init__(ROOT, available)

    def role(self, package: str) -> Role:
        return {"p": Role.PROXY, "y": Role.SURROUNDINGS}.get(package[:1], super().role(package))

    def member(self, package: str) -> str | None:
        if package == "mine":
            return "your project"
        return f"`{package}`" if package.startswith("m") else None

    def bare(self, version: int) -> int:
        return version % 100
