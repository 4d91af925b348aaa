import os

import pytest

from keyrack.adapters.foresight import Foresight
from keyrack.adapters.journal import Journal


@pytest.fixture
def site(tmp_path):
    for path in ("pkg/a.py", "ns/mine.py", "old-1.dist-info/RECORD"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("")
    return str(tmp_path)


def foreseen(site, *puts, takes=(), shows=(), folders=()):
    foresight = Foresight([f"{site}/{path}" for path in takes])
    foresight.make_all(f"{site}/{path}" for path in folders)
    for path in shows:
        foresight.show(f"{site}/{path}")
    foresight.put_all(f"{site}/{path}" for path in puts)
    journal = foresight.journal()
    kinds = (journal.takes, journal.makes, journal.shows)
    return Journal(*(tuple(os.path.relpath(path, site) for path in kind) for kind in kinds))


def test_of_a_new_folder_only_the_first_is_noted(site):
    assert Journal(makes=("new",)) == foreseen(site, "new/a.py", "new/deep/b.py")


def test_a_new_file_in_a_folder_that_is_there_is_noted_itself(site):
    assert Journal(makes=("ns/a.py", "ns/sub")) == foreseen(site, "ns/a.py", "ns/sub/b.py")


def test_a_file_that_is_in_the_way_is_taken_and_not_made(site):
    assert Journal(takes=("ns/mine.py",)) == foreseen(site, "ns/mine.py")


def test_what_comes_into_a_folder_that_goes_is_not_noted_again(site):
    assert Journal(takes=("pkg",)) == foreseen(site, "pkg/a.py", "pkg/sub/b.py", takes=["pkg"])


def test_what_lists_a_distribution_goes_before_its_files(site):
    assert ("old-1.dist-info", "pkg") == foreseen(site, takes=["pkg", "old-1.dist-info", "missing"]).takes


def test_a_dist_info_folder_that_is_left_over_is_taken(site):
    shows = ("old-1.dist-info", "new-1.dist-info")

    assert Journal(shows[:1], shows[1:], shows) == foreseen(site, shows=shows)


def test_a_folder_that_stays_empty_is_noted_as_well(site):
    assert Journal(makes=("empty",)) == foreseen(site, folders=["empty", "empty/deep", "pkg"])


def test_a_folder_in_the_way_of_a_file_is_left_alone(site):
    assert Journal() == foreseen(site, "pkg")
