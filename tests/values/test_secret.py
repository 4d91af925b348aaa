import copy
import pickle

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.values.secret import Secret

LONG = st.text(min_size=5)


@given(LONG)
def test_nothing_that_prints_shows_the_text(text):
    secret = Secret(f"<{text}>")

    shown = [str(secret), repr(secret), f"{secret}", f"{secret:>20}", f"{secret!r}", "%s" % (secret,), str([secret])]  # noqa: UP031

    assert [] == [each for each in shown if f"<{text}>" in each]


def test_it_shows_as_four_stars_whatever_its_length():
    assert ("****", "****") == (str(Secret("")), str(Secret("x" * 90)))


@given(st.text())
def test_reveal_gives_the_very_text(text):
    assert text == Secret(text).reveal()


def test_secrets_are_equal_by_content():
    assert {Secret("a"), Secret("b")} == {Secret("a"), Secret("a"), Secret("b")}


def test_a_secret_is_not_equal_to_its_text():
    assert Secret("a") != "a"


def test_a_secret_does_not_change():
    secret = Secret("a")

    with pytest.raises(AttributeError):
        secret._text = "b"

    assert "a" == secret.reveal()


@pytest.mark.parametrize("write", [pickle.dumps, msgspec.json.encode, msgspec.msgpack.encode, copy.deepcopy])
def test_no_encoder_writes_a_secret(write):
    with pytest.raises(TypeError):
        write(Secret("a"))
