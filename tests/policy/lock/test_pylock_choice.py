import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.errors import InvalidText
from keyrack.formats.pylock import parse_pylock
from keyrack.policy.index.tags import make_tags
from keyrack.policy.lock.pylock_choice import Asking, UnusableLock, choose_packages
from keyrack.values.names import extra_name, group_name
from keyrack.values.pylock import Pylock, PylockSource
from keyrack.values.settings import Selection
from lab.pythons import a_python

PYTHON = a_python("3.12.1")
TAGS = make_tags("cpython", (3, 12), ("manylinux_2_17_x86_64", "linux_x86_64"))
ALL = Selection(all=True)
WHEEL = '{ path = "a-1.0-py3-none-any.whl", hashes = {} }'
FOREIGN = '{ path = "a-1.0-cp39-cp39-win32.whl", hashes = {} }'
SDIST = 'sdist = { path = "a-1.0.tar.gz", hashes = {} }'
TREE = 'directory = { path = "a" }'
VCS = 'vcs = { type = "git", path = "a", commit-id = "1" }'
ARCHIVE = 'archive = { path = "a-1.0-py3-none-any.whl", hashes = {} }'
SOURCE = 'archive = { path = "a-1.0.zip", hashes = {} }'


def wheels(*files):
    return f"wheels = [{', '.join(files)}]"


def lock(*packages, head=""):
    """A lock of packages called `a`, each given by the lines that follow its name."""
    text = f'lock-version = "1.0"\ncreated-by = "me"\n{head}\n' + ("" if packages else "packages = []\n")
    return parse_pylock(text + "".join(f'[[packages]]\nname = "a"\n{body}\n' for body in packages), "pylock.toml")


def chosen(*packages, head="", **words):
    asking = Asking({**PYTHON.markers, "sys_platform": "linux"}, TAGS, PYTHON.python, **words)
    return choose_packages(lock(*packages, head=head), asking)


def part(*lines, **words):
    """Which part of the one package is taken, and which file of it."""
    (found,) = chosen("\n".join(lines), **words)
    return found.part, None if found.file is None else found.file.path


def refusal(*lines, **words):
    with pytest.raises((UnusableLock, InvalidText)) as caught:
        chosen("\n".join(lines), **words)
    return caught.value


@pytest.mark.parametrize(
    ("lines", "words", "expected"),
    [
        ([wheels(WHEEL), SDIST], {}, (PylockSource.WHEELS, "a-1.0-py3-none-any.whl")),
        ([wheels(WHEEL), SDIST], {"no_binary": ALL}, (PylockSource.SDIST, "a-1.0.tar.gz")),
        ([wheels(FOREIGN), SDIST], {}, (PylockSource.SDIST, "a-1.0.tar.gz")),
        ([TREE], {}, (PylockSource.DIRECTORY, None)),
        ([VCS], {}, (PylockSource.VCS, None)),
        ([ARCHIVE], {"no_build": ALL}, (PylockSource.ARCHIVE, "a-1.0-py3-none-any.whl")),
        ([SOURCE], {"no_binary": ALL}, (PylockSource.ARCHIVE, "a-1.0.zip")),
    ],
    ids=["wheel", "no binary", "foreign wheel", "tree", "repository", "archive of a wheel", "archive of a source"],
)
def test_the_first_part_that_can_be_used_is_taken(lines, words, expected):
    assert expected == part(*lines, **words)


def test_the_wheel_whose_tag_fits_best_is_taken():
    own = '{ path = "a-1.0-cp312-cp312-manylinux_2_17_x86_64.whl", hashes = {} }'

    assert [own.split('"')[1]] * 2 == [part(wheels(*each))[1] for each in ((WHEEL, own), (own, WHEEL))]


def test_of_equal_wheels_the_later_build_is_taken():
    first, second = (f'{{ path = "a-1.0-{build}-py3-none-any.whl", hashes = {{}} }}' for build in (9, 10))

    assert ["a-1.0-10-py3-none-any.whl"] * 2 == [part(wheels(*each))[1] for each in ((first, second), (second, first))]


@pytest.mark.parametrize(
    ("marker", "words", "expected"),
    [
        ("sys_platform == 'linux'", {}, 1),
        ("sys_platform == 'win32'", {}, 0),
        ("'x' in extras", {}, 0),
        ("'x' in extras", {"extras": frozenset([extra_name("x")])}, 1),
        ("'dev' in dependency_groups", {"groups": frozenset([group_name("dev")])}, 1),
    ],
)
def test_markers_say_what_is_needed(marker, words, expected):
    assert expected == len(chosen(f'marker = "{marker}"\n{TREE}', **words))


