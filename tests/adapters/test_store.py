"""The cache on disk."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from keyrack.adapters.cache_place import default_folder
from keyrack.adapters.disk import Amount
from keyrack.adapters.store import Entry, Store
from keyrack.values.log import Level

ENTRY = Entry(b"head", b"body" * 100)


@pytest.fixture
def root(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def store(root):
    return Store(str(root))


class Lines(list[tuple[Level, str]]):
    """Remembers what was logged."""

    def __call__(self, level, line):
        self.append((level, line))


def files(root):
    return sorted(os.path.join(folder, name) for folder, _, names in os.walk(root) for name in names)


@pytest.mark.parametrize(
    ("environment", "platform", "folder"),
    [
        ({"HOME": "/home/me"}, "linux", "/home/me/.cache/keyrack"),
        ({"HOME": "/home/me", "XDG_CACHE_HOME": "/big"}, "linux", "/big/keyrack"),
        ({"HOME": "/home/me", "XDG_CACHE_HOME": "big"}, "linux", "/home/me/.cache/keyrack"),
        ({"HOME": "/home/me", "XDG_CACHE_HOME": ""}, "darwin", "/home/me/.cache/keyrack"),
        ({"LOCALAPPDATA": "/local"}, "win32", "/local/keyrack/cache"),
        ({"USERPROFILE": "/me"}, "win32", "/me/AppData/Local/keyrack/cache"),
    ],
)
def test_the_cache_lies_where_caches_lie(environment, platform, folder):
    assert folder == default_folder(environment, platform)


def test_what_was_kept_is_found(store):
    bucket = store.bucket("pages", 1)
    bucket.keep("key", ENTRY, "lib-a")

    assert ENTRY == bucket.find("key", "lib-a")


@pytest.mark.parametrize(
    "entry", [Entry(b"", b""), Entry(b"head", b""), Entry(b"", b"body"), Entry(b"h", bytes(1 << 20))]
)
def test_every_size_comes_back(store, entry):
    bucket = store.bucket("pages", 1)
    bucket.keep("key", entry)

    assert entry == bucket.find("key")


def test_a_later_entry_stands_in_place_of_an_earlier_one(store):
    bucket = store.bucket("pages", 1)
    bucket.keep("key", ENTRY)
    bucket.keep("key", Entry(b"", b"new"))

    assert b"new" == bucket.get("key")


def test_a_body_can_be_kept_without_a_head(store):
    bucket = store.bucket("probes", 1)
    bucket.put("key", b"body")

    assert (b"body", None) == (bucket.get("key"), bucket.get("other"))


@pytest.mark.parametrize(
    ("kind", "version", "key", "package"),
    [
        ("pages", 1, "other", "lib-a"),
        ("pages", 1, "key", "lib-b"),
        ("pages", 2, "key", "lib-a"),
        ("files", 1, "key", "lib-a"),
    ],
)
def test_kinds_forms_packages_and_keys_are_kept_apart(store, kind, version, key, package):
    store.bucket("pages", 1).keep("key", ENTRY, "lib-a")

    assert store.bucket(kind, version).find(key, package) is None


def test_nothing_is_made_before_something_is_stored(store, root):
    store.bucket("pages", 1).find("key")

    assert (0, Amount(), False) == (store.size(), store.clean(), root.exists())


def test_a_cache_is_private_and_marked_as_a_cache(store, root):
    store.bucket("pages", 1).keep("key", ENTRY, "lib-a")

    assert (root / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f597d28d172789f06886806bc55\n")
    assert "*\n" == (root / ".gitignore").read_text()
    assert {0o600} == {stat.S_IMODE(os.stat(path).st_mode) for path in files(root)}
    assert {0o700} == {stat.S_IMODE(os.stat(folder).st_mode) for folder, _, _ in os.walk(root)}


def test_a_key_cannot_be_read_back_from_the_disk(store, root):
    store.bucket("pages", 1).keep("https://pkgs.example/?token=secret", ENTRY, "lib-a")

    assert not any("secret" in path or b"secret" in Path(path).read_bytes() for path in files(root))


def damaged(body, kind):
    match kind:
        case "empty":
            return b""
        case "short":
            return body[:-1]
        case "longer":
            return body + b"x"
        case "zeros":
            return body[:40] + bytes(len(body) - 40)
        case "bit":
            return body[:-9] + bytes([body[-9] ^ 1]) + body[-8:]
        case "other":
            return b"XXXX" + body[4:]
        case _:
            return body[:10]


@pytest.mark.parametrize("kind", ["empty", "short", "longer", "zeros", "bit", "other", "front"])
def test_a_damaged_entry_is_absent(store, root, kind):
    bucket = store.bucket("pages", 1)
    bucket.keep("key", ENTRY, "lib-a")
    (path,) = (path for path in files(root) if "lib-a" in path)
    with open(path, "rb+") as file:
        body = file.read()
        file.seek(0)
        file.truncate()
        file.write(damaged(body, kind))

    assert bucket.find("key", "lib-a") is None


def test_an_entry_that_is_a_folder_is_absent(store, root):
    bucket = store.bucket("pages", 1)
    bucket.keep("key", ENTRY, "lib-a")
    (path,) = (path for path in files(root) if "lib-a" in path)
    os.unlink(path)
    os.mkdir(path)

    assert bucket.find("key", "lib-a") is None


def test_a_cache_that_cannot_be_written_warns_once(tmp_path):
    log = Lines()
    blocked = tmp_path / "file"
    blocked.touch()
    bucket = Store(str(blocked / "cache"), log).bucket("pages", 1)

    kept = [bucket.keep("key", ENTRY), bucket.keep("other", ENTRY)]

    line = f"The cache at `{blocked / 'cache'}` cannot be written, continuing without: Not a directory (os error 20)"
    assert ([False, False], [(Level.WARN, line)]) == (kept, log)


def test_a_bucket_that_cannot_be_written_warns_once(store, root):
    log = Lines()
    store = Store(str(root), log)
    store.prepare()
    (root / "pages-v1").touch()

    assert not store.bucket("pages", 1).keep("key", ENTRY)
    assert [Level.WARN] == [level for level, _ in log]


READ_ONLY = """
import os
from keyrack.adapters.store import Entry, Store
if os.getuid() == 0:
    os.setuid(65534)
