import pytest
from packaging.version import Version

from keyrack.formats.requirements_out import requirement_text, source_text, write_requirements
from keyrack.values.artifact import Digest
from keyrack.values.compiled import CompiledLine
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl
from keyrack.values.settings import AnnotationStyle
from keyrack.values.url import parse_url

INDEX = FromIndex()
SPLIT, LINE = AnnotationStyle.SPLIT, AnnotationStyle.LINE


def line(name="a", source=INDEX, **words):
    return CompiledLine(PackageName(name), Version("1.0"), source, **words)


def url(text):
    return parse_url(text).url


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (FromIndex(), "a[x, y]==1.0 ; os_name == 'nt'"),
        (FromUrl(url("https://pkgs.example/a.whl")), "a[x, y] @ https://pkgs.example/a.whl ; os_name == 'nt'"),
        (FromTree("/work/a"), "a[x, y] @ file:///work/a ; os_name == 'nt'"),
        (FromTree("/work/a", editable=True), "-e file:///work/a"),
        (
            FromGit(url("https://pkgs.example/a.git"), "main"),
            "a[x, y] @ git+https://pkgs.example/a.git@main ; os_name == 'nt'",
        ),
    ],
    ids=["index", "url", "tree", "editable", "git"],
)
def test_a_package_is_written_as_its_source_wants_it(source, expected):
    extras = (ExtraName("y"), ExtraName("x"))

    assert expected == requirement_text(line(source=source, extras=extras, marker="os_name == 'nt'"))


@pytest.mark.parametrize(
    ("source", "given", "expected"),
    [
        (FromTree("/work/a"), "./a", "./a ; os_name == 'nt'"),
        (FromTree("/work/a", editable=True), "./a", "-e ./a"),
        (FromTree("/work/a"), "file:///work/a", "a[x] @ file:///work/a ; os_name == 'nt'"),
        (FromUrl(url("file:///work/a.whl")), "a.whl", "a.whl ; os_name == 'nt'"),
        (FromUrl(url("file:///work/a.whl")), "file:a.whl", "a[x] @ file:a.whl ; os_name == 'nt'"),
    ],
    ids=["tree", "editable", "tree by URL", "file", "file by URL"],
)
def test_what_lies_on_this_disk_is_written_as_the_user_wrote_it(source, given, expected):
    found = requirement_text(line(source=source, given=given, extras=(ExtraName("x"),), marker="os_name == 'nt'"))

    assert expected == found


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (FromUrl(url("https://pkgs.example/a.zip"), subdirectory="d"), "https://pkgs.example/a.zip#subdirectory=d"),
        (FromUrl(url("https://pkgs.example/a.zip?sig=secret")), "https://pkgs.example/a.zip?sig=****"),
        (FromGit(url("https://pkgs.example/a.git")), "git+https://pkgs.example/a.git"),
        (
            FromGit(url("https://pkgs.example/a.git"), "main", "d", commit="abc"),
            "git+https://pkgs.example/a.git@abc#subdirectory=d",
        ),
    ],
    ids=["folder in an archive", "signature", "default branch", "commit"],
)
def test_where_it_comes_from_is_written_without_secrets(source, expected):
    assert expected == source_text(source)


def test_who_asked_stands_below():
    alone = line(sources=("-r r.in",))
    needed = line("b", dependents=("a",))
    both = line("c", sources=("-r r.in",), dependents=("a", "b"))

    text = write_requirements([alone, needed, both, line("d")], SPLIT)

    assert (
        "a==1.0\n    # via -r r.in\nb==1.0\n    # via a\n"
        "c==1.0\n    # via\n    #   -r r.in\n    #   a\n    #   b\nd==1.0\n"
    ) == text


def test_who_asked_stands_on_the_line():
    both = line("c", sources=("-r r.in",), dependents=("a", "b"))

    assert "c==1.0                    # via a, b, -r r.in\nd==1.0\n" == write_requirements([both, line("d")], LINE)


@pytest.mark.parametrize(("style", "comment"), [(SPLIT, "    # via b"), (LINE, "    # via b")])
def test_hashes_stand_one_a_line_before_who_asked(style, comment):
    digests = (Digest("sha256", "aa"), Digest("sha256", "bb"))

    text = write_requirements([line(digests=digests, dependents=("b",))], style)

    assert f"a==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n{comment}\n" == text


def test_the_index_is_told_last():
    text = write_requirements([line(dependents=("b",), index="https://pkgs.example/simple")], SPLIT)

    assert "a==1.0\n    # via b\n    # from https://pkgs.example/simple\n" == text
