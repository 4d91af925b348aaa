import pytest

from keyrack.errors import InvalidText
from keyrack.formats.script_block import parse_script

SCRIPT = """\
#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = ["six>1", "seven"]
#
# [tool.uv]
# index-url = "https://a.example/simple"
# constraint-dependencies = ["six<3"]
# bogus = 1
# ///
import six
"""


BAD_KEY = (
    "TOML parse error at line 2, column 12\n  |\n2 | no-index = 1\n  |            ^\n"
    "invalid type: expected `bool`, got `int`"
)


def read(text):
    return parse_script(text, "s.py", "/work")


def test_a_script_without_a_block_is_none():
    assert read("print(1)") is None


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_block_tells_requirements(newline):
    assert ["six", "seven"] == [one.name for one in read(SCRIPT.replace("\n", newline)).requirements]


def test_a_block_tells_the_python_it_wants():
    assert (">=3.11", "") == (
        read(SCRIPT).requires_python,
        read("# /// script\n# dependencies = []\n# ///").requires_python,
    )


def test_settings_that_go_with_requirements_are_read():
    settings = read(SCRIPT).settings

    assert ("https://a.example/simple", ("six<3",)) == (
        str(settings.index_url.parsed.url),
        settings.constraint_dependencies,
    )


def test_a_block_of_another_type_says_nothing():
    assert read("# /// other\n# a = 1\n# ///\n") is None


def test_a_block_may_end_the_file():
    assert () == read("# /// script\n# dependencies = []\n# ///").requirements


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SCRIPT + "\n" + SCRIPT, "it has several `# /// script` blocks"),
        ("# /// script\n# dependencies = 1\n# ///", "Expected `array`, got `int` - at `$.dependencies`"),
        ("# /// script\n# [tool.uv]\n# no-index = 1\n# ///", BAD_KEY),
        ("# /// script\n# [tool]\n# uv = 1\n# ///", "Expected `object`, got `int` - at `$.tool.uv`"),
    ],
)
def test_a_block_that_cannot_be_read_names_the_file(text, expected):
    with pytest.raises(InvalidText) as caught:
        read(text)

    assert ("Failed to parse: s.py", (expected,)) == (caught.value.message, caught.value.causes)


def test_a_requirement_that_cannot_be_read_names_the_file():
    with pytest.raises(InvalidText) as caught:
        read("# /// script\n# dependencies = ['six ==']\n# ///")

    assert "Failed to parse: s.py" == caught.value.message
    assert "Failed to parse: `six ==`" == caught.value.causes[0]
