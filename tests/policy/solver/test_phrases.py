"""Facts and conclusions are written in uv's words."""

import pytest

from keyrack.policy.solver.derivation import External
from keyrack.policy.solver.phrases import Phrases, Use, ended, joined
from keyrack.policy.solver.ranges import Segment
from tests.policy.solver.trees import TreeWords, absent, depends, none, root, terms, unusable
from tests.policy.solver.worlds import versions

Fact = External[str, int]

PHRASES = Phrases(TreeWords(a=[1, 2, 4], b=[1], c=[]))


@pytest.mark.parametrize(
    ("text", "use", "expected"),
    [
        ("", Use.SUBJECT, "all versions of a"),
        ("", Use.WANTED, "a"),
        ("", Use.AVAILABLE, "a"),
        ("<1,>1", Use.SUBJECT, "a ∅"),
        ("==1", Use.SUBJECT, "a==1"),
        (">=1", Use.WANTED, "a>=1"),
        (">1", Use.WANTED, "a>1"),
        ("<=1", Use.WANTED, "a<=1"),
        ("<1", Use.WANTED, "a<1"),
        (">=1,<3", Use.WANTED, "a>=1,<3"),
        (">1,<=3", Use.WANTED, "a>1,<=3"),
        ("!=2", Use.WANTED, "one of:\n    a<2\n    a>2\n"),
        ("!=2", Use.SUBJECT, "all of:\n    a<2\n    a>2\n"),
        ("!=2", Use.AVAILABLE, "are available:\n    a<2\n    a>2\n"),
    ],
)
def test_range_is_written_for_its_use(text: str, use: Use, expected: str) -> None:
    found = PHRASES.ranged("a", versions(text), use)

    assert expected == found


@pytest.mark.parametrize(
    ("package", "expected"), [("root", "your requirements"), ("mine", "your project"), ("m", "`m`")]
)
def test_package_with_one_version_has_no_range(package: str, expected: str) -> None:
    found = PHRASES.ranged(package, versions(">1"), Use.SUBJECT)

    assert expected == found


class Wildcards(TreeWords):
    """Writes what lies between two tens as a prefix."""

    def segment(self, segment: Segment[int]) -> str | None:
        return "==1.*" if (segment.lower, segment.upper) == (10, 20) else None


def test_interval_with_a_shorter_form_is_written_in_it() -> None:
    found = Phrases(Wildcards()).ranged("a", versions(">=10,<20"), Use.WANTED)

    assert "a==1.*" == found


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (root(), "we are solving dependencies of root 0"),
        (none("a"), "there are no versions of a"),
        (none("a", "==3"), "there is no version of a==3"),
        (none("a", ">4"), "only a<=4 is available"),
        (none("a", ">2,<4"), "only the following versions of a are available:\n    a<=2\n    a>=4\n"),
        (none("a", "<1"), "only a>=1 is available"),
        (none("a", ">2"), "only a<=2 is available"),
        (none("a", ">3"), "only a<3 is available"),
        (none("a", "<3"), "only a>3 is available"),
        (none("a", "!=9"), "there are no versions of a"),
        (none("a", ">=9"), "only a<=4 is available"),
        (none("a", "<=0"), "only a>=1 is available"),
        (none("b", ">1"), "only b==1 is available"),
        (none("c", ">1"), "there are no versions of c"),
        (none("d", ">1"), "only d<=1 is available"),
        (none("d", ">1,<3"), "only the following versions of d are available:\n    d<=1\n    d>=3\n"),
        (absent("a"), "a was not found"),
        (unusable("a", "==1"), "a==1 was yanked"),
        (unusable("a", "!=1"), "all of:\n    a<1\n    a>1\n was yanked"),
        (unusable("root", "==0", "a>1 and a<1"), "you require a>1 and a<1"),
        (depends("a", "==1", "b"), "a==1 depends on b"),
        (depends("a", "", "b", ">1"), "all versions of a depend on b>1"),
        (depends("a", "!=1", "b", "!=1"), "all of:\n    a<1\n    a>1\ndepend on one of:\n    b<1\n    b>1\n"),
        (depends("root", "", "b", ">1"), "you require b>1"),
        (depends("root", "", "b", "-"), "your requirements for b cannot be satisfied"),
        (depends("a", "==1", "a", "==2"), "a==1 has an incompatible dependency on itself"),
        (depends("a", "", "a", "==9"), "all versions of a have incompatible dependencies on themselves"),
        (depends("mine", "", "mine", "==2"), "your project depends on itself at an incompatible version (mine==2)"),
        (depends("mine", "", "mine", "-"), "your project depends on itself at an incompatible version (mine ∅)"),
        (depends("mine", "", "b"), "your project depends on b"),
    ],
)
def test_fact_is_written(fact: Fact, expected: str) -> None:
    found = PHRASES.fact(fact)

    assert expected == found


