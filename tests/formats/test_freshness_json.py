"""What is written beside an installed tree's metadata."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.formats.freshness_json import parse_freshness, write_freshness
from keyrack.values.freshness import Freshness

NAMES = st.text("abc", min_size=1)
FRESHNESS = st.builds(
    Freshness,
    changed=st.none() | st.integers(0, 2**62),
    commit=st.none() | NAMES,
    tags=st.none() | st.dictionaries(NAMES, NAMES).map(lambda each: tuple(sorted(each.items()))),
    variables=st.dictionaries(NAMES, st.none() | NAMES).map(lambda each: tuple(sorted(each.items()))),
    folders=st.dictionaries(NAMES, st.none() | st.integers(0, 2**62)).map(lambda each: tuple(sorted(each.items()))),
)


@given(FRESHNESS)
def test_what_is_written_is_read_again(found):
    assert found == parse_freshness(write_freshness(found))


def test_what_uv_writes_is_read():
    text = b"""{"timestamp":{"secs_since_epoch":2,"nanos_since_epoch":5},"commit":null,"tags":null,"env":{},
    "directories":{"src":null}}"""

    found = parse_freshness(text)

    assert Freshness(changed=2_000_000_005, folders=(("src", None),)) == found


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"{", id="no JSON"),
        pytest.param(b'{"timestamp": 3}', id="another type"),
        pytest.param(
            b'{"directories": {"src": {"secs_since_epoch": 1, "nanos_since_epoch": 2}}}', id="when a folder was made"
        ),
    ],
)
def test_what_cannot_be_compared_tells_nothing(text):
    assert parse_freshness(text) is None
