import os
import sys
from pathlib import Path

import pytest

from keyrack.adapters.links import Linker, LinkFailed, write_new
from keyrack.values.settings import LinkMode


@pytest.fixture(autouse=True)
def usual_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "source"
    path.write_bytes(b"text")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("mode", list(LinkMode))
def test_every_mode_gives_the_same_contents_and_permissions(source, tmp_path, mode):
    Linker(mode).link(str(source), str(tmp_path / "target"))

    assert (b"text", 0o755) == ((tmp_path / "target").read_bytes(), (tmp_path / "target").stat().st_mode & 0o777)


def test_a_hard_link_shares_the_file(source, tmp_path):
    Linker(LinkMode.HARDLINK).link(str(source), str(tmp_path / "target"))

    assert source.samefile(tmp_path / "target")


@pytest.mark.parametrize("mode", [LinkMode.COPY, LinkMode.CLONE])
def test_a_copy_is_a_file_of_its_own(source, tmp_path, mode):
    linker = Linker(mode)

    linker.link(str(source), str(tmp_path / "target"))

    assert source.samefile(tmp_path / "target") == (linker.mode is LinkMode.HARDLINK)


def test_a_symbolic_link_names_the_stored_file(source, tmp_path):
    Linker(LinkMode.SYMLINK).link(str(source), str(tmp_path / "target"))

    assert str(source) == os.readlink(tmp_path / "target")


@pytest.mark.parametrize("mode", list(LinkMode))
def test_what_is_there_is_never_overwritten(source, tmp_path, mode):
    outside = tmp_path / "outside"
    (tmp_path / "target").symlink_to(outside)

    with pytest.raises(FileExistsError):
        Linker(mode).link(str(source), str(tmp_path / "target"))

    assert not outside.exists()


@pytest.mark.parametrize("mode", list(LinkMode))
def test_a_folder_that_is_missing_is_told(source, tmp_path, mode):
    with pytest.raises(FileNotFoundError):
        Linker(mode).link(str(source), str(tmp_path / "missing" / "target"))


@pytest.mark.skipif(sys.platform != "linux", reason="/proc takes no files")
@pytest.mark.parametrize("mode", list(LinkMode))
def test_where_nothing_works_the_reason_is_told(source, mode):
    with pytest.raises((LinkFailed, FileNotFoundError)):
        Linker(mode).link(str(source), "/proc/self/target")


@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="there is no second file system at hand")
def test_across_file_systems_files_are_copied_and_it_is_said_once(source, tmp_path):
    linker = Linker(LinkMode.HARDLINK)
    targets = [f"/dev/shm/{tmp_path.parent.name}-{tmp_path.name}-{number}-{os.getpid()}" for number in range(2)]

    try:
        for target in targets:
            linker.link(str(source), target)
        kept = [Path(target).read_bytes() for target in targets]
    finally:
        for target in targets:
            os.unlink(target)

    if linker.mode is LinkMode.HARDLINK:
        pytest.skip("there is no second file system at hand")
    assert ([b"text", b"text"], 1) == (kept, len(linker.warnings))


def test_a_written_file_is_executable_where_it_is_meant_to_be(tmp_path):
    write_new(str(tmp_path / "run"), b"text", executable=True)

    assert (b"text", True) == ((tmp_path / "run").read_bytes(), os.access(tmp_path / "run", os.X_OK))


def test_a_written_file_follows_the_umask(tmp_path):
    before = os.umask(0o077)
    try:
        write_new(str(tmp_path / "a"), b"")
    finally:
        os.umask(before)

    assert 0o600 == (tmp_path / "a").stat().st_mode & 0o777


def test_a_file_is_only_written_where_nothing_is(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "b")

    with pytest.raises(FileExistsError):
        write_new(str(tmp_path / "a"), b"text")
