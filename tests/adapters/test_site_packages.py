import json

import pytest
from packaging.version import Version

from keyrack.adapters.site_packages import installed, read_file, read_metadata
from keyrack.errors import KeyrackError
from keyrack.values.url import parse_url


def dist_info(folder, stem, **files):
    """Make a dist-info folder; names of files are written with `_` for `.`."""
    path = folder / f"{stem}.dist-info"
    path.mkdir()
    (path / "RECORD").write_text("a.py,,\n")
    (path / "METADATA").write_text("")
    for name, text in files.items():
        (path / name.replace("_json", ".json")).write_text(text)
    return path


def found(*folders):
    return [(one.name, str(one.version)) for one in installed(str(folder) for folder in folders)]


def test_distributions_are_found_by_their_folders_and_sorted_by_name(tmp_path):
    for stem in ("zoo-1.0", "Lib_A-2.0.post1", "a.b-1"):
        dist_info(tmp_path, stem)
    (tmp_path / "lib_a").mkdir()
    (tmp_path / "top.py").write_text("")

    assert [("a-b", "1"), ("lib-a", "2.0.post1"), ("zoo", "1.0")] == found(tmp_path)


@pytest.mark.parametrize(
    "name", ["no_version.dist-info", "a-no version.dist-info", "~a-1.0.dist-info", "a-1-.dist-info"]
)
def test_a_folder_without_a_readable_name_and_version_is_left_out(tmp_path, name):
    (tmp_path / name).mkdir()

    assert [] == found(tmp_path)


def test_a_file_where_a_dist_info_folder_should_be_is_left_out(tmp_path):
    (tmp_path / "a-1.0.dist-info").write_text("")

    assert [] == found(tmp_path)


def test_folders_that_are_not_there_hold_nothing(tmp_path):
    (tmp_path / "file").write_text("")

    assert [] == found(tmp_path / "missing", tmp_path / "file")


def test_two_names_of_one_folder_are_searched_once(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib64").symlink_to("lib")
    dist_info(tmp_path / "lib", "a-1.0")

    assert [("a", "1.0")] == found(tmp_path / "lib", tmp_path / "lib64")


@pytest.mark.parametrize("missing", ["RECORD", "METADATA"])
def test_a_dist_info_folder_without_its_main_files_is_not_whole(tmp_path, missing):
    (dist_info(tmp_path, "a-1.0") / missing).unlink()

    assert [False] == [one.whole for one in installed([str(tmp_path)])]


def test_an_empty_record_is_what_a_power_cut_may_leave_so_it_is_none(tmp_path):
    dist_info(tmp_path, "a-1.0", RECORD="")

    assert [False] == [one.whole for one in installed([str(tmp_path)])]


def test_where_a_distribution_came_from_is_read(tmp_path):
    source = {"url": "https://pkgs.example/a.whl", "archive_info": {}}
    dist_info(tmp_path, "a-1.0", direct_url_json=json.dumps(source), INSTALLER="lab\n")

    (one,) = installed([str(tmp_path)])

    assert (parse_url("https://pkgs.example/a.whl").url, "lab") == (one.direct_url.url, one.installer)


def test_a_source_that_cannot_be_read_is_an_error_that_names_the_file(tmp_path):
    place = dist_info(tmp_path, "a-1.0", direct_url_json="not json")

    with pytest.raises(KeyrackError) as caught:
        installed([str(tmp_path)])

    assert f"Failed to read metadata from: `{place / 'direct_url.json'}`" == caught.value.message


def test_an_editable_distribution_tells_its_folder(tmp_path):
    source = {"url": "file:///src/a%20b", "dir_info": {"editable": True}}
    dist_info(tmp_path, "a-1.0", direct_url_json=json.dumps(source))

    assert ["/src/a b"] == [one.editable_at for one in installed([str(tmp_path)])]


def test_the_files_of_a_dist_info_folder_are_read_when_they_are_wanted(tmp_path):
    dist_info(tmp_path, "a-1.0", METADATA="Name: a\n")

    (one,) = installed([str(tmp_path)])

    assert (b"Name: a\n", b"Name: a\n", None) == (
        read_metadata(one),
        read_file(one, "METADATA"),
        read_file(one, "WHEEL"),
    )


@pytest.mark.parametrize("name", ["a-1.0.egg-info", "a-1.0-py3.11.egg-info", "a.egg-info"])
@pytest.mark.parametrize("is_folder", [True, False])
def test_what_setuptools_left_is_found(tmp_path, name, is_folder):
    text = "Metadata-Version: 1.0\nName: a\nVersion: 1.0\n"
    path = tmp_path / name
    if is_folder:
        path.mkdir()
        path = path / "PKG-INFO"
    path.write_text(text)

    (one,) = installed([str(tmp_path)])

    assert ("a", Version("1.0"), True, text.encode()) == (one.name, one.version, one.legacy, read_metadata(one))


def test_an_egg_info_without_any_version_is_left_out(tmp_path):
    (tmp_path / "a.egg-info").mkdir()

    assert [] == found(tmp_path)


def test_a_legacy_editable_is_found_by_its_link(tmp_path):
    egg_info = tmp_path / "src" / "lib_a.egg-info"
    egg_info.mkdir(parents=True)
    (egg_info / "PKG-INFO").write_text("Name: lib-a\nVersion: 2.0\n")
    site = tmp_path / "site"
    site.mkdir()
    (site / "lib-a.egg-link").write_text(f"{tmp_path}/src\n.")

    (one,) = installed([str(site)])

    assert ("lib-a", "2.0", f"{tmp_path}/src") == (one.name, str(one.version), one.editable_at)
    assert b"Name: lib-a\nVersion: 2.0\n" == read_metadata(one)
