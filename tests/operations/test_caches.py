import pytest

from keyrack.operations.caches import Cleaned, cache_folder, clean, exists
from keyrack.operations.configure import Words
from keyrack.values.names import PackageName


def words(folder, flags=None, **environment):
    return Words(flags or {}, {"HOME": str(folder), "UV_NO_SYSTEM_CONFIG": "1", **environment}, str(folder))


@pytest.mark.parametrize(
    ("flags", "environment", "expected"),
    [
        ({}, {}, "{}/.cache/keyrack"),
        ({}, {"XDG_CACHE_HOME": "/xdg"}, "/xdg/keyrack"),
        ({}, {"UV_CACHE_DIR": "from-variable"}, "{}/from-variable"),
        ({"cache-dir": "from-flag"}, {"UV_CACHE_DIR": "from-variable"}, "{}/from-flag"),
    ],
)
def test_flags_win_over_variables_over_our_own_place(tmp_path, flags, environment, expected):
    assert expected.format(tmp_path) == cache_folder(words(tmp_path, flags, **environment))


def test_a_cache_that_is_not_there_is_not_made(tmp_path):
    folder = str(tmp_path / "cache")

    assert Cleaned(folder, existed=False) == clean(folder, None)
    assert not exists(folder)


def test_what_was_removed_is_counted(tmp_path):
    for name in ("a", "b"):
        (tmp_path / "cache" / "wheels-v1" / name).mkdir(parents=True)
        (tmp_path / "cache" / "wheels-v1" / name / "file").write_bytes(bytes(10))

    first = clean(str(tmp_path / "cache"), [PackageName("a"), PackageName("gone")])
    rest = clean(str(tmp_path / "cache"), None, force=True)

    assert (True, 1, 10) == (first.existed, first.amount.files, first.amount.size)
    assert rest.amount.files >= 1
