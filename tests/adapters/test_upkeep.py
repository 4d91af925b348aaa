import os
from base64 import urlsafe_b64encode
from hashlib import sha256

import msgspec
import pytest

from keyrack.adapters.disk import Amount
from keyrack.adapters.locks import LockTimeout, lock
from keyrack.adapters.store import LOCK, Entry, Store
from keyrack.adapters.upkeep import Damage, alone, prune, room, verify
from keyrack.adapters.wheels import WheelStore
from keyrack.values.artifact import Digest
from keyrack.values.names import PackageName
from keyrack.values.wheel import Manifest, Member, WheelFacts

LIB = PackageName("lib")
BODY = b"x = 1\n"
FORMS = {"answers": 2, "interpreters": 1, "metadata": 1, "settled": 1, "wheel-pointers": 1, "wheels": 1}


@pytest.fixture
def root(tmp_path):
    return str(tmp_path / "cache")


def hashed(body, algorithm="sha256"):
    return f"{algorithm}=" + urlsafe_b64encode(sha256(body).digest()).rstrip(b"=").decode()


def put_wheel(root, name=LIB, digest=None):
    """Store a wheel of one module; its folder."""
    wheels = WheelStore(Store(root))
    archive = sha256(name.encode()).hexdigest()
    with wheels.begin(name) as unpacking:
        modified = unpacking.write("lib.py", (BODY,), executable=False)
        manifest = Manifest(
            name,
            "1.0",
            f"{name}-1.0",
            WheelFacts((1, 0), root_is_purelib=True),
            (),
            (Member("lib.py", len(BODY), hashed(BODY) if digest is None else digest, modified=modified),),
            digests=(Digest("sha256", archive),),
        )
        return os.path.dirname(wheels.finish(unpacking, manifest).folder)


def put_entry(root, kind="answers", key="k", package="lib"):
    """Store an entry; its path."""
    Store(root).bucket(kind, FORMS[kind]).keep(key, Entry(b"head", b"body"), package)
    folder = os.path.join(root, f"{kind}-v{FORMS[kind]}", package)
    return os.path.join(folder, sha256(key.encode()).hexdigest()[:32])


def make(*parts, body=b"12"):
    path = os.path.join(*parts)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(body)
    return path


def overwrite(path, body):
    with open(path, "r+b") as file:
        file.write(body)


def test_what_is_in_use_is_kept(root):
    kept = [put_wheel(root), put_entry(root), put_entry(root, "metadata"), put_entry(root, "interpreters", package="_")]
    kept += [make(root, "settled-v1", "_", "0" * 32), make(root, LOCK)]

    assert (Amount(), [True] * 6) == (prune(root, FORMS), [os.path.exists(path) for path in kept])


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_an_earlier_form_of_a_kind_is_removed(root, kind):
    make(root, f"{kind}-v0", "lib", "one")

    assert (Amount(1, 2, 2), []) == (prune(root, FORMS), os.listdir(root))


@pytest.mark.parametrize("name", ["wheels-v6", "archive-v0", "sdists-v11", "notes", "wheels", "git-v0", "x.whl"])
def test_what_may_be_of_somebody_else_is_kept(root, name):
    path = make(root, name, "file")

    assert (Amount(), True) == (prune(root, FORMS), os.path.exists(path))


@pytest.mark.parametrize(
    "place",
    [
        (".CACHEDIR.TAG.0123",),
        ("wheels-v1", "lib", ".0123"),
        ("wheels-v1", "lib", ".0123", "tree", "lib.py"),
        ("answers-v2", "lib", ".name.0123"),
        ("tmp", "0123", "lib.whl"),
        ("wheels-v1", "lib", "a" * 64, "tree", "lib.py"),
    ],
)
def test_what_a_killed_run_left_is_removed(root, place):
    path = make(root, *place)

    assert (1, False) == (prune(root, FORMS).files, os.path.exists(path))


def test_what_a_killed_run_left_beside_a_whole_wheel_goes_alone(root):
    wheel = put_wheel(root)
    make(os.path.dirname(wheel), ".0123", "tree", "lib.py")

    assert (Amount(1, 2, 2), [os.path.basename(wheel)]) == (prune(root, FORMS), os.listdir(os.path.dirname(wheel)))


def test_files_in_odd_places_stop_nothing(root):
    make(root, "wheels-v1", "file")
    make(root, "metadata-v1")

    assert Amount() == prune(root, FORMS)


def test_locks_of_nobody_are_not_counted(root):
    make(root, ".locks", "0123")

    assert (Amount(), False) == (prune(root, FORMS), os.path.exists(os.path.join(root, ".locks")))


