import os

import pytest

from keyrack.adapters.changes import Change
from keyrack.adapters.journal import Journal, write_journal
from keyrack.adapters.links import Linker
from keyrack.adapters.recovery import CannotRecover, recover
from keyrack.adapters.unfinished import PREFIX
from keyrack.values.settings import LinkMode


@pytest.fixture
def site(tmp_path):
    root = tmp_path / "v" / "site"
    (root / "old").mkdir(parents=True)
    (root / "old" / "a.py").write_text("old a")
    (root / "top.py").write_text("old top")
    (root / "old-1.dist-info").mkdir()
    return root


def files(site):
    return {
        os.path.relpath(os.path.join(folder, name), site): (site / folder / name).read_text()
        for folder, _, names in os.walk(site)
        for name in names
    }


def killed(site, *, settled):
    """A change from `old` 1 to `old` 2 that was killed before or after its last file was in place."""
    change = Change(str(site), (str(site),), Linker(LinkMode.COPY))
    takes = tuple(str(site / name) for name in ("old-1.dist-info", "old", "top.py"))
    new = str(site / "old-2.dist-info")
    change.begin(Journal(takes, makes=(new,), shows=(new,)))
    change.make_folders([str(site / "old")])
    change.write(str(site / "old" / "a.py"), b"new a")
    folder = change.prepare("old-2.dist-info")
    with open(os.path.join(folder, "RECORD"), "w") as record:
        record.write("new")
    if settled:
        change.settle()


def listed(site):
    return sorted(name for name in os.listdir(site) if name.endswith(".dist-info") or name.startswith(PREFIX))


def test_a_change_that_was_cut_off_early_is_taken_back(site):
    before = files(site)
    killed(site, settled=False)

    assert (True, before, ["old-1.dist-info"]) == (recover(str(site)), files(site), listed(site))


def test_a_change_that_was_nearly_done_is_finished(site):
    killed(site, settled=True)

    assert (True, ["old-2.dist-info"]) == (recover(str(site)), listed(site))
    assert {"old/a.py": "new a", "old-2.dist-info/RECORD": "new"} == files(site)


def test_a_dist_info_folder_that_is_half_there_does_not_stop_the_end_of_a_change(site):
    killed(site, settled=True)
    (site / "old-2.dist-info").mkdir()
    (site / "old-2.dist-info" / "half").write_text("")

    recover(str(site))

    assert ["RECORD"] == os.listdir(site / "old-2.dist-info")


@pytest.mark.parametrize("settled", [True, False])
def test_putting_right_twice_is_putting_right_once(site, settled):
    killed(site, settled=settled)
    recover(str(site))
    once = files(site)

    assert (False, once) == (recover(str(site)), files(site))


def test_where_nothing_was_cut_off_there_is_nothing_to_do(site):
    assert not recover(str(site))


def test_an_environment_that_is_not_there_needs_nothing(tmp_path):
    assert not recover(str(tmp_path / "missing"))


def test_a_change_that_had_taken_nothing_yet_is_forgotten(site):
    (site / f"{PREFIX}empty").mkdir()

    assert (True, ["old-1.dist-info"]) == (recover(str(site)), listed(site))


def test_what_cannot_be_put_right_stays_and_is_told(site):
    work = site / f"{PREFIX}work"
    (work / "old-0").mkdir(parents=True)
    write_journal(str(work), Journal((str(site / "top.py" / "below"),)))

    with pytest.raises(CannotRecover, match="interrupted run"):
        recover(str(site))

    assert (work / "old-0").exists()


def test_a_journal_that_is_not_whole_belongs_to_a_change_that_had_not_begun(site):
    before = files(site)
    work = site / f"{PREFIX}work"
    work.mkdir()
    write_journal(str(work), Journal((str(site / "top.py"),), makes=(str(site / "old"),)))
    (work / "journal").write_bytes((work / "journal").read_bytes()[:-3])

    assert (True, before) == (recover(str(site)), files(site))


def test_what_is_done_with_is_removed_without_a_word(site):
    before = files(site)
    (site / f"{PREFIX}work.done" / "old-0").mkdir(parents=True)

    assert (False, before, ["old-1.dist-info"]) == (recover(str(site)), files(site), listed(site))
