from pathlib import Path

import pytest
from hypothesis import given
from packaging.markers import Marker

from keyrack.errors import InvalidText
from keyrack.policy.markers.clauses import Term
from keyrack.policy.markers.diagram import FALSE, TRUE, opposite
from keyrack.policy.markers.reading import read
from keyrack.policy.markers.wording import factored, text
from tests.policy.markers.worlds import markers

LINES = (Path(__file__).parent / "texts.txt").read_text(encoding="utf-8").splitlines()
# What uv 0.13.9 writes into a lock for each of these markers.
CASES = list(zip(LINES[::2], (line.strip() for line in LINES[1::2]), strict=True))


@pytest.mark.parametrize(("marker", "expected"), CASES, ids=[marker[:60] for marker, _ in CASES])
def test_a_marker_is_written_as_uv_writes_it(marker, expected):
    written = text(read(str(Marker(marker))))

    assert expected == (written or "always")


@given(markers)
def test_a_text_is_read_as_what_it_was_written_for(marker):
    here = read(marker)

    assert here is (read(text(here)) if text(here) else TRUE)


@pytest.mark.parametrize(
    ("marker", "written"),
    [
        ("python_full_version == '3.8.0.*'", "python_full_version >= '3.8' and python_full_version < '3.8.1'"),
        ("implementation_version in '7.3.0'", "implementation_version == '7.3'"),
        ("python_version <= '4' and python_version != '4'", "python_full_version < '4'"),
    ],
    ids=str,
)
def test_a_text_depends_on_the_meaning_alone_and_so_has_no_trailing_zeros(marker, written):
    assert written == text(read(marker))


def test_a_value_with_a_quote_gets_the_other_one():
    assert """platform_version == "vendor's" """.strip() == text(read("""platform_version == "vendor's" """))


def test_nothing_is_written_for_what_always_holds():
    assert "" == text(TRUE)


def test_what_never_holds_has_one_text():
    assert "python_version < '0'" == text(FALSE)


def terms(*names):
    return tuple(Term((3, 0), "extra", "==", name) for name in names)


def test_a_beginning_that_says_all_takes_its_longer_forms_in():
    assert "extra == 'a' or extra == 'b'" == factored([terms("a", "c", "d"), terms("a"), terms("b")])


def test_a_marker_with_too_many_questions_is_refused():
    here = read(" or ".join(f"extra == 'a{i}'" for i in range(2500)))

    with pytest.raises(InvalidText, match="too complex to be written"):
        text(opposite(here))
