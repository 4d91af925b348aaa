import pytest

from keyrack.values.names import package_name
from keyrack.values.settings import Selection

SIX, SEVEN = package_name("six"), package_name("seven")


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), (False, False, False)),
        (Selection(all=True), (True, True, True)),
        (Selection(names=frozenset({SIX})), (True, True, False)),
    ],
)
def test_a_selection_holds_all_some_or_no_packages(selection, expected):
    assert expected == (bool(selection), selection.holds(SIX), selection.holds(SEVEN))
