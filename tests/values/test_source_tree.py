"""Source trees."""

from keyrack.values.requirement import FromTree
from keyrack.values.source_tree import SourceTree


def test_tree_without_a_key_is_built_each_time():
    tree = SourceTree("/src/a", "a @ file:///src/a", FromTree("/src/a"))

    assert ("", False, None, None) == (tree.key, tree.editable, tree.name, tree.version)


def test_trees_of_equal_contents_are_equal():
    one = SourceTree("/src/a", "a @ file:///src/a", FromTree("/src/a"), key="k")
    other = SourceTree("/src/a", "a @ file:///src/a", FromTree("/src/a"), key="k")

    assert {one} == {other}
