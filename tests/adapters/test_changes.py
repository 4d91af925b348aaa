import os
from pathlib import Path

import pytest

from keyrack.adapters.changes import Change
from keyrack.adapters.foresight import Foresight
from keyrack.adapters.links import Linker, LinkFailed
from keyrack.adapters.unfinished import PREFIX
from keyrack.values.settings import LinkMode


def tree(root):
    """Every file and link below a folder with what it holds, every empty folder with None."""
    found = {}
    for folder, folders, files in os.walk(root):
        for name in files:
            path = os.path.join(folder, name)
            found[os.path.relpath(path, root)] = os.readlink(path) if os.path.islink(path) else Path(path).read_text()
        if not folders and not files and folder != str(root):
            found[os.path.relpath(folder, root)] = None
    return found


@pytest.fixture
def site(tmp_path):
    root = tmp_path / "v" / "site"
    (root / "old").mkdir(parents=True)
    (root / "old" / "a.py").write_text("old a")
    (root / "top.py").write_text("old top")
    return root


@pytest.fixture
def stored(tmp_path):
    path = tmp_path / "stored.py"
    path.write_text("new")
    return str(path)


def begin(site, mode=LinkMode.HARDLINK, *, takes=(), puts=(), shows=()):
    change = Change(str(site), (str(site.parent),), Linker(mode))
    foresight = Foresight([str(site / path) for path in takes])
    for path in shows:
        foresight.show(str(site / path))
    foresight.put_all(str(site / path) for path in puts)
    change.begin(foresight.journal())
    return change


def test_a_finished_change_leaves_nothing_but_what_was_put(site, stored):
    change = begin(site)
    change.take(str(site / "old"))
    change.make_folders([str(site), str(site / "new"), str(site / "new" / "deep")])
    change.link_all([(stored, str(site / "new" / "deep" / "b.py"))])
    change.write(str(site / "run"), b"text")
    change.finish()

    assert {"top.py": "old top", "new/deep/b.py": "new", "run": "text"} == tree(site)


def test_a_change_that_is_undone_leaves_everything_as_it_was(site, stored):
    before = tree(site)
    change = begin(site, takes=["old/a.py"], puts=["new/b.py", "top.py", "old/a.py"], shows=["b-1.dist-info"])
    change.prune(str(site / "old"))
    change.make_folders([str(site / "new"), str(site / "old")])
    change.link(stored, str(site / "new" / "b.py"))
    change.link(stored, str(site / "top.py"))
    change.write(str(site / "old" / "a.py"), b"text")
    folder = change.prepare("b-1.dist-info")
    with open(os.path.join(folder, "RECORD"), "w"):
        pass
    change.reveal(str(site / "b-1.dist-info"))
    change.undo()

    assert before == tree(site)


def test_nothing_is_listed_before_it_is_revealed(site):
    change = begin(site)
    change.prepare("b-1.dist-info")

    assert not any(name.endswith(".dist-info") for name in os.listdir(site))
    change.reveal(str(site / "b-1.dist-info"))
    assert [PREFIX in name for name in sorted(os.listdir(site)) if name[0] in ".b"] == [True, False]


def test_what_a_run_that_was_cut_off_left_in_the_way_is_replaced(site):
    (site / "b-1.dist-info").mkdir()
    (site / "b-1.dist-info" / "half").write_text("")
    change = begin(site, shows=["b-1.dist-info"])
    change.prepare("b-1.dist-info")
    change.reveal(str(site / "b-1.dist-info"))
    change.finish()

    assert [] == os.listdir(site / "b-1.dist-info")


def test_a_link_that_is_in_the_way_is_replaced_and_never_followed(site, stored, tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("mine")
    (site / "new.py").symlink_to(outside)
    change = begin(site)
    change.link_all([(stored, str(site / "new.py"))])
    change.finish()

    assert ("mine", "new", [str(site / "new.py")]) == (
        outside.read_text(),
        (site / "new.py").read_text(),
        change.replaced,
    )


def test_a_folder_that_is_in_the_way_of_a_file_is_refused(site, stored):
    with pytest.raises(LinkFailed, match="Failed to write"):
        begin(site).link(stored, str(site / "old"))


def test_a_file_that_is_in_the_way_of_a_folder_is_refused(site):
    with pytest.raises(LinkFailed) as caught:
        begin(site).make_folders([str(site / "top.py")])

    assert ("A file is in the way",) == caught.value.causes


def test_a_link_that_leads_out_of_the_environment_is_no_folder(site, tmp_path):
    (tmp_path / "v-evil").mkdir()
    (site / "new").symlink_to(tmp_path / "v-evil")

    with pytest.raises(LinkFailed, match="Failed to make") as caught:
        begin(site).make_folders([str(site / "new")])

    assert "outside the environment" in caught.value.causes[0]


def test_a_link_within_the_environment_is_a_folder(site):
    (site / "new").symlink_to(site / "old")

    begin(site).make_folders([str(site / "new")])


def test_missing_parents_are_made_too(site):
    begin(site).make_folders([str(site.parent / "share" / "deep")])

    assert (site.parent / "share" / "deep").is_dir()


def test_a_folder_below_a_link_that_leads_out_is_refused(site, tmp_path):
    (site.parent / "share").symlink_to(tmp_path)

    with pytest.raises(LinkFailed, match="Failed to make"):
        begin(site).make_folders([str(site.parent / "share" / "a" / "b")])


def test_taking_what_is_not_there_is_no_error(site):
    change = begin(site)
    change.take(str(site / "missing"))
    change.undo()

    assert {"old/a.py": "old a", "top.py": "old top"} == tree(site)


def test_folders_that_are_left_empty_go_up_to_the_environment_s_own(site):
    (site / "a" / "b" / "c").mkdir(parents=True)
    change = begin(site)
    change.prune(str(site / "a" / "b" / "c"))
    change.finish()

    assert (True, False) == (site.exists(), (site / "a").exists())


def test_a_folder_that_is_not_empty_stays(site):
    change = begin(site)
    change.prune(str(site / "old"))
    change.finish()

    assert (site / "old" / "a.py").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or not os.path.isdir("/proc/self"), reason="no folder that refuses")
def test_a_file_that_cannot_be_taken_is_told(site):
    with pytest.raises(LinkFailed, match="Failed to remove"):
        begin(site).take("/proc/self/status")
