from textwrap import fill

import pytest
from inline_snapshot import snapshot

from keyrack.cli.pip_freeze import GRAMMAR as FREEZE
from keyrack.cli.pip_install import GRAMMAR as INSTALL
from keyrack.cli.pip_list import GRAMMAR as LIST
from keyrack.cli.reading import read_words
from keyrack.cli.usage import UsageError


def test_words_come_out_under_the_names_of_settings():
    words = [
        "-r",
        "a.txt",
        "--index",
        "one=https://pkgs.example/a",
        "-qq",
        "--no-cache",
        "-p3.12",
        "--no-build",
        "a",
    ]

    assert {
        "requirements": ["a.txt"],
        "index": ["one=https://pkgs.example/a"],
        "quiet": 2,
        "no-cache": True,
        "python": "3.12",
        "no-build": True,
        "packages": ["a"],
    } == read_words(INSTALL, words)


@pytest.mark.parametrize("words", [["--format", "json"], ["--format=json"]])
def test_a_value_may_stand_behind_a_space_or_an_equals_sign(words):
    assert {"format": "json"} == read_words(LIST, words)


@pytest.mark.parametrize("words", [["-p", "x"], ["-px"], ["-p=x"]])
def test_a_short_flag_may_hold_its_value(words):
    assert {"python": "x"} == read_words(LIST, words)


def test_short_switches_may_stand_together():
    assert {"editable-only": True, "verbose": 2, "python": "x"} == read_words(LIST, ["-evvpx"])


def test_the_last_of_two_opposite_switches_counts():
    assert {"system": False} == read_words(LIST, ["--system", "--no-system"])


def test_all_that_stands_behind_two_dashes_is_no_flag():
    assert {"packages": ["--foo", "-x"]} == read_words(INSTALL, ["--", "--foo", "-x"])


def test_one_dash_is_a_value():
    assert {"requirements": ["-"]} == read_words(INSTALL, ["-r", "-"])


def test_a_separated_list_is_taken_apart():
    assert {"extra": ["a", "b", "c"], "packages": ["."]} == read_words(INSTALL, [".", "--extra", "a,b", "--extra=c"])


def test_help_ends_the_reading():
    assert {"help": True} == read_words(LIST, ["--help", "--bogus"])


WRONG = {
    "--bogus": snapshot("""\
unexpected argument '--bogus' found
Usage: keyrack pip list [OPTIONS]\
"""),
    "--edit": snapshot("""\
unexpected argument '--edit' found
a similar argument exists: '--editable'
Usage: keyrack pip list --editable\
"""),
    "--formt json": snapshot("""\
unexpected argument '--formt' found
a similar argument exists: '--format'
Usage: keyrack pip list --format <FORMAT>\
"""),
    "--format": snapshot("""\
a value is required for '--format <FORMAT>' but none was supplied
  [possible values: columns, freeze, json]\
"""),
    "--format xml": snapshot("""\
invalid value 'xml' for '--format <FORMAT>'
  [possible values: columns, freeze, json]\
"""),
    "--format jsn": snapshot("""\
invalid value 'jsn' for '--format <FORMAT>'
  [possible values: columns, freeze, json]
a similar value exists: 'json'\
"""),
    "--format=": snapshot("""\
a value is required for '--format <FORMAT>' but none was supplied
  [possible values: columns, freeze, json]\
"""),
    "extra": snapshot("""\
unexpected argument 'extra' found
Usage: keyrack pip list [OPTIONS]\
"""),
    "-z": snapshot("""\
unexpected argument '-z' found
Usage: keyrack pip list [OPTIONS]\
"""),
    "-ez": snapshot("""\
unexpected argument '-z' found
Usage: keyrack pip list [OPTIONS]\
"""),
    "--editable=yes": snapshot("""\
unexpected value 'yes' for '--editable' found; no more were expected
Usage: keyrack pip list --editable\
"""),
    "-p": snapshot("a value is required for '--python <PYTHON>' but none was supplied"),
    "-p -q": snapshot("a value is required for '--python <PYTHON>' but none was supplied"),
    "--exclude -x": snapshot("""\
unexpected argument '-x' found
Usage: keyrack pip list [OPTIONS]\
"""),
    "-p a --python b": snapshot("""\
the argument '--python <PYTHON>' cannot be used multiple times
Usage: keyrack pip list [OPTIONS]\
"""),
    "--system --system": snapshot("""\
the argument '--system' cannot be used multiple times
Usage: keyrack pip list [OPTIONS]\
"""),
    "--editable --exclude-editable": snapshot("""\
the argument '--editable' cannot be used with '--exclude-editable'
Usage: keyrack pip list --editable\
"""),
    "-q -v": snapshot("""\
the argument '--quiet...' cannot be used with '--verbose...'
Usage: keyrack pip list --quiet...\
"""),
    "--target a --prefix b": snapshot("""\
the argument '--target <TARGET>' cannot be used with '--prefix <PREFIX>'
Usage: keyrack pip list --target <TARGET>\
"""),
    "--exclude a/b": snapshot(
        """\
invalid value 'a/b' for '--exclude <EXCLUDE>': Not a valid package or extra name: "a/b". Names must
start and end with a letter or digit and may only contain -, _, ., and alphanumeric characters.\
"""
    ),
    "--cache-dir=": snapshot("a value is required for '--cache-dir <CACHE_DIR>' but none was supplied"),
}


