import pytest

from keyrack.errors import InvalidText
from keyrack.formats.uv_lock import parse_lock
from keyrack.formats.uv_lock_text import render_lock


def refusal(found):
    with pytest.raises(InvalidText) as raised:
        parse_lock(found, "uv.lock")
    assert raised.value.message == "Failed to parse `uv.lock`"
    return raised.value.causes[0]


BROKEN = {
    "a table that is not closed": (
        "[[package]]\nname",
        "[[package\nname",
        11,
        "expected ']]' at the end of an array declaration",
    ),
    "no name": ('name = "anyio"\nversion', "version", 11, "missing field `name`"),
    "a hash without its algorithm": (
        "sha256:5aad",
        "sha2565aad",
        18,
        "Unexpected hash (expected `<algorithm>:<hash>`)",
    ),
    "a hash of an unknown kind": ("sha256:5aad", "foo:5aad", 18, "Unsupported hash algorithm"),
    "a version that is none": ('version = "4.4.0"', 'version = "x"', 13, "Not a valid version"),
    "a marker that is none": ('{ name = "idna" },', '{ name = "idna", marker = "foo" },', 16, "Expected a quoted"),
    "a wheel of another version": ("anyio-4.4.0-py3", "anyio-4.4.1-py3", 20, "with inconsistent version (4.4.1)"),
    "a wheel that is none": ("anyio-4.4.0-py3-none-any.whl", "anyio.whl", 20, "Not a valid wheel filename"),
    "no version": (
        'version = "4.4.0"\n',
        "",
        11,
        "Package `anyio` from a registry source has a missing `version` field",
    ),
    "no source": ("registry", "regstry", 14, "it names none of `registry`, `git`"),
    "a size that is no number": ("size = 966", 'size = "x"', 20, "invalid type: expected `int`, got `str`"),
    "a wheel that lies nowhere": (
        '{ url = "https://pkgs.example/files/anyio-4.4.0-py3',
        '{ urll = "https://pkgs.example/files/anyio-4.4.0-py3',
        20,
        "wheel has no URL, path, or filename",
    ),
    "an edge to nothing": (
        '{ name = "idna" },',
        '{ name = "nothing" },',
        16,
        "Dependency `nothing` has missing `source`",
    ),
    "a URL that is none": ("https://pkgs.example/simple/", "https://", 14, "without a host"),
    "an option that is none": ("[manifest]", '[options]\nresolution-mode = "x"\n[manifest]', 6, "unknown variant `x`"),
    "a mode that is none": ("[manifest]", '[options]\nprerelease-mode = "x"\n[manifest]', 6, "unknown variant `x`"),
    "a strategy that is none": ("[manifest]", '[options]\nfork-strategy = "x"\n[manifest]', 6, "unknown variant `x`"),
    "a cutoff that is none": (
        "[manifest]",
        "[options]\nexclude-newer-package = { a = true }\n[manifest]",
        6,
        "cannot be set to `true`",
    ),
    "an override that is none": (
        "[manifest]",
        "[manifest]\noverrides = [{ package = 1 }]",
        6,
        "invalid type: expected `object`, got `int`",
    ),
    "an exclude that is none": (
        "[manifest]",
        "[manifest]\nexcludes = [{ package = { name = 1 } }]",
        6,
        "invalid type: expected `str`, got `int`",
    ),
    "an array that holds a table over several lines": (
        '    { name = "idna" },\n]',
        '{ name = "nothing" },\n]',
        15,
        "Dependency `nothing` has missing `source`",
    ),
    "default groups that are none": ("[[package]]", '[[package]]\ndefault-groups = "x"', 12, 'expected "all"'),
}
LOCK = """\
version = 1
revision = 5
requires-python = ">=3.11"

[manifest]
requirements = [
    { name = "anyio" },
    { name = "idna", marker = "sys_platform == 'win32'", specifier = "<3" },
]

[[package]]
name = "anyio"
version = "4.4.0"
source = { registry = "https://pkgs.example/simple/" }
dependencies = [
    { name = "idna" },
]
sdist = { url = "https://pkgs.example/files/anyio-4.4.0.tar.gz", hash = "sha256:5aad" }
wheels = [
    { url = "https://pkgs.example/files/anyio-4.4.0-py3-none-any.whl", hash = "sha256:dec2", size = 966 },
]

[[package]]
name = "idna"
version = "2.0"
source = { registry = "https://pkgs.example/simple/" }
"""


def test_the_lock_that_is_broken_below_is_whole():
    assert LOCK == render_lock(parse_lock(LOCK, "uv.lock"))


@pytest.mark.parametrize(("old", "new", "line", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_lock_is_told_with_its_line(old, new, line, words):
    before, _, after = LOCK.partition(old)

    told = refusal(f"{before}{new}{after}")

    assert f"TOML parse error at line {line}, column" in told
    assert words in told


def test_what_is_missing_from_the_root_has_no_line():
    assert "TOML parse error: missing field `requires-python`" == refusal("version = 1\n")