def test_what_an_index_can_give_again_is_removed_where_that_is_wanted(root):
    wheel, page = put_wheel(root), put_entry(root)
    pointer = put_entry(root, "wheel-pointers")

    gone = prune(root, FORMS, fetched=True)

    assert [False, True, False] == [os.path.exists(path) for path in (wheel, page, pointer)]
    assert 3 == gone.files


def test_a_link_is_removed_and_never_followed(root, tmp_path):
    target = make(str(tmp_path), "mine", "file")
    os.makedirs(root)
    os.symlink(tmp_path / "mine", os.path.join(root, "wheels-v0"))
    os.symlink(tmp_path / "mine", os.path.join(root, "metadata-v1"))

    prune(root, FORMS)

    assert (True, ["metadata-v1"]) == (os.path.exists(target), os.listdir(root))


def test_room_counts_what_lies_on_the_disk_and_links_once(root):
    path = make(root, "one", body=bytes(100_000))
    before = room(root)
    os.link(path, os.path.join(root, "two"))

    assert before == room(root)
    assert 100_000 <= before <= 200_000


def test_an_empty_place_takes_no_room(root):
    assert 0 == room(root)


def test_an_intact_cache_is_verified(root):
    for number in range(3):
        put_wheel(root, PackageName(f"lib{number}"))
    put_entry(root)
    put_entry(root, "metadata", "other")

    found = verify(root, FORMS)

    assert (3, 2, ()) == (found.wheels, found.entries, found.damages)
    assert found.size > 3 * len(BODY)


def test_no_cache_is_intact(root):
    found = verify(root, FORMS)

    assert (0, 0, 0, ()) == (found.wheels, found.entries, found.size, found.damages)


@pytest.mark.parametrize("body", [b"x = 2\n", b"x = 1\n#", b"x"])
def test_a_file_that_was_changed_is_named(root, body):
    folder = put_wheel(root)
    path = os.path.join(folder, "tree", "lib.py")
    os.unlink(path)
    make(path, body=body)

    assert (Damage(folder, "lib-1.0", "`lib.py` is not as its RECORD says"),) == verify(root, FORMS).damages


def test_a_file_that_is_gone_is_named(root):
    folder = put_wheel(root)
    os.unlink(os.path.join(folder, "tree", "lib.py"))

    assert ("`lib.py` cannot be read (No such file or directory)",) == tuple(
        damage.fault for damage in verify(root, FORMS).damages
    )


@pytest.mark.parametrize(
    ("digest", "expected"),
    [
        ("", ()),
        (hashed(BODY) + "=", ()),
        (hashed(BODY, "sha384"), ("`lib.py` is not as its RECORD says",)),
        (hashed(BODY, "rot13"), ("`lib.py` has a hash of no known kind",)),
    ],
)
def test_the_hash_of_a_file_is_read_as_record_has_it(root, digest, expected):
    put_wheel(root, digest=digest)

    assert expected == tuple(damage.fault for damage in verify(root, FORMS).damages)


@pytest.mark.parametrize("manifest", [b"", b"\xc1", msgspec.msgpack.encode({})])
def test_a_wheel_without_a_manifest_is_named(root, manifest):
    folder = put_wheel(root)
    with open(os.path.join(folder, "manifest"), "wb") as file:
        file.write(manifest)

    name = f"lib ({os.path.basename(folder)[:12]})"
    assert (Damage(folder, name, "its manifest cannot be read"),) == verify(root, FORMS).damages


def test_an_entry_that_was_changed_is_named(root):
    good, bad = put_entry(root), put_entry(root, key="other")
    overwrite(bad, b"XXXX")

    assert (Damage(bad, os.path.relpath(bad, root), "it is damaged"),) == verify(root, FORMS).damages
    assert os.path.exists(good)


def test_what_is_not_finished_is_not_verified(root):
    make(root, "wheels-v1", "lib", ".0123", "tree", "lib.py")
    make(root, "answers-v2", "lib", ".name.0123")

    found = verify(root, FORMS)

    assert (0, 0, ()) == (found.wheels, found.entries, found.damages)


def test_whoever_wants_to_be_alone_waits_for_others(root):
    told = []
    make(root, LOCK)

    with (
        lock(os.path.join(root, LOCK), shared=True),
        pytest.raises(LockTimeout),
        alone(root, lambda: told.append("waits"), force=False, timeout=0),
    ):
        pass

    assert ["waits"] == told


def test_force_waits_for_nobody(root):
    make(root, LOCK)

    with lock(os.path.join(root, LOCK), shared=True), alone(root, pytest.fail, force=True):
        pass


def test_whoever_is_alone_keeps_others_out(root):
    os.makedirs(root)

    with (
        alone(root, pytest.fail, force=False),
        pytest.raises(LockTimeout),
        lock(os.path.join(root, LOCK), shared=True, timeout=0),
    ):
        pass
