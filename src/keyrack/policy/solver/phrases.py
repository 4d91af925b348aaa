"""Parts of the sentences of a report: ranges, facts from outside, and conclusions, in uv's words.

To the letter: where uv has a space behind the line break that ends a list of ranges, it is here too.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Generic, assert_never

from keyrack.policy.solver.derivation import Absent, External, FromDependency, NotRoot, NoVersions, P, Unusable
from keyrack.policy.solver.ranges import Ranges, Segment, V
from keyrack.policy.solver.term import Term
from keyrack.policy.solver.words import Role, Words


class Use(Enum):
    """In which sense a range of versions is written; the heading above several intervals differs."""

    WANTED = "one of:"
    SUBJECT = "all of:"
    AVAILABLE = "are available:"


def joined(*parts: str) -> str:
    """Put parts in a row with one space between them, but none beside a line break."""
    text = ""
    for part in parts:
        text += part if not text or text[-1].isspace() or part[:1].isspace() else f" {part}"
    return text


def ended(text: str, mark: str) -> str:
    """Put a mark behind a text, unless the text ends with a line break."""
    return text if text[-1:].isspace() else text + mark


class Phrases(Generic[P, V]):
    """Writes facts with the words of one world."""

    def __init__(self, words: Words[P, V]) -> None:
        """Take the words for packages, versions and reasons."""
        self._words = words

    def ranged(self, package: P, versions: Ranges[V], use: Use) -> str:
        """Write a package with a range of its versions. Several intervals get a line each."""
        fixed = self._fixed(package)
        if fixed is not None:
            return fixed
        name = self._words.name(package)
        segments = list(versions.segments())
        if not segments:
            return f"{name} ∅"
        if len(segments) == 1:
            return self._interval(name, segments[0], use)
        lines = [f"    {self._interval(name, segment, use)}" for segment in segments]
        return "\n".join((use.value, *lines, ""))

    def _fixed(self, package: P) -> str | None:
        """Write a package that has but one version, so that a range would say nothing."""
        if self._words.role(package) is Role.ROOT:
            return self._words.root_requirements()
        return self._words.member(package)

    def _interval(self, name: str, segment: Segment[V], use: Use) -> str:
        """Write one interval."""
        words = self._words
        lower, upper = segment.lower, segment.upper
        if lower is None and upper is None:
            return f"all versions of {name}" if use is Use.SUBJECT else name
        short = words.segment(segment)
        if short is not None:
            return name + short
        bounds = []
        if lower is not None:
            if segment.includes_lower and segment.includes_upper and lower == upper:
                return f"{name}=={words.version(lower)}"
            bounds.append((">=" if segment.includes_lower else ">") + words.version(lower))
        if upper is not None:
            bounds.append(("<=" if segment.includes_upper else "<") + words.version(upper))
        return name + ",".join(bounds)

    def is_plural(self, package: P, versions: Ranges[V]) -> bool:
        """Say whether the verb after a range as subject stands in the plural."""
        if self._words.member(package) is not None:
            return False
        return versions.is_full or len(list(versions.segments())) > 1

    def depends(self, package: P, versions: Ranges[V], wanted: Sequence[tuple[P, Ranges[V]]]) -> str:
        """Write that versions of a package depend on one or two others."""
        verb = "depend on" if self.is_plural(package, versions) else "depends on"
        parts = [self.ranged(dependency, ranges, Use.WANTED) for dependency, ranges in wanted]
        if self._words.role(package) is Role.ROOT:
            start = self._words.root_requires()
        else:
            start = joined(self.ranged(package, versions, Use.SUBJECT), verb)
        return joined(start, parts[0], *(word for part in parts[1:] for word in ("and", part)))

    def fact(self, fact: External[P, V]) -> str:
        """Write one fact from outside."""
        match fact:
            case NotRoot():
                return f"we are solving dependencies of {self._words.name(fact.package)} {fact.version}"
            case NoVersions():
                return self._no_versions(fact)
            case Absent():
                return self._absent(fact)
            case Unusable():
                return self._unusable(fact)
            case FromDependency():
                return self._dependency(fact)
            case _:
                assert_never(fact)

    def both(self, first: External[P, V], second: External[P, V]) -> str:
        """Write two facts, as one where they tell of the same versions."""
        if isinstance(first, FromDependency) and isinstance(second, FromDependency) and _are_of_one(first, second):
            wanted = [(fact.dependency, fact.dependency_versions) for fact in (first, second)]
            return self.depends(first.package, first.versions, wanted)
        if self._is_of_course(second):
            return self.fact(first)
        if self._is_of_course(first):
            return self.fact(second)
        return joined(self.fact(first), "and", self.fact(second))

    def _is_of_course(self, fact: External[P, V]) -> bool:
        """Say whether a fact is only that the root stands for the reader's project."""
        return (
            isinstance(fact, FromDependency)
            and self._words.role(fact.package) is Role.ROOT
            and self._words.is_project(fact.dependency)
        )

    def _no_versions(self, fact: NoVersions[P, V]) -> str:
        """Say what there is instead, where that is shorter."""
        package, versions = fact.package, fact.versions
        name = self._words.name(package)
        own = self._words.missing(package, self.ranged(package, versions, Use.SUBJECT))
        if own is not None:
            return own
        nothing = f"there are no versions of {name}"
        if versions.is_full:
            return nothing
        if versions.only is not None:
            return f"there is no version of {self._interval(name, next(versions.segments()), Use.WANTED)}"
        rest = versions.complement()
        available = self._words.available(package)
        if available is not None:
            rest = self._shown_available(rest, available)
        if rest.is_empty:
            return nothing
        text = self.ranged(package, rest, Use.AVAILABLE)
        if len(list(rest.segments())) == 1:
            return joined("only", text, "is available")
        return joined("only the following versions of", name, text)

    def _shown_available(self, versions: Ranges[V], available: Sequence[V]) -> Ranges[V]:
        """Cut a range to what is available, bound by bound, keeping bounds that the reader may know."""
        if not available:
            return Ranges.empty()
        first, last = available[0], available[-1]
        if len(available) == 1:
            return Ranges.singleton(first)
        reach = Ranges.higher_than(first).intersection(Ranges.lower_than(last))
        kept = []
        for segment in versions.segments():
            alone = Ranges.of_segments((segment,))
            if alone.is_disjoint(reach):
                continue
            if reach.subset_of(alone):
                lower = None if segment.lower is None else first
                upper = last if segment.lower is None or segment.upper is not None else None
                kept.append(Segment(lower, True, upper, True))
                continue
            kept.append(
                Segment(
                    segment.lower,
                    segment.includes_lower and self._is_listed(segment.lower, available),
                    segment.upper,
                    segment.includes_upper and self._is_listed(segment.upper, available),
                )
            )
        return Ranges.of_segments(kept)

    def _is_listed(self, version: V | None, available: Sequence[V]) -> bool:
        """Say whether a bound is a version that exists; one that does not is better left out of a range."""
        return version is not None and (version in available or self._words.bare(version) in available)

    def _absent(self, fact: Absent[P, V]) -> str:
        """Say why nothing of a package can be used."""
        return f"{self._words.name(fact.package)} {self._words.absent(fact.reason)}"

    def _unusable(self, fact: Unusable[P, V]) -> str:
        """Say why versions cannot be used."""
        words = self._words
        if words.role(fact.package) is Role.ROOT:
            own = words.root_unusable(fact.reason)
            if own is not None:
                return joined(words.root_requires(), own)
            return f"{words.root_requirements()} cannot be used because {words.unusable(fact.reason, plural=False)}"
        plural = self.is_plural(fact.package, fact.versions)
        subject = self.ranged(fact.package, fact.versions, Use.SUBJECT)
        return f"{subject} {words.unusable(fact.reason, plural=plural)}"

    def _dependency(self, fact: FromDependency[P, V]) -> str:
        """Say what versions of a package depend on."""
        words = self._words
        wanted = self.ranged(fact.dependency, fact.dependency_versions, Use.WANTED)
        if words.is_same(fact.package, fact.dependency):
            member = words.member(fact.package)
            if member is not None:
                return f"{member} depends on itself at an incompatible version ({self._as_asked(fact)})"
        if fact.package == fact.dependency:
            subject = self.ranged(fact.package, fact.versions, Use.SUBJECT)
            if self.is_plural(fact.package, fact.versions):
                return joined(subject, "have incompatible dependencies on themselves")
            return joined(subject, "has an incompatible dependency on itself")
        if fact.dependency_versions.is_empty and words.role(fact.package) is Role.ROOT:
            return f"{words.root_requirements()} for {words.name(fact.dependency)} cannot be satisfied"
        if words.role(fact.package) is Role.ROOT:
            return joined(words.root_requires(), wanted)
        return self.depends(fact.package, fact.versions, [(fact.dependency, fact.dependency_versions)])

    def _as_asked(self, fact: FromDependency[P, V]) -> str:
        """Write a requirement on the reader's own package with its range, which is what is wrong with it."""
        name = self._words.name(fact.dependency)
        segments = fact.dependency_versions.segments()
        return " | ".join(self._interval(name, segment, Use.WANTED) for segment in segments) or f"{name} ∅"

    def conclusion(self, terms: Mapping[P, Term[V]]) -> str:
        """Write that terms cannot all hold."""
        ordered = sorted(terms.items(), key=lambda item: self._words.order(item[0]))
        if not ordered:
            return "the requirements are unsatisfiable"
        if len(ordered) == 1:
            return self._alone(*ordered[0])
        signs = [term.is_positive for _, term in ordered]
        if len(ordered) == 2 and signs[0] != signs[1]:  # one term implies the other
            (package, term), (dependency, other) = ordered if signs[0] else reversed(ordered)
            return self._dependency(FromDependency(package, term.ranges, dependency, other.ranges))
        texts = [self._term(package, term) for package, term in ordered]
        if len(texts) == 2:  # two are joined by "and", more by commas
            return f"{texts[0]} and {texts[1]} are incompatible"
        return f"{', '.join(texts)} are incompatible"

    def _alone(self, package: P, term: Term[V]) -> str:
        """Write that one term cannot hold."""
        words = self._words
        role = words.role(package)
        if role is Role.ROOT:
            return f"{words.root_requirements()} are unsatisfiable"
        if role is not Role.PACKAGE:
            return f"{self._term(package, term)} cannot be used"
        if not term.is_positive:
            return f"{self.ranged(package, term.ranges, Use.SUBJECT)} must be used"
        member = words.member(package)
        if member is not None:
            return f"{member}'s requirements are unsatisfiable"
        return f"{self.ranged(package, term.versions, Use.SUBJECT)} cannot be used"

    def _term(self, package: P, term: Term[V]) -> str:
        """Write one term of several."""
        only = None if term.is_positive else term.ranges.only
        if only is not None:
            return f"{self._words.name(package)}!={self._words.version(only)}"
        return self.ranged(package, term.versions, Use.SUBJECT)


def _are_of_one(first: FromDependency[P, V], second: FromDependency[P, V]) -> bool:
    """Say whether two dependencies are those of the same versions."""
    return first.package == second.package and first.versions == second.versions
