"""Requirements as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.requirements import Requirement as PackagingRequirement
from packaging.specifiers import SpecifierSet

from keyrack.errors import InvalidText
from keyrack.formats.requirement_text import parse_listed_requirement, parse_requirement
from keyrack.values.artifact import Digest
from keyrack.values.credentials import Basic
from keyrack.values.requirement import FromTree, FromUrl, Requirement
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url


def wanted(name, *told, **more):
    """Make a requirement; names stand as plain text here."""
    return Requirement(name, *told, **more)


LINUX = "sys_platform == 'linux'"
END = "end of dependency specification"
OPENERS = "`@`, `(`, `<`, `=`, `>`, `~`, `!`, `;`"


@pytest.mark.parametrize(
    ("text", "requirement"),
    [
        ("Foo.Bar", wanted("foo-bar")),
        ("  a  ", wanted("a")),
        ("a>=1,<2", wanted("a", specifier=SpecifierSet(">=1,<2"))),
        ("a (>=1, <2)", wanted("a", specifier=SpecifierSet(">=1,<2"))),
        ("a ()", wanted("a")),
        ("a[x, Y_z] >= 1", wanted("a", frozenset({"x", "y-z"}), SpecifierSet(">=1"))),
        ("a [ x ] (>=1)", wanted("a", frozenset({"x"}), SpecifierSet(">=1"))),
        ("a[]", wanted("a")),
        ("a[x,]", wanted("a", frozenset({"x"}))),
        (f"a ; {LINUX}", wanted("a", marker=Marker(LINUX))),
        (f"a[ x ];{LINUX}", wanted("a", frozenset({"x"}), marker=Marker(LINUX))),
        (f"a [ x ] (>=1) ; {LINUX}", wanted("a", frozenset({"x"}), SpecifierSet(">=1"), Marker(LINUX))),
        (
            "a @ https://pkgs.example/a.zip",
            wanted("a", source=FromUrl(parse_url("https://pkgs.example/a.zip").url)),
        ),
        (
            f"a[x]@https://pkgs.example/a;b.zip ; {LINUX}",
            wanted(
                "a",
                frozenset({"x"}),
                marker=Marker(LINUX),
                source=FromUrl(parse_url("https://pkgs.example/a;b.zip").url),
            ),
        ),
        (
            f"a @ https://pkgs.example/a.zip#sha256={64 * 'a'}",
            wanted(
                "a",
                source=FromUrl(parse_url("https://pkgs.example/a.zip").url),
                digests=(Digest("sha256", 64 * "a"),),
            ),
        ),
        ("a @ ./some dir", wanted("a", source=FromTree("/home/me/some dir"), given="./some dir")),
    ],
)
def test_requirements_are_read(text, requirement):
    assert requirement == parse_requirement(text, root="/home/me")


def test_a_requirement_knows_where_it_was_written():
    assert "requirements.txt, line 3" == parse_requirement("a", "requirements.txt, line 3").place


def test_the_same_text_elsewhere_is_written_elsewhere():
    parse_requirement("a", "first")

    assert "second" == parse_requirement("a", "second").place


def test_credentials_of_a_url_come_out_beside_it():
    found = parse_requirement("a @ https://me:hunter2@pkgs.example/a.zip").source

    assert FromUrl(parse_url("https://pkgs.example/a.zip").url, Basic("me", Secret("hunter2"))) == found


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "Empty field is not allowed for PEP508"),
        ("ok ==", "Unexpected end of version specifier, expected version\nok ==\n   ^^"),
        (">=2", "Expected package name starting with an alphanumeric character, found `>`\n>=2\n^"),
        ("é", "Expected package name starting with an alphanumeric character, found `é`\né\n^"),
        ("ok_", "Package name must end with an alphanumeric character, not `_`\nok_\n  ^"),
        ("ok 1.0", f"Expected one of {OPENERS}, found `1`\nok 1.0\n   ^"),
        ("ok[", f"Missing closing bracket (expected ']', found {END})\nok[\n  ^"),
        ("ok[a", f"Missing closing bracket (expected ']', found {END})\nok[a\n  ^"),
        ("ok[a,", f"Missing closing bracket (expected ']', found {END})\nok[a,\n  ^"),
        ("ok[a,,b]", "Expected an alphanumeric character starting the extra name, found `,`\nok[a,,b]\n     ^"),
        ("ok[é]", "Expected an alphanumeric character starting the extra name, found `é`\nok[é]\n   ^"),
        ("ok[a-]", "Extra name must end with an alphanumeric character, not `-`\nok[a-]\n    ^"),
        (
            "ok[a b]",
            "Expected either `,` (separating extras) or `]` (ending the extras section), found `b`\nok[a b]\n     ^",
        ),
        ("ok>=1 <2", "Trailing `<2` is not allowed\nok>=1 <2\n  ^^^^^^"),
        ("ok==1 # c", "Trailing `# c` is not allowed\nok==1 # c\n  ^^^^^^^"),
        ("ok (>=1", f"Missing closing parenthesis (expected ')', found {END})\nok (>=1\n   ^"),
        (
            "ok (>=x)",
            "expected version to start with a number, but no leading ASCII digits were found\nok (>=x)\n    ^^^",
        ),
        ("ok (>=1) x", "Expected end of input or `;`, found `x`\nok (>=1) x\n         ^"),
        ("ok==1;", f"Expected marker value, found {END}\nok==1;\n      ^"),
        ("ok ; x", "Expected a quoted string or a valid marker name, found `x`\nok ; x\n     ^"),
        ("ok @ ", "Expected URL\nok @ \n     ^"),
        ("ok @ ./a", "relative path without a working directory: ./a\nok @ ./a\n     ^^^"),
        ("ok @ https://", "`https://` without a host\nok @ https://\n     ^^^^^^^^"),
    ],
)
def test_what_is_no_requirement_is_told_in_uvs_words(text, cause):
    with pytest.raises(InvalidText) as raised:
        parse_requirement(text)

    assert (f"Failed to parse: `{text}`", (cause,)) == (raised.value.message, raised.value.causes)


def test_a_password_never_stands_in_an_error():
    with pytest.raises(InvalidText) as raised:
        parse_requirement("a @ https://me:hunter2@[")

    assert "hunter2" not in f"{raised.value.message} {raised.value.causes}"


def test_a_marker_of_twenty_thousand_brackets_is_an_error_and_no_crash():
    with pytest.raises(InvalidText) as raised:
        parse_requirement("a ; " + 20_000 * "(")

    assert raised.value.causes[0].startswith("The marker nests more than 50 brackets\n")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("elasticsearch-dsl (>=7.2.0<8.0.0)", "elasticsearch-dsl (>=7.2.0,<8.0.0)"),
        ("jupyter-core (!=~5.0,>=4.12)", "jupyter-core (!=5.0.*,>=4.12)"),
        ("torch (>=1.9.*)", "torch (>=1.9)"),
        ("pyzmq (!=3.0*)", "pyzmq (!=3.0.*)"),
        ("ray>=1.0,", "ray>=1.0"),
        ("a >= '1.0' ; python_version >= '3.7'", "a >= 1.0 ; python_version >= '3.7'"),
        ("a >= '1.0<2'", "a >= 1.0,<2"),
    ],
)
def test_published_requirements_are_mended_as_uv_mends_them(text, meant):
    assert parse_requirement(meant) == parse_listed_requirement(text)


def test_a_published_requirement_that_cannot_be_mended_is_an_error():
    with pytest.raises(InvalidText) as raised:
        parse_listed_requirement("a >= 'x' y")

    assert "Failed to parse: `a >= 'x' y`" == raised.value.message


names = st.from_regex(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,4}[A-Za-z0-9])?", fullmatch=True)
spaces = st.sampled_from(["", " "])
clauses = st.lists(
    st.tuples(st.sampled_from([">=", "<", "==", "!="]), st.sampled_from(["1", "1.2", "2.0a1"])).map("".join), max_size=3
)
markers = st.sampled_from(["", f"; {LINUX}", "; python_version >= '3.8' and extra == 'x'"])


@given(names, st.lists(names, max_size=2), clauses, markers, spaces)
def test_requirements_are_read_as_packaging_reads_them(name, extras, specifiers, marker, space):
    listed = f"[{f',{space}'.join(extras)}]" if extras else ""
    text = f"{name}{space}{listed}{space}{f',{space}'.join(specifiers)}{space}{marker}"
    expected = PackagingRequirement(text)

    found = parse_requirement(text)

    assert (expected.specifier, expected.marker, len({*expected.extras}) > 0) == (
        found.specifier,
        found.marker,
        len(found.extras) > 0,
    )


@given(st.text("ab1.-_[](),;@<>=!~ '\"", max_size=14) | st.text(max_size=8))
def test_no_text_is_anything_but_a_requirement_or_invalid_text(text):
    try:
        found = parse_requirement(text)
    except InvalidText:
        return

    assert found == parse_requirement(f" {text} ")


def test_a_requirement_without_an_end_is_refused_at_once():
    with pytest.raises(InvalidText) as caught:
        parse_requirement("a" * 30_000)

    assert "A requirement may have 5000 characters" in caught.value.causes[0]
