import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.errors import InvalidText
from keyrack.formats.bad_key import BadKey
from keyrack.formats.settings_table import parse_table
from keyrack.formats.uv_environment import (
    FILES,
    LISTS,
    NUMBERS,
    SWITCHES,
    TEXTS,
    environment_table,
    file_lists,
    switch,
    variable_of,
    whole_number,
)


def test_without_variables_nothing_is_said():
    assert {} == environment_table({"PATH": "/bin", "UV_INDEX": "", "UV_LINK_MODE": ""})


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"UV_DEFAULT_INDEX": "https://a.example"}, {"default-index": "https://a.example"}),
        (
            {"UV_INDEX": "a=https://a.example  https://b.example"},
            {"index": ["a=https://a.example", "https://b.example"]},
        ),
        ({"UV_FIND_LINKS": "a b,c"}, {"find-links": ["a b", "c"]}),
        ({"UV_OFFLINE": "1", "UV_NO_CACHE": "no"}, {"offline": True, "no-cache": False}),
        ({"UV_CONCURRENT_DOWNLOADS": "3"}, {"concurrent-downloads": 3}),
        ({"UV_NO_VERIFY_HASHES": "1"}, {"verify-hashes": False}),
        ({"UV_NO_VERIFY_HASHES": "0"}, {}),
    ],
)
def test_variables_are_gathered_under_the_names_of_keys(environment, expected):
    assert expected == environment_table(environment)


@pytest.mark.parametrize("text", ["1", "true", "T", "Yes", "y", "ON"])
def test_words_that_switch_on(text):
    assert switch({"X": text}, "X") is True


@pytest.mark.parametrize("text", ["0", "false", "F", "No", "n", "OFF", ""])
def test_words_that_switch_off(text):
    assert switch({"X": text}, "X") is False


def test_a_switch_that_is_not_set_says_nothing():
    assert switch({}, "X") is None


def test_a_switch_with_another_word_is_refused():
    with pytest.raises(InvalidText) as caught:
        environment_table({"UV_OFFLINE": "maybe"})

    assert (
        "Failed to parse environment variable `UV_OFFLINE` with invalid value `maybe`: expected a boolish value"
        == caught.value.message
    )


@pytest.mark.parametrize(("text", "expected"), [(None, None), ("", None), (" ", None), ("7", 7), (" 07 ", 7)])
def test_whole_numbers_are_read(text, expected):
    assert expected == whole_number({} if text is None else {"X": text}, "X")


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "٣", "9" * 19])
def test_what_is_no_whole_number_is_refused(text):
    with pytest.raises(InvalidText):
        whole_number({"X": text}, "X")


def test_nothing_at_all_cannot_be_done_at_the_same_time():
    with pytest.raises(InvalidText) as caught:
        environment_table({"UV_CONCURRENT_INSTALLS": "0"})

    assert caught.value.message.endswith("number would be zero for non-zero type")


@pytest.mark.parametrize(
    ("key", "environment", "expected"),
    [
        ("link-mode", {"UV_LINK_MODE": "x"}, "UV_LINK_MODE"),
        ("index", {"UV_INDEX": "x"}, "UV_INDEX"),
        ("index", {}, "index"),
        ("concurrent-installs", {"UV_CONCURRENT_INSTALLS": "x"}, "UV_CONCURRENT_INSTALLS"),
    ],
)
def test_a_key_is_traced_to_its_variable(key, environment, expected):
    assert expected == variable_of(key, environment)


def test_files_of_requirements_are_listed_by_their_flags():
    assert {"constraints": ("a", "b"), "overrides": (), "excludes": ("c",), "build-constraints": ()} == file_lists(
        {"UV_CONSTRAINT": "a  b", "UV_EXCLUDE": "c"}
    )


words = st.sampled_from(["1", "a", "https://u:p@a.example", "x=y", "0"])


@given(st.dictionaries(st.sampled_from(sorted({*TEXTS, *SWITCHES, *LISTS, *NUMBERS, *FILES})), words))
def test_whatever_variables_say_is_read_as_settings_or_refused(environment):
    try:
        layer = parse_table(environment_table(environment), "/work", "the environment")
    except (InvalidText, BadKey):
        return

    assert "the environment" == layer.place
