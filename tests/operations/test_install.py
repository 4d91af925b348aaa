import json
import os
import subprocess
import sys

import msgspec
import pytest

from keyrack.adapters.changes import Change
from keyrack.adapters.journal import Journal
from keyrack.adapters.links import Linker
from keyrack.adapters.store import Store
from keyrack.adapters.wheels import WheelStore
from keyrack.operations.commit import Stopped
from keyrack.operations.install import Changed, InstallRequest, InstallTools, install
from keyrack.policy.install.plan import PlanOptions
from keyrack.supply.downloads import DownloadFailed, Downloads
from keyrack.values.artifact import Digest, File, parse_wheel_name
from keyrack.values.graph import Pin, Resolution
from keyrack.values.index import IndexId
from keyrack.values.interpreter import Paths
from keyrack.values.log import Level
from keyrack.values.metadata import Metadata
from keyrack.values.names import package_name
from keyrack.values.plan import Scheme
from keyrack.values.requirement import FromIndex, FromUrl
from keyrack.values.settings import LinkMode, Selection
from keyrack.values.url import parse_url
from lab.wheels import record_hash, wheel

CALL = "def main():\n    import sys\n    print('called with', sys.argv[1:])\n"
A = wheel(
    "lib-a", "1.0", files={"lib_a/__init__.py": CALL, "lib_a/sub/data.txt": "text"}, console={"run": "lib_a:main"}
)
A2 = wheel("lib-a", "2.0", files={"lib_a/__init__.py": CALL, "lib_a/new.py": ""})
B = wheel("lib-b", "1.0")


class Environment:
    """An environment on disk and a store beside it; wheels come from a folder."""

    def __init__(self, root):
        self.root = root / "v"
        self.shelf = root / "shelf"
        self.shelf.mkdir()
        site = f"{self.root}/lib/site"
        paths = Paths(site, site, f"{self.root}/bin", str(self.root), f"{self.root}/include")
        self.site = self.root / "lib" / "site"
        self.scheme = Scheme(paths, sys.executable)
        self.store = WheelStore(Store(str(root / "cache")))
        self.told = []

    def pin(self, artifact, *, direct=False, required_by=("",)):
        path = self.shelf / artifact.filename
        path.write_bytes(artifact.body)
        name = parse_wheel_name(artifact.filename)
        url = parse_url(path.as_uri()).url
        digests = () if direct else (Digest("sha256", artifact.sha256),)
        file = File(artifact.filename, url, None if direct else IndexId("index"), digests)
        source = FromUrl(url) if direct else FromIndex()
        metadata = Metadata(name.name, name.version)
        return Pin(name.name, name.version, frozenset(), file, (file,), metadata, source, required_by)

    def install(self, *artifacts, direct=False, **words):
        pins = tuple(one if isinstance(one, Pin) else self.pin(one, direct=direct) for one in artifacts)
        stop = words.pop("stop", lambda: False)
        request = InstallRequest(Resolution(pins), self.scheme, **words)
        tools = InstallTools(Downloads(None, self.store), lambda *line: self.told.append(line), stop)
        return install(request, tools)

    def files(self):
        found = {}
        for folder, _, names in os.walk(self.root):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    found[os.path.relpath(path, self.root)] = file.read()
        return found


@pytest.fixture
def environment(tmp_path):
    return Environment(tmp_path)


def lines(outcome):
    return [f"{one.sign} {one.name}=={one.version}" for one in outcome.changes]


def test_a_wheel_is_installed_with_all_that_an_installer_writes(environment):
    outcome = environment.install(A, options=PlanOptions(requested=frozenset({package_name("lib-a")})))

    info = "lib/site/lib_a-1.0.dist-info"
    expected = {"bin/run", "lib/site/lib_a/__init__.py", "lib/site/lib_a/sub/data.txt"} | {
        f"{info}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "INSTALLER", "REQUESTED", "entry_points.txt")
    }
    assert (expected, ["+ lib-a==1.0"]) == (set(environment.files()), lines(outcome))
    assert (1, 0, 1) == (outcome.prepared.count, outcome.uninstalled.count, outcome.installed.count)
    assert b"keyrack" == environment.files()[f"{info}/INSTALLER"]


