import pytest

from keyrack.errors import InvalidText, NotYet
from keyrack.formats.unnamed_requirement import is_unnamed, parse_unnamed
from keyrack.values.credentials import Basic
from keyrack.values.requirement import FromUrl
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url

NO_ARCHIVE = (
    "Expected direct URL (`https://****@pkgs.example/six`) to end in a supported file extension: `.whl`, `.tar.gz`,"
    " `.zip`, `.tar.bz2`, `.tar.xz`, `.tgz`, `.tar`, `.tbz`, `.tar.zst`, `.tar.lzma`, `.txz`"
)


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
    ("text", "expected"),
    [
        ("./tree", "Cannot install the source tree `./tree`"),
        ("git+https://u:p@pkgs.example/x", "Cannot install the repository `git+https://****@pkgs.example/x`"),
    ],
)
def test_what_must_be_built_is_for_a_later_version(text, expected):
    with pytest.raises(NotYet) as caught:
        parse_unnamed(text)

    assert (expected, ("Build a wheel of it, and give the path of the wheel instead",)) == (
        caught.value.message,
        caught.value.hints,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x.whl", "The wheel filename `x.whl` is invalid"),
        ("./six.zip", "Cannot tell the package from the filename `six.zip`"),
        (
            "https://u:p@pkgs.example/six",
            NO_ARCHIVE,
        ),
    ],
)
def test_a_filename_that_names_no_package_is_refused(text, expected):
    with pytest.raises(InvalidText) as caught:
        parse_unnamed(text)

    assert expected == caught.value.message


def test_a_text_without_an_end_is_refused_at_once():
    with pytest.raises(InvalidText, match="A requirement has 20002 characters; 2000 are read"):
        parse_unnamed("./" + " " * 20_000)
