import os

import pytest

from keyrack.adapters.archives import UnsafeArchive
from keyrack.adapters.store import Store
from keyrack.errors import KeyrackError
from keyrack.supply.built_wheels import BuiltWheels, built_file, metadata_in
from keyrack.values.names import package_name
from lab.wheels import wheel

LIB = package_name("lib-a")
MADE = wheel("lib-a", "1.0")


@pytest.fixture
def kept(tmp_path):
    return BuiltWheels(Store(str(tmp_path / "cache")))


def build(folder):
    path = os.path.join(folder, MADE.filename)
    with open(path, "wb") as file:
        file.write(MADE.body)
    return built_file(path)


def keep(kept, tmp_path, key="key", make=build):
    spare = tmp_path / "spare"
    spare.mkdir(exist_ok=True)
    return kept.keep(key, LIB, make, str(spare))


def test_what_was_built_is_found_by_what_it_was_made_from(kept, tmp_path):
    file = keep(kept, tmp_path)

    assert (file, None, None) == (kept.find("key", LIB), kept.find("other", LIB), kept.find("key", None))


def test_it_is_a_file_on_this_disk_with_its_hash(kept, tmp_path):
    file = keep(kept, tmp_path)

    assert (MADE.filename, "file", [("sha256", MADE.sha256)], None) == (
        file.filename,
        file.url.scheme,
        [(digest.algorithm, digest.value) for digest in file.digests],
        file.origin,
    )


def test_a_wheel_that_somebody_changed_is_not_found(kept, tmp_path):
    file = keep(kept, tmp_path)
    with open(file.url.path, "ab") as wheel_file:
        wheel_file.write(b"more")

    assert kept.find("key", LIB) is None


def test_a_wheel_that_lost_its_sum_is_not_found(kept, tmp_path):
    os.unlink(f"{keep(kept, tmp_path).url.path}.sha256")

    assert kept.find("key", LIB) is None


def test_a_damaged_one_is_replaced(kept, tmp_path):
    os.unlink(keep(kept, tmp_path).url.path)

    keep(kept, tmp_path)

    assert kept.find("key", LIB) is not None


def test_of_a_build_that_fails_nothing_stays(kept, tmp_path):
    def fail(folder):
        build(folder)
        raise KeyrackError("no")

    with pytest.raises(KeyrackError):
        keep(kept, tmp_path, make=fail)

    assert [] == [name for _, _, names in os.walk(tmp_path / "cache") for name in names]


def test_where_the_cache_cannot_be_written_the_spare_folder_serves(kept, tmp_path):
    (tmp_path / "cache" / "built-wheels-v1").mkdir(parents=True)
    (tmp_path / "cache" / "built-wheels-v1" / "lib-a").write_text("somebody's own")

    assert str(tmp_path / "spare" / MADE.filename) == keep(kept, tmp_path).url.path


def test_metadata_of_a_wheel_is_read(tmp_path):
    assert MADE.metadata == metadata_in(build(str(tmp_path)).url.path)


def test_a_wheel_without_metadata_is_told(tmp_path):
    path = tmp_path / MADE.filename
    path.write_bytes(wheel("lib-a", "1.0", broken=["no-metadata"]).body)

    with pytest.raises(KeyrackError):
        metadata_in(str(path))


def test_what_is_no_wheel_is_told(tmp_path):
    path = tmp_path / MADE.filename
    path.write_bytes(b"no wheel")

    with pytest.raises(UnsafeArchive):
        metadata_in(str(path))
