import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.formats.toml_layout import header_of, new_entry, read_layout

DOCUMENT = '''# top
a.b = [1, # x
 2] # c


# pre
["q.]x".y] # h
z = """a
#b""" # tail
'k = k' = { x = "}" }
[[many]]
  [many.more]
# end
'''


@pytest.mark.parametrize(
    "text", ["", "\n", "# only", DOCUMENT, "a = 1", "[t]", 'a = 1\r\n[b]\r\nc = "x"\r\n'], ids=range(7)
)
def test_a_document_is_written_as_it_was_read(text):
    assert text == str(read_layout(text))


def test_tables_and_entries_have_paths():
    sections = read_layout(DOCUMENT).sections

    assert [(), ("q.]x", "y"), ("many",), ("many", "more")] == [section.path for section in sections]
    assert [False, False, True, False] == [section.is_one_of_many for section in sections]
    assert [("a", "b")] == [entry.path for entry in sections[0].entries]
    assert [("z",), ("k = k",)] == [entry.path for entry in sections[1].entries]


def test_a_comment_belongs_to_what_stands_below_it():
    layout = read_layout(DOCUMENT)

    assert "# top\n" == layout.sections[0].entries[0].before
    assert "\n\n# pre\n" == layout.sections[1].before
    assert "# end\n" == layout.rest


def test_a_value_ends_before_its_comment():
    entries = read_layout(DOCUMENT).sections[1].entries

    assert [' """a\n#b"""', ' { x = "}" }'] == [entry.value for entry in entries]
    assert [" # tail\n", "\n"] == [entry.after for entry in entries]


def test_another_value_leaves_the_rest_of_the_line():
    entry = read_layout("a =  1 # why\n").sections[0].entries[0]

    assert "a =  2 # why\n" == str(entry.with_value("2"))


@given(st.lists(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Z"])), min_size=1, max_size=3))
def test_headers_and_keys_read_as_what_they_name(names):
    text = header_of(tuple(names)) + str(new_entry(names[0], "1"))

    found = tomllib.loads(text)
    for name in (*names, names[0]):
        found = found[name]
    assert 1 == found
    assert tuple(names) == read_layout(text).sections[1].path


def test_a_table_of_many_has_two_brackets():
    assert "[[a.b]]\n" == header_of(("a", "b"), one_of_many=True)
