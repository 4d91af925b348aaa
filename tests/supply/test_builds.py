"""Builds without an environment: what is shared, kept and told, with a room that has nothing but this Python."""

import os
import sys

import msgspec
import pytest

from keyrack.adapters.backends import HookEnvironment
from keyrack.adapters.processes import Children
from keyrack.adapters.store import Store
from keyrack.policy.building.words import BuildFailed
from keyrack.supply.builds import Builds, Workplace
from keyrack.values.building import Building
from keyrack.values.log import Level
from keyrack.values.names import package_name
from keyrack.values.requirement import FromIndex, FromTree
from keyrack.values.settings import Selection
from keyrack.values.source_tree import SourceTree
from lab.pythons import a_python
from lab.wheels import wheel

LIB = package_name("lib")
MADE = wheel("lib", "1.0")
BACKEND = """
import os, shutil
HERE = os.path.dirname(os.path.abspath(__file__))

def build_wheel(folder, *_more):
    with open(os.path.join(HERE, "count"), "a") as file:
        file.write("1")
    shutil.copy(os.path.join(HERE, {name!r}), folder)
    return {name!r}
"""
PLAIN = BACKEND.format(name=MADE.filename)
PREPARING = """
def prepare_metadata_for_build_wheel(folder, *_more):
    os.mkdir(os.path.join(folder, "lib-1.0.dist-info"))
    with open(os.path.join(folder, "lib-1.0.dist-info", "METADATA"), "w") as file:
        file.write("Metadata-Version: 2.1\\nName: lib\\nVersion: 1.0\\nRequires-Dist: dep\\n")
    return "lib-1.0.dist-info"
"""


class Room:
    is_isolated = True

    def __init__(self, folder):
        os.makedirs(folder)
        self.folder = folder
        self.hooks = HookEnvironment(sys.executable, {})
        self.added = ()
        self.is_closed = False

    def add(self, requirements):
        self.added += requirements

    def close(self):
        self.is_closed = True


class Ground:
    """Rooms that are counted, the progress that was told, and one tree."""

    def __init__(self, folder, text=PLAIN, **words):
        self.folder, self.rooms, self.lines, self.log = folder, [], [], []
        self.children = Children()
        self.tree_folder = folder / "tree"
        self.tree_folder.mkdir(exist_ok=True)
        (self.tree_folder / MADE.filename).write_bytes(MADE.body)
        (self.tree_folder / "be.py").write_text(text)
        (self.tree_folder / "pyproject.toml").write_text(
            '[build-system]\nrequires = []\nbuild-backend = "be"\nbackend-path = ["."]\n'
        )
        store = Store(str(folder / "cache"), lock_timeout=0.0)
        self.store = store
        place = Workplace(
            store, self.children, lambda: str(folder), progress=self, log=lambda *line: self.log.append(line), **words
        )
        self.builds = Builds(place, self, a_python("3.12.1"))

    def room(self, order, builds):
        self.rooms.append(Room(str(self.folder / os.urandom(4).hex())))
        return self.rooms[-1]

    def building(self, label):
        self.lines.append(f"building {label}")

    def built(self, label):
        self.lines.append(f"built {label}")

    def tree(self, **words):
        plain = SourceTree(str(self.tree_folder), "lib==1.0", FromIndex(), "sha256:00", name=LIB)
        return msgspec.structs.replace(plain, **words)

    @property
    def count(self):
        path = self.tree_folder / "count"
        return len(path.read_text()) if path.exists() else 0


@pytest.fixture
def ground(tmp_path):
    grounds = []

    def make(*text, **words):
        grounds.append(Ground(tmp_path, *text, **words))
        return grounds[-1]

    yield make
    for each in grounds:
        each.builds.close()


def test_a_wheel_is_built_once_in_a_run(ground):
    here = ground()

    files = {here.builds.wheel(here.tree()) for _ in range(3)}

    assert (1, 1, ["building lib==1.0", "built lib==1.0"]) == (len(files), here.count, here.lines)


def test_a_wheel_of_the_cache_is_not_built_again(ground):
    first, second = ground(), ground()

    found = [each.builds.wheel(each.tree()).url for each in (first, second)]

    assert (found[0], 1, []) == (found[1], second.count, second.lines)


def test_what_has_no_key_is_built_in_each_run(ground):
    first, second = ground(), ground()

    for each in (first, second):
        each.builds.wheel(each.tree(key=""))

    assert 2 == second.count


def test_metadata_comes_from_the_hook_and_the_wheel_is_built_at_the_same_bench(ground):
    here = ground(PLAIN + PREPARING)

    metadata = here.builds.metadata(here.tree())
    here.builds.wheel(here.tree())

    assert (["dep"], 1) == ([one.name for one in metadata.requires], len(here.rooms))


def test_without_that_hook_the_wheel_tells(ground):
    here = ground()

    metadata = here.builds.metadata(here.tree())

    assert (LIB, 1) == (metadata.name, here.count)


def test_metadata_is_kept_for_other_runs(ground):
    first, second = (ground(PLAIN + PREPARING) for _ in range(2))

    found = [each.builds.metadata(each.tree()) for each in (first, second)]

    assert (found[0], []) == (found[1], second.rooms)


def test_rooms_are_closed_at_the_end(ground):
    here = ground(PLAIN + PREPARING)
    here.builds.metadata(here.tree())

    here.builds.close()

    assert [True] == [room.is_closed for room in here.rooms]


def test_a_room_is_closed_where_a_hook_fails(ground):
    here = ground("def build_wheel(*_more): raise ValueError")

    with pytest.raises(BuildFailed):
        here.builds.wheel(here.tree())

    assert [True] == [room.is_closed for room in here.rooms]


def test_what_the_backend_asks_for_is_added(ground):
    here = ground(PLAIN + "\ndef get_requires_for_build_wheel(_s): return ['late>=1']\n")

    here.builds.wheel(here.tree())

    assert ["late"] == [one.name for one in here.rooms[0].added]


def test_a_tree_within_its_own_build_is_a_circle(ground):
    here = ground()

    with pytest.raises(BuildFailed) as raised:
        here.builds.inside(here.tree()).wheel(here.tree())

    assert ("Cyclic build dependency detected for `lib`",) == raised.value.causes


@pytest.mark.parametrize("no_build", [Selection(all=True), Selection(names=frozenset({LIB}))], ids=["all", "this one"])
def test_what_must_not_be_built_is_not(ground, no_build):
    here = ground(no_build=no_build)

    with pytest.raises(BuildFailed):
        here.builds.wheel(here.tree())

    assert (0, []) == (here.count, here.lines)


def test_a_lock_that_somebody_holds_too_long_is_told_and_not_waited_for(ground):
    here = ground(building=Building())

    with here.store.alone(f"tree {os.path.realpath(here.tree_folder)}"):
        here.builds.wheel(here.tree(key="", source=FromTree(str(here.tree_folder))))

    assert (1, True) == (here.count, any(level is Level.WARN for level, _ in here.log))
