from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.values.path_pattern import fits


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        ("libs/a", "libs/*", True),
        ("libs/a/b", "libs/*", False),
        ("libs", "libs/*", False),
        ("libs/a", "./libs/a/", True),
        ("a/b/c", "a/**/c", True),
        ("a/c", "a/**/c", True),
        ("a/b/c", "**", True),
        ("a/b/c", "a/**", True),
        ("a", "a/**", True),
        ("x/a", "**/a", True),
        ("a", "**/a", True),
        ("ab", "a?", True),
        ("a/b", "a?b", False),
        ("ab", "a[bc]", True),
        ("ad", "a[!bc]", True),
        ("ab", "a[^bc]", False),
        ("a[", "a[", True),
        ("a.b", "a.b", True),
        ("axb", "a.b", False),
        ("a]", "a[]]", True),
        ("a\\", "a[\\[]", True),
    ],
)
def test_patterns_mean_what_uv_means(path, pattern, expected):
    assert expected == fits(path, pattern)


@given(st.text("ab.*?", max_size=6), st.text("ab.", min_size=1, max_size=6))
def test_within_one_folder_a_pattern_is_one_of_the_shell(pattern, path):
    if "**" not in pattern:
        assert fnmatchcase(path, pattern.removeprefix("./")) == fits(path, pattern)
