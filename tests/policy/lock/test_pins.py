import msgspec
import pytest

from keyrack.formats.uv_lock import parse_lock
from keyrack.policy.index.tags import Tags, tags_of
from keyrack.policy.lock.pins import Fitting, NotInstallable, owner, registries, to_resolution
from keyrack.policy.lock.selecting import Selected
from keyrack.values.artifact import Digest
from keyrack.values.index import Index, Indexes, index_id
from keyrack.values.names import index_name
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl, RevisionKind
from keyrack.values.settings import Selection
from keyrack.values.url import parse_url
from lab.pythons import a_python

HEAD = 'version = 1\nrevision = 5\nrequires-python = ">=3.9"\n'
ONE = parse_url("https://pkgs.example/one/simple/").url
TWO = parse_url("https://pkgs.example/two/simple").url
INDEXES = Indexes(
    tuple(Index(index_id(url, index_name(name)), url, index_name(name)) for name, url in (("one", ONE), ("two", TWO)))
)
FITTING = Fitting(tags_of(a_python()), INDEXES, "/srv/app")
COMMIT = "93d4b60ab45c1a4e87d23c3d2bf4a0babcab31da"


def package(source, *rest, name="a", version='version = "1.0"'):
    return "\n".join((HEAD, "[[package]]", f'name = "{name}"', version, f"source = {{ {source} }}", *rest, ""))


def pin(text, fitting=FITTING):
    lock = parse_lock(text, "uv.lock")
    selected = [Selected(each, ("",), is_installed=True) for each in lock.packages]
    return to_resolution(selected, fitting).pins[0]


def wheels(*names, place="https://files.example/"):
    listed = "\n".join(f'    {{ url = "{place}{name}", hash = "sha256:ab" }},' for name in names)
    return f"wheels = [\n{listed}\n]"


SDIST = 'sdist = { url = "https://pkgs.example/one/a-1.0.tar.gz", hash = "sha256:cd", size = 3, upload-time = "2024" }'
ANY = "a-1.0-py3-none-any.whl"
LINUX = "a-1.0-cp312-cp312-manylinux_2_17_x86_64.whl"
REGISTRY = 'registry = "https://PKGS.example:443/two/simple/"'


def test_a_locked_file_belongs_to_the_index_that_the_lock_names():
    found = pin(package(REGISTRY, wheels(ANY)))

    assert ("two", FromIndex("two")) == (found.wheel.origin, found.source)


def test_a_lock_names_its_indexes_once_each():
    text = (
        package(REGISTRY)
        + package(REGISTRY, name="b").removeprefix(HEAD)
        + package('path = "x.zip"').removeprefix(HEAD)
    )
    text += package('registry = "wheels"', name="c").removeprefix(HEAD)

    assert ["https://pkgs.example/two/simple/"] == [url.exact for url in registries(parse_lock(text, "uv.lock"))]


def test_an_index_that_nobody_configured_owns_nothing():
    assert owner(parse_url("https://pkgs.example/three/simple").url, INDEXES) is None


def test_the_best_wheel_is_taken():
    assert LINUX == pin(package(REGISTRY, wheels(ANY, LINUX))).wheel.filename


def test_of_two_builds_the_later_is_taken():
    first, second = "a-1.0-1-py3-none-any.whl", "a-1.0-2-py3-none-any.whl"

    assert second == pin(package(REGISTRY, wheels(second, first))).wheel.filename


def test_what_the_lock_says_of_a_file_is_kept():
    file = pin(package(REGISTRY, SDIST)).files[0]

    assert (None, (Digest("sha256", "cd"),), 3, "2024") == (
        pin(package(REGISTRY, SDIST)).wheel,
        file.digests,
        file.size,
        file.upload_time,
    )


def test_only_what_is_to_be_installed_is_pinned():
    lock = parse_lock(package(REGISTRY, wheels(ANY)), "uv.lock")

    assert () == to_resolution([Selected(lock.packages[0], ("",), is_installed=False)], FITTING).pins


def test_files_of_a_local_index_lie_below_it_and_belong_to_nobody():
    found = pin(package('registry = "../wheels"', f'wheels = [{{ path = "{ANY}" }}]'))

    assert (f"file:///srv/wheels/{ANY}", None) == (found.wheel.url.exact, found.wheel.origin)


def test_a_path_in_an_index_of_the_web_lies_beside_the_lock():
    found = pin(package(REGISTRY, f'wheels = [{{ path = "{ANY}" }}]'))

    assert (f"file:///srv/app/{ANY}", None) == (found.wheel.url.exact, found.wheel.origin)


def test_an_archive_of_the_web_is_its_own_source():
    found = pin(
        package('url = "https://u:geheim@pkgs.example/a-1.0.zip", subdirectory = "s"', 'sdist = { hash = "sha256:ab" }')
    )

    assert ("https://pkgs.example/a-1.0.zip", None) == (found.files[0].url.exact, found.files[0].origin)
    assert isinstance(found.source, FromUrl)
    assert ("s", "u") == (found.source.subdirectory, found.source.credentials.username)


def test_an_archive_on_this_disk_is_found_from_the_lock():
    found = pin(package(f'path = "files/{ANY}"', f'wheels = [{{ filename = "{ANY}", hash = "sha256:ab" }}]'))

    assert FromUrl(parse_url(f"file:///srv/app/files/{ANY}").url) == found.source


