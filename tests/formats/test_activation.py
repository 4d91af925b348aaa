import re
import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.formats.activation import (
    Activated,
    activation_scripts,
    quote_batch,
    quote_csh,
    quote_fish,
    quote_nushell,
    quote_posix,
    quote_powershell,
)

texts = st.text(alphabet="ab '\"\\$`!%#@é\u2019()[]{};&|<>*?~", max_size=12)
TEMPLATES = {
    "activate": "@ENV@ @PROMPT@ @BIN@ @x@",
    "activate.csh": "@ENV@ @PROMPT@",
    "activate.fish": "@ENV@ @PROMPT@",
    "activate.nu": "@ENV@ @PROMPT@",
    "activate.xsh": "@ENV@ @PROMPT@",
    "activate.ps1": "@PROMPT@",
    "activate.bat": "@ENV@\n@PROMPT@\n@rem",
    "activate_this.py": "@PROMPT@ @SITE@",
}


@given(texts)
def test_a_posix_word_is_one_word_again(text):
    assert [text] == shlex.split(quote_posix(text))


def test_a_posix_word_is_the_same_for_the_shell_itself():
    text = "a'b\"c $d `e` \\f !g %h"

    ran = subprocess.run(["sh", "-c", f"printf %s {quote_posix(text)}"], capture_output=True, text=True, check=True)

    assert text == ran.stdout


@given(texts)
def test_a_csh_word_has_no_history_in_it(text):
    assert not re.search(r"(?<!\\)!", quote_csh(text))


@pytest.mark.parametrize(
    ("quote", "text", "expected"),
    [
        (quote_csh, "a!b'c", "'a\\!b'\"'\"'c'"),
        (quote_fish, "a'b\\c$d", "'a\\'b\\\\c$d'"),
        (quote_powershell, "a'b\u2019c$d", "'a''b\u2019\u2019c$d'"),
        (quote_batch, 'C:\\a%b"c', "C:\\a%%bc"),
        (quote_nushell, "a b", "r#'a b'#"),
        (quote_nushell, "a'#b'##c", "r###'a'#b'##c'###"),
    ],
)
def test_each_shell_has_its_own_quotes(quote, text, expected):
    assert expected == quote(text)


@given(texts)
def test_a_raw_string_of_nushell_ends_where_it_should(text):
    quoted = quote_nushell(text)
    marks = quoted[1 : quoted.index("'")]

    assert (len(quoted) - len(marks) - 1) == quoted.index(f"'{marks}", len(marks) + 2)


def test_marks_are_filled_in_each_shells_words():
    found = activation_scripts(TEMPLATES, Activated("/it's", "@ENV@ 5%", "bin", ("lib", "python3.12")))

    assert {
        "activate": "VIRTUAL_ENV='/it'\"'\"'s' '@ENV@ 5%' bin @x@",
        "activate.csh": "'/it'\"'\"'s' '@ENV@ 5%'",
        "activate.fish": "'/it\\'s' '@ENV@ 5%'",
        "activate.nu": "r#'/it's'# r#'@ENV@ 5%'#",
        "activate.xsh": "\"/it's\" '@ENV@ 5%'",
        "activate.ps1": "'@ENV@ 5%'",
        "activate.bat": "/it's\r\n@ENV@ 5%%\r\n@rem",
        "activate_this.py": "'@ENV@ 5%' ('lib', 'python3.12')",
    } == found


def test_relocatable_scripts_find_their_own_place():
    found = activation_scripts(TEMPLATES, Activated("/env", "p", relocatable=True))

    assert "activate.csh" not in found
    assert not any("/env" in text for text in found.values())
    assert "%~dp0..\r\np\r\n@rem" == found["activate.bat"]