def test_bound_that_is_only_a_border_counts_as_the_version_beside_it() -> None:
    found = PHRASES.fact(none("a", ">102")), PHRASES.fact(none("a", "<=1,>=0")), PHRASES.fact(none("a", ">=1,<=4"))

    assert (
        "only a<=4 is available",
        "only a>1 is available",
        "there are no versions of a",
    ) == found


class Between(TreeWords):
    """Says in its own words that what is given does not do, and nothing of the root."""

    def missing(self, package: str, wanted: str) -> str | None:
        return f"the current {package} does not satisfy {wanted}" if package == "y" else None

    def root_unusable(self, reason: object) -> str | None:
        return None


def test_surroundings_have_words_of_their_own() -> None:
    found = Phrases(Between()).fact(none("y", ">=3"))

    assert "the current y does not satisfy y>=3" == found


def test_root_without_words_of_its_own_has_a_reason() -> None:
    found = Phrases(Between()).fact(unusable("root", "==0", "it is odd"))

    assert "your requirements cannot be used because it is odd" == found


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (depends("a", "", "b"), depends("a", "", "c", ">1"), "all versions of a depend on b and c>1"),
        (depends("root", "", "b"), depends("root", "", "c"), "you require b and c"),
        (
            depends("a", "", "b", "!=1"),
            depends("a", "", "c"),
            "all versions of a depend on one of:\n    b<1\n    b>1\nand c",
        ),
        (depends("a", "==1", "b"), depends("a", "==2", "c"), "a==1 depends on b and a==2 depends on c"),
        (absent("a"), none("b"), "a was not found and there are no versions of b"),
        (depends("root", "", "mine"), none("d"), "there are no versions of d"),
        (none("d"), depends("root", "", "mine"), "there are no versions of d"),
    ],
)
def test_two_facts_are_written_as_one_part_of_a_sentence(first: Fact, second: Fact, expected: str) -> None:
    found = PHRASES.both(first, second)

    assert expected == found


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], "the requirements are unsatisfiable"),
        (["root"], "your requirements are unsatisfiable"),
        (["a>1"], "a>1 cannot be used"),
        (["a"], "all versions of a cannot be used"),
        (["not a>1"], "a>1 must be used"),
        (["mine"], "your project's requirements are unsatisfiable"),
        (["p>1"], "p>1 cannot be used"),
        (["not y>1"], "y<=1 cannot be used"),
        (["a", "not b>1"], "all versions of a depend on b>1"),
        (["not a==1", "b"], "all versions of b depend on a==1"),
        (["a", "b==1"], "all versions of a and b==1 are incompatible"),
        (["not a==1", "not b>1"], "a!=1 and b<=1 are incompatible"),
        (["c", "not b==1", "root"], "your requirements, b!=1, all versions of c are incompatible"),
    ],
)
def test_conclusion_is_written(texts: list[str], expected: str) -> None:
    found = PHRASES.conclusion(terms(*texts))

    assert expected == found


def test_parts_have_one_space_between_them_and_none_at_a_line_break() -> None:
    found = joined("a\n", "b", "c", "", "\nd")

    assert "a\nb c \nd" == found


def test_mark_stands_behind_words_and_not_behind_a_line_break() -> None:
    found = ended("a", ", "), ended("a\n", ", ")

    assert ("a, ", "a\n") == found