def test_a_repository_is_asked_for_its_commit():
    url = f"https://git.example/r.git?subdirectory=sub%2Fdir&tag=v1&lfs=true#{COMMIT}"

    repository = parse_url("https://git.example/r.git").url
    assert (
        FromGit(repository, "v1", "sub/dir", None, RevisionKind.TAG, COMMIT, True)
        == pin(package(f'git = "{url}"')).source
    )


def test_a_repository_without_a_revision_has_its_commit_alone():
    source = pin(package(f'git = "https://git.example/r.git#{COMMIT}"')).source

    assert ("", RevisionKind.ANY, COMMIT, False) == (source.revision, source.kind, source.commit, source.lfs)


TREES = {
    "directory": (None, False),
    "editable": (None, True),
    "editable, taken as it is": (False, False),
}


@pytest.mark.parametrize(("editable", "expected"), TREES.values(), ids=TREES)
def test_a_tree_is_installed_as_the_lock_says_or_as_was_asked(editable, expected, request):
    kind = request.node.callspec.id.partition(",")[0]
    fitting = msgspec.structs.replace(FITTING, editable=editable)

    found = pin(package(f'{kind} = "libs/../a"', version=""), fitting)

    assert FromTree("/srv/app/a", editable=expected) == found.source


NONE, ALL = Selection(), Selection(all=True)
SOURCE = "registry+https://pkgs.example/two/simple/"
REFUSED = {
    "for other platforms": (
        (REGISTRY, wheels("a-1.0-cp312-cp312-win_amd64.whl")),
        (NONE, NONE),
        f"`a==1.0 @ {SOURCE}` can't be installed because it doesn't have a source distribution or wheel for the current"
        " platform",
    ),
    "without files": (
        (REGISTRY,),
        (NONE, NONE),
        f"`a==1.0 @ {SOURCE}` can't be installed because it doesn't have a source distribution or wheel for the current"
        " platform",
    ),
    "neither built nor ready-made": (
        (REGISTRY, wheels(ANY), SDIST),
        (ALL, ALL),
        f"`a==1.0 @ {SOURCE}` can't be installed because it is marked as both `--no-binary` and `--no-build`",
    ),
    "not ready-made": (
        (REGISTRY, wheels(ANY)),
        (ALL, NONE),
        f"`a==1.0 @ {SOURCE}` can't be installed because it is marked as `--no-binary` but has no source distribution",
    ),
    "not built": (
        (REGISTRY, SDIST),
        (NONE, ALL),
        f"`a==1.0 @ {SOURCE}` can't be installed because it is marked as `--no-build` but has no binary distribution",
    ),
    "a wheel that is not taken": (
        ('url = "https://pkgs.example/a-1.0-py3-none-any.whl"', wheels(ANY)),
        (ALL, NONE),
        "`a==1.0 @ direct+https://pkgs.example/a-1.0-py3-none-any.whl` can't be installed because it is marked as"
        " `--no-binary` but is itself a binary distribution",
    ),
    "a wheel for another platform": (
        ('path = "a-1.0-cp312-cp312-win_amd64.whl"', wheels("a-1.0-cp312-cp312-win_amd64.whl")),
        (NONE, NONE),
        "`a==1.0 @ path+a-1.0-cp312-cp312-win_amd64.whl` can't be installed because the binary distribution is"
        " incompatible with the current platform",
    ),
    "a tree that is not built": (
        ('directory = "libs/a"',),
        (NONE, ALL),
        "`a==1.0 @ directory+libs/a` can't be installed because it is marked as `--no-build` but has no binary"
        " distribution",
    ),
    "a repository that is not built": (
        (f'git = "https://git.example/r?rev=main#{COMMIT}"',),
        (NONE, ALL),
        "`a==1.0 @ git+https://git.example/r?rev=****` can't be installed because it is marked as `--no-build` but has"
        " no binary distribution",
    ),
}


@pytest.mark.parametrize(("parts", "selections", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_installed_is_told_with_its_source(parts, selections, expected):
    fitting = msgspec.structs.replace(FITTING, no_binary=selections[0], no_build=selections[1])

    with pytest.raises(NotInstallable) as raised:
        pin(package(*parts), fitting)

    assert f"Distribution {expected}" == raised.value.message


def test_which_wheels_there_are_is_hinted():
    with pytest.raises(NotInstallable) as raised:
        pin(package(REGISTRY, wheels("a-1.0-cp312-cp312-win_amd64.whl")))

    assert (
        "The best tag of this Python is `cp312-cp312-manylinux_2_36_x86_64`, but `a` (v1.0) only has wheels for"
        " `cp312-cp312-win_amd64`",
    ) == raised.value.hints


def test_a_python_without_tags_gives_no_hint():
    with pytest.raises(NotInstallable) as raised:
        pin(
            package('url = "https://pkgs.example/a-1.0-py3-none-any.whl"', wheels(ANY), version=""),
            Fitting(Tags(()), INDEXES, "/"),
        )

    assert () == raised.value.hints


def test_a_tree_without_version_that_has_only_wheels_of_others_is_hinted_without_one():
    with pytest.raises(NotInstallable) as raised:
        pin(package('path = "a-1.0-cp312-cp312-win_amd64.whl"', wheels("a-1.0-cp312-cp312-win_amd64.whl"), version=""))

    assert "but `a` only has wheels for" in raised.value.hints[0]
