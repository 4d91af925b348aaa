"""Small worlds of packages with whole numbers for versions, written as text, for the tests of the solver.

A line tells one version: `a 2: b>=1 b<3 c`. The root has no version: `root: a b==1`. What cannot be used has its reason
instead: `a 2! was yanked | were yanked`. A package that is only depended on does not exist. `Python` is what is given,
and has no version that would do.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from keyrack.policy.solver.conflicts import Conflict, ConflictCounts
from keyrack.policy.solver.derivation import Derivation
from keyrack.policy.solver.ranges import Ranges
from keyrack.policy.solver.report import report
from keyrack.policy.solver.solve import Absent, NoSolution, Requires, Solution, Unusable, solve
from keyrack.policy.solver.words import PlainWords, Role

Versions = Ranges[int]
Pairs = tuple[tuple[str, Versions], ...]

ROOT = "root"
PYTHON = "Python"
LINE = re.compile(r"^\s*(\S+?)(?: (\d+))?([:!])(.*)$", re.MULTILINE)
OPERATORS = {
    "==": Ranges.singleton,
    ">=": Ranges.higher_than,
    "<=": Ranges.lower_than,
    ">": Ranges.strictly_higher_than,
    "<": Ranges.strictly_lower_than,
}


def versions(text: str) -> Versions:
    """Read `>=1,<3`, `!=2`, or nothing for any version."""
    found: Versions = Ranges.full()
    for part in filter(None, text.split(",")):
        if part.startswith("!="):
            one = Ranges.singleton(int(part[2:])).complement()
        else:
            sign = part[:2] if part[:2] in OPERATORS else part[:1]
            one = OPERATORS[sign](int(part.removeprefix(sign)))
        found = found.intersection(one)
    return found


def requirement(text: str) -> tuple[str, Versions]:
    """Read `b>=1,<3`."""
    name = text.rstrip("0123456789,<>=!")
    return name, versions(text.removeprefix(name))


class Plain:
    """The packages of a text, and no more than the protocol asks for: versions go highest first, packages by name.

    `told` is who met whom in conflicts, `regrets` the package to go back on at each.
    """

    regrets: str | None = None

    def __init__(self, text: str) -> None:
        self.packages: dict[str, dict[int, Pairs | Unusable]] = {}
        for name, number, sign, tail in LINE.findall(text):
            versions_of = self.packages.setdefault(name, {})
            if sign == ":":
                versions_of[int(number or 0)] = tuple(requirement(word) for word in tail.split())
            else:
                singular, _, plural = tail.strip().partition(" | ")
                versions_of[int(number)] = Unusable((singular, plural or singular))
        self.known = {name: sorted(found) for name, found in self.packages.items()}
        self.looked_at: set[str] = set()
        self.mentions: list[str] = []
        self.asked: Counter[tuple[str, int]] = Counter()
        self.told: list[tuple[str, str]] = []

    def next_package(self, undecided: Mapping[str, Versions]) -> str:
        return min(undecided)

    def choose_version(self, package: str, allowed: Versions) -> int | Absent | None:
        if package == PYTHON:
            return None
        self.looked_at.add(package)
        if package not in self.known:
            return Absent("was not found in the package registry")
        return next((version for version in reversed(self.known[package]) if allowed.contains(version)), None)

    def dependencies(self, package: str, version: int) -> Requires[str, int] | Unusable:
        self.asked[package, version] += 1
        found = self.packages[package][version]
        if isinstance(found, Unusable):
            return found
        first: dict[str, Versions] = {}
        again = []
        for name, allowed in found:
            if name in first:
                again.append((name, allowed))
            else:
                first[name] = allowed
        return Requires(first, again=tuple(again))

    def mentioned(self, package: str, allowed: Versions) -> None:
        self.mentions.append(package)

    def conflicted(self, affected: str, culprit: str) -> str | None:
        self.told.append((affected, culprit))
        return self.regrets


class World(Plain):
    """The same with spans and ranks: packages go in the order of discovery, pinned ones first, as uv has them."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.ranks: dict[str, tuple[int, int]] = {}
        self.counts: ConflictCounts[str] = ConflictCounts(lambda package: package)

    def next_package(self, undecided: Mapping[str, Versions]) -> str:
        raise AssertionError("packages are ranked")

    def rank(self, package: str, allowed: Versions) -> tuple[int, int]:
        return self.ranks[package]

    def dependencies(self, package: str, version: int) -> Requires[str, int] | Unusable:
        found = super().dependencies(package, version)
        if isinstance(found, Requires):
            for name, allowed in found.dependencies.items():
                kind = -2 if name == PYTHON else -1 if allowed.only is not None else 0
                old = self.ranks.get(name, (0, len(self.ranks)))
                self.ranks[name] = (min(kind, old[0]), old[1])
        return found

    def span(self, package: str, version: int) -> Versions | None:
        return None if package == ROOT else Ranges.gap(version, self.known[package])

    def conflicts(self, deciding: str, found: Sequence[Conflict[str]]) -> Iterator[str]:
        """Decide early who is affected too often."""
        for package in self.counts.count(deciding, found).early:
            self.ranks[package] = (-1, self.ranks[package][1])
        yield from ()


class WorldWords(PlainWords[str, int]):
    """Words for a world, whose interpreter is too old for everything."""

    def __init__(self, world: Plain) -> None:
        super().__init__(ROOT, {name: world.known[name] for name in world.looked_at & world.known.keys()})

    def role(self, package: str) -> Role:
        return Role.SURROUNDINGS if package == PYTHON else super().role(package)

    def order(self, package: str) -> str:
        return "" if package == PYTHON else super().order(package)

    def missing(self, package: str, wanted: str) -> str | None:
        return f"the current Python version (3.12.1) does not satisfy {wanted}" if package == PYTHON else None

    def version(self, version: int) -> str:
        """Write three digits as a version of Python."""
        return f"{version // 100}.{version % 100}" if version >= 100 else str(version)


def solution(text: str) -> Solution[str, int]:
    """Solve a world."""
    return solve(World(text), ROOT, 0)


def failure(text: str) -> Derivation[str, int]:
    """Give the derivation of a world without a solution."""
    return _fail(World(text))


def explanation(text: str) -> str:
    """Give the report on a world without a solution."""
    world = World(text)
    return report(_fail(world), WorldWords(world))


def _fail(world: World) -> Derivation[str, int]:
    try:
        found = solve(world, ROOT, 0)
    except NoSolution as error:
        return error.derivation
    raise AssertionError(f"there is a solution: {found.decisions}")
