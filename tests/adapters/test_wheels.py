import os
from contextlib import suppress

import pytest

from keyrack.adapters.store import Store
from keyrack.adapters.wheels import Pointer, WheelStore
from keyrack.values.artifact import Digest
from keyrack.values.names import package_name
from keyrack.values.wheel import Manifest, Member, WheelFacts

NAME = package_name("lib-a")
SHA = "ab" * 32


@pytest.fixture
def wheels(tmp_path):
    return WheelStore(Store(str(tmp_path / "cache")))


def keep(wheels, text=b"text", sha=SHA):
    with wheels.begin(NAME) as unpacking:
        unpacking.make_folders(["pkg", "pkg/sub"])
        modified = unpacking.write("pkg/sub/a.py", [text[:2], text[2:]], executable=False)
        member = Member("pkg/sub/a.py", len(text), "sha256=x", False, modified)
        manifest = Manifest(
            NAME,
            "1.0",
            "lib_a-1.0",
            WheelFacts((1, 0), True),
            ("pkg", "pkg/sub"),
            (member,),
            digests=(Digest("sha256", sha),),
        )
        return wheels.finish(unpacking, manifest)


def left(wheels):
    return sorted(os.listdir(os.path.join(wheels.root, NAME)))


def test_a_stored_wheel_is_found_by_its_archive(wheels):
    kept = keep(wheels)

    found = wheels.find(NAME, SHA)

    assert (kept.folder, kept.manifest) == (found.folder, found.manifest)
    assert (True, False) == (kept.fresh, found.fresh)


def test_its_files_lie_in_its_folder(wheels):
    with open(os.path.join(keep(wheels).folder, "pkg", "sub", "a.py"), "rb") as file:
        assert b"text" == file.read()


def test_nothing_else_is_found(wheels):
    keep(wheels)

    assert (None, None) == (wheels.find(NAME, "cd" * 32), wheels.find(package_name("other"), SHA))


def test_a_wheel_that_is_not_finished_leaves_nothing(wheels):
    with suppress(KeyError), wheels.begin(NAME) as unpacking:
        unpacking.write("a.py", [b"text"], executable=False)
        raise KeyError

    assert [] == left(wheels)


@pytest.mark.parametrize("manifest", [None, b"", b"rubbish"])
def test_a_folder_without_its_completion_mark_is_absent_and_replaced(wheels, manifest):
    mark = os.path.join(os.path.dirname(keep(wheels).folder), "manifest")
    if manifest is None:
        os.unlink(mark)
    else:
        with open(mark, "wb") as file:
            file.write(manifest)

    assert None is wheels.find(NAME, SHA)
    assert keep(wheels).manifest == wheels.find(NAME, SHA).manifest


def test_of_two_that_finish_together_the_first_one_stays(wheels):
    first = keep(wheels)
    second = keep(wheels)

    assert (first.folder, [SHA]) == (second.folder, left(wheels))


def test_a_wheel_as_it_was_stored_is_untouched(wheels):
    assert wheels.is_untouched(keep(wheels))


@pytest.mark.parametrize("harm", ["edit", "same size", "remove"])
def test_a_wheel_that_somebody_changed_is_noticed(wheels, harm):
    kept = keep(wheels)
    path = os.path.join(kept.folder, "pkg", "sub", "a.py")
    if harm == "remove":
        os.unlink(path)
    else:
        with open(path, "wb") as file:
            file.write(b"evil" if harm == "same size" else b"more text")
        os.utime(path, ns=(1, 1))

    assert not wheels.is_untouched(kept)


def test_a_forgotten_wheel_is_gone(wheels):
    keep(wheels)
    wheels.forget(NAME, SHA)

    assert (None, []) == (wheels.find(NAME, SHA), left(wheels))


@pytest.mark.parametrize(("executable", "mode"), [(True, 0o755), (False, 0o644)])
def test_files_are_made_with_plain_modes_below_the_umask(wheels, executable, mode):
    before = os.umask(0o022)
    try:
        with wheels.begin(NAME) as unpacking:
            unpacking.write("a", [b""], executable=executable)
            found = os.stat(os.path.join(unpacking.tree, "a")).st_mode & 0o7777
    finally:
        os.umask(before)

    assert mode == found


def test_what_a_url_gave_is_remembered_for_that_key_alone(wheels):
    wheels.remember(NAME, "me\nindex\nurl", Pointer(SHA, "etag"))

    assert (Pointer(SHA, "etag"), None) == (
        wheels.recall(NAME, "me\nindex\nurl"),
        wheels.recall(NAME, "you\nindex\nurl"),
    )


def test_a_spooled_archive_goes_away(wheels):
    with wheels.spool(NAME) as path, open(path, "wb") as file:
        file.write(b"text")

    assert [] == left(wheels)


def test_a_spool_that_nobody_filled_is_no_error(wheels):
    with wheels.spool(NAME):
        pass

    assert [] == left(wheels)


def test_cleaning_a_package_takes_its_wheels_and_what_its_urls_gave(wheels, tmp_path):
    keep(wheels)
    wheels.remember(NAME, "key", Pointer(SHA))
    Store(str(tmp_path / "cache")).clean([NAME])

    assert (None, None) == (wheels.find(NAME, SHA), wheels.recall(NAME, "key"))


def test_in_a_cache_that_cannot_be_written_wheels_live_as_long_as_the_process(tmp_path):
    (tmp_path / "cache").write_text("a file")
    lines = []
    wheels = WheelStore(Store(str(tmp_path / "cache"), lambda _level, line: lines.append(line)))

    kept = keep(wheels)

    assert (kept.manifest, 1) == (wheels.find(NAME, SHA).manifest, len(lines))
    wheels.forget(NAME, SHA)
    assert None is wheels.find(NAME, SHA)
