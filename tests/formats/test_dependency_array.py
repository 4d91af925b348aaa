import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.formats.dependency_array import (
    WrittenRequirement,
    add_requirement,
    is_same_marker,
    names_in,
    read_written,
    remove_requirements,
)
from keyrack.formats.toml_array import read_array


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", "a"),
        ("A_b [ Foo, bar ] >= 4 , <5", "A_b[bar,foo]>=4,<5"),
        ("a (>=1)", "a>=1"),
        ("a@https://x.example/a.whl", "a @ https://x.example/a.whl"),
        ("a @ git+https://x.example/y@main ; os_name == 'nt'", "a @ git+https://x.example/y@main ; os_name == 'nt'"),
        ("a;python_version<'3.9'", "a ; python_version<'3.9'"),
        ("a[]", "a"),
    ],
)
def test_a_requirement_is_taken_apart_and_written_again(text, expected):
    assert expected == str(read_written(text))


@pytest.mark.parametrize("text", ["", "=x", "a b", "./x"])
def test_what_is_no_requirement_is_none(text):
    assert read_written(text) is None


@pytest.mark.parametrize(
    ("array", "new", "place"),
    [
        ("['b', 'd']", "c", 1),
        ("['b', 'd']", "a", 0),
        ("['b', 'd']", "e", 2),
        ("['B', 'a']", "C", 1),
        ("['B', 'a']", "A1", 0),
        ("['b', 'B-a>1']", "B-b", 2),
        ("['z', 'b', {include-group = 'x'}]", "c", 2),
        ("[{include-group = 'x'}]", "c", 1),
        ("['a-b', 'a>1']", "b", 2),
        ("['a>1', 'a-b']", "a-c", 2),
        ("['B>1', 'B-b', 'a']", "C", 2),
        ("['a ; os_name == \"nt\"']", "a>1", 0),
    ],
)
def test_a_sorted_array_stays_sorted(array, new, place):
    edit = add_requirement(read_array(array), read_written(new))

    assert (place, True) == (edit.place, edit.is_new)
    assert new == edit.array.items[place].string


@pytest.mark.parametrize(
    ("array", "new", "expected"),
    [
        ("['a>1']", "a", "a>1"),
        ("['a[x]>1']", "a[y]>2", "a[x,y]>2"),
        ("['A.b>1 ; os_name == \"nt\"']", "a-b>2 ; os_name == 'nt'", "a-b>2 ; os_name == 'nt'"),
        ("['a @ https://x.example']", "a", "a @ https://x.example"),
        ("['a @ https://x.example']", "a>1", "a>1"),
    ],
)
def test_what_is_there_is_changed(array, new, expected):
    edit = add_requirement(read_array(array), read_written(new))

    assert (0, False, (expected,)) == (edit.place, edit.is_new, edit.array.strings)


def test_a_source_takes_the_place_of_a_url():
    edit = add_requirement(read_array("['a @ https://x.example']"), read_written("a"), has_source=True)

    assert ("a",) == edit.array.strings


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("python_version < '3.9'", 'python_full_version < "3.9"', True),
        ("os_name=='nt'", "os_name == 'nt'", True),
        ("os_name == 'nt'", "", False),
        ("", "", True),
        ("no marker", " no marker ", True),
    ],
)
def test_markers_that_say_the_same_are_the_same(one, other, expected):
    assert expected == is_same_marker(one, other)


def test_names_are_normalised():
    assert frozenset({"a-b", "c"}) == names_in(read_array("['A_b>1', 'c', '=no', 1]"))


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        ("['a', # of a\n 'z', # of z\n 'b']", "[\n    'a', # of a\n    # of z\n    'b',\n]"),
        ("['a', # of a\n 'z']", "[\n    'a', # of a\n]"),
        ("['z>1', 'Z ; x']", "[]"),
    ],
)
def test_comments_survive_what_they_stood_beside(array, expected):
    assert expected == str(remove_requirements(read_array(array), "z")[0])


NAMES = st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), max_size=5, unique=True)


@given(NAMES, st.sampled_from(["a", "b", "f"]))
def test_adding_twice_is_adding_once(names, new):
    array = read_array(repr(names))
    once = add_requirement(array, WrittenRequirement(new)).array

    twice = add_requirement(once, WrittenRequirement(new))

    assert str(once) == str(twice.array)
    assert not twice.is_new
    assert {*names, new} == set(once.strings)
