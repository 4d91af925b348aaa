"""What only builds tell of inputs."""

import pytest
from packaging.version import Version

from keyrack.errors import InvalidText
from keyrack.operations.completing import completed
from keyrack.operations.inputs import Inputs, InputTree
from keyrack.values.layer import Layer
from keyrack.values.metadata import Metadata
from keyrack.values.names import extra_name, package_name
from keyrack.values.requirement import FromTree, Requirement, Unnamed, Written, WrittenKind
from tests.policy.resolve.asking import parsed

SETUP = Written(WrittenKind.PROJECT, "app/setup.py")
X, Y = extra_name("x"), extra_name("y")
REQUIRES = (
    "plain ; os_name == 'nt'",
    "fast ; extra == 'x'",
    "slow ; extra == 'y' and os_name == 'nt'",
    "app[x] ; extra == 'z'",
)


class Reader:
    """Tells what stands in `known`, and remembers what it was asked for."""

    def __init__(self, **known):
        self.known = known
        self.asked = []

    def read_unnamed(self, source):
        self.asked.append(source.path)
        name, requires, extras = self.known[source.path.rpartition("/")[2]]
        return Metadata(package_name(name), Version("1"), parsed(*requires), None, tuple(map(extra_name, extras)))


def inputs(**words):
    return Inputs(parsed("first"), (), (), frozenset(), Layer(place="no files"), **words)


def shown(found):
    return [f"{one.name} ; {one.marker}" if one.marker else str(one.name) for one in found.requirements]


def asked(*extras, everything=False):
    tree = InputTree("/app", SETUP)
    reader = Reader(app=("app", REQUIRES, ("x", "y", "z")))
    return completed(inputs(trees=(tree,), extras=None if everything else extras), reader)


def test_complete_inputs_need_nobody_to_be_asked():
    assert completed(inputs(), Reader()) == inputs()


def test_what_has_no_name_gets_that_of_its_metadata_and_comes_last():
    found = completed(inputs(unnamed=(Unnamed(FromTree("/lib")),)), Reader(lib=("told", (), ())))

    assert (Requirement(package_name("told"), source=FromTree("/lib")), True) == (
        found.requirements[-1],
        found.is_complete,
    )


def test_a_tree_stands_for_what_it_requires_without_extras():
    assert ["first", 'plain ; os_name == "nt"'] == shown(asked())


def test_extras_add_what_they_require_and_are_no_part_of_markers_any_more():
    assert ["first", 'plain ; os_name == "nt"', "fast", 'slow ; os_name == "nt"'] == shown(asked(X, Y))


def test_an_extra_may_name_another_one_of_the_same_project():
    assert ["first", 'plain ; os_name == "nt"', "fast"] == shown(asked(extra_name("z")))


def test_all_extras_may_be_asked_for():
    assert ["first", 'plain ; os_name == "nt"', "fast", 'slow ; os_name == "nt"'] == shown(asked(everything=True))


def test_extras_that_no_tree_has_are_told():
    with pytest.raises(InvalidText, match="Requested extras not found: a, b"):
        asked(extra_name("b"), X, extra_name("a"))


def test_the_place_of_what_a_tree_requires_is_its_file_and_its_name():
    assert Written(WrittenKind.PROJECT, "app/setup.py", "app") == asked().requirements[-1].written
