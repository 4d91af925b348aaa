import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.errors import InvalidText
from keyrack.formats.requirement_text import parse_requirement
from keyrack.formats.tool_receipt import name_in, parse_receipt, receipt_text, requirement_line
from keyrack.values.names import PackageName
from keyrack.values.tool_receipt import ToolEntryPoint, ToolReceipt

BLACK = PackageName("black")
RECEIPT = ToolReceipt(
    ("black[d]==24.1.0", 'rich; os_name == "posix"'),
    (ToolEntryPoint("black", "/home/me/bin/black", BLACK), ToolEntryPoint("blackd", "/home/me/bin/blackd", BLACK)),
    "3.12",
)
TEXT = """\
[tool]
requirements = [
    { name = "black", extras = ["d"], specifier = "==24.1.0" },
    { name = "rich", marker = 'os_name == "posix"' },
]
python = "3.12"
entrypoints = [
    { name = "black", install-path = "/home/me/bin/black", from = "black" },
    { name = "blackd", install-path = "/home/me/bin/blackd", from = "black" },
]
"""


def test_a_receipt_is_written_as_uv_writes_it():
    assert TEXT == receipt_text(RECEIPT)


def test_one_requirement_stays_on_the_line():
    assert '[tool]\nrequirements = [{ name = "a" }]\nentrypoints = [\n]\n' == receipt_text(ToolReceipt(("A",)))


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        ('{ name = "a" }', "a"),
        ('"a>1"', "a>1"),
        (
            '{ name = "a", extras = ["x", "y"], specifier = ">1", marker = "os_name == \'nt\'" }',
            "a[x,y]>1 ; os_name == 'nt'",
        ),
        ('{ name = "a", url = "https://x.example/a.whl" }', "a @ https://x.example/a.whl"),
        ('{ name = "a", git = "https://x.example/a", rev = "main" }', "a @ git+https://x.example/a@main"),
        ('{ name = "a", git = "https://x.example/a" }', "a @ git+https://x.example/a"),
        ('{ name = "a", editable = "/src/a" }', "a @ file:///src/a"),
    ],
)
def test_requirements_of_all_kinds_are_read(requirement, expected):
    assert (expected,) == parse_receipt(f"[tool]\nrequirements = [{requirement}]\n", "r").requirements


def test_an_executable_without_a_package_is_the_tools_own():
    text = '[tool]\nrequirements = ["B_c"]\nentrypoints = [{ name = "x", install-path = "/x" }]\n'

    assert (ToolEntryPoint("x", "/x", PackageName("b-c")),) == parse_receipt(text, "r").entry_points


def test_a_url_is_written_as_one():
    assert '{ name = "a", url = "https://x.example/a.whl" }' in receipt_text(
        ToolReceipt(("a @ https://x.example/a.whl",))
    )


@pytest.mark.parametrize("text", ["", "[tool]", "[tool]\nrequirements = [1]", "[tool]\nrequirements = ['=']", "x ="])
def test_what_is_no_receipt_is_an_error(text):
    with pytest.raises(InvalidText, match="Failed to parse: r"):
        parse_receipt(text, "r")


@pytest.mark.parametrize(
    "text",
    ["a", "a[x,y]>=1,<2", 'a>1 ; os_name == "nt"', "a @ https://x.example/a.whl", "a @ git+https://x.example/a@main"],
)
def test_a_requirement_is_written_in_one_line(text):
    found = requirement_line(parse_requirement(text))

    assert parse_requirement(text) == parse_requirement(found)


def test_a_requirement_is_written_without_its_password():
    assert "secret" not in requirement_line(parse_requirement("a @ https://me:secret@x.example/a.whl"))


def test_a_requirement_names_a_package():
    assert "a-b" == name_in("A_b[x]>1")
    with pytest.raises(InvalidText):
        name_in("=")


NAMES = st.sampled_from(["a", "b-c", "d"])


@given(
    st.lists(st.tuples(NAMES, st.sampled_from(["", "==1.0", ">1,<2"])), min_size=1, max_size=3),
    st.sampled_from(["", "3.12"]),
)
def test_what_is_written_reads_the_same(requirements, python):
    texts = tuple(f"{name}{specifier}" for name, specifier in requirements)
    points = (ToolEntryPoint("x", "/bin/x", PackageName("a")),)

    found = parse_receipt(receipt_text(ToolReceipt(texts, points, python)), "r")

    assert receipt_text(ToolReceipt(texts, points, python)) == receipt_text(found)
    assert (points, python) == (found.entry_points, found.python)