lines = []
store = Store("cache", lambda level, line: lines.append(line))
with store.in_use():
    bucket = store.bucket("pages", 1)
    print(bucket.get("key"), bucket.keep("other", Entry(b"", b"")), bucket.keep("other", Entry(b"", b"")), len(lines))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_a_warm_cache_that_is_read_only_is_used(root, store):
    with store.in_use():
        store.bucket("pages", 1).put("key", b"body")
    for place, _, names in os.walk(root):
        os.chmod(place, 0o555)
        for name in names:
            os.chmod(os.path.join(place, name), 0o444)
    root.parent.chmod(0o755)

    words = [sys.executable, "-c", READ_ONLY]
    asked = subprocess.run(words, cwd=root.parent, capture_output=True, text=True, check=False)

    assert ("b'body' False False 1\n", "") == (asked.stdout, asked.stderr)


def test_cleaning_removes_all_and_counts(store, root):
    store.bucket("pages", 1).keep("key", ENTRY, "lib-a")
    expected = sum(os.path.getsize(path) for path in files(root))
    assert expected == store.size()

    gone = store.clean()

    # The lock that cleaning takes is one more file.
    assert (Amount(4, 3, expected), False) == (gone, root.exists())


def test_cleaning_by_name_removes_those_packages_in_all_buckets(store):
    pages, files = store.bucket("pages", 1), store.bucket("files", 1)
    for name in ("lib-a", "lib-b"):
        pages.keep("key", ENTRY, name)
        files.keep("key", ENTRY, name)

    gone = store.clean(["lib-a", "nowhere"])

    assert (2, 2) == (gone.files, gone.folders)
    assert [None, None] == [pages.find("key", "lib-a"), files.find("key", "lib-a")]
    assert [ENTRY, ENTRY] == [pages.find("key", "lib-b"), files.find("key", "lib-b")]


def test_a_cleaned_store_can_be_used_again(store, root):
    bucket = store.bucket("pages", 1)
    bucket.put("key", b"old")
    store.clean()

    bucket.put("key", b"new")

    assert (b"new", True) == (bucket.get("key"), (root / "CACHEDIR.TAG").exists())


def test_cleaning_waits_for_those_who_use_the_cache(root):
    log = Lines()
    cleaning = Store(str(root), log)
    waiting = threading.Event()
    gone = []

    def clean():
        gone.append(Store(str(root), lambda *_: waiting.set()).clean().files)

    with Store(str(root)).in_use(), cleaning.in_use():
        cleaning.bucket("pages", 1).put("key", b"body")
        thread = threading.Thread(target=clean)
        thread.start()
        waiting.wait()
        still_there = cleaning.bucket("pages", 1).get("key")
    thread.join()

    assert (b"body", [4], []) == (still_there, gone, log)


def test_cleaning_by_force_does_not_wait(store, root):
    with store.in_use():
        store.bucket("pages", 1).put("key", b"body")

        store.clean(force=True)

    assert not root.exists()


def test_only_one_at_a_time_works_on_a_key(store):
    order = []

    def work(number):
        with store.alone("key"):
            order.extend([number, number])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert order[::2] == order[1::2]


def test_a_temporary_folder_lies_in_the_cache_and_is_cleaned(store, root):
    first, second = store.temporary_folder(), store.temporary_folder()

    assert first != second
    assert {str(root / "tmp")} == {os.path.dirname(first), os.path.dirname(second)}
    assert (4, False) == (store.clean().folders, root.exists())


def test_the_salt_of_a_cache_is_kept_private(tmp_path):
    first = Store(str(tmp_path / "c")).salt()

    again = Store(str(tmp_path / "c")).salt()

    assert (32, True) == (len(first), first == again)
    assert 0o600 == (tmp_path / "c" / "salt").stat().st_mode & 0o777


def test_two_caches_have_two_salts(tmp_path):
    assert Store(str(tmp_path / "a")).salt() != Store(str(tmp_path / "b")).salt()


@pytest.mark.parametrize("kept", [b"", b"short"])
def test_a_salt_that_is_not_whole_is_used_by_nobody(tmp_path, kept):
    (tmp_path / "salt").write_bytes(kept)

    assert Store(str(tmp_path)).salt() != Store(str(tmp_path)).salt()


def test_where_the_cache_cannot_be_written_there_is_a_salt_for_this_run(tmp_path):
    (tmp_path / "file").write_text("")
    store = Store(str(tmp_path / "file" / "c"))

    assert (32, True) == (len(store.salt()), store.salt() == store.salt())