@pytest.mark.parametrize("words", WRONG)
def test_pip_list_says_what_is_wrong(words):
    with pytest.raises(UsageError) as caught:
        read_words(LIST, words.split())

    assert said(caught.value) == WRONG[words]


INSTALL_WRONG = {
    "": snapshot("""\
the following required arguments were not provided:
  <PACKAGE|--requirements <REQUIREMENTS>|--editable <EDITABLE>|--group <GROUP>>
Usage: keyrack pip install <PACKAGE|--requirements <REQUIREMENTS>|--editable <EDITABLE>|--group
<GROUP>>\
"""),
    "--offline": snapshot("""\
the following required arguments were not provided:
  <PACKAGE|--requirements <REQUIREMENTS>|--editable <EDITABLE>|--group <GROUP>>
Usage: keyrack pip install --offline <PACKAGE|--requirements <REQUIREMENTS>|--editable
<EDITABLE>|--group <GROUP>>\
"""),
    "--bogus": snapshot("""\
unexpected argument '--bogus' found
to pass '--bogus' as a value, use '-- --bogus'
Usage: keyrack pip install [OPTIONS] <PACKAGE|--requirements <REQUIREMENTS>|--editable
<EDITABLE>|--group <GROUP>>\
"""),
    "-r": snapshot("a value is required for '--requirements <REQUIREMENTS>' but none was supplied"),
    "--extra x --all-extras -r a": snapshot("""\
the argument '--extra <EXTRA>' cannot be used with '--all-extras'
Usage: keyrack pip install --extra <EXTRA> --requirements <REQUIREMENTS> <PACKAGE|--requirements
<REQUIREMENTS>|--editable <EDITABLE>|--group <GROUP>>\
"""),
    "--no-deps=false a": snapshot("""\
unexpected value 'false' for '--no-deps' found; no more were expected
Usage: keyrack pip install --no-deps <PACKAGE|--requirements <REQUIREMENTS>|--editable
<EDITABLE>|--group <GROUP>>\
"""),
    "--python-version abc a": snapshot(
        """\
invalid value 'abc' for '--python-version <PYTHON_VERSION>': Python version `abc` could not be
parsed: expected version to start with a number, but no leading ASCII digits were found\
"""
    ),
    "--python-version 3.x a": snapshot(
        """\
invalid value '3.x' for '--python-version <PYTHON_VERSION>': Python version `3.x` could not be
parsed: after parsing `3`, found `.x`, which is not part of a valid version\
"""
    ),
    "--exclude-newer nope a": snapshot(
        """\
invalid value 'nope' for '--exclude-newer <EXCLUDE_NEWER>': `nope` could not be parsed as a valid
exclude-newer value (expected a date like `2024-01-01`, a timestamp like `2024-01-01T00:00:00Z`, or
a duration like `3 days` or `P3D`)\
"""
    ),
    "--prerelease-package foo a": snapshot(
        """\
invalid value 'foo' for '--prerelease-package <PRERELEASE_PACKAGE>': Invalid `prerelease-package`
value `foo`: expected format `PACKAGE=MODE`\
"""
    ),
    "--no-build --only-binary b a": snapshot("""\
the argument '--no-build' cannot be used with '--only-binary <ONLY_BINARY>'
Usage: keyrack pip install --no-build <PACKAGE|--requirements <REQUIREMENTS>|--editable
<EDITABLE>|--group <GROUP>>\
"""),
    "--no-binary a/b c": snapshot(
        """\
invalid value 'a/b' for '--no-binary <NO_BINARY>': Not a valid package or extra name: "a/b". Names
must start and end with a letter or digit and may only contain -, _, ., and alphanumeric characters.\
"""
    ),
}


@pytest.mark.parametrize("words", INSTALL_WRONG)
def test_pip_install_says_what_is_wrong(words):
    with pytest.raises(UsageError) as caught:
        read_words(INSTALL, words.split())

    assert said(caught.value) == INSTALL_WRONG[words]


@pytest.mark.parametrize("value", ["2026-01-31", "2026-01-31T01:02:03Z", "3 days", "P3D", "false", "30 minutes"])
def test_instants_and_durations_are_taken(value):
    assert {"exclude-newer": value, "packages": ["a"]} == read_words(INSTALL, ["--exclude-newer", value, "a"])


@pytest.mark.parametrize("value", ["3", "3.12", "3.12.1", "3.14rc1"])
def test_versions_of_python_are_taken(value):
    assert {"python-version": value, "packages": ["a"]} == read_words(INSTALL, ["--python-version", value, "a"])


def test_a_variable_is_held_against_the_same_choices():
    with pytest.raises(UsageError) as caught:
        read_words(INSTALL, ["a"], {"UV_RESOLUTION": "high", "UV_LINK_MODE": ""})

    assert said(caught.value) == snapshot("""\
invalid value 'high' for '--resolution <RESOLUTION>'
  [possible values: highest, lowest, lowest-direct]
a similar value exists: 'highest'\
""")


def test_a_flag_hides_its_variable():
    words = ["--resolution", "lowest", "a"]

    assert {"resolution": "lowest", "packages": ["a"]} == read_words(INSTALL, words, {"UV_RESOLUTION": "high"})


def test_a_path_may_be_given_more_than_once():
    assert {"path": ["a", "b"]} == read_words(FREEZE, ["--path", "a", "--path=b"])


def said(error):
    lines = "\n".join(filter(None, (error.message, error.tip, error.usage))).split("\n")
    return "\n".join(fill(line, 100, break_on_hyphens=False, break_long_words=False) for line in lines)
