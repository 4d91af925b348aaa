import os
import sys

import pytest

from keyrack.adapters.free_space import NoRoom, check_room
from keyrack.values.wheel import Member

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows is not asked")
HUGE = Member("a", 1 << 60, "")
SMALL = Member("b", 1, "")


def test_what_fits_is_let_through(tmp_path):
    check_room(str(tmp_path), str(tmp_path), [SMALL], copies=True)


def test_copies_that_cannot_fit_are_refused_with_both_amounts(tmp_path):
    with pytest.raises(NoRoom) as caught:
        check_room(str(tmp_path), str(tmp_path), [HUGE, SMALL], copies=True)

    assert f"There is not enough room in `{tmp_path}`" == caught.value.message
    assert caught.value.causes[0].startswith("Room for 1,152,921,504,606,846,977 bytes is needed, and there is room")


def test_links_on_one_file_system_need_no_room(tmp_path):
    check_room(str(tmp_path), str(tmp_path), [HUGE], copies=False)


@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="there is no other file system")
def test_links_to_another_file_system_become_copies(tmp_path):
    if os.stat("/dev/shm").st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no other file system")

    with pytest.raises(NoRoom):
        check_room(str(tmp_path), "/dev/shm", [HUGE], copies=False)


def test_a_folder_that_is_not_there_yet_has_the_room_of_the_one_above(tmp_path):
    with pytest.raises(NoRoom):
        check_room(str(tmp_path / "a" / "b"), str(tmp_path), [HUGE], copies=True)


def test_more_files_than_can_be_made_are_refused(tmp_path):
    free = os.statvfs("/dev/shm").f_ffree if os.path.isdir("/dev/shm") else 0
    if not 0 < free < 5_000_000:
        pytest.skip("there is no file system with a small count")

    with pytest.raises(NoRoom, match="There is not enough room"):
        check_room("/dev/shm", str(tmp_path), (SMALL for _ in range(free + 1)), copies=True)


def test_a_store_that_is_not_there_is_no_reason_to_refuse(tmp_path):
    check_room(str(tmp_path), str(tmp_path / "gone"), [HUGE], copies=False)