def test_a_lock_of_nothing_asks_for_nothing():
    assert () == chosen()


def test_a_lock_for_another_python_is_refused():
    found = refusal(TREE, head='requires-python = ">=4"')

    assert (
        "The requested interpreter resolved to Python 3.12.1, which is incompatible with the `pylock.toml`'s Python"
        " requirement: `>=4`"
    ) == found.message


def test_a_package_for_another_python_is_refused():
    found = refusal('requires-python = ">=4"', TREE)

    assert "Package `a` requires Python >=4, but the target Python version is 3.12.1" == found.message


def test_a_package_may_tell_the_pythons_that_it_is_for():
    assert PylockSource.DIRECTORY is part('requires-python = ">=3.8"', TREE)[0]


def test_two_of_a_name_are_refused():
    with pytest.raises(UnusableLock, match="Multiple active package entries found for `a`"):
        chosen(TREE, TREE)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([""], "Package `a` must include one of: `wheels`, `directory`, `archive`, `sdist`, or `vcs`"),
        (
            [wheels(WHEEL), TREE],
            "Package `a` includes both a registry (`packages.wheels`) and a directory source (`packages.directory`)",
        ),
        (
            [wheels(WHEEL), SDIST, VCS],
            "Package `a` includes both a registry (`packages.wheels`) and a VCS source (`packages.vcs`)",
        ),
        (
            [SDIST, ARCHIVE],
            "Package `a` includes both a registry (`packages.sdist`) and an archive source (`packages.archive`)",
        ),
        (
            [TREE, VCS],
            "Package `a` includes both a directory (`packages.directory`) and a VCS source (`packages.vcs`)",
        ),
        (["wheels = [{ hashes = {} }]"], "`packages.wheel` entry for `a` must have a `path` or `url`"),
        (["sdist = { hashes = {} }"], "`packages.sdist` entry for `a` must have a `path` or `url`"),
        (["archive = { hashes = {} }"], "`packages.archive` entry for `a` must have a `path` or `url`"),
        (["wheels = [{ path = 'a.whl', hashes = {} }]"], "Not a valid wheel filename: 'a.whl'"),
        (
            ["archive = { path = 'a.exe', hashes = {} }"],
            "The archive of `a` is neither a wheel nor a source distribution: `a.exe`",
        ),
    ],
    ids=["nothing", "two", "three", "sdist", "tree", "wheel", "sdist of nowhere", "archive", "name", "kind"],
)
def test_a_package_must_say_where_it_is_from_and_only_once(lines, message):
    assert message == refusal(*lines).message


CANNOT = "Package `a` can't be installed because it "


@pytest.mark.parametrize(
    ("line", "words", "why"),
    [
        (wheels(WHEEL), {"no_binary": ALL, "no_build": ALL}, "is marked as both `--no-binary` and `--no-build`"),
        (ARCHIVE, {"no_binary": ALL}, "is marked as `--no-binary` but is itself a binary distribution"),
        (wheels(WHEEL), {"no_binary": ALL}, "is marked as `--no-binary` but has no source distribution"),
        (SDIST, {"no_build": ALL}, "is marked as `--no-build` but has no binary distribution"),
        (wheels(FOREIGN), {}, "doesn't have a source distribution or wheel for the current platform"),
    ],
    ids=["both", "archive", "no binary", "no build", "foreign"],
)
def test_it_is_said_why_nothing_can_be_used(line, words, why):
    assert CANNOT + why == refusal(line, **words).message


def test_a_hint_names_the_tags_that_there_are():
    assert (
        "The best tag of this Python is `cp312-cp312-manylinux_2_17_x86_64`, but `a` (v1.0) only has wheels for"
        " `cp39-cp39-win32`",
    ) == refusal('version = "1.0"', wheels(FOREIGN)).hints


def test_there_is_no_hint_without_wheels():
    assert () == refusal("wheels = []").hints


def test_a_lock_made_by_hand_needs_no_text():
    asking = Asking(PYTHON.markers, TAGS, Version("3.12.1"))

    assert () == choose_packages(Pylock(requires_python=SpecifierSet(">=3")), asking)
