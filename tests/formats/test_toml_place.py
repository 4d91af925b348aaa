import pytest

from keyrack.formats.toml_place import find_spot

TEXT = """\
index-url = "https://a.example" # why
'no-index' = true
[tool.uv]
offline   = 1   # no
[tool.uv.pip]
"extra.x" = ["a#b"]
[[index]] # first
name = 'a b'
[[index]]
url = "https://b.example
[index.cache-control]
api = "no-store"
[tool.uv.sources]
six.index = "a"
"""


def shown(*path, key=False):
    spot = find_spot(TEXT, path, key=key)
    return None if spot is None else (spot.line, spot.text[spot.column - 1 : spot.column - 1 + spot.length])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("index-url",), (1, '"https://a.example"')),
        (("no-index",), (2, "true")),
        (("tool", "uv", "offline"), (4, "1")),
        (("tool", "uv", "pip", "extra.x"), (6, '["a')),
        (("index", 0, "name"), (8, "'a b'")),
        (("index", 1, "url"), (10, '"https://b.example')),
        (("index", 1, "cache-control", "api"), (12, '"no-store"')),
        (("tool", "uv", "sources", "six", "index"), (14, '"a"')),
    ],
)
def test_a_value_is_found(path, expected):
    assert expected == shown(*path)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("index-url",), (1, "index-url")),
        (("tool", "uv", "pip", "extra.x"), (6, '"extra.x"')),
        (("index", 0), (7, "[[index]] # first")),
        (("index", 0, "nope"), (7, "[[index]] # first")),
        (("tool", "uv"), (3, "[tool.uv]")),
    ],
)
def test_a_key_or_its_table_is_found(path, expected):
    assert expected == shown(*path, key=True)


def test_what_stands_inside_a_value_is_found_by_that_value():
    assert (1, '"https://a.example"') == shown("index-url", 3, "x")


@pytest.mark.parametrize("path", [(), ("nope",)])
def test_what_is_nowhere_is_not_found(path):
    assert shown(*path) is None
