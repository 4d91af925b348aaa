import os

import pytest

from keyrack.adapters.changes import Change
from keyrack.adapters.foresight import Foresight
from keyrack.adapters.links import Linker
from keyrack.adapters.removal import CannotRemove, Leaving, Ownership, remove
from keyrack.adapters.site_packages import installed
from keyrack.values.settings import LinkMode


@pytest.fixture
def site(tmp_path):
    root = tmp_path / "v" / "lib" / "site"
    root.mkdir(parents=True)
    return root


def put(site, *paths, text=""):
    for path in paths:
        target = site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def dist(site, stem, *paths, listed=()):
    """Install files by hand, with a RECORD of them."""
    info = f"{stem}.dist-info"
    put(site, *paths, f"{info}/METADATA")
    rows = [*paths, *listed, f"{info}/METADATA", f"{info}/RECORD"]
    (site / info / "RECORD").write_text("".join(f"{row},,\n" for row in rows))


def take(site, *names):
    """Remove distributions; give what is left below the environment, and the warnings."""
    there = {str(one.name): one for one in installed([str(site)])}
    ownership = Ownership([str(site.parent.parent)])
    change = Change(str(site), (str(site), str(site.parent.parent)), Linker(LinkMode.COPY))
    going = [there.pop(name) for name in names]
    others = {path for one in there.values() for path in ownership.listed(one)}
    leaving = Leaving()
    files = [ownership.listed(one) - others for one in going]
    together = set().union(*files)
    warnings = [remove(one, own, leaving, together) for one, own in zip(going, files, strict=True)]
    foresight = Foresight(leaving.paths)
    foresight.put_all(path for path, _ in leaving.written)
    change.begin(foresight.journal())
    for folder in leaving.emptied:
        change.prune(folder)
    for path, contents in leaving.written:
        change.write(path, contents)
    change.finish()
    return left(site), [*ownership.warnings, *filter(None, warnings)]


def left(site):
    found = set()
    for folder, folders, files in os.walk(site.parent.parent):
        found |= {os.path.relpath(os.path.join(folder, name), site) for name in files}
        if not folders and not files:
            found.add(os.path.relpath(folder, site) + "/")
    return found


def test_all_that_a_distribution_lists_goes_and_nothing_else(site):
    dist(site, "a-1", "a/__init__.py", "a/sub/b.py", "top.py", "../../bin/run")
    dist(site, "b-1", "b/__init__.py")
    put(site, "mine.py", "../../bin/mine")

    assert (
        {"b/__init__.py", "b-1.dist-info/METADATA", "b-1.dist-info/RECORD", "mine.py", "../../bin/mine"},
        [],
    ) == take(site, "a")


def test_files_that_the_user_put_beside_stay(site):
    dist(site, "a-1", "a/__init__.py", "a/sub/b.py")
    put(site, "a/mine.py", "a/sub2/mine.py")

    assert {"a/mine.py", "a/sub2/mine.py"} == take(site, "a")[0]


def test_files_that_another_distribution_lists_too_stay(site):
    dist(site, "a-1", "ns/__init__.py", "ns/a.py")
    dist(site, "b-1", "ns/__init__.py", "ns/b.py")

    assert {"ns/__init__.py", "ns/b.py"} == {path for path in take(site, "a")[0] if path.startswith("ns")}


def test_two_distributions_that_share_a_file_take_it_along_together(site):
    dist(site, "a-1", "ns/__init__.py", "ns/a.py")
    dist(site, "b-1", "ns/__init__.py", "ns/b.py")

    assert {"./"} == take(site, "a", "b")[0]


def test_the_bytecode_of_modules_goes_with_them(site):
    dist(site, "a-1", "a/__init__.py", "top.py")
    put(site, "a/__pycache__/__init__.cpython-312.pyc", "__pycache__/top.cpython-312.opt-1.pyc")
    put(site, "__pycache__/mine.cpython-312.pyc")

    assert {"__pycache__/mine.cpython-312.pyc"} == take(site, "a")[0]


def test_bytecode_that_nobody_can_place_stays_with_what_is_around_it(site):
    dist(site, "a-1", "a/__init__.py")
    put(site, "a/__pycache__/other.cpython-312.pyc")

    assert {"a/__pycache__/other.cpython-312.pyc"} == take(site, "a")[0]


def test_a_bytecode_folder_that_is_a_link_is_left_alone(site, tmp_path):
    dist(site, "a-1", "top.py")
    put(tmp_path, "elsewhere/top.cpython-312.pyc")
    (site / "__pycache__").symlink_to(tmp_path / "elsewhere")
    take(site, "a")

    assert (tmp_path / "elsewhere" / "top.cpython-312.pyc").exists()


