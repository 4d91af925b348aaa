from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from keyrack.app import Surround, open_run
from keyrack.formats.uv_lock import parse_lock
from keyrack.operations.configure import Words, layers
from keyrack.operations.lock import LockRequest, lock_project, requires_python
from keyrack.operations.workspaces import find_workspace
from keyrack.values.workspace import Member, ProjectFacts, Workspace
from lab.pythons import a_python
from lab.registries.simple import public
from lab.sdists import sdist
from lab.wheels import wheel

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "uv_lock"
UPLOADED = "2024-05-26T22:02:15.750000Z"
NEEDS = ["idna", "exceptiongroup; python_version<'3.11'"]
SETTINGS = (
    wheel("anyio", "4.4.0", requires=NEEDS, extras={"trio": ["trio"]}, uploaded=UPLOADED),
    sdist("anyio", "4.4.0", requires=NEEDS, uploaded=UPLOADED),
    wheel("idna", "3.6", uploaded=UPLOADED),
    *(wheel(name, version) for name, version in (("exceptiongroup", "1.0"), ("trio", "0.2"), ("colorama", "0.4"))),
    wheel("iniconfig", "2.0"),
)
WORKSPACE = (
    wheel("anyio", "4.4.0", requires=["idna"]),
    wheel("idna", "3.6"),
    wheel("idna", "2.0"),
    wheel("colorama", "0.4"),
    wheel("iniconfig", "2.0"),
    sdist("iniconfig", "2.0"),
)


@pytest.fixture
def lock(tmp_path):
    """Lock a folder's project against some files: `lock(files, *flags)` gives the outcome and what was asked."""

    def run(files, existing=None, **flags):
        with public(*files) as index:
            url = index.index_url()
            for path in tmp_path.rglob("pyproject.toml"):
                path.write_text(path.read_text().replace("<index>", url))
            variables = {"HOME": str(tmp_path), "PATH": "", "UV_NO_SYSTEM_CONFIG": "1"}
            words = Words({"cache-dir": str(tmp_path / "cache"), **flags}, variables, str(tmp_path))
            with open_run(Surround(words)) as tools:
                request = LockRequest(find_workspace(str(tmp_path)), layers(words), a_python("3.12.1"), existing)
                outcome = lock_project(request, tools)
            for path in tmp_path.rglob("pyproject.toml"):
                path.write_text(path.read_text().replace(url, "<index>"))
            asked = [str(entry) for entry in index.requests()]
        return outcome, outcome.text.replace(url.removesuffix("/simple/"), "https://pkgs.example"), asked

    return run


@pytest.fixture
def put(tmp_path):
    def write(text, folder="."):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "pyproject.toml").write_text(text)

    return write


INDEX = '\n[[tool.uv.index]]\nname = "main"\nurl = "<index>"\ndefault = true\n'
DEMO = """\
[project]
name = "demo-app"
version = "0.1.0"
requires-python = ">=3.9,<4"
dependencies = ["anyio>=4,<4.5", "colorama; sys_platform == 'win32'"]
[project.optional-dependencies]
trio = ["anyio[trio]"]
none = []
[dependency-groups]
dev = ["iniconfig>=2"]
docs = [{include-group="dev"}, "colorama"]
empty = []
[tool.uv]
default-groups = ["dev","docs"]
constraint-dependencies = ["idna<4"]
override-dependencies = ["exceptiongroup>=0.5", "idna"]
exclude-dependencies = ["sniffio"]
build-constraint-dependencies = ["setuptools<70"]
resolution = "lowest-direct"
prerelease = "allow"
fork-strategy = "fewest"
environments = ["sys_platform == 'linux'", "sys_platform == 'win32'"]
required-environments = ["sys_platform == 'linux'"]
[tool.uv.dependency-groups]
docs = {requires-python = ">=3.10"}
[[tool.uv.dependency-metadata]]
name = "foo"
version = "1.0"
requires-dist = ["idna", "trio"]
requires-python = ">=3.8"
provides-extras = ["z"]
"""
ROOT = """\
[tool.uv.workspace]
members = ["libs/*"]
[dependency-groups]
dev = ["iniconfig>=2"]
docs = ["colorama", "a"]
empty = []
[tool.uv]
default-groups = ["docs"]
override-dependencies = [{package={name="anyio",version="4.4.0"}, dependencies=["idna<4"]}]
exclude-newer = "P30D"
exclude-newer-package = {idna = false, colorama = "7 days", iniconfig = "2030-01-01T00:00:00Z"}
prerelease-package = {idna = "allow"}
[tool.uv.dependency-groups]
docs = {requires-python = ">=3.10"}
[tool.uv.sources]
a = {workspace=true}
"""
LIB_A = """\
[project]
name = "a"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = ["anyio>=4,<4.5", "b[x]"]
[project.optional-dependencies]
cpu = ["idna<3"]
gpu = ["idna>3"]
[build-system]
requires = ["setuptools"]
[tool.uv]
conflicts = [[{extra="cpu"},{extra="gpu"}]]
[tool.uv.sources]
b = {workspace=true}
"""
LIB_B = """\
[project]
name = "b"
version = "0.2"
requires-python = ">=3.8"
dependencies = []
[project.optional-dependencies]
x = []
[dependency-groups]
dev = ["colorama"]
[tool.uv]
package=false
default-groups = []
"""
GROUPS = """\
[project]
name = "p"
version = "0.1.0"
requires-python = ">=3.10"
dependencies = ["anyio","colorama"]
[dependency-groups]
dev = ["iniconfig"]
x = ["idna>3"]
y = ["idna<3"]
[tool.uv]
exclude-dependencies = ["idna"]
conflicts = [[{group="x"},{group="y"}]]
[tool.uv.sources]
colorama={index="main"}
anyio=[{index="main",marker="sys_platform=='linux'"}]
idna=[{index="main",group="x"}]
"""


