import gzip

import msgspec
import pytest

from bench.recording import Recording, Told, key_of, made_up_hash, missing, rewritten, sha256

PAGE = {
    "meta": {"api-version": "1.1"},
    "name": "lib",
    "files": [
        {"filename": "lib-1-py3-none-any.whl", "url": "https://files.example/packages/aa/lib-1-py3-none-any.whl"},
        {"filename": "lib-1.tar.gz", "url": "../../packages/bb/lib-1.tar.gz", "hashes": {"sha256": "cc"}},
    ],
}
URL = "https://pkgs.example/simple/lib/"
WHEEL = "/packages/aa/lib-1-py3-none-any.whl"


def files_of(known):
    page = rewritten(msgspec.json.encode(PAGE), URL, "https://127.0.0.1:1/files", known)
    return msgspec.json.decode(page)["files"]


@pytest.fixture
def recording(tmp_path):
    found = Recording(tmp_path)
    found.keep(found.page("lib"), msgspec.json.encode(PAGE))
    found.keep(found.file(f"{WHEEL}.metadata"), b"Name: lib")
    found.tell(Told({"lib": URL}, {key_of("web"): ("lib",)}))
    return found


def test_files_keep_their_paths_under_a_new_base():
    assert [
        f"https://127.0.0.1:1/files{WHEEL}",
        "https://127.0.0.1:1/files/packages/bb/lib-1.tar.gz",
    ] == [file["url"] for file in files_of({})]


def test_what_else_a_page_says_stays():
    assert {"sha256": "cc"} == files_of({})[1]["hashes"]


def test_a_recorded_sidecar_has_its_real_hash():
    assert {"sha256": "dd"} == files_of({WHEEL: "dd"})[0]["core-metadata"]


def test_a_page_is_as_large_as_if_all_sidecars_were_there():
    assert {"sha256": made_up_hash(WHEEL)} == files_of({})[0]["core-metadata"]


def test_while_recording_a_sidecar_is_promised_without_a_hash():
    assert True is files_of(None)[0]["core-metadata"]


def test_only_wheels_have_sidecars():
    assert "core-metadata" not in files_of({})[1]


def test_sidecars_are_known_by_the_path_of_their_wheel(recording):
    assert {WHEEL: sha256(b"Name: lib")} == recording.sidecars()


def test_a_tree_holds_each_page_plain_and_compressed(recording, tmp_path):
    recording.write_tree(tmp_path / "tree", "https://127.0.0.1:1/files")

    plain = (tmp_path / "tree/simple/lib/index.json").read_bytes()
    assert plain == gzip.decompress((tmp_path / "tree/simple/lib/index.json.gz").read_bytes())
    assert sha256(b"Name: lib").encode() in plain


def test_what_is_recorded_is_not_missing(recording):
    assert ("other",) == missing(recording.told(), {"web": ("lib",), "other": ("lib",)})


def test_a_set_that_has_changed_is_missing(recording):
    assert ("web",) == missing(recording.told(), {"web": ("lib", "more")})


def test_nothing_is_recorded_in_an_empty_folder(tmp_path):
    assert Told() == Recording(tmp_path / "none").told()


@pytest.mark.parametrize("path", ["/../outside", "/a/%2e%2e/%2e%2e/outside"])
def test_no_file_lies_outside_the_recording(tmp_path, path):
    with pytest.raises(ValueError, match="outside"):
        Recording(tmp_path).file(path)
