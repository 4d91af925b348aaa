"""Plain words are enough for packages that are their own names."""

from keyrack.policy.solver.ranges import Ranges, Segment
from keyrack.policy.solver.words import PlainWords, Role

WORDS: PlainWords[str, int] = PlainWords("root", {"a": [1, 2]})


def test_only_the_root_is_not_a_package() -> None:
    found = WORDS.role("root"), WORDS.role("a")

    assert (Role.ROOT, Role.PACKAGE) == found


def test_root_sorts_before_all_packages() -> None:
    found = sorted(["a", "z", "root"], key=WORDS.order)

    assert ["root", "a", "z"] == found


def test_names_and_versions_are_their_text() -> None:
    found = WORDS.name("a"), WORDS.version(7), WORDS.bare(7), WORDS.is_same("a", "a"), WORDS.is_same("a", "b")

    assert ("a", "7", 7, True, False) == found


def test_reader_is_addressed_and_has_no_project() -> None:
    found = WORDS.root_requires(), WORDS.root_requirements(), WORDS.member("a"), WORDS.is_project("a")

    assert ("you require", "your requirements", None, False) == found


def test_versions_are_those_that_were_given() -> None:
    everything: Ranges[int] = Ranges.full()

    found = WORDS.available("a"), WORDS.measure("a", everything), WORDS.available("b")

    assert ([1, 2], [1, 2], None) == found


def test_versions_need_not_be_given() -> None:
    words: PlainWords[str, int] = PlainWords("root")

    found = words.available("a")

    assert found is None


def test_ranges_stay_as_they_are() -> None:
    one: Ranges[int] = Ranges.singleton(1)

    found = WORDS.plain(one), WORDS.is_beside_the_point(one), WORDS.segment(Segment(1, True, 2, False))

    assert (one, False, None) == found


def test_reasons_are_their_text_in_the_right_number() -> None:
    found = (
        WORDS.absent("was lost"),
        WORDS.unusable("was yanked", plural=True),
        WORDS.unusable(("has none", "have none"), plural=False),
        WORDS.unusable(("has none", "have none"), plural=True),
        WORDS.root_unusable("a>1 and a<1"),
        WORDS.missing("a", "a>1"),
    )

    assert ("was lost", "was yanked", "has none", "have none", "a>1 and a<1", None) == found
