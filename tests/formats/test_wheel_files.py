import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.errors import InvalidText
from keyrack.formats.wheel_files import (
    parse_entry_points,
    parse_record,
    parse_wheel,
    write_entry_points,
    write_record,
    write_wheel,
)
from keyrack.values.wheel import EntryPoint, RecordRow, WheelFacts

WORDS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
DOTTED = st.lists(WORDS, min_size=1, max_size=3).map(".".join)
POINTS = st.builds(EntryPoint, WORDS, DOTTED, DOTTED, st.booleans())
PATHS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\x85\u2028\u2029"), min_size=1
).filter(lambda path: not path.startswith("/"))
ROWS = st.builds(RecordRow, PATHS, st.sampled_from(["", "sha256=abc-_"]), st.none() | st.integers(0, 2**40))
LINES = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1)
FACTS = st.builds(
    WheelFacts,
    st.tuples(st.integers(0, 9), st.integers(0, 99)),
    st.booleans(),
    st.just("") | LINES,
    st.lists(LINES).map(tuple),
    st.just("") | LINES,
)


@given(FACTS)
def test_what_is_written_as_wheel_reads_the_same(facts):
    assert facts == parse_wheel(write_wheel(facts))


@given(st.lists(ROWS, unique_by=lambda row: row.path))
def test_what_is_written_as_record_reads_the_same(rows):
    assert sorted(map(str, rows)) == sorted(map(str, parse_record(write_record(rows))))


@given(st.lists(POINTS, unique=True))
def test_what_is_written_as_entry_points_reads_the_same(points):
    assert sorted(points) == sorted(parse_entry_points(write_entry_points(points)))


def test_a_wheel_file_says_its_version_and_where_its_root_goes():
    text = "Wheel-Version: 1.0\nGenerator: lab\nRoot-Is-Purelib: true\nTag: py3-none-any\nTag: py2-none-any\nBuild: 2\n"

    assert WheelFacts((1, 0), True, "lab", ("py3-none-any", "py2-none-any"), "2") == parse_wheel(text)


def test_of_two_wheel_versions_the_first_one_counts():
    assert (1, 0) == parse_wheel("Wheel-Version: 1.0\nWheel-Version: 2.0\n").version


@pytest.mark.parametrize("text", ["", "Wheel-Version: 1", "Wheel-Version: one.two", "Wheel-Version: 1.x", "no colon"])
def test_a_wheel_file_without_a_version_is_refused(text):
    with pytest.raises(InvalidText, match="Invalid Wheel-Version"):
        parse_wheel(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.py,sha256=x,3\n", RecordRow("a.py", "sha256=x", 3)),
        ("a.py,,\n", RecordRow("a.py")),
        ("a.py,sha256=x\n", RecordRow("a.py", "sha256=x")),
        ('"a, ""b"".py",sha256=x,3\r\n', RecordRow('a, "b".py', "sha256=x", 3)),
        ("/a.py,sha256=x,3\n\n", RecordRow("a.py", "sha256=x", 3)),
    ],
)
def test_a_row_of_record_is_read(text, expected):
    assert (expected,) == parse_record(text)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("a.py,sha256=x,3,4\n", "row 1 has 4 fields"),
        ("a.py\n", "row 1 has 1 fields"),
        (",sha256=x,3\n", "row 1"),
        ("a.py,sha256=x,many\n", "the size 'many'"),
        ("a.py,sha256=x,-3\n", "the size '-3'"),
        ("x" * 200_000 + ",,\n", "field larger"),
    ],
)
def test_a_row_of_record_that_cannot_be_read_is_refused(text, cause):
    with pytest.raises(InvalidText, match=cause):
        parse_record(text)


def test_rows_of_record_are_written_in_order_and_quoted_where_they_must_be():
    rows = [RecordRow("b,c.py", "sha256=y", 1), RecordRow('a"b.py', "", None), RecordRow("a.py", "sha256=x", 0)]

    assert '"a""b.py",,\n"b,c.py",sha256=y,1\na.py,sha256=x,0\n' == write_record(rows)


def test_launchers_are_read_from_their_two_groups_alone():
    text = """
# a comment
; another
[console_scripts]
a-b = pkg.mod:main
c=pkg : cls.run [extra1, extra2]
[ gui_scripts ]
d = pkg:win
[other.group]
not a = launcher
"""

    expected = (
        EntryPoint("a-b", "pkg.mod", "main"),
        EntryPoint("c", "pkg", "cls.run"),
        EntryPoint("d", "pkg", "win", gui=True),
    )
    assert expected == parse_entry_points(text)


@pytest.mark.parametrize("line", ["a", "a =", "= pkg:main", "a = pkg", "a = pkg:main:more", "a = os.system('x'):y"])
def test_a_launcher_that_calls_nothing_is_refused(line):
    with pytest.raises(InvalidText, match="invalid console script"):
        parse_entry_points(f"[console_scripts]\n{line}\n")


@pytest.mark.parametrize("text", ["a = b:c\n", "\n[console_scripts\na = b:c\n"])
def test_entry_points_before_any_section_are_refused_with_their_line(text):
    with pytest.raises(InvalidText, match=r"expected a section header at line [12]"):
        parse_entry_points(text)