def test_record_lists_every_file_with_its_hash_and_size(environment):
    environment.install(A)

    files = environment.files()
    rows = dict(line.split(",", 1) for line in files["lib/site/lib_a-1.0.dist-info/RECORD"].decode().splitlines())
    expected = {
        os.path.relpath(path, "lib/site"): f"sha256={record_hash(body)},{len(body)}" for path, body in files.items()
    }
    assert expected | {"lib_a-1.0.dist-info/RECORD": ","} == rows


def test_what_came_along_is_not_marked_as_requested(environment):
    environment.install(A)

    assert "lib/site/lib_a-1.0.dist-info/REQUESTED" not in environment.files()


def test_a_launcher_runs(environment):
    environment.install(A)

    told = {"PYTHONPATH": str(environment.site)}
    run = subprocess.run([environment.root / "bin" / "run", "x"], env=told, capture_output=True, text=True, check=True)
    assert "called with ['x']\n" == run.stdout


def test_shipped_scripts_get_their_python_and_may_be_run(environment):
    scripts = {"ours": "#!python\nprint('ran')\n", "other": "#!/bin/sh\necho other\n"}
    environment.install(wheel("lib-a", "1.0", scripts=scripts))

    found = {
        name: subprocess.run([environment.root / "bin" / name], capture_output=True, text=True, check=True).stdout
        for name in scripts
    }
    assert {"ours": "ran\n", "other": "other\n"} == found


def test_data_goes_where_its_key_says(environment):
    data = {"data/share/x": "1", "headers/h.h": "2", "purelib/p.py": "3"}
    environment.install(wheel("lib-a", "1.0", files={}, data=data))

    assert {"share/x": b"1", "include/lib-a/h.h": b"2", "lib/site/p.py": b"3"} == {
        path: body for path, body in environment.files().items() if "dist-info" not in path
    }


def test_installing_again_changes_nothing(environment):
    environment.install(A)
    before = environment.files()

    outcome = environment.install(A)

    assert (before, (), 1) == (environment.files(), outcome.changes, outcome.checked.count)
    assert ["Requirement already installed: lib-a==1.0"] == [line for _, line in environment.told]


def test_an_upgrade_leaves_nothing_of_the_old_version(environment):
    environment.install(A)

    outcome = environment.install(A2)

    assert ["- lib-a==1.0", "+ lib-a==2.0"] == lines(outcome)
    assert {"lib/site/lib_a/__init__.py", "lib/site/lib_a/new.py"} == {
        path for path in environment.files() if "dist-info" not in path
    }


def test_a_reinstallation_mends_what_was_broken(environment):
    environment.install(A)
    whole = environment.files()
    (environment.site / "lib_a" / "sub" / "data.txt").unlink()

    outcome = environment.install(A, options=PlanOptions(reinstall=Selection(all=True)))

    assert (["~ lib-a==1.0"], whole) == (lines(outcome), environment.files())


def test_a_dist_info_folder_without_a_record_is_replaced(environment):
    environment.install(A)
    whole = environment.files()
    (environment.site / "lib_a-1.0.dist-info" / "RECORD").unlink()

    outcome = environment.install(A)

    assert (whole, True) == (environment.files(), any("missing `RECORD`" in line for line in outcome.warnings))


def test_a_dry_run_tells_and_changes_nothing(environment):
    environment.install(A)
    before = environment.files()

    outcome = environment.install(A2, B, dry_run=True)

    assert (before, ["- lib-a==1.0", "+ lib-a==2.0", "+ lib-b==1.0"]) == (environment.files(), lines(outcome))
    assert (2, 1, 2, True) == (
        outcome.prepared.count,
        outcome.uninstalled.count,
        outcome.installed.count,
        outcome.dry_run,
    )


def test_a_dry_run_with_nothing_to_do_says_so(environment):
    environment.install(A)

    assert ((), True) == ((found := environment.install(A, dry_run=True)).changes, found.dry_run)


def test_exact_removes_what_nobody_asked_for(environment):
    environment.install(A, B)

    assert ["- lib-b==1.0"] == lines(environment.install(A, options=PlanOptions(exact=True)))


