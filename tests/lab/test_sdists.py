"""Source distributions from words: metadata, and a build that needs nothing."""

import io
import tarfile

import pyproject_hooks
import pytest
from packaging.metadata import Metadata

from lab.sdists import sdist
from lab.wheels import Artifact, wheel


def member(artifact: Artifact, path: str) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(artifact.body)) as archive:
        file = archive.extractfile(path)
        assert file is not None
        return file.read()


def unpacked(artifact: Artifact, folder):
    with tarfile.open(fileobj=io.BytesIO(artifact.body)) as archive:
        archive.extractall(folder, filter="data")
    return folder / artifact.filename.removesuffix(".tar.gz")


def test_pkg_info_is_static():
    metadata = Metadata.from_email(member(sdist("Lib.A", "1.0", requires=["b"]), "lib_a-1.0/PKG-INFO"))

    assert (["b"], "2.3", None) == (
        [str(each) for each in metadata.requires_dist or ()],
        metadata.metadata_version,
        metadata.dynamic,
    )


def test_dynamic_field_is_named_and_left_out():
    artifact = sdist("a", "1", requires=["b"], requires_python=">=3.8", dynamic=["Requires-Dist"])
    metadata = Metadata.from_email(member(artifact, "a-1/PKG-INFO"))

    assert (None, ["requires-dist"], ">=3.8") == (
        metadata.requires_dist,
        metadata.dynamic,
        str(metadata.requires_python),
    )


def test_same_words_give_the_same_bytes():
    assert "5ee06978086bf8a2" == sdist("a", "1").sha256[:16]


def test_backend_copies_the_wheel(tmp_path):
    source = unpacked(sdist("lib-a", "1.0", requires=["b"]), tmp_path)
    (tmp_path / "out").mkdir()

    hooks = pyproject_hooks.BuildBackendHookCaller(str(source), "backend", ["."])
    name = hooks.build_wheel(str(tmp_path / "out"))

    assert wheel("lib-a", "1.0", requires=["b"]).body == (tmp_path / "out" / name).read_bytes()


def test_backend_tells_metadata_without_a_build(tmp_path):
    artifact = sdist("lib-a", "1.0", requires=["b"], dynamic=["Requires-Dist"])
    source = unpacked(artifact, tmp_path)
    (tmp_path / "out").mkdir()

    hooks = pyproject_hooks.BuildBackendHookCaller(str(source), "backend", ["."])
    folder = hooks.prepare_metadata_for_build_wheel(str(tmp_path / "out"))

    assert b"Requires-Dist: b\n" in (tmp_path / "out" / folder / "METADATA").read_bytes()


def test_backend_asks_for_what_it_is_told_to(tmp_path):
    source = unpacked(sdist("a", "1", late_requires=["c"]), tmp_path)

    assert ["c"] == pyproject_hooks.BuildBackendHookCaller(str(source), "backend", ["."]).get_requires_for_build_wheel()


def test_build_can_fail(tmp_path):
    source = unpacked(sdist("a", "1", build_fails=True), tmp_path)
    hooks = pyproject_hooks.BuildBackendHookCaller(
        str(source), "backend", ["."], runner=pyproject_hooks.quiet_subprocess_runner
    )

    with pytest.raises(Exception, match="exit status"):
        hooks.build_wheel(str(tmp_path))


def test_pyproject_names_the_needs_of_the_build():
    text = member(sdist("a", "1", build_requires=["c>=1"], static_project=True, requires=["b"]), "a-1/pyproject.toml")

    assert (
        b'[build-system]\nrequires = [\'c>=1\']\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        b'\n[project]\nname = "a"\nversion = "1"\ndependencies = [\'b\']\n'
    ) == text


def test_files_can_be_left_out_and_put_in():
    artifact = sdist("a", "1", no_pkg_info=True, no_pyproject=True, extra_members={"setup.py": "x"})
    with tarfile.open(fileobj=io.BytesIO(artifact.body)) as archive:
        names = archive.getnames()

    assert ["a-1/backend.py", "a-1/built/a-1-py3-none-any.whl", "a-1/setup.py"] == names
