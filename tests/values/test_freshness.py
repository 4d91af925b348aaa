"""What a tree looked like."""

from keyrack.values.freshness import DEFAULT_CACHE_KEYS, Freshness


def test_a_tree_that_looks_the_same_is_fresh():
    assert Freshness(5, folders=(("src", 1),)) == Freshness(5, folders=(("src", 1),))


def test_setuptools_files_count_by_default():
    assert ["pyproject.toml", "setup.py", "setup.cfg", "src"] == [key.name for key in DEFAULT_CACHE_KEYS]
