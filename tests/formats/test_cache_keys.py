"""`cache-keys` in a pyproject.toml."""

import pytest

from keyrack.formats.cache_keys import parse_cache_keys
from keyrack.values.freshness import DEFAULT_CACHE_KEYS, CacheKey, CacheKeyKind

FILE, FOLDER, VARIABLE, COMMIT, TAGS = (
    CacheKeyKind.FILE,
    CacheKeyKind.FOLDER,
    CacheKeyKind.VARIABLE,
    CacheKeyKind.COMMIT,
    CacheKeyKind.TAGS,
)


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ('["a.c"]', (CacheKey(FILE, "a.c"),)),
        ('[{file = "**/*.c"}, {dir = "lib"}]', (CacheKey(FILE, "**/*.c"), CacheKey(FOLDER, "lib"))),
        ('[{env = "CC"}]', (CacheKey(VARIABLE, "CC"),)),
        ("[{git = true}]", (CacheKey(COMMIT),)),
        ("[{git = false}]", ()),
        ("[{git = {commit = true, tags = true}}]", (CacheKey(COMMIT), CacheKey(TAGS))),
        ("[]", ()),
    ],
)
def test_each_kind_of_key_is_read(written, keys):
    assert keys == parse_cache_keys(f"[tool.uv]\ncache-keys = {written}\n".encode())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"# cache-keys\n", id="only named"),
        pytest.param(b"cache-keys = [", id="no TOML"),
        pytest.param(b"[tool.uv]\ncache-keys = 3\n", id="another type"),
        pytest.param(b"[tool.uv]\ncache-keys = [{file = 'a', more = 1}]\n", id="an unknown field"),
        pytest.param(b"cache-keys = '\xff'\n", id="no UTF-8"),
    ],
)
def test_the_usual_keys_count_where_a_tree_has_none_that_can_be_read(text):
    assert DEFAULT_CACHE_KEYS == parse_cache_keys(text)
