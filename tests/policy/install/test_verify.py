import pytest

from keyrack.policy.install.verify import (
    InvalidWheel,
    check_data,
    check_entry_points,
    check_facts,
    check_metadata,
    check_record,
    doubtful_launchers,
    find_stem,
    has_tags_of,
    is_reserved,
    printable,
)
from keyrack.values.artifact import parse_wheel_name
from keyrack.values.wheel import EntryPoint, RecordRow, WheelFacts

WHEEL = parse_wheel_name("lib_a-1.0-py3-none-any.whl")
LOCAL = parse_wheel_name("lib_a-1.0+cpu.1-py3-none-any.whl")
HASH = "sha256=AAAA"


def cause(check, *arguments):
    with pytest.raises(InvalidWheel) as caught:
        check(*arguments)
    return " ".join(caught.value.causes)


@pytest.mark.parametrize(
    ("folder", "wheel"),
    [
        ("lib_a-1.0", WHEEL),
        ("Lib.A-1.0", WHEEL),
        ("lib_a-1.0.0", WHEEL),
        ("lib_a-1.0+cpu.1", LOCAL),
        ("lib_a-1.0", LOCAL),
    ],
)
def test_the_dist_info_folder_of_the_same_name_and_version_is_found(folder, wheel):
    assert folder == find_stem(frozenset({f"{folder}.dist-info/WHEEL", "lib_a/x.py", "top.py"}), wheel)


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        ({"lib_a/x.py"}, "Missing .dist-info directory"),
        ({"lib_a-1.0.dist-info"}, "Missing .dist-info directory"),
        ({"lib_a-1.0.dist-info/a", "lib_a-1.0.DIST-INFO/a"}, "Multiple .dist-info directories found"),
        ({"lib_b-1.0.dist-info/a"}, "name does not match filename (lib-b != lib-a)"),
        ({"lib_a-2.0.dist-info/a"}, "version does not match filename (2.0 != 1.0)"),
        ({"lib_a-1.0+cpu.dist-info/a"}, "version does not match filename (1.0+cpu != 1.0)"),
        ({"lib_a.dist-info/a"}, "Invalid .dist-info directory"),
        ({"-1.0.dist-info/a"}, "Invalid .dist-info directory"),
    ],
)
def test_another_dist_info_folder_is_refused(paths, words):
    assert words in cause(find_stem, frozenset(paths), WHEEL)


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("lib_a-1.0-1b-py2.py3-none-any.whl", True),
        ("lib_a-1.0-1b-py3-none-any.whl", False),
        ("lib_a-1.0-2-py2.py3-none-any.whl", False),
        ("lib_a-1.0-py2.py3-none-any.whl", False),
    ],
)
def test_of_several_wheels_of_a_version_tags_and_build_tell_which(filename, expected):
    facts = WheelFacts((1, 0), root_is_purelib=True, tags=("py3-none-any", "py2-none-any"), build="1b")

    assert expected == has_tags_of(facts, parse_wheel_name(filename))


@pytest.mark.parametrize("version", [(1, 0), (0, 1)])
def test_the_versions_of_the_format_that_are_known_say_nothing(version):
    assert () == check_facts(WheelFacts(version, root_is_purelib=True))


def test_a_newer_minor_version_of_the_format_is_worth_a_warning():
    assert ("Unsupported wheel minor version (expected 0, got 9)",) == check_facts(WheelFacts((1, 9), True))


def test_another_major_version_of_the_format_is_refused():
    assert "expected 1, got 2" in cause(check_facts, WheelFacts((2, 0), root_is_purelib=True))


@pytest.mark.parametrize(
    "text",
    [
        "Metadata-Version: 2.1\nName: Lib.A\nVersion: 1.0.0\n\nName: other\n",
        "Name: lib-a\nVersion: 1.0\nName: other\nVersion: 2.0\n",
    ],
)
def test_metadata_of_the_same_name_and_version_passes(text):
    check_metadata(text, WHEEL)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Name: other\nVersion: 1.0\n", "METADATA says other 1.0, the filename lib-a 1.0"),
        ("Name: lib-a\nVersion: 2.0\n", "METADATA says lib-a 2.0"),
        ("Name: lib-a\n\nVersion: 1.0\n", "no valid name and version"),
        ("Version: 1.0\n", "no valid name and version"),
    ],
)
def test_metadata_of_something_else_is_refused(text, words):
    assert words in cause(check_metadata, text, WHEEL)


def test_each_file_gets_its_row_of_record():
    rows = (RecordRow("a.py", HASH, 3), RecordRow("b.py", HASH), RecordRow("gone.py", HASH, 1))
    files = {"a.py": 3, "b.py": 9, "lib_a-1.0.dist-info/RECORD": 7, "lib_a-1.0.dist-info/RECORD.jws": 1}

    assert {"a.py": rows[0], "b.py": rows[1]} == check_record(files, rows, "lib_a-1.0")