def test_a_project_with_all_its_settings_is_locked_as_uv_does(lock, put):
    put(DEMO + INDEX)

    assert (GOLDEN / "settings.lock").read_text() == lock(SETTINGS)[1]


def test_a_workspace_with_conflicts_and_groups_is_locked_as_uv_does(lock, put):
    put(ROOT + INDEX)
    put(LIB_A, "libs/a")
    put(LIB_B, "libs/b")

    assert (GOLDEN / "workspace.lock").read_text() == lock(WORKSPACE)[1]


def test_groups_that_conflict_are_locked_as_uv_does(lock, put):
    put(GROUPS + INDEX)

    assert (GOLDEN / "conflicting-groups.lock").read_text() == lock(WORKSPACE[:-1])[1]


PLAIN = '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ["idna"]\n'


def test_a_lock_keeps_its_versions_when_something_is_added(lock, put):
    put(PLAIN + INDEX)
    old = lock((wheel("idna", "2.0"),))[0].text

    put(PLAIN.replace('"idna"', '"idna", "new"') + INDEX)
    found = lock((wheel("idna", "2.0"), wheel("idna", "3.6"), wheel("new", "1")), moved(old))[0]

    assert ["idna==2.0", "new==1", "p==1"] == [str(package.id) for package in found.lock.packages]


@pytest.mark.parametrize("flags", [{"upgrade": True}, {"upgrade-package": ["idna"]}], ids=["all", "one"])
def test_what_is_upgraded_gets_its_newest_version(lock, put, flags):
    put(PLAIN + INDEX)
    old = lock((wheel("idna", "2.0"),))[0].text

    found = lock((wheel("idna", "2.0"), wheel("idna", "3.6")), moved(old), **flags)[0]

    assert ["idna==3.6", "p==1"] == [str(package.id) for package in found.lock.packages]


def test_an_upgrade_may_be_held_within_a_range(lock, put):
    put(PLAIN + INDEX)
    old = lock((wheel("idna", "2.0"),))[0].text

    files = tuple(wheel("idna", version) for version in ("2.0", "3.0", "3.6"))
    found = lock(files, moved(old), **{"upgrade-package": ["idna<3.5"]})[0]

    assert ["idna==3.0", "p==1"] == [str(package.id) for package in found.lock.packages]


def moved(text):
    """The index of a test has another port each time; the lock of an earlier one is of a host that is gone."""
    return parse_lock(text, "uv.lock")


def test_links_of_a_page_lose_userinfo_and_query(lock, put, tmp_path):
    put(PLAIN + INDEX)

    text = lock((wheel("idna", "2.0"),))[1]

    assert "@" not in text
    assert "?" not in text


LOCAL = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.9"
dependencies = ["tree", "linked", "file", "sd"]
[tool.uv.sources]
tree = {path = "libs/tree", editable = true}
linked = {path = "libs/linked"}
file = {path = "file-1.0-py3-none-any.whl"}
sd = {path = "sd-1.0.tar.gz"}
"""


def test_what_lies_on_this_disk_is_locked_by_its_path(lock, put, tmp_path):
    put(LOCAL + INDEX)
    put(
        '[project]\nname = "tree"\nversion = "2"\ndependencies = ["idna"]\n[build-system]\nrequires = []\n', "libs/tree"
    )
    put('[project]\nname = "linked"\ndynamic = ["version"]\n[dependency-groups]\ndev = ["idna"]\n', "libs/linked")
    file, archive = wheel("file", "1.0", requires=["idna"]), sdist("sd", "1.0")
    (tmp_path / file.filename).write_bytes(file.body)
    (tmp_path / archive.filename).write_bytes(archive.body)

    outcome, text, _asked = lock((wheel("idna", "2.0"),))

    assert 'source = { editable = "libs/tree" }' in text
    assert '[[package]]\nname = "linked"\nsource = { directory = "libs/linked" }\n' in text
    assert f'{{ filename = "file-1.0-py3-none-any.whl", hash = "sha256:{file.sha256}" }}' in text
    assert f'sdist = {{ hash = "sha256:{archive.sha256}" }}' in text
    assert text == outcome.text.replace(
        outcome.text.partition('registry = "')[2].partition("/simple")[0], "https://pkgs.example"
    )


def member(name, pythons):
    facts = ProjectFacts(name, requires_python=None if pythons is None else SpecifierSet(pythons))
    return Member(f"/srv/{name}", name, facts)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ((None,), ">=3.12"),
        ((">=3.9,!=3.9.1",), ">=3.9,!=3.9.1"),
        ((">=3.9", ">=3.9", None), ">=3.9"),
        ((">=3.9", ">=3.10,<4"), ">=3.10,<4"),
    ],
    ids=["nobody says", "one says", "all say the same", "they differ"],
)
def test_a_workspace_is_for_the_pythons_that_all_members_are_for(told, expected):
    members = tuple(member(f"m{at}", each) for at, each in enumerate(told))
    workspace = Workspace("/srv", ProjectFacts(), members)

    assert SpecifierSet(expected) == requires_python(workspace, a_python("3.12.1"))
