"""Links, pages and files; names of wheels and source distributions taken apart."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import parse_wheel_filename
from packaging.version import Version

from keyrack.errors import InvalidText
from keyrack.values.artifact import (
    DIGEST_LENGTHS,
    SDIST_SUFFIXES,
    Digest,
    LateLinks,
    Link,
    Page,
    SdistName,
    WheelName,
    fragment_digests,
    parse_sdist_name,
    parse_version,
    parse_wheel_name,
    sdist_package,
)
from keyrack.values.url import parse_url

HEX = "0123456789abcdef"
names = st.from_regex(r"[A-Za-z0-9](?:[A-Za-z0-9_.]{0,6}[A-Za-z0-9])?", fullmatch=True)
versions = st.from_regex(r"[0-9]{1,2}(?:\.[0-9]{1,2}){0,2}(?:a[0-9]|\.post[0-9]|\+[a-z]{1,3})?", fullmatch=True)
tags = st.sampled_from(["py3", "cp311", "none", "abi3", "any", "manylinux_2_17_x86_64.manylinux2014_x86_64"])


def test_a_digest_reads_as_in_a_requirements_file():
    assert "sha256:ab" == str(Digest("sha256", "ab"))


def test_a_link_shows_nothing_of_its_href():
    link = Link("a-1.tar.gz", "https://user:secret@pkgs.example/a-1.tar.gz")

    assert "Link('a-1.tar.gz')" == repr(link)


@pytest.mark.parametrize(
    ("fragment", "digests"),
    [
        ("", ()),
        ("sha256=" + 64 * "a", (Digest("sha256", 64 * "a"),)),
        ("sha256-" + 64 * "a", (Digest("sha256", 64 * "a"),)),
        ("SHA256=" + 64 * "A", (Digest("sha256", 64 * "a"),)),
        ("md5=" + 32 * "0", (Digest("md5", 32 * "0"),)),
        ("egg=name&sha1=" + 40 * "1" + "&subdirectory=x", (Digest("sha1", 40 * "1"),)),
        ("md5=" + 32 * "0" + "&sha512=" + 128 * "f", (Digest("md5", 32 * "0"), Digest("sha512", 128 * "f"))),
        ("sha256=" + 63 * "a", ()),
        ("sha256=" + 64 * "g", ()),
        ("crc32=" + 8 * "a", ()),
    ],
)
def test_hashes_are_read_from_a_fragment(fragment, digests):
    assert digests == fragment_digests(fragment)


@given(st.dictionaries(st.sampled_from(sorted(DIGEST_LENGTHS)), st.data(), min_size=0, max_size=3), st.data())
def test_what_a_fragment_holds_comes_back(algorithms, drawn):
    digests = tuple(
        Digest(name, drawn.draw(st.text(HEX, min_size=DIGEST_LENGTHS[name], max_size=DIGEST_LENGTHS[name])))
        for name in algorithms
    )

    found = fragment_digests("&".join(f"{digest.algorithm}={digest.value}" for digest in digests))

    assert digests == found


@given(st.text())
def test_no_fragment_is_an_error(fragment):
    assert all(len(digest.value) == DIGEST_LENGTHS[digest.algorithm] for digest in fragment_digests(fragment))


def test_a_wheel_name_is_taken_apart():
    found = parse_wheel_name("Foo_Bar-1.0-2b-cp311.py3-abi3-linux_x86_64.any.whl")

    expected = WheelName("foo-bar", "1.0", (2, "b"), ("cp311", "py3"), ("abi3",), ("linux_x86_64", "any"))
    assert expected == found


def test_a_wheel_name_without_build_tag_has_an_empty_one():
    assert () == parse_wheel_name("a-1-py3-none-any.whl").build


def test_a_wheel_knows_its_version():
    assert Version("1.0") == parse_wheel_name("a-1.0.0-py3-none-any.whl").version


@pytest.mark.parametrize(
    ("filename", "message"),
    [
        ("a-1-py3-none-any.zip", "Not a valid wheel filename: 'a-1-py3-none-any.zip'"),
        ("a-1-none-any.whl", "Not a valid wheel filename: 'a-1-none-any.whl'"),
        ("a-1-2-3-py3-none-any.whl", "Not a valid wheel filename: 'a-1-2-3-py3-none-any.whl'"),
        ("a-1-x1-py3-none-any.whl", "Not a valid build tag in wheel filename: 'a-1-x1-py3-none-any.whl'"),
        ("-1-py3-none-any.whl", "Not a valid package name: ''"),
    ],
)
def test_what_is_no_wheel_name_is_refused(filename, message):
    with pytest.raises(InvalidText) as raised:
        parse_wheel_name(filename)

    assert message == raised.value.message


def test_a_build_tag_of_thousands_of_digits_is_refused():
    filename = f"a-1-{5000 * '1'}-py3-none-any.whl"

    with pytest.raises(InvalidText) as raised:
        parse_wheel_name(filename)

    assert f"Not a valid build tag in wheel filename: {filename!r}" == raised.value.message


@given(names, versions, st.none() | st.integers(0, 99), st.tuples(tags, tags, tags))
def test_wheel_names_are_read_as_packaging_reads_them(name, version, build, three_tags):
    middle = [] if build is None else [f"{build}"]
    filename = "-".join([name, version, *middle, *three_tags]) + ".whl"
    try:
        expected = parse_wheel_filename(filename)
    except ValueError:
        return

    found = parse_wheel_name(filename)

    assert expected[:3] == (found.name, found.version, found.build)


@pytest.mark.parametrize(
    ("filename", "name", "version"),
    [
        ("a-1.0.tar.gz", "a", "1.0"),
        ("A.B_c-1.0.zip", "a-b-c", "1.0"),
        ("a-b-c-1.0-2.tar.bz2", "a-b-c", "1.0-2"),
        ("a-1.0-1.tgz", "a", "1.0-1"),
    ],
)
def test_an_sdist_name_is_taken_apart_for_its_project(filename, name, version):
    assert SdistName(name, version) == parse_sdist_name(filename, name)


def test_an_sdist_knows_its_version():
    assert Version("1.0") == parse_sdist_name("a-1.0.0.tar.gz", "a").version


@pytest.mark.parametrize(
    ("filename", "message"),
    [
        ("a-1.0.exe", "Not a source distribution's filename: 'a-1.0.exe'"),
        ("b-1.0.tar.gz", "The filename 'b-1.0.tar.gz' is not one of the project 'a'"),
        ("a-.tar.gz", "The filename 'a-.tar.gz' is not one of the project 'a'"),
        ("a.tar.gz", "The filename 'a.tar.gz' is not one of the project 'a'"),
    ],
)
def test_what_is_no_sdist_of_the_project_is_refused(filename, message):
    with pytest.raises(InvalidText) as raised:
        parse_sdist_name(filename, "a")

    assert message == raised.value.message


@given(names, versions, st.sampled_from(SDIST_SUFFIXES))
def test_every_sdist_name_gives_its_version_back(name, version, suffix):
    canonical = parse_wheel_name(f"{name.replace('-', '_')}-1-py3-none-any.whl").name

    assert version == parse_sdist_name(f"{name}-{version}{suffix}", canonical).version_text


def test_a_version_that_is_none_is_refused():
    with pytest.raises(InvalidText) as raised:
        parse_version("one")

    assert "Not a valid version: 'one'" == raised.value.message


def test_a_version_of_thousands_of_digits_is_refused():
    with pytest.raises(InvalidText):
        parse_version(5000 * "9")


@given(st.text(string.printable, max_size=20))
def test_no_version_text_gets_out_as_anything_but_invalid_text(text):
    try:
        found = parse_version(text)
    except InvalidText:
        return

    assert Version(text) == found


LATE = LateLinks(3, lambda place: Link(f"{place}.whl", ""), ["0.whl", "1.whl", "2.whl"])


def test_late_links_are_a_sequence():
    made = [Link(f"{place}.whl", "") for place in range(3)]

    assert (3, made, made[2], tuple(made[::2])) == (len(LATE), list(LATE), LATE[-1], LATE[::2])
    assert LATE[1] is LATE[1]
    assert tuple(made) == LATE
    assert LATE != ["0.whl"]
    assert LATE != 3
    with pytest.raises(IndexError):
        LATE[3]


@pytest.mark.parametrize("links", [LATE, tuple(LATE), LateLinks(3, LATE.__getitem__)])
def test_a_page_knows_the_names_of_its_files(links):
    page = Page("a", parse_url("https://pkgs.example/simple/lib/").url, links)

    assert ["0.whl", "1.whl", "2.whl"] == page.filenames


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("lib-1.0.tar.gz", "lib"),
        ("Lib_A.b-1.0.zip", "lib-a-b"),
        ("python-dateutil-2.8.2.tar.gz", "python-dateutil"),
        ("lib-1.0-2.tar.gz", "lib"),
        ("lib-1.0-beta.tar.gz", "lib"),
        ("py2-ipaddress-3.4.1.tar.gz", "py2-ipaddress"),
        ("lib-wild.tar.gz", "lib"),
        ("lib.tar.gz", "lib"),
    ],
)
def test_the_package_of_a_source_distribution_stands_before_its_version(filename, expected):
    assert expected == sdist_package(filename)
