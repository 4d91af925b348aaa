import errno
import os

import pytest

from keyrack.adapters.archives import UnsafeArchive
from keyrack.adapters.store import Store
from keyrack.adapters.wheels import Unpacking, WheelStore
from keyrack.errors import InvalidText
from keyrack.policy.install.verify import InvalidWheel
from keyrack.supply.unpacking import unpack
from keyrack.values.artifact import Digest, parse_wheel_name
from keyrack.values.wheel import EntryPoint, RecordRow
from lab.wheels import BREAKS, record_hash, wheel

HARMLESS = {"record-names-no-file"}


@pytest.fixture
def wheels(tmp_path):
    return WheelStore(Store(str(tmp_path / "cache")))


@pytest.fixture
def unpacked(tmp_path, wheels):
    def unpacked(artifact, body=None):
        path = tmp_path / artifact.filename
        path.write_bytes(artifact.body if body is None else body)
        digests = (Digest("sha256", artifact.sha256),)
        return unpack(str(path), parse_wheel_name(artifact.filename), digests, wheels)

    return unpacked


def members(stored):
    return {member.path: member for member in stored.manifest.members}


def test_all_files_of_a_wheel_are_in_the_store_and_in_its_manifest(unpacked):
    stored = unpacked(wheel("lib-a", "1.0", files={"lib_a/__init__.py": "x = 1\n", "lib_a/sub/data.bin": b"\0"}))

    found = {}
    for path in members(stored):
        with open(os.path.join(stored.folder, path), "rb") as file:
            found[path] = file.read()
    assert (b"x = 1\n", b"\0") == (found["lib_a/__init__.py"], found["lib_a/sub/data.bin"])
    assert {"lib_a", "lib_a/sub", "lib_a-1.0.dist-info"} == set(stored.manifest.folders)
    assert {"METADATA", "WHEEL"} == {path.rpartition("/")[2] for path in found if ".dist-info/" in path}


def test_a_manifest_holds_what_the_wheel_says_of_itself(unpacked):
    stored = unpacked(wheel("lib-a", "1.0", console={"run": "lib_a:main"}, gui={"win": "lib_a:main.show"}, pure=False))

    manifest = stored.manifest
    assert ("lib-a", "1.0", "lib_a-1.0", False) == (
        manifest.name,
        manifest.version_text,
        manifest.stem,
        manifest.facts.root_is_purelib,
    )
    assert {EntryPoint("run", "lib_a", "main"), EntryPoint("win", "lib_a", "main.show", gui=True)} == set(
        manifest.entry_points
    )


def test_members_have_the_size_and_hash_of_record(unpacked):
    member = members(unpacked(wheel("lib-a", "1.0", files={"a.py": "text"})))["a.py"]

    assert RecordRow("a.py", f"sha256={record_hash(b'text')}", 4) == member.row


@pytest.mark.parametrize("executable", [True, False])
def test_the_executable_bit_is_kept(unpacked, executable):
    stored = unpacked(wheel("lib-a", "1.0", files={"a/run": "x"}, executable=["a/run"] if executable else []))

    assert executable == os.access(os.path.join(stored.folder, "a", "run"), os.X_OK)
    assert executable == members(stored)["a/run"].executable


def test_scripts_that_ask_for_the_right_python_are_marked(unpacked):
    scripts = {"ours": "#!python\nprint()\n", "win": "#!pythonw\n", "other": "#!/bin/sh\n", "empty": ""}

    stored = unpacked(wheel("lib-a", "1.0", scripts=scripts))

    assert {"ours", "win"} == {path.rpartition("/")[2] for path in stored.manifest.placeholders}


@pytest.mark.parametrize("name", ["INSTALLER", "REQUESTED", "direct_url.json", "RECORD.jws"])
def test_what_only_an_installer_writes_is_dropped(unpacked, name):
    stored = unpacked(wheel("lib-a", "1.0", files={f"lib_a-1.0.dist-info/{name}": "forged"}))

    assert f"lib_a-1.0.dist-info/{name}" not in members(stored)
    assert not os.path.exists(os.path.join(stored.folder, "lib_a-1.0.dist-info", name))


@pytest.mark.parametrize("broken", sorted(set(BREAKS) - HARMLESS))
def test_a_wheel_that_is_wrong_in_any_way_is_refused_and_leaves_nothing(unpacked, wheels, broken):
    artifact = wheel("lib-a", "1.0", broken=[broken])

    with pytest.raises((InvalidWheel, UnsafeArchive, InvalidText)):
        unpacked(artifact)

    assert None is wheels.find(artifact.project, artifact.sha256)
    assert [] == [name for _, _, files in os.walk(os.path.join(wheels.root, "lib-a")) for name in files]


def test_rows_of_record_without_a_file_are_left_out(unpacked):
    assert "not/there.py" not in members(unpacked(wheel("lib-a", "1.0", broken=["record-names-no-file"])))


def test_an_empty_file_is_no_wheel(unpacked):
    with pytest.raises(UnsafeArchive, match="Failed to read the archive"):
        unpacked(wheel("lib-a", "1.0"), b"")


def test_a_text_that_is_not_utf_8_is_refused(unpacked):
    with pytest.raises(InvalidText, match="is not UTF-8"):
        unpacked(
            wheel("lib-a", "1.0", headers=[("Author", "A")], files={"lib_a-1.0.dist-info/entry_points.txt": b"\xff"})
        )


def test_a_disk_that_is_full_is_told_as_what_it_is(tmp_path):
    artifact = wheel("lib-a", "1.0", files={"a/b": "text"})
    path = tmp_path / artifact.filename
    path.write_bytes(artifact.body)

    with pytest.raises(OSError, match="No space left"):
        unpack(str(path), parse_wheel_name(artifact.filename), (), FullStore(Store(str(tmp_path / "cache"))))


class FullStore(WheelStore):
    """A store on a disk that takes nothing."""

    def begin(self, name):
        return FullUnpacking(str(self.root))


class FullUnpacking(Unpacking):
    def write(self, path, pieces, *, executable):
        next(iter(pieces))
        raise OSError(errno.ENOSPC, "No space left on device")
