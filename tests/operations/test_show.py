import pytest
from packaging.version import Version

from keyrack.errors import KeyrackError
from keyrack.operations.environments import Surveyed
from keyrack.operations.show import at_paths, frozen, listed, location_text, show
from keyrack.values.installed import DirectUrl, Installed
from keyrack.values.interpreter import Interpreter, Paths
from keyrack.values.names import PackageName
from keyrack.values.url import parse_url

PYTHON = Interpreter(
    "/v/bin/python", "/v", "/base", "/base/python", "3.12.1", "cpython", {"python_version": "3.12"}, (),
    Paths("/v/lib", "/v/lib", "/v/bin", "/v", "/v/include"), True, "linux",
)  # fmt: skip


def one(name, version="1.0", url="", **words):
    source = DirectUrl(parse_url(url).url, **words) if url else None
    editable_at = "/src" if words.get("editable") else None
    return Installed(PackageName(name), Version(version), "/site", f"/site/{name}", source, editable_at)


def on_disk(folder, name, requires=(), record="a.py,,\n"):
    place = folder / f"{name}-1.0.dist-info"
    place.mkdir()
    lines = [f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", *(f"Requires-Dist: {each}\n" for each in requires)]
    (place / "METADATA").write_text("".join(lines), encoding="utf-8")
    if record is not None:
        (place / "RECORD").write_text(record, encoding="utf-8")
    return place


def surveyed(folder):
    return Surveyed(PYTHON, (str(folder),), at_paths((str(folder),)))


def test_a_list_is_sorted_by_name_and_version():
    found = [one("b"), one("a", "10.0"), one("a", "9.0")]

    assert [("a", "9.0"), ("a", "10.0"), ("b", "1.0")] == [(each.name, str(each.version)) for each in listed(found)]


@pytest.mark.parametrize(("editable", "expected"), [(None, ["a", "b"]), (True, ["b"]), (False, ["a"])])
def test_a_list_may_hold_editable_packages_only_or_none(editable, expected):
    found = [one("a"), one("b", url="file:///src", editable=True), one("c")]

    assert expected == [each.name for each in listed(found, editable=editable, excluded=frozenset({PackageName("c")}))]


@pytest.mark.parametrize(
    ("distribution", "expected"),
    [
        (one("a", "1.0+local"), ("a", "==1.0+local")),
        (one("a", url="https://pkgs.example/a.whl"), ("a", " @ https://pkgs.example/a.whl")),
        (one("a", url="file:///src/a", editable=True), ("", "-e file:///src/a")),
        (one("a", url="https://git.example/a", revision="abc"), ("a", " @ git+https://git.example/a@abc")),
        (one("a", url="file:///a.zip", subdirectory="x/y"), ("a", " @ file:///a.zip#subdirectory=x/y")),
        (
            Installed(PackageName("a"), Version("1"), "/s", "/s/a.egg-link", None, "/src/a", legacy=True),
            ("", "-e /src/a"),
        ),
    ],
)
def test_each_kind_is_frozen_in_its_own_way(distribution, expected):
    assert expected == frozen(distribution)


def test_what_an_index_served_has_no_location():
    assert "" == location_text(one("a"))


def test_names_are_shown_sorted_with_what_they_require_and_who_requires_them(tmp_path):
    on_disk(tmp_path, "b", ["c", "a; python_version < '3'", "c>1"])
    on_disk(tmp_path, "a", ["b"])
    on_disk(tmp_path, "c", ["c"])

    found = show(surveyed(tmp_path), [PackageName("c"), PackageName("b"), PackageName("nope")])

    assert [("b", ("c",), ("a",)), ("c", ("c",), ("b",))] == [
        (each.distribution.name, each.requires, each.required_by) for each in found
    ]


def test_unreadable_metadata_requires_nothing_that_is_known(tmp_path):
    (on_disk(tmp_path, "a") / "METADATA").unlink()
    (on_disk(tmp_path, "b", ["not a requirement !"]))

    assert [None, None] == [each.requires for each in show(surveyed(tmp_path), [PackageName("a"), PackageName("b")])]


def test_files_are_those_of_the_record(tmp_path):
    on_disk(tmp_path, "a", record="a.py,,\n'odd,,\n")

    assert ("a.py", "'odd") == show(surveyed(tmp_path), [PackageName("a")], with_files=True)[0].files


def test_without_a_record_there_are_no_files_to_show(tmp_path):
    place = on_disk(tmp_path, "a", record=None)

    with pytest.raises(KeyrackError) as caught:
        show(surveyed(tmp_path), [PackageName("a")], with_files=True)

    assert f"failed to open file `{place}/RECORD`" == caught.value.message
