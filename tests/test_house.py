"""The rules of the house that no linter holds: sizes, names, and what may stand in no file."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from distlib.index import DEFAULT_INDEX
from pip._internal.models.index import PyPI

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES = 400
FUNCTION_LINES = 60  # the goal is 40
# Path, or path and function, with the length it may have and why.
KNOWN_EXCEPTIONS: dict[str, int] = {}
MIRRORED = ("values", "formats", "policy", "adapters", "supply", "operations")


@cache
def tracked():
    """Every file that is, or is about to be, part of the project."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False).stdout.split("\0")
    found = [ROOT / name for name in listed if name and (ROOT / name).is_file()]
    return found or pytest.skip("not a git checkout")


@cache
def sources():
    return [path for path in tracked() if path.suffix == ".py"]


def product():
    return [path for path in sources() if path.is_relative_to(ROOT / "src")]


def name_of(path):
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path):
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name_of(path)}:{node.name}", node.end_lineno - node.lineno + 1


def too_long(lengths, limit):
    return {what: lines for what, lines in lengths if lines > KNOWN_EXCEPTIONS.get(what, limit)}


def test_no_file_is_longer_than_its_room():
    lengths = ((name_of(path), path.read_text(encoding="utf-8").count("\n")) for path in sources())

    assert {} == too_long(lengths, FILE_LINES)


def test_no_function_is_longer_than_a_page():
    lengths = (pair for path in sources() for pair in functions(path))

    assert {} == too_long(lengths, FUNCTION_LINES)


def test_every_known_exception_is_still_needed():
    lengths = dict(pair for path in sources() for pair in functions(path))
    lengths |= {name_of(path): path.read_text(encoding="utf-8").count("\n") for path in sources()}
    limits = {what: FUNCTION_LINES if ":" in what else FILE_LINES for what in KNOWN_EXCEPTIONS}

    assert {} == {what: lengths.get(what) for what, limit in limits.items() if lengths.get(what, 0) <= limit}


def test_every_init_file_is_empty():
    assert [] == [name_of(path) for path in sources() if path.name == "__init__.py" and path.read_bytes()]


def test_no_module_is_named_like_one_of_the_standard_library():
    names = [(path.parent.name if path.name == "__init__.py" else path.stem, path) for path in product()]

    assert [] == [name_of(path) for name, path in names if name in sys.stdlib_module_names]


def test_every_source_file_opens_with_a_sentence():
    silent = [path for path in product() if path.name != "__init__.py" and not ast.get_docstring(tree_of(path))]

    assert [] == [name_of(path) for path in silent]


def test_paths_that_touch_the_disk_stay_above_the_pure_floors():
    floors = tuple(ROOT / "src/keyrack" / floor for floor in ("values", "formats", "policy"))
    pure = [path for path in product() if any(path.is_relative_to(floor) for floor in floors)]

    assert [] == [name_of(path) for path in pure if names_a_live_path(tree_of(path))]


LIVE_PATHS = {"Path", "PosixPath", "WindowsPath"}


def names_a_live_path(tree):
    """Say whether a module imports pathlib's `Path`, or names it as `pathlib.Path`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "pathlib":
            if LIVE_PATHS & {alias.name for alias in node.names}:
                return True
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in {f"pathlib.{name}" for name in LIVE_PATHS}:
            return True
    return False


@pytest.mark.parametrize(
    ("breach", "expected"),
    [
        ("from pathlib import Path", True),
        ("import pathlib\npathlib.Path()", True),
        ("import pathlib\npathlib.PurePath()", False),
        ("from pathlib import PurePosixPath", False),
    ],
)
def test_a_live_path_is_recognised(breach, expected):
    assert expected == names_a_live_path(ast.parse(breach))


def test_the_test_of_a_module_stands_where_the_module_stands():
    strays = [
        name_of(path)
        for floor in MIRRORED
        for path in sources()
        if path.is_relative_to(ROOT / "tests" / floor) and path.name.startswith("test_") and not has_subject(path)
    ]

    assert [] == strays


def has_subject(path):
    """`tests/values/test_url_properties.py` is about `src/keyrack/values/url.py`."""
    subject = path.stem.removeprefix("test_")
    room = ROOT / "src/keyrack" / path.parent.relative_to(ROOT / "tests")
    names = [entry.stem for entry in room.glob("*") if entry.stem != "__init__"] if room.is_dir() else []
    return any(subject == name or subject.startswith(f"{name}_") for name in names)


@pytest.mark.parametrize("breach", ["values/test_no_such_module.py", "no_such_floor/test_url.py"])
def test_a_test_without_a_module_is_recognised(breach):
    assert not has_subject(ROOT / "tests" / breach)


def test_no_file_names_the_host_of_a_registry():
    hosts = {urlsplit(DEFAULT_INDEX).netloc, PyPI.netloc, PyPI.file_storage_domain}

    assert 2 <= len(hosts)
    assert [] == naming(hosts)


def test_no_file_names_a_path_of_this_machine():
    assert [] == naming({str(ROOT), f"{Path.home()}/"})


def naming(words):
    """Files that hold one of these words."""
    wanted = [word.encode() for word in words]
    return [name_of(path) for path in tracked() if any(word in path.read_bytes() for word in wanted)]


def test_a_word_in_a_file_is_found():
    assert [name_of(Path(__file__))] == naming({"a word that stands in this line alone"})
