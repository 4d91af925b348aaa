"""What may be imported on the way to the commonest answers. A new name here makes every run slower: think twice."""

import subprocess
import sys

import pytest


def names(text):
    return frozenset(text.split())


# The rest of Python's own library is judged by its cost: these are cheap, or msgspec and packaging bring them.
OF_PYTHON = names("""
    __future__ _ast _bisect _blake2 _collections _collections_abc _datetime _decimal _functools _hashlib _heapq _locale
    _opcode _operator _posixsubprocess _random _sha2 _sha512 _socket _sre _string _struct _tokenize _typing _uuid
    _weakrefset annotationlib ast atexit base64 binascii bisect collections concurrent contextlib copy copyreg
    dataclasses datetime decimal difflib dis enum errno fcntl fnmatch functools genericpath glob hashlib heapq
    importlib inspect ipaddress itertools keyword linecache locale logging math ntpath numbers opcode operator
    pathlib platform posixpath random re reprlib select selectors signal string struct subprocess sysconfig textwrap
    threading token tokenize tomllib traceback types typing urllib uuid warnings weakref zlib
    """)
OF_VERSION = names("""
    __future__ atexit gc
    keyrack keyrack.adapters keyrack.adapters.clock keyrack.adapters.endings
    keyrack.adapters.environ keyrack.adapters.terminal keyrack.cli
    keyrack.cli.main keyrack.operations keyrack.operations.streams keyrack.values keyrack.values.log
    keyrack.values.version keyrack.values.volume
    """)
OF_HELP = OF_VERSION | names("""
    keyrack._build keyrack.cli.checks keyrack.cli.commands keyrack.cli.context keyrack.cli.flags keyrack.cli.grammar
    keyrack.cli.help keyrack.cli.layout keyrack.cli.messages keyrack.cli.output keyrack.cli.overview
    keyrack.cli.pip_freeze keyrack.cli.environment keyrack.cli.summary keyrack.cli.reading keyrack.cli.similar
    keyrack.cli.usage keyrack.errors keyrack.values.light keyrack.values.styled
    """)
OF_THE_SAME_AGAIN = OF_VERSION | names("""
    _blake2 keyrack.adapters.cache_place keyrack.adapters.settled keyrack.cli.settled keyrack.cli.summary
    keyrack.operations.settled keyrack.values.light keyrack.values.styled
    """)
NEVER_WHERE_NOTHING_IS_ASKED = (
    "argparse",
    "email",
    "html",
    "http",
    "json",
    "pycurl",
    "queue",
    "selectolax",
    "socket",
    "ssl",
    "tarfile",
    "zipfile",
    "keyrack.adapters.transport",
    "keyrack.app",
    "keyrack.operations.install",
    "keyrack.operations.resolve",
    "keyrack.policy.auth",
    "keyrack.policy.solver",
    "keyrack.supply",
)
OF_NOTHING_TO_DO = names("""
    keyrack keyrack.errors keyrack.adapters keyrack.operations keyrack.policy
    keyrack.adapters.cache_place keyrack.adapters.clock keyrack.adapters.disk keyrack.adapters.endings
    keyrack.adapters.environ keyrack.adapters.folders
    keyrack.adapters.inflate keyrack.adapters.interpreters keyrack.adapters.locks keyrack.adapters.processes keyrack.adapters.python_files
    keyrack.adapters.settings_files keyrack.adapters.site_packages keyrack.adapters.store keyrack.adapters.terminal
    keyrack.operations.answered keyrack.operations.configure keyrack.operations.environments
    keyrack.operations.input_files keyrack.operations.inputs keyrack.operations.pythons keyrack.operations.streams
    keyrack.adapters.settled keyrack.adapters.unfinished keyrack.operations.evidence keyrack.operations.settled
    keyrack.operations.targets
    keyrack.policy.index keyrack.policy.index.pins keyrack.policy.index.targets keyrack.policy.index.wanted
    keyrack.policy.markers keyrack.policy.markers.negation keyrack.policy.resolve
    keyrack.policy.resolve.environment keyrack.policy.resolve.satisfied keyrack.policy.settings
    """)
"""Beside values, formats and the command line, which read what was given."""
MOST_OF_NOTHING_TO_DO = 110
BROUGHT = ("msgspec", "typing_extensions")
DUMP = """
import sys
before = set(sys.modules)
from keyrack.cli.main import main
code = main(sys.argv[1:])
sys.stderr.write("\\n" + " ".join(sorted(set(sys.modules) - before)))
sys.exit(code)
"""


def loaded(run, *words):
    """Give the names of all modules that a command line loads."""
    printed = subprocess.run(
        (sys.executable, "-c", DUMP, *words), env=run.variables, cwd=run.folder, capture_output=True, text=True
    )
    assert 0 == printed.returncode, printed.stderr
    return set(printed.stderr.splitlines()[-1].split())


def without(found, *packages):
    """Leave out what some packages hold."""
    return {name for name in found if not any(name == each or name.startswith(f"{each}.") for each in packages)}


def test_the_version_is_printed_with_next_to_nothing():
    printed = subprocess.run((sys.executable, "-c", DUMP, "--version"), capture_output=True, text=True)

    assert set() == set(printed.stderr.split()) - OF_VERSION


@pytest.mark.parametrize("words", [("--help",), ("pip", "freeze", "--help")])
def test_help_loads_no_more_than_the_command_line(run, words):
    found = loaded(run, *words)

    assert set() == {name for name in found if name.startswith("keyrack")} - OF_HELP
    assert set() == without(found, "keyrack") - {"__future__", "atexit", "gc"}


def test_a_run_that_finds_everything_in_place_loads_nothing_that_could_ask_an_index(run, installed):
    installed("lib")
    run("pip", "list")  # a Python that is not known yet has to be asked, and meanwhile there is time to import

    found = loaded(run, "pip", "install", "lib>=1")

    assert set() == found - without(found, *NEVER_WHERE_NOTHING_IS_ASKED)
    own = {name for name in found if name.startswith("keyrack")}
    assert set() == without(own, "keyrack.values", "keyrack.formats", "keyrack.cli") - OF_NOTHING_TO_DO
    assert len(own) <= MOST_OF_NOTHING_TO_DO


@pytest.mark.parametrize("words", [("pip", "list"), ("pip", "freeze"), ("cache", "dir"), ("auth", "--help")])
def test_what_only_looks_loads_nothing_that_could_ask_an_index(run, words):
    found = loaded(run, *words)

    assert set() == found - without(found, *NEVER_WHERE_NOTHING_IS_ASKED)


def test_the_same_question_again_loads_next_to_nothing(run, installed):
    installed("lib")
    loaded(run, "pip", "install", "lib>=1")

    found = loaded(run, "pip", "install", "lib>=1")

    assert set() == found - OF_THE_SAME_AGAIN
