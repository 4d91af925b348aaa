import pytest

from keyrack.errors import InvalidText
from keyrack.formats.unnamed_requirement import is_unnamed, parse_unnamed
from keyrack.values.credentials import Basic
from keyrack.values.requirement import FromGit, FromTree, FromUrl, Unnamed
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url


def url(text):
    return parse_url(text).url


def url_of(requirement):
    assert isinstance(requirement.source, FromUrl)
    return requirement.source.url


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("six", False),
        ("six==1.0", False),
        ("six @ https://pkgs.example/six-1.tar.gz", False),
        ("six@https://pkgs.example/six-1.tar.gz", False),
        ("six[extra]>1 ; os_name == 'a/b'", False),
        (".", True),
        ("..", True),
        ("./six", True),
        (r".\six", True),
        ("six-1-py3-none-any.whl", True),
        ("six-1.tar.gz", True),
        ("https://pkgs.example/six-1.tar.gz", True),
        ("https://user@pkgs.example/six-1.tar.gz", True),
        ("git+https://pkgs.example/six@main", True),
        ("folder/six@1.whl", True),
    ],
)
def test_paths_and_urls_are_told_from_names(text, expected):
    assert expected == is_unnamed(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("./Six_x-1.0-py3-none-any.whl", ("six-x", "file:///here/Six_x-1.0-py3-none-any.whl", [], None)),
        ("/a/six-1.0-py3-none-any.whl[Extra]", ("six", "file:///a/six-1.0-py3-none-any.whl", ["extra"], None)),
        (
            "https://pkgs.example/six-1-py3-none-any.whl ; os_name == 'nt'",
            ("six", "https://pkgs.example/six-1-py3-none-any.whl", [], 'os_name == "nt"'),
        ),
        ("sub/my-lib-2.0.tar.gz", ("my-lib", "file:///here/sub/my-lib-2.0.tar.gz", [], None)),
        ("https://pkgs.example/lib-1.zip?x=1#sha256=0", ("lib", "https://pkgs.example/lib-1.zip?x=****", [], None)),
    ],
)
def test_an_archive_is_named_by_its_filename(text, expected):
    found = parse_unnamed(text, root="/here")
    marker = None if found.marker is None else str(found.marker)

    assert expected == (found.name, str(url_of(found)), sorted(found.extras), marker)


def test_credentials_of_a_url_stand_beside_it():
    found = parse_unnamed("https://u:p@pkgs.example/six-1-py3-none-any.whl").source

    assert FromUrl(parse_url("https://pkgs.example/six-1-py3-none-any.whl").url, Basic("u", Secret("p"))) == found


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("./tree", FromTree("/here/tree")),
        (".", FromTree("/here")),
        ("git+https://u:p@git.example/x@v1", FromGit(url("https://git.example/x"), "v1", "", Basic("u", Secret("p")))),
        ("./six.zip", FromUrl(url("file:///here/six.zip"))),
        ("./six-2bar.zip", FromUrl(url("file:///here/six-2bar.zip"))),
        (
            "https://git.example/team/archive/release-1.11.zip",
            FromUrl(url("https://git.example/team/archive/release-1.11.zip")),
        ),
    ],
)
def test_what_has_no_telling_name_is_named_later(text, source):
    found = parse_unnamed(f"{text}[fast] ; os_name == 'nt'", "-r a.txt", "/here")

    assert isinstance(found, Unnamed)
    assert (source, {"fast"}, 'os_name == "nt"', "-r a.txt") == (
        found.source,
        found.extras,
        str(found.marker),
        found.place,
    )


def test_an_archive_of_a_repository_on_this_disk_is_what_it_is_called():
    assert parse_unnamed("/archive/six-1.11.zip").name == "six"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x.whl", "The wheel filename `x.whl` is invalid"),
        ("https://u:p@pkgs.example/six", "Failed to parse: `https://****@pkgs.example/six`"),
        ("./six ; os_name =", "Failed to parse: `./six ; os_name =`"),
        ("ftp://pkgs.example/six-1.zip", "Failed to parse: `ftp://pkgs.example/six-1.zip`"),
    ],
)
def test_what_can_be_no_requirement_is_refused(text, message):
    with pytest.raises(InvalidText) as caught:
        parse_unnamed(text, root="/here")

    assert message == caught.value.message


def test_carets_stand_below_what_is_wrong_in_a_marker():
    with pytest.raises(InvalidText) as caught:
        parse_unnamed("./six ; nope == 'x'", root="/here")

    assert caught.value.causes[0].splitlines()[1:] == ["./six ; nope == 'x'", "        ^^^^"]


def test_an_empty_marker_is_none():
    assert parse_unnamed("./six-1.zip ;", root="/here").marker is None


def test_a_text_without_an_end_is_refused_at_once():
    with pytest.raises(InvalidText, match="A requirement has 20002 characters; 2000 are read"):
        parse_unnamed("./" + " " * 20_000)