@pytest.mark.parametrize("mode", list(LinkMode))
def test_every_link_mode_gives_the_same_environment(environment, mode):
    environment.install(A, link_mode=mode)

    assert b"text" == environment.files()["lib/site/lib_a/sub/data.txt"]


def test_a_second_environment_is_not_told_of_changes_in_the_first(environment, tmp_path):
    environment.install(A, link_mode=LinkMode.HARDLINK)
    (environment.site / "lib_a" / "sub" / "data.txt").write_text("changed in place")
    (tmp_path / "other").mkdir()
    other = Environment(tmp_path / "other")
    other.store = environment.store

    other.install(A, link_mode=LinkMode.HARDLINK)

    assert b"text" == other.files()["lib/site/lib_a/sub/data.txt"]


def test_a_wheel_from_a_url_remembers_it(environment):
    outcome = environment.install(A, direct=True)

    url = (environment.shelf / A.filename).as_uri()
    written = json.loads(environment.files()["lib/site/lib_a-1.0.dist-info/direct_url.json"])
    assert {"url": url, "archive_info": {"hashes": {"sha256": A.sha256}}} == written
    assert (Changed("+", package_name("lib-a"), parse_wheel_name(A.filename).version, url),) == outcome.changes


def test_a_local_wheel_that_is_the_same_is_not_installed_again(environment):
    environment.install(A, direct=True)

    assert () == environment.install(A, direct=True).changes


def test_a_local_wheel_that_was_built_anew_is_installed_again(environment):
    environment.install(A, direct=True)
    rebuilt = wheel("lib-a", "1.0", files={"lib_a/__init__.py": "rebuilt = True\n"})

    outcome = environment.install(rebuilt, direct=True)

    assert ["~ lib-a==1.0"] == lines(outcome)
    assert b"rebuilt = True\n" == environment.files()["lib/site/lib_a/__init__.py"]


def test_a_wheel_that_is_refused_leaves_the_environment_as_it_was(environment):
    environment.install(A)
    before = environment.files()

    with pytest.raises(DownloadFailed, match="lib-b"):
        environment.install(A2, wheel("lib-b", "1.0", broken=["record-hash"]))

    assert before == environment.files()


def test_a_failure_says_who_asked_for_the_wheel(environment):
    broken = environment.pin(wheel("lib-b", "1.0", broken=["record-hash"]), required_by=("lib-a",))

    with pytest.raises(DownloadFailed) as caught:
        environment.install(A, broken)

    assert ("`lib-b` (v1.0) was included because `lib-a` (v1.0) depends on `lib-b`",) == caught.value.hints


def test_another_hash_than_the_user_wrote_is_refused(environment):
    pin = msgspec.structs.replace(environment.pin(A), expected=(Digest("sha256", "0" * 64),))

    with pytest.raises(DownloadFailed) as caught:
        environment.install(pin)

    assert ("Hash mismatch for `lib-a==1.0`", {}) == (caught.value.causes[0].splitlines()[0], environment.files())


def test_who_stops_before_the_environment_is_touched_leaves_it_as_it_was(environment):
    with pytest.raises(Stopped):
        environment.install(A, stop=lambda: True)

    assert {} == environment.files()


def test_two_runs_wait_for_each_other(environment):
    environment.install(A, lock=str(environment.root / ".lock"))

    assert (environment.root / ".lock").exists()


def test_modules_are_compiled_where_that_is_asked_for(environment):
    outcome = environment.install(A, compile_bytecode=True)

    assert (1, True) == (outcome.compiled.count, any(path.endswith(".pyc") for path in environment.files()))


def test_a_dry_run_compiles_nothing(environment):
    assert 0 == environment.install(A, compile_bytecode=True, dry_run=True).compiled.count


def test_what_a_killed_run_left_is_put_right_first(environment):
    environment.install(A)
    before = environment.files()
    killed = Change(str(environment.site), (str(environment.root),), Linker(LinkMode.COPY))
    killed.begin(Journal((str(environment.site / "lib_a-1.0.dist-info"), str(environment.site / "lib_a"))))

    outcome = environment.install(A, lock=str(environment.root / ".lock"))

    assert ((), before | {".lock": b""}) == (outcome.changes, environment.files())
    assert [Level.WARN] == [level for level, line in environment.told if "interrupted" in line]
