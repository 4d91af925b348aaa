"""A change of an environment that stops at each of its operations: afterwards the old is there, or the new."""

import contextlib
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from keyrack.adapters.unfinished import PREFIX
from keyrack.errors import KeyrackError
from tests.crash.disk import Dead, no_space, stopping
from tests.crash.ground import ROLES, Ground, prepared


class Case:
    """One kind of change, the tree before and after it, and how many operations it takes."""

    def __init__(self, root, wheels, role):
        self.root, self.wheels, self.role = root, wheels, role
        self.template = root / f"template-{role}"
        filled = Ground(self.template, wheels, role)
        filled.fill()
        self.old = filled.tree()
        whole = self.fresh()
        with stopping(whole.env, 0, Dead, once=False) as power:
            whole.change()
        self.operations = power.changes
        self.new = whole.tree()

    def fresh(self):
        place = self.root / "work"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.template, place, symlinks=True)
        return Ground(place, self.wheels, self.role)


@pytest.fixture(scope="module")
def cases():
    # Where there is a folder in memory, nothing waits for a disk.
    with TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        root = Path(folder)
        wheels = prepared(root)
        yield {role: Case(root, wheels, role) for role in ROLES}


@pytest.fixture(params=ROLES)
def case(request, cases):
    return cases[request.param]


def test_a_change_that_nothing_stops_changes_something_and_leaves_no_work_behind(case):
    assert case.old != case.new
    assert not any(PREFIX in path for path in case.new)


def test_killed_at_any_operation_the_next_run_finds_the_old_or_the_new(case):
    seen = []
    for at in range(1, case.operations + 1):
        ground = case.fresh()
        with stopping(ground.env, at, Dead, once=False), pytest.raises(Dead):
            ground.change()

        assert [] == ground.listed_but_not_whole(), at
        ground.recover()

        seen.append(which(ground.tree(), case))
        ground.change()
        assert case.new == ground.tree(), at
    assert ["new", "old"] == sorted(set(seen))
    assert sorted(seen, reverse=True) == seen


def test_killed_while_it_is_put_right_the_run_after_that_finds_the_old_or_the_new(case):
    for at in range(2, case.operations + 1, case.operations // 5):
        again = 0
        done = False
        while not done:
            again += 1
            ground = case.fresh()
            with stopping(ground.env, at, Dead, once=False), pytest.raises(Dead):
                ground.change()
            with stopping(ground.env, again, Dead, once=False), contextlib.suppress(Dead):
                ground.recover()
                done = True

            assert [] == ground.listed_but_not_whole(), (at, again)
            ground.recover()
            which(ground.tree(), case)


def test_without_room_at_any_operation_all_is_as_it_was_or_done(case):
    for at in range(1, case.operations + 1):
        ground = case.fresh()
        told = ""
        with stopping(ground.env, at, no_space, once=True):
            try:
                ground.change()
            except (KeyrackError, OSError) as error:
                told = str(error)

        assert ("old" if told else "new") == which(without_rubbish(ground.tree()), case), at
        ground.recover()
        which(ground.tree(), case)
        ground.change()
        assert case.new == ground.tree(), at


def without_rubbish(tree):
    """Leave out what is done with and could not be removed; no Python looks into it."""
    return {path: text for path, text in tree.items() if PREFIX not in path}


def which(tree, case):
    assert not any(PREFIX in path for path in tree), sorted(path for path in tree if PREFIX in path)
    if tree == case.new:
        return "new"
    assert case.old == tree
    return "old"


def test_whatever_is_not_put_in_place_by_the_change_survives_its_being_taken_back(cases):
    case = cases["upgrade"]
    ground = case.fresh()
    with stopping(ground.env, case.operations - 8, Dead, once=False), pytest.raises(Dead):
        ground.change()
    mine = os.path.join(ground.env, "bin", "later")
    with open(mine, "w") as file:
        file.write("later")

    ground.recover()

    assert os.path.exists(mine)
