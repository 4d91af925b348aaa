from datetime import UTC, datetime

import pytest

from keyrack.errors import InvalidText
from keyrack.formats.cutoff_text import Moment
from keyrack.formats.settings_toml import (
    ProjectSettings,
    SettingsText,
    WrongVersion,
    parse_project_settings,
    parse_uv_toml,
)

MOMENT = Moment(datetime(2026, 8, 20, 12, tzinfo=UTC), lambda local: local.replace(tzinfo=UTC))


def read(text):
    return parse_uv_toml(SettingsText(text, "/work", "uv.toml", MOMENT), "0.13.9")


def project(text):
    return parse_project_settings(SettingsText(text, "/work", "pyproject.toml", MOMENT), "0.13.9")


def refusal(text):
    with pytest.raises(InvalidText) as caught:
        read(text)
    return caught.value.message, *caught.value.causes


def test_a_file_becomes_a_layer():
    layer = read('offline = true\n[[index]]\nname = "a"\nurl = "https://a.example"')

    assert (True, ["a"], "uv.toml") == (layer.offline, [entry.name for entry in layer.index], layer.place)


def test_what_pip_says_wins_and_its_lists_come_first():
    layer = read(
        'index-url = "https://a.example"\nno-index = true\nextra-index-url = ["https://b.example"]\n'
        '[pip]\nindex-url = "https://c.example"\nno-index = false\nextra-index-url = ["https://d.example"]\n'
        "system = true"
    )

    assert ("https://c.example/", False, ["https://d.example/", "https://b.example/"], True) == (
        str(layer.index_url.parsed.url),
        layer.no_index,
        [str(entry.parsed.url) for entry in layer.extra_index_url],
        layer.system,
    )


@pytest.mark.parametrize("required", [">=0.13", "0.13.9", "==0.13.*", "~=0.13.1"])
def test_a_required_version_is_compared_with_the_uv_that_we_speak(required):
    assert required == read(f'required-version = "{required}"').required_version


@pytest.mark.parametrize("text", ['required-version = ">=99"\nbogus = 1', 'bogus = 1\nrequired-version = "0.13.8"'])
def test_a_required_version_is_checked_before_anything_else(text):
    with pytest.raises(WrongVersion):
        read(text)


def test_a_wrong_version_says_what_to_do():
    with pytest.raises(WrongVersion) as caught:
        read('required-version = ">=99"')

    assert (
        "Required uv version `>=99` does not match the version that keyrack speaks, `0.13.9`",
        ("Widen `required-version`, or install a keyrack that speaks that version",),
    ) == (caught.value.message, caught.value.hints)


def pointed(line, column, shown, carets, what):
    """What is told of a fault: its place, the line with carets below it, and what is wrong there."""
    text = [f"TOML parse error at line {line}, column {column}", "  |", f"{line} | {shown}", f"  |{carets}", what]
    return "\n".join(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\nbogus = 1 # x", pointed(2, 1, "bogus = 1 # x", " ^^^^^", "unknown field `bogus`")),
        (
            "offline = 1 # x",
            pointed(1, 11, "offline = 1 # x", "           ^", "invalid type: expected `bool`, got `int`"),
        ),
        ('[[index]]\nname = "a"', pointed(1, 1, "[[index]]", " ^^^^^^^^^", "missing field `url`")),
        ("[pip]\noffline = true", pointed(2, 1, "offline = true", " ^^^^^^^", "unknown field `offline`")),
        (
            '[pip]\nformat = 1\nlink-mode = "x"',
            pointed(2, 1, "format = 1", " ^^^^^^", "unknown field `format`"),
        ),
        (
            '[pip]\nresolution = "x"',
            pointed(
                2,
                14,
                'resolution = "x"',
                "              ^^^",
                "unknown variant `x`, expected one of `highest`, `lowest`, `lowest-direct`",
            ),
        ),
        ("pip = 1", pointed(1, 7, "pip = 1", "       ^", "invalid type: expected a table")),
        (
            'required-version = "x"',
            pointed(
                1,
                20,
                'required-version = "x"',
                "                    ^^^",
                "Failed to parse version: `x` is no version specifier",
            ),
        ),
        (
            'index-url = "https://user:secret@a b.example"',
            pointed(
                1,
                13,
                'index-url = "https://****@a b.example"',
                "",
                "Invalid index URL in uv.toml\nNot a valid URL: it holds a space, a control character or a backslash",
            ),
        ),
        ("a", pointed(1, 2, "a", "  ^", "expected '=' after a key in a key/value pair")),
    ],
)
def test_a_fault_is_pointed_at(text, expected):
    assert ("Failed to parse: uv.toml", expected) == refusal(text)


def test_a_key_of_projects_has_no_place_in_a_uv_toml():
    assert (
        "Failed to parse `uv.toml`. The `sources` field is not allowed in a `uv.toml` file. `sources` is only"
        " applicable in the context of a project, and should be placed in a `pyproject.toml` file instead."
    ) == refusal("sources = {}")[0]


@pytest.mark.parametrize("text", ["", '[project]\nname = "a"', "[tool.other]", "tool = 1"])
def test_a_project_without_settings_says_nothing(text):
    assert ProjectSettings() == project(text)


def test_a_project_has_settings_sources_and_keys():
    found = project('[tool.uv]\npackage = false\noffline = true\n[tool.uv.sources]\nsix = { index = "a" }')

    assert (True, ["a"], ("offline",), "") == (
        found.layer.offline,
        [source.index for source in found.layer.sources],
        found.keys,
        found.warning,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[tool.uv]\nbogus = 1", pointed(2, 1, "bogus = 1", " ^^^^^", "unknown field `bogus`")),
        ("tool.uv = 1", pointed(1, 11, "tool.uv = 1", "           ^", "invalid type: expected a table")),
        (
            "[tool.uv",
            pointed(1, 9, "[tool.uv", "         ^", "expected ']' at the end of a table declaration"),
        ),
        (
            "[tool]\nuv = { offline = 1 }",
            pointed(2, 6, "uv = { offline = 1 }", "      ^^^^^^^^^^^^^^^", "invalid type: expected `bool`, got `int`"),
        ),
    ],
)
def test_settings_of_a_project_that_cannot_be_read_are_passed_over_with_a_warning(text, expected):
    found = project(text)

    indented = "\n".join(f"  {line}" for line in expected.split("\n"))
    warning = f"Failed to parse `pyproject.toml` during settings discovery:\n{indented}\n"
    assert (None, warning) == (found.layer, found.warning)


def test_a_fault_that_no_line_shows_is_told_without_a_place():
    assert "TOML parse error: unknown field `bogus`" == refusal('"\\u0062ogus" = 1')[1]


def test_a_project_that_requires_another_version_is_refused():
    with pytest.raises(WrongVersion):
        project('[tool.uv]\nrequired-version = "<0.1"')
