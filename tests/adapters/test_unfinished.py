import pytest

from keyrack.adapters.unfinished import PREFIX, is_unfinished


@pytest.mark.parametrize("name", [f"{PREFIX}1", f"{PREFIX}1.done"])
def test_work_that_a_run_left_is_seen(tmp_path, name):
    (tmp_path / name).mkdir()

    assert is_unfinished((str(tmp_path), str(tmp_path)))


def test_where_nothing_was_left_or_there_is_no_folder_nothing_is_unfinished(tmp_path):
    (tmp_path / "pkg").mkdir()

    assert not is_unfinished((str(tmp_path), str(tmp_path / "missing"), str(tmp_path / "pkg")))
