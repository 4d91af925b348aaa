"""Environment markers as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker

from keyrack.formats.marker_text import DEEPEST, parse_marker
from keyrack.formats.text_fault import Fault


@pytest.mark.parametrize(
    "text",
    [
        'python_version >= "3.8"',
        "os.name == 'x' and (sys_platform != 'y' or extra == 'z')",
        "python_version not in '3.8, 3.9'",
        "'linux' in sys_platform",
        '"a" == "b"',
        "'a' in extras and 'b' not in dependency_groups",
        "platform_version == 'extras === dependency_groups'",
        "python_implementation == 'CPython'",
    ],
)
def test_markers_are_read_as_packaging_reads_them(text):
    assert Marker(text) == parse_marker(text)


@pytest.mark.parametrize(
    ("text", "message", "start", "length"),
    [
        ("", "Expected marker value, found end of dependency specification", 0, 1),
        ("python_version", "Expected a valid marker operator (such as `>=` or `not in`), found ``", 14, 0),
        ("python_version > ", "Expected marker value, found end of dependency specification", 17, 1),
        ("python_version not '3'", "Expected a valid marker operator (such as `>=` or `not in`), found `not`", 15, 3),
        ("python_version not", "Expected a valid marker operator (such as `>=` or `not in`), found `not`", 15, 3),
        ("python_version => '3'", "Expected a valid marker operator (such as `>=` or `not in`), found `=>`", 15, 2),
        ('foo > "1"', "Expected a quoted string or a valid marker name, found `foo`", 0, 3),
        ("os_name == 'a' and", "Expected marker value, found end of dependency specification", 18, 1),
        ("(os_name == 'a'", "Expected ')', found end of dependency specification", 0, 1),
        ("(os_name == 'a' x)", "Expected ')', found `x`", 16, 1),
        ("os_name == 'a' x", "Unexpected character 'x', expected 'and', 'or' or end of input", 15, 1),
        ("os_name == 'a' ; x ", "Unexpected character ';', expected 'and', 'or' or end of input", 15, 3),
        ("os_name not in 'a' x", "Unexpected character 'x', expected 'and', 'or' or end of input", 19, 1),
        ("(os_name == 'a') x", "Unexpected character 'x', expected 'and', 'or' or end of input", 17, 1),
        ("os_name ==\n'a'", "Not a valid marker", 0, 14),
        (
            "python_version === '3.8'",
            "Expected a valid marker operator (such as `>=` or `not in`), found `===`",
            15,
            3,
        ),
        ("extras == 'a'", "The marker extras must be on the right hand side of the expression", 0, 13),
        (
            "'a' == dependency_groups",
            "The operator == is not supported with the marker dependency_groups, only the `in` and `not in` operators"
            " are supported",
            0,
            24,
        ),
        ("os_name == 'a\\n'", "A marker may not hold a backslash", 13, 1),
        (20_000 * "(", f"The marker nests more than {DEEPEST} brackets", DEEPEST, 1),
    ],
)
def test_what_is_no_marker_is_told_with_its_place(text, message, start, length):
    with pytest.raises(Fault) as raised:
        parse_marker(text)

    assert (message, start, length) == (raised.value.message, raised.value.start, raised.value.length)


def test_brackets_may_nest_as_deep_as_anybody_needs():
    text = f"{DEEPEST * '('}os_name == 'a'{DEEPEST * ')'}"

    assert Marker("os_name == 'a'") == parse_marker(text)


words = st.sampled_from(
    ["(", ")", "and", "or", "not", "in", "==", ">=", "os_name", "extra", "'a'", "x", "@", "python_version"]
)


@given(st.lists(words, max_size=9))
def test_no_text_is_anything_but_a_marker_or_a_fault(tokens):
    text = " ".join(tokens)
    try:
        found = parse_marker(text)
    except Fault:
        return

    assert Marker(text) == found


atoms = st.sampled_from(["os_name == 'a'", "python_version >= '3.8'", "extra == 'x'"])
markers = st.recursive(
    atoms,
    lambda inner: st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda found: f"({' '.join(found)})"),
)


@given(markers)
def test_every_marker_of_the_grammar_is_read(text):
    assert Marker(text) == parse_marker(text)
