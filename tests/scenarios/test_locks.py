"""`keyrack lock` writes, byte for byte, what uv 0.13.9 wrote for each scenario; `golden/scenario_locks` holds that."""

from pathlib import Path

import pytest

from keyrack.app import Surround, open_run
from keyrack.formats.uv_lock import parse_lock
from keyrack.operations.configure import Words, layers
from keyrack.operations.lock import LockRequest, lock_project
from keyrack.operations.workspaces import find_workspace
from lab.pythons import a_python
from lab.scenarios import load
from tests.scenarios.locking import project_text

SHARED = Path(__file__).resolve().parents[3] / "shared" / "scenarios"
GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "scenario_locks"
NAMES = sorted(path.relative_to(GOLDEN).with_suffix("").as_posix() for path in GOLDEN.rglob("*.lock"))

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared scenarios are not here")


@pytest.fixture
def locked(tmp_path):
    """Lock a scenario: `locked(name)` gives the lock as text, and what a second look at it asks of the index.

    The Python is made up: nothing is built, so nobody needs to have one that the scenario is for.
    """

    def lock(name):
        scenario = load(SHARED / f"{name}.toml")
        with scenario.index() as index:
            url = index.index_url()
            (tmp_path / "pyproject.toml").write_text(project_text(scenario, url))
            first = run(tmp_path, None)
            index.clear()
            again = run(tmp_path, parse_lock(first.text, "uv.lock"))
            asked = [str(entry) for entry in index.requests()]
        text = first.text.replace(url, "<index>").replace(url.removesuffix("simple/"), "<host>/")
        return text, again.is_kept, asked

    return lock


def run(folder, existing):
    variables = {"HOME": str(folder), "PATH": "", "UV_CACHE_DIR": str(folder / "cache"), "UV_NO_SYSTEM_CONFIG": "1"}
    words = Words({}, variables, str(folder))
    with open_run(Surround(words)) as tools:
        request = LockRequest(find_workspace(str(folder)), layers(words), a_python("3.12.1"), existing)
        return lock_project(request, tools)


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_is_the_one_that_uv_writes_and_asks_nobody_while_it_holds(locked, name):
    text, is_kept, asked = locked(name)

    assert (GOLDEN / f"{name}.lock").read_text() == text
    assert (True, []) == (is_kept, asked)