@pytest.mark.parametrize(
    ("files", "rows", "words"),
    [
        ({"a.py": 3}, (), "does not list `a.py`"),
        ({"a.py": 3, "b.py": 1}, (), "does not list `a.py` and 1 more"),
        ({"a.py": 3}, (RecordRow("a.py", HASH, 4),), "has 3 bytes, and should have 4"),
        ({"a.py": 3}, (RecordRow("a.py", "", 3),), "no hash of sha256 or better"),
        ({"a.py": 3}, (RecordRow("a.py", "sha256=", 3),), "no hash of sha256 or better"),
        ({"a.py": 3}, (RecordRow("a.py", "md5=AAAA", 3),), "no hash of sha256 or better"),
        ({"a.py": 3}, (RecordRow("a.py", HASH, 3), RecordRow("a.py", HASH, 4)), "stands there twice"),
        ({"x/RECORD": 3}, (), "does not list `x/RECORD`"),
    ],
)
def test_a_file_that_record_does_not_vouch_for_is_refused(files, rows, words):
    assert words in cause(check_record, files, rows, "lib_a-1.0")


@pytest.mark.parametrize(
    "path",
    [
        "lib_a-1.0.data/scripts/run",
        "lib_a-1.0.data/data/share/x",
        "lib_a-1.0.data/data/etc/python",
        "lib_a-1.0.data/data/bin/run",
        "lib_a-1.0.data/purelib/a/b/c.py",
        "lib_a-1.0.data/platlib/a.so",
        "lib_a-1.0.data/headers/a.h",
        "other.data/x",
        "lib_a/lib_a-1.0.data/x",
    ],
)
def test_data_of_a_known_kind_passes(path):
    check_data(frozenset({path}), "lib_a-1.0")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("lib_a-1.0.data/bin/run", "Unknown wheel data type: bin"),
        ("lib_a-1.0.data/scripts", "Unknown wheel data type: scripts"),
        ("lib_a-1.0.data/scripts/a/b", "invalid entry (directory) in the `scripts` directory"),
        ("lib_a-1.0.data/scripts/python3", "reserved name `python3`"),
        ("lib_a-1.0.data/data/bin/python", "reserved name `python`"),
        ("lib_a-1.0.data/data/Scripts/Python.EXE", "reserved name `Python.EXE`"),
        ("lib_a-1.0.data/data/pyvenv.cfg", "reserved name `pyvenv.cfg`"),
    ],
)
def test_data_that_no_scheme_takes_is_refused(path, words):
    assert words in cause(check_data, frozenset({path}), "lib_a-1.0")


def test_plain_launchers_pass():
    check_entry_points((EntryPoint("run", "pkg.mod", "main.call"), EntryPoint("python-tool", "pkg", "main", True)))


@pytest.mark.parametrize(
    ("point", "words"),
    [
        (EntryPoint("../x", "pkg", "main"), "must resolve to a file within the scripts directory: `../x`"),
        (EntryPoint("a\\b", "pkg", "main"), "must resolve"),
        (EntryPoint("..", "pkg", "main"), "must resolve"),
        (EntryPoint("a\x1b", "pkg", "main"), "`a\N{REPLACEMENT CHARACTER}`"),
        (EntryPoint("python3.12", "pkg", "main"), "reserved name `python3.12`"),
        (EntryPoint("run", "pkg-mod", "main"), "invalid console script"),
        (EntryPoint("run", "pkg", "main..call"), "invalid console script"),
    ],
)
def test_a_launcher_that_could_do_harm_is_refused(point, words):
    assert words in cause(check_entry_points, (point,))


@pytest.mark.parametrize(
    ("name", "count"), [("activate", 1), ("activate.fish", 1), ("activate_this.py", 1), ("activate-all", 0), ("run", 0)]
)
def test_a_launcher_that_would_replace_an_activation_script_is_told(name, count):
    assert count == len(doubtful_launchers((EntryPoint(name, "pkg", "main"),)))


@pytest.mark.parametrize(
    "name", ["python", "Python3", "python3.13t", "pythonw.exe", "pypy3", "graalpy", "python3.py", "pyvenv.cfg"]
)
def test_the_names_of_interpreters_are_reserved(name):
    assert is_reserved(name)


@pytest.mark.parametrize(
    "name", ["python-dotenv", "pythonic", "ipython", "ipython3", "python3.x", "python-config", "py", "pip"]
)
def test_names_that_only_look_alike_are_free(name):
    assert not is_reserved(name)


def test_foreign_text_is_shown_without_what_a_terminal_obeys():
    assert "a\N{REPLACEMENT CHARACTER}[2Jb" == printable("a\x1b[2Jb")