@pytest.mark.parametrize("row", ["../../../outside.py", "link/outside.py", "a/../../../../outside.py"])
def test_a_row_that_leads_out_of_the_environment_is_skipped_with_a_warning(site, tmp_path, row):
    put(tmp_path, "outside.py")
    (site / "link").symlink_to(tmp_path)
    dist(site, "a-1", "a/b.py", listed=[row])

    _, warnings = take(site, "a")

    assert (True, 1) == ((tmp_path / "outside.py").exists(), len(warnings))
    assert warnings[0].startswith("Invalid RECORD entry in a that escapes the Python environment, skipping: ")


def test_an_absolute_row_is_taken_from_the_environment_s_folder(site, tmp_path):
    put(tmp_path, "outside.py")
    dist(site, "a-1", "a/b.py", listed=[f"{tmp_path}/outside.py"])
    take(site, "a")

    assert (tmp_path / "outside.py").exists()


def test_a_neighbour_whose_name_begins_alike_is_outside(site, tmp_path):
    put(tmp_path, "v-evil/outside.py")
    dist(site, "a-1", "a/b.py", listed=["../../../v-evil/outside.py"])
    take(site, "a")

    assert (tmp_path / "v-evil" / "outside.py").exists()


def test_a_row_that_names_a_folder_removes_no_folder(site):
    put(site, "mine/a.py", "../../share/mine")
    dist(site, "a-1", "a/b.py", listed=["mine", "../../share"])

    assert {"mine/a.py", "../../share/mine"} == take(site, "a")[0]


def test_a_link_is_removed_and_not_what_it_leads_to(site, tmp_path):
    put(tmp_path, "kept/file.py")
    (site / "a").mkdir()
    (site / "a" / "folder").symlink_to(tmp_path / "kept")
    dist(site, "a-1", "a/b.py", listed=["a/folder"])
    take(site, "a")

    assert ((tmp_path / "kept" / "file.py").exists(), (site / "a").exists()) == (True, False)


def test_folders_that_are_left_empty_elsewhere_go_too(site):
    dist(site, "a-1", "../../share/deep/file")
    put(site, "../../bin/mine")

    assert {"./", "../../bin/mine"} == take(site, "a")[0]


def test_files_that_are_gone_already_are_no_error(site):
    dist(site, "a-1", "a/b.py", listed=["a/gone.py", "../../bin/gone"])

    assert ({"./"}, []) == take(site, "a")


def test_without_a_record_only_the_dist_info_folder_goes_with_a_warning(site):
    dist(site, "a-1", "a/b.py")
    (site / "a-1.dist-info" / "RECORD").unlink()

    remains, warnings = take(site, "a")

    assert ({"a/b.py"}, 1) == (remains, len(warnings))
    assert "due to missing `RECORD` file" in warnings[0]


def test_a_record_that_cannot_be_read_stops_the_removal(site):
    dist(site, "a-1", "a/b.py")
    (site / "a-1.dist-info" / "RECORD").write_text("a,b,c,d,e\n")

    with pytest.raises(CannotRemove, match="Failed to read the RECORD of `a`"):
        take(site, "a")


def test_what_setuptools_installed_goes_by_its_top_level_names(site):
    put(site, "a/b.py", "mod.py", "ns/other.py", "mine.py")
    put(site, "a-1.egg-info/PKG-INFO")
    put(site, "a-1.egg-info/top_level.txt", text="a\n\nmod\nns\n../../escape\n")
    put(site, "a-1.egg-info/namespace_packages.txt", text="ns\n")

    assert ({"ns/other.py", "mine.py"}, []) == take(site, "a")


def test_what_setuptools_installed_without_names_goes_with_a_warning(site):
    put(site, "a-1.egg-info/PKG-INFO", "a.py")

    remains, warnings = take(site, "a")

    assert ({"a.py"}, True) == (remains, "due to missing `top_level.txt` file" in warnings[0])


def test_what_distutils_installed_cannot_be_removed(site):
    put(site, "a-1.egg-info", text="Name: a\nVersion: 1\n")

    with pytest.raises(CannotRemove, match="distutils-installed"):
        take(site, "a")


@pytest.mark.parametrize("pth", ["{}/src\n/other\n", "/other\n", None])
def test_a_legacy_editable_leaves_its_sources_and_its_line(site, tmp_path, pth):
    put(tmp_path, "src/a.egg-info/PKG-INFO", text="Name: a\nVersion: 1\n")
    put(site, "a.egg-link", text=f"{tmp_path}/src\n.")
    if pth is not None:
        put(site, "easy-install.pth", text=pth.format(tmp_path))

    remains, warnings = take(site, "a")

    assert ({"easy-install.pth"} if pth else {"./"}, []) == (remains, warnings)
    assert pth is None or "/other\n" == (site / "easy-install.pth").read_text()
    assert (tmp_path / "src" / "a.egg-info").exists()
