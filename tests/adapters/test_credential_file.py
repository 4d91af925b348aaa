import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from keyrack.adapters.credential_file import CredentialFile, credentials_folder
from keyrack.adapters.locks import LockTimeout, lock
from keyrack.errors import KeyrackError
from keyrack.policy.auth.logins import with_login
from keyrack.values.log import Level
from keyrack.values.login import Login
from tests.policy.auth.stepping import login

A, B = login("https://a:pa@x.test/a"), login("https://b:pb@x.test/b")
posix = pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")


def put(*logins: Login):
    return lambda _before: logins


@pytest.fixture
def told():
    return []


@pytest.fixture
def file(tmp_path, told):
    return CredentialFile(str(tmp_path / "new" / "folder"), lambda *line: told.append(line))


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({"HOME": "/h"}, "linux", "/h/.local/share/uv/credentials"),
        ({"HOME": "/h", "XDG_DATA_HOME": "/d"}, "linux", "/d/uv/credentials"),
        ({"HOME": "/h", "XDG_DATA_HOME": "d"}, "linux", "/h/.local/share/uv/credentials"),
        ({"HOME": "/h", "UV_CREDENTIALS_DIR": "/c"}, "linux", "/c"),
        ({"HOME": "/h", "UV_CREDENTIALS_DIR": "c"}, "win32", "c"),
        ({"HOME": "/h", "UV_CREDENTIALS_DIR": ""}, "linux", "/h/.local/share/uv/credentials"),
        ({"HOME": "/h"}, "darwin", "/h/.local/share/uv/credentials"),
        ({"HOME": "/h", "APPDATA": "/r"}, "win32", "/r/uv/credentials"),
        ({"USERPROFILE": "/h"}, "win32", "/h/AppData/Roaming/uv/credentials"),
    ],
)
def test_the_file_lies_where_uv_keeps_it(environment, platform, expected):
    assert expected == credentials_folder(environment, platform).replace(os.sep, "/")


@pytest.mark.parametrize(
    ("platform", "earlier"), [("darwin", "Library/Application Support/uv"), ("win32", "AppData/Roaming/uv/data")]
)
def test_the_place_of_earlier_versions_of_uv_counts_where_it_is_there(tmp_path, platform, earlier):
    (tmp_path / earlier).mkdir(parents=True)

    assert str(tmp_path / earlier / "credentials") == credentials_folder({"HOME": str(tmp_path)}, platform)


def test_without_a_file_nobody_is_logged_in_and_nothing_is_made(file, told, tmp_path):
    assert ((), []) == (file.logins(), list(tmp_path.iterdir()))
    assert [(Level.DEBUG, f"No credentials file found at {file.path}")] == told


def test_what_is_written_is_read(file):
    file.change(put(A, B))

    assert (A, B) == file.logins()


def test_an_edit_sees_what_is_there(file):
    file.change(put(A))

    file.change(lambda before: with_login(before, B))

    assert (A, B) == file.logins()


def test_an_edit_that_fails_changes_nothing(file):
    def fail(_before):
        raise KeyrackError("no")

    file.change(put(A))

    with pytest.raises(KeyrackError, match="no"):
        file.change(fail)
    assert (A,) == file.logins()


@posix
def test_file_and_folders_are_for_their_owner_alone(file, tmp_path):
    file.change(put(A))

    folder = tmp_path / "new" / "folder"
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder.parent, folder, *sorted(folder.iterdir()))]
    assert [0o700, 0o700, 0o600, 0o600] == modes
    assert ["credentials.toml", "credentials.toml.lock"] == sorted(path.name for path in folder.iterdir())


@posix
def test_a_file_that_others_could_read_is_closed_when_it_is_written(file):
    file.change(put(A))
    os.chmod(file.path, 0o644)

    file.change(put(A, B))

    assert 0o600 == stat.S_IMODE(os.stat(file.path).st_mode)


@posix
def test_a_link_is_kept_and_what_it_leads_to_is_written(file, tmp_path):
    os.makedirs(os.path.dirname(file.path))
    os.symlink(tmp_path / "elsewhere.toml", file.path)

    file.change(put(A))

    assert (True, (A,)) == (os.path.islink(file.path), file.logins())
    assert (tmp_path / "elsewhere.toml").read_text(encoding="utf-8").startswith("[[credential]]")


def test_many_writers_lose_nothing(file):
    logins = [login(f"https://u{number}:p@x.test/a") for number in range(16)]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: file.change(lambda before: (*before, one)), logins))

    assert set(logins) == set(file.logins())


def test_a_writer_waits_for_the_lock_of_uv(tmp_path):
    file = CredentialFile(str(tmp_path), lock_timeout=0.05)

    with lock(f"{file.path}.lock"), pytest.raises(LockTimeout):
        file.change(put(A))


def test_a_reader_does_not_wait_for_long(file, told):
    file.change(put(A))

    with lock(f"{file.path}.lock"):
        assert (A,) == file.logins()
    assert [(Level.DEBUG, f"Reading `{file.path}` while another process holds its lock")] == told


@pytest.mark.parametrize("body", [b"\xff", b"password = s3cr3t"])
def test_a_file_that_cannot_be_understood_is_an_error_and_stays(file, body):
    file.change(put(A))
    with open(file.path, "wb") as stream:
        stream.write(body)

    for attempt in (file.logins, lambda: file.change(put(B))):
        with pytest.raises(KeyrackError) as caught:
            attempt()
        assert f"Failed to parse TOML credential file: `{file.path}`" == caught.value.message
        assert "s3cr3t" not in str(caught.value.causes)
    with open(file.path, "rb") as stream:
        assert body == stream.read()


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told_and_never_replaced(file, told):
    file.change(put(A))
    os.chmod(file.path, 0)

    assert () == file.logins()
    assert [(Level.WARN, f"Failed to load credentials from `{file.path}`: Permission denied")] == told
    with pytest.raises(PermissionError):
        file.change(put(B))
