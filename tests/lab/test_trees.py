"""Static trees in memory and on disk."""

from lab.sdists import sdist
from lab.trees import Links, Looks, flat_tree, folder_tree, simple_tree, write_tree
from lab.wheels import wheel

LIB, SOURCE = wheel("lib-a", "1.0"), sdist("lib-a", "1.0")
NAME = "lib_a-1.0-py3-none-any.whl"


def test_simple_tree_holds_pages_files_and_metadata():
    assert [
        "simple/index.html",
        "simple/lib-a/index.html",
        f"simple/lib-a/{NAME}",
        f"simple/lib-a/{NAME}.metadata",
        "simple/lib-a/lib_a-1.0.tar.gz",
    ] == sorted(simple_tree((LIB, SOURCE)))


def test_files_can_lie_apart():
    assert f"packages/{NAME}" in simple_tree((LIB,), Looks(links=Links.UP))


def test_flat_tree_holds_one_page():
    assert ["flat/index.html", f"flat/{NAME}", f"flat/{NAME}.metadata"] == sorted(flat_tree((LIB,)))


def test_folder_holds_the_files_alone(tmp_path):
    write_tree(folder_tree((LIB, SOURCE)), tmp_path / "wheels")

    assert {NAME: LIB.body, "lib_a-1.0.tar.gz": SOURCE.body} == {
        path.name: path.read_bytes() for path in (tmp_path / "wheels").iterdir()
    }


def test_written_tree_has_its_folders(tmp_path):
    folder = write_tree(simple_tree((LIB,)), tmp_path / "tree")

    assert LIB.body == (folder / "simple" / "lib-a" / NAME).read_bytes()
