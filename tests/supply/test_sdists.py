import os
from pathlib import Path

import pytest

from keyrack.adapters.archives import UnsafeArchive
from keyrack.adapters.store import Store
from keyrack.errors import InvalidText
from keyrack.policy.install.hashes import HashMismatch
from keyrack.supply.sdists import Sdists
from keyrack.supply.statuses import BadStatus
from keyrack.values.artifact import Digest, File
from keyrack.values.names import package_name
from keyrack.values.url import parse_url
from lab.sdists import sdist
from tests.supply.conftest import FakeSession, sha

LIB = package_name("lib-a")
MADE = sdist("lib-a", "1.0", requires=["b"])
OTHER = sdist("lib-a", "1.0", requires=["c"])


def file_of(made, *, digests=None, url="https://pkgs.example/files/"):
    listed = (sha(made.body),) if digests is None else digests
    return File(made.filename, parse_url(url + made.filename).url, "corp", digests=listed)


class Ground:
    def __init__(self, folder, *artifacts):
        self.folder = folder
        self.session = FakeSession(*artifacts)
        self.runs = 0

    def sdists(self):
        self.runs += 1
        folder = self.folder / f"run{self.runs}"
        folder.mkdir()
        return Sdists(self.session, Store(str(self.folder / "cache")), lambda: str(folder))


@pytest.fixture
def ground(tmp_path):
    return Ground(tmp_path, MADE)


def test_a_source_distribution_is_unpacked_with_its_name_its_version_and_its_hash(ground):
    tree = ground.sdists().tree(file_of(MADE), LIB)

    assert ("lib-a==1.0", f"sha256:{MADE.sha256}", True, "corp") == (
        tree.label,
        tree.key,
        os.path.isfile(os.path.join(tree.path, "pyproject.toml")),
        tree.source.index,
    )


def test_what_is_wanted_twice_is_fetched_and_unpacked_once(ground):
    sdists = ground.sdists()

    paths = {sdists.tree(file_of(MADE), LIB).path for _ in range(2)}

    assert (1, 1) == (len(paths), len(ground.session.asked))


def test_another_run_finds_it_in_the_store(ground):
    ground.sdists().archive(file_of(MADE), LIB)
    ground.session.bodies.clear()

    assert ground.sdists().tree(file_of(MADE), LIB).key == f"sha256:{MADE.sha256}"


def test_what_somebody_changed_in_the_store_is_fetched_anew(ground):
    Path(ground.sdists().archive(file_of(MADE), LIB)).write_bytes(OTHER.body)

    again = Path(ground.sdists().archive(file_of(MADE), LIB))

    assert (2, MADE.body) == (len(ground.session.asked), again.read_bytes())


def test_without_a_listed_hash_it_is_known_by_its_own(ground):
    assert f"sha256:{MADE.sha256}" == ground.sdists().tree(file_of(MADE, digests=()), LIB).key


def test_another_file_than_the_listed_one_is_refused(tmp_path):
    ground = Ground(tmp_path, OTHER)

    with pytest.raises(HashMismatch):
        ground.sdists().archive(file_of(MADE), LIB)


@pytest.mark.parametrize("expected", [sha(OTHER.body), Digest("md5", "0" * 32)], ids=["other", "weak"])
def test_another_file_than_the_expected_one_is_refused_before_it_is_unpacked(ground, expected):
    with pytest.raises(HashMismatch, match=r"lib-a==1\.0"):
        ground.sdists().tree(file_of(MADE), LIB, (expected,))

    assert [] == os.listdir(ground.folder / "run1")


def test_of_several_expected_hashes_one_suffices(ground):
    expected = (sha(OTHER.body), sha(MADE.body))

    assert ground.sdists().tree(file_of(MADE), LIB, expected).key == f"sha256:{MADE.sha256}"


def test_a_file_that_the_server_does_not_have_is_told(tmp_path):
    with pytest.raises(BadStatus):
        Ground(tmp_path).sdists().archive(file_of(MADE), LIB)


def test_a_file_on_this_disk_is_taken_where_it_is(tmp_path):
    (tmp_path / MADE.filename).write_bytes(MADE.body)
    ground = Ground(tmp_path)

    tree = ground.sdists().tree(file_of(MADE, url=f"file://{tmp_path}/"), LIB)

    assert (f"sha256:{MADE.sha256}", []) == (tree.key, ground.session.asked)


def test_a_file_on_this_disk_must_have_its_listed_hash(tmp_path):
    (tmp_path / MADE.filename).write_bytes(OTHER.body)

    with pytest.raises(HashMismatch):
        Ground(tmp_path).sdists().archive(file_of(MADE, url=f"file://{tmp_path}/"), LIB)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_where_the_cache_cannot_be_written_it_lasts_as_long_as_the_run(ground, tmp_path):
    (tmp_path / "cache").mkdir(mode=0o500)

    assert "run1" in ground.sdists().archive(file_of(MADE), LIB)


def test_what_stands_in_the_place_of_the_store_is_left_there(ground, tmp_path):
    (tmp_path / "cache" / "sdists-v1").mkdir(parents=True)
    (tmp_path / "cache" / "sdists-v1" / "lib-a").write_text("somebody's own")

    assert "run1" in ground.sdists().archive(file_of(MADE), LIB)


def test_a_name_that_is_not_the_packages_is_refused(ground):
    with pytest.raises(InvalidText):
        ground.sdists().tree(file_of(MADE), package_name("other"))


def test_an_archive_that_is_none_is_refused(tmp_path):
    ground = Ground(tmp_path)
    ground.session.bodies[MADE.filename] = b"<html>"

    with pytest.raises(UnsafeArchive):
        ground.sdists().tree(file_of(MADE, digests=()), LIB)
