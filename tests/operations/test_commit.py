import os

import pytest

from keyrack.adapters.links import LinkFailed
from keyrack.adapters.site_packages import installed
from keyrack.adapters.store import Store
from keyrack.adapters.wheels import WheelStore
from keyrack.operations.commit import Coming, Commit, Stopped, put_right
from keyrack.supply.downloads import Downloads
from keyrack.values.artifact import Digest, File
from keyrack.values.index import IndexId
from keyrack.values.interpreter import Paths
from keyrack.values.plan import Scheme
from keyrack.values.settings import LinkMode
from keyrack.values.url import parse_url
from lab.wheels import wheel

A = wheel("lib-a", "1.0", files={"ns/__init__.py": "", "ns/a.py": "a", "ns/both.py": "from a"})
A2 = wheel("lib-a", "2.0", files={"ns/__init__.py": "", "ns/a.py": "a 2", "blocked/x.py": ""})
B = wheel("lib-b", "1.0", files={"ns/__init__.py": "", "ns/b.py": "b", "ns/both.py": "from b"})


class Ground:
    """An environment that is changed by commits of prepared wheels."""

    def __init__(self, root):
        self.root = root
        root.mkdir(exist_ok=True)
        site = f"{root}/v/lib"
        self.site = root / "v" / "lib"
        self.scheme = Scheme(Paths(site, site, f"{root}/v/bin", f"{root}/v", f"{root}/v/include"), "/v/bin/python")
        self.downloads = Downloads(None, WheelStore(Store(str(root / "cache"))))

    def prepared(self, artifact):
        path = self.root / artifact.filename
        path.write_bytes(artifact.body)
        file = File(
            artifact.filename, parse_url(path.as_uri()).url, IndexId("index"), (Digest("sha256", artifact.sha256),)
        )
        return Coming(self.downloads.wheel(file))

    def change(self, *artifacts, going=(), stop=lambda: False, mode=LinkMode.HARDLINK):
        commit = Commit(self.scheme, mode, stop)
        there = [one for one in installed([str(self.site)]) if one.name in going]
        commit.run(there, [self.prepared(one) for one in artifacts], lambda: 0.0)
        return commit.warnings

    def files(self):
        found = {}
        for folder, _, names in os.walk(self.site):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    found[os.path.relpath(os.path.join(folder, name), self.site)] = file.read()
        return found


@pytest.fixture
def ground(tmp_path):
    return Ground(tmp_path)


def test_wheels_that_share_equal_files_are_installed_without_a_word(ground):
    alike = wheel("lib-c", "1.0", files={"ns/__init__.py": "", "ns/c.py": ""})

    assert [] == ground.change(A, alike)


def test_of_two_wheels_with_one_path_the_later_one_gives_it_and_both_are_named(ground):
    warnings = ground.change(A, B)

    target = f"{ground.site}/ns/both.py"
    assert [f"`lib_a-1.0` and `lib_b-1.0` both provide `{target}`; the file of `lib_b-1.0` is used"] == warnings
    assert b"from b" == ground.files()["ns/both.py"]


def test_a_file_of_an_installed_distribution_that_is_replaced_is_told(ground):
    ground.change(A)

    warnings = ground.change(B)

    assert [f"`{ground.site}/ns/__init__.py` of the installed `lib-a==1.0` was replaced"] == warnings
    assert b"from b" == ground.files()["ns/both.py"]


def test_files_of_nobody_are_replaced_in_silence(ground):
    (ground.site / "ns").mkdir(parents=True)
    (ground.site / "ns" / "a.py").write_text("left over")

    assert ([], b"a") == (ground.change(A), ground.files()["ns/a.py"])


def test_a_change_that_fails_in_the_middle_leaves_everything_as_it_was(ground):
    ground.change(A)
    (ground.site / "blocked").write_text("a file in the way")
    before = ground.files()

    with pytest.raises(LinkFailed):
        ground.change(A2, B, going=["lib-a"])

    assert before == ground.files()


@pytest.mark.parametrize("after", range(10))
def test_whenever_the_user_stops_everything_is_as_it_was(ground, after):
    ground.change(A)
    before = ground.files()
    asked = iter([False] * after + [True] * 99)

    with pytest.raises(Stopped):
        ground.change(A2, B, going=["lib-a"], stop=lambda: next(asked))

    assert before == ground.files()


def test_whenever_the_user_stops_after_the_last_file_the_change_is_whole(ground):
    trial = Ground(ground.root / "trial")
    trial.change(A)
    asked = []
    trial.change(A2, B, going=["lib-a"], stop=lambda: asked.append(1))
    answers = iter([False] * len(asked) + [True] * 9)

    ground.change(A2, B, going=["lib-a"], stop=lambda: next(answers))

    assert {"lib-a", "lib-b"} == {str(one.name) for one in installed([str(ground.site)]) if one.whole}


def test_scripts_of_a_wheel_that_loses_a_path_are_not_written(ground):
    one = wheel("lib-a", "1.0", files={"a.py": ""}, console={"run": "a:main"})
    two = wheel("lib-b", "1.0", files={"b.py": ""}, console={"run": "b:main"})

    warnings = ground.change(one, two)

    with open(ground.root / "v" / "bin" / "run") as script:
        assert (1, True) == (len(warnings), "from b import main" in script.read())


def test_licences_in_folders_of_the_dist_info_folder_are_installed(ground):
    ground.change(wheel("lib-a", "1.0", files={"a.py": "", "lib_a-1.0.dist-info/licenses/sub/L": "text"}))

    assert b"text" == ground.files()["lib_a-1.0.dist-info/licenses/sub/L"]


def test_pure_and_other_modules_may_go_to_two_folders(ground):
    paths = ground.scheme.paths
    ground.scheme = Scheme(
        Paths(paths.purelib, f"{ground.root}/v/lib64", paths.scripts, paths.data, paths.include), "/v/bin/python"
    )

    ground.change(A, wheel("lib-b", "1.0", files={"b.py": ""}, pure=False))

    assert ["b.py", "lib_b-1.0.dist-info"] == sorted(os.listdir(ground.root / "v" / "lib64"))


def test_where_nothing_was_left_nothing_is_put_right_and_no_lock_is_taken(ground):
    ground.change(A)

    put_right(ground.scheme, f"{ground.root}/lock")

    assert not (ground.root / "lock").exists()


def test_what_a_killed_run_left_is_put_right_though_nothing_else_is_to_be_done(ground):
    ground.change(A)
    (ground.site / ".keyrack-1.done" / "old-0").mkdir(parents=True)

    put_right(ground.scheme, f"{ground.root}/lock")

    assert ["lib_a-1.0.dist-info", "ns"] == sorted(os.listdir(ground.site))
