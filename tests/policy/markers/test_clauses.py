import pytest

from keyrack.errors import InvalidText
from keyrack.policy.markers.clauses import Term, clauses
from keyrack.policy.markers.reading import read


def test_terms_are_sorted_by_what_they_ask_and_alternatives_by_their_terms():
    found = clauses(read("extra == 'a' and os_name == 'nt' or platform_machine == 'x' or python_version < '3.8'"))

    assert [["python_full_version"], ["os_name", "extra"], ["platform_machine"]] == [
        [term.key for term in clause] for clause in found
    ]


@pytest.mark.parametrize(
    ("term", "written"),
    [
        (Term((0, 1), "python_full_version", "!=*", "3.8"), "python_full_version != '3.8.*'"),
        (Term((1, 0), "os_name", "not contains", "nt"), "'nt' not in os_name"),
        (Term((1, 0), "os_name", "==", "it's"), 'os_name == "it\'s"'),
    ],
    ids=str,
)
def test_a_term_is_written_as_a_comparison(term, written):
    assert written == str(term)


def test_very_many_alternatives_are_refused():
    here = read(" and ".join(f"(extra == 'a{i:02}' or extra == 'a{i:02}b')" for i in range(12)))

    with pytest.raises(InvalidText, match="too complex to be written"):
        clauses(here)
