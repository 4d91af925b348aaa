import pytest

from keyrack.formats.pylock import parse_pylock
from keyrack.policy.lock.pylock_choice import Chosen, UnusableLock
from keyrack.policy.lock.pylock_pins import owner, to_pins
from keyrack.values.artifact import Digest
from keyrack.values.index import Index, Indexes, IndexId
from keyrack.values.names import index_name, package_name
from keyrack.values.pylock import PylockFile, PylockPackage, PylockSource
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl
from keyrack.values.url import parse_url

A = package_name("a")
ONE, TWO = (parse_url(f"https://pkgs.example/{name}/simple/").url for name in ("one", "two"))
INDEXES = Indexes((Index(IndexId("one"), ONE, index_name("one")), Index(IndexId("two"), TWO, index_name("two"))))
SHA = "a" * 64


def pin(body, part, folder="/work", file=None):
    text = f'lock-version = "1.0"\ncreated-by = "me"\n[[packages]]\nname = "a"\n{body}\n'
    (package,) = parse_pylock(text, "pylock.toml").packages
    if part is PylockSource.WHEELS:
        file = package.wheels[0]
    elif part in (PylockSource.SDIST, PylockSource.ARCHIVE):
        file = getattr(package, part.value)
    (found,) = to_pins([Chosen(package, part, file)], INDEXES, folder).pins
    return found


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("https://pkgs.example/two/simple", "two"),
        ("https://PKGS.example:443/two/simple/", "two"),
        ("https://pkgs.example/one/simple/", "one"),
        ("https://pkgs.example/simple/", None),
        ("https://other.example/two/simple", None),
    ],
)
def test_the_index_that_a_lock_names_is_the_configured_one_with_its_url(written, expected):
    assert expected == owner(parse_url(written).url, INDEXES)


def test_without_an_index_nobody_owns_a_file():
    assert owner(None, INDEXES) is None


def test_a_file_goes_in_the_name_of_the_index_that_the_lock_names():
    found = pin(
        'version = "1.0"\nindex = "https://pkgs.example/two/simple"\n'
        f'wheels = [{{ url = "https://pkgs.example/one/a-1.0-py3-none-any.whl", size = 7, hashes = {{ sha256 = "{SHA}" }} }}]',
        PylockSource.WHEELS,
    )

    assert ("two", FromIndex(IndexId("two"))) == (found.wheel.origin, found.source)
    assert ((Digest("sha256", SHA),), 7) == (found.expected, found.wheel.size)


def test_a_file_of_an_unknown_index_goes_in_nobodys_name():
    found = pin(
        'index = "https://other.example/simple"\n'
        'wheels = [{ url = "https://pkgs.example/one/a-1.0-py3-none-any.whl", hashes = {} }]',
        PylockSource.WHEELS,
    )

    assert (None, FromIndex()) == (found.wheel.origin, found.source)


def test_a_local_wheel_is_nobodys_and_lies_beside_the_lock():
    found = pin(
        'index = "https://pkgs.example/two/simple"\nwheels = [{ path = "d e/a-1.0-py3-none-any.whl", hashes = {} }]',
        PylockSource.WHEELS,
    )

    assert (None, "file:///work/d%20e/a-1.0-py3-none-any.whl") == (found.wheel.origin, found.wheel.url.exact)


def test_versions_that_are_not_told_are_read_off_the_names():
    wheel = pin('wheels = [{ path = "a-1.0-py3-none-any.whl", hashes = {} }]', PylockSource.WHEELS)
    source = pin('sdist = { path = "a-2.0.tar.gz", hashes = {} }', PylockSource.SDIST)
    tree = pin('directory = { path = "." }', PylockSource.DIRECTORY)

    assert ["1.0", "2.0", "0"] == [str(each.version) for each in (wheel, source, tree)]


def test_a_source_distribution_is_no_wheel():
    found = pin('sdist = { path = "a-2.0.tar.gz", hashes = {} }', PylockSource.SDIST)

    assert (None, "a-2.0.tar.gz") == (found.wheel, found.files[0].filename)


def test_an_archive_comes_from_its_url_and_from_no_index():
    found = pin(
        'index = "https://pkgs.example/two/simple"\n'
        'archive = { url = "https://pkgs.example/a-1.0.zip", subdirectory = "d", hashes = {} }',
        PylockSource.ARCHIVE,
    )

    assert FromUrl(parse_url("https://pkgs.example/a-1.0.zip").url, None, "d") == found.source
    assert found.files[0].origin is None


def test_credentials_of_a_link_go_with_it():
    found = pin('archive = { url = "https://u:p@pkgs.example/a-1.0.zip", hashes = {} }', PylockSource.ARCHIVE)

    assert "p" == found.files[0].credentials.password.reveal()


def test_a_tree_lies_beside_the_lock():
    found = pin('directory = { path = "../tree", editable = true, subdirectory = "d" }', PylockSource.DIRECTORY)

    assert FromTree("/tree/d", editable=True) == found.source


def test_a_repository_is_at_its_commit():
    web = pin(
        'vcs = { type = "git", url = "https://pkgs.example/a.git", requested-revision = "main", commit-id = "1f" }',
        PylockSource.VCS,
    )
    local = pin('vcs = { type = "git", path = "a.git", commit-id = "1f" }', PylockSource.VCS)

    assert FromGit(parse_url("https://pkgs.example/a.git").url, "main", commit="1f") == web.source
    assert FromGit(parse_url("file:///work/a.git").url, "1f", commit="1f") == local.source


def test_a_lock_of_the_web_names_no_path_of_this_disk():
    with pytest.raises(UnusableLock, match=r"names `\.\./tree/`, a path on this disk"):
        pin('directory = { path = "../tree" }', PylockSource.DIRECTORY, folder="")


def test_a_file_that_is_nowhere_is_refused():
    package = PylockPackage(A, sdist=PylockFile(name="a-1.0.tar.gz"))

    with pytest.raises(UnusableLock, match=r"does not say where `a-1\.0\.tar\.gz` is"):
        to_pins([Chosen(package, PylockSource.SDIST, package.sdist)], INDEXES, "/work")
