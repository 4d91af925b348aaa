"""Wheels from words: what is inside, and that they are the same everywhere."""

import io
import subprocess
import sys
import zipfile

import pytest
from installer.sources import WheelFile
from packaging.metadata import Metadata
from packaging.utils import parse_wheel_filename

from lab.wheels import BREAKS, Artifact, record_hash, wheel


def members(artifact: Artifact) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(artifact.body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def validate(artifact: Artifact) -> None:
    """Let another library check names, RECORD and hashes."""
    with zipfile.ZipFile(io.BytesIO(artifact.body)) as archive:
        archive.filename = artifact.filename
        WheelFile(archive).validate_record()


def test_plain_wheel_is_valid():
    validate(wheel("Lib.A", "1.0"))


def test_wheel_with_everything_is_valid():
    validate(
        wheel(
            "lib-a",
            "1.0",
            files={"a/__init__.py": "", "a,b.txt": "odd", "a/data.bin": b"\0"},
            console={"tool": "a:main"},
            scripts={"run": "#!python\n"},
            data={"data/share/x": "1", "headers/x.h": ""},
            compress=True,
        )
    )


def test_same_words_give_the_same_bytes_in_every_process():
    code = "from lab.wheels import wheel; print(wheel('a', '1', requires=['b'], extras={'x': ['c']}).sha256)"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert wheel("a", "1", requires=["b"], extras={"x": ["c"]}).sha256 == told.stdout.strip()


def test_bytes_do_not_change_from_day_to_day():
    assert "a88526f174de1cf6" == wheel("a", "1").sha256[:16]


def test_file_name_is_normalized_and_complete():
    artifact = wheel("Lib.A", "1.0+cpu", build="7", tags="cp311-abi3-manylinux_2_17_x86_64.linux_x86_64")

    assert "lib_a-1.0+cpu-7-cp311-abi3-manylinux_2_17_x86_64.linux_x86_64.whl" == artifact.filename
    assert ("lib-a", (7, "")) == (
        parse_wheel_filename(artifact.filename)[0],
        parse_wheel_filename(artifact.filename)[2],
    )


def test_metadata_is_valid():
    words = wheel(
        "Lib.A",
        "1.0",
        requires=["b>=1 ; python_version > '3.8'"],
        extras={"x": ["c", "d ; sys_platform == 'linux'"], "none": []},
        requires_python=">=3.8",
        summary="A lib",
        description="Long\n\ntext",
        headers=[("License-Expression", "MIT")],
        metadata_version="2.4",
    ).metadata

    metadata = Metadata.from_email(words)

    assert (
        [
            'b>=1; python_version > "3.8"',
            'c; extra == "x"',
            'd; sys_platform == "linux" and extra == "x"',
        ],
        ["x", "none"],
        "Long\n\ntext",
    ) == ([str(each) for each in metadata.requires_dist or ()], metadata.provides_extra, metadata.description)


def test_metadata_of_the_listing_is_that_of_the_archive():
    artifact = wheel("lib-a", "1.0", requires=["b"])

    assert artifact.metadata == members(artifact)["lib_a-1.0.dist-info/METADATA"]


def test_wheel_file_names_every_tag():
    artifact = wheel("a", "1", tags="cp311.cp312-abi3-win32.win_amd64", pure=False, build="2")

    assert (
        b"Wheel-Version: 1.0\nGenerator: lab\nRoot-Is-Purelib: false\nBuild: 2\n"
        b"Tag: cp311-abi3-win32\nTag: cp311-abi3-win_amd64\nTag: cp312-abi3-win32\nTag: cp312-abi3-win_amd64\n"
    ) == members(artifact)["a-1.dist-info/WHEEL"]


def test_entry_points_are_written():
    artifact = wheel("a", "1", console={"t": "a:t"}, gui={"g": "a:g"}, entry_points={"plug": {"p": "a"}})

    assert (
        b"[console_scripts]\nt = a:t\n\n[gui_scripts]\ng = a:g\n\n[plug]\np = a\n\n"
        == members(artifact)["a-1.dist-info/entry_points.txt"]
    )


def test_scripts_are_executable_and_modules_are_not():
    artifact = wheel("a", "1", scripts={"run": "#!python\n"}, executable=["bin.sh"], files={"bin.sh": "", "m.py": ""})
    with zipfile.ZipFile(io.BytesIO(artifact.body)) as archive:
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}

    assert (0o755, 0o755, 0o644) == (modes["a-1.data/scripts/run"], modes["bin.sh"], modes["m.py"])


def test_default_module_tells_its_version():
    assert b'__version__ = "1.0"\n' == members(wheel("Lib.A", "1.0"))["lib_a/__init__.py"]


def test_listing_words_are_kept():
    artifact = wheel("a", "1", requires_python=">=3.9", yanked="", uploaded="2020-01-01T00:00:00Z")

    assert (">=3.9", "", "2020-01-01T00:00:00Z") == (artifact.requires_python, artifact.yanked, artifact.uploaded)


@pytest.mark.parametrize("broken", ["record-hash", "record-misses-a-file"])
def test_broken_record_is_noticed_by_others(broken):
    with pytest.raises(Exception, match=r"RECORD|hash"):
        validate(wheel("a", "1", broken=[broken]))


@pytest.mark.parametrize("broken", sorted(set(BREAKS)))
def test_every_break_changes_the_archive(broken):
    assert wheel("a", "1").body != wheel("a", "1", broken=[broken]).body


@pytest.mark.parametrize(
    ("broken", "missing"), [("no-record", "RECORD"), ("no-metadata", "METADATA"), ("no-wheel-file", "WHEEL")]
)
def test_file_can_be_left_out(broken, missing):
    assert f"a-1.dist-info/{missing}" not in members(wheel("a", "1", broken=[broken]))


@pytest.mark.parametrize(
    ("broken", "path"),
    [("path-escapes", "../escaped.py"), ("absolute-path", "/lab-absolute.py"), ("symlink", "lab-link")],
)
def test_bad_path_can_be_put_in(broken, path):
    with zipfile.ZipFile(io.BytesIO(wheel("a", "1", broken=[broken]).body)) as archive:
        assert path in archive.namelist()


def test_entry_can_come_twice():
    with zipfile.ZipFile(io.BytesIO(wheel("a", "1", broken=["double-entry"]).body)) as archive:
        assert 2 == archive.namelist().count("a/__init__.py")


def test_checksum_can_be_wrong():
    with (
        zipfile.ZipFile(io.BytesIO(wheel("a", "1", broken=["bad-crc"]).body)) as archive,
        pytest.raises(zipfile.BadZipFile, match="CRC"),
    ):
        archive.read("a/__init__.py")


def test_unknown_break_is_refused():
    with pytest.raises(ValueError, match="no such way"):
        wheel("a", "1", broken=["nonsense"])


def test_record_hash_is_written_without_padding():
    assert "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU" == record_hash(b"")
