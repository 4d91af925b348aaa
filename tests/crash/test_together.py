"""Many processes at once on one environment and one cache, and a cache that is not as it was left."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import venv
from pathlib import Path

import pytest

from keyrack.adapters.removal import Ownership
from keyrack.adapters.site_packages import installed
from lab.faults import Fault
from lab.registries.simple import public
from lab.wheels import wheel

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
NAMES = ("one", "two", "three")
WHEELS = tuple(
    wheel(name, "1.0", files={f"{name}/m{at}.py": f"{name} {at}" for at in range(20)}, console={name: f"{name}:main"})
    for name in NAMES
)


class Place:
    """A folder with environments and a cache, and an index."""

    def __init__(self, folder, index):
        self.folder, self.index = folder, index
        self.cache = folder / "cache"
        self.variables = {
            **{name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ},
            "HOME": str(folder),
            "PATH": "",
            "UV_CACHE_DIR": str(self.cache),
            "UV_DEFAULT_INDEX": index.index_url(),
            "UV_NO_SYSTEM_CONFIG": "1",
        }

    def environment(self, name):
        venv.create(self.folder / name, symlinks=True)
        return name

    def start(self, env, *words, **more):
        return subprocess.Popen(
            (sys.executable, "-m", "keyrack", *words),
            cwd=self.folder,
            env={**self.variables, "VIRTUAL_ENV": str(self.folder / env)},
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            **more,
        )

    def install(self, env, *names, **more):
        return self.start(env, "pip", "install", *(names or NAMES), **more)

    def faults(self, env):
        """Give the files that are missing of what is installed, and the names that are not installed."""
        (site,) = (self.folder / env / "lib").glob("python3*/site-packages")
        ones = installed([str(site)])
        ownership = Ownership((str(self.folder / env),))
        missing = [path for one in ones for path in ownership.listed(one) if not os.path.exists(path)]
        return missing, set(NAMES) - {str(one.name) for one in ones if one.whole}

    def downloads(self):
        return len(self.index.requests("*.whl"))

    def stored(self, name):
        (tree,) = self.cache.glob(f"wheels-v*/{name}/*/tree")
        return tree


@pytest.fixture
def place(tmp_path):
    with public(*WHEELS) as index:
        yield Place(tmp_path, index)


def ended(*processes):
    """Wait for all; give the exit codes and all that was said."""
    said = [process.communicate(timeout=100)[1] for process in processes]
    return [process.returncode for process in processes], "".join(said)


def test_sixteen_processes_share_one_environment_and_one_cold_cache(place):
    env = place.environment("v")

    codes, said = ended(*(place.install(env) for _ in range(16)))

    assert [0] * 16 == codes, said
    assert (3, ([], set())) == (place.downloads(), place.faults(env))


def test_processes_with_environments_of_their_own_fetch_each_wheel_once(place):
    envs = [place.environment(f"v{at}") for at in range(4)]

    codes, said = ended(*map(place.install, envs))

    assert [0] * 4 == codes, said
    assert (3, [([], set())] * 4) == (place.downloads(), list(map(place.faults, envs)))


def test_a_killed_holder_of_the_locks_frees_the_others_at_once(place):
    env = place.environment("v")
    place.index.fault(Fault(pattern="*one-1.0*.whl", drip=(10, 1.0), times=1))
    holder = place.install(env)
    until(lambda: place.downloads() == 3)
    waiting = place.install(env)
    until(lambda: "keyrack" in Path(f"/proc/{waiting.pid}/cmdline").read_text())
    holder.send_signal(signal.SIGKILL)
    ended(holder)
    freed = time.monotonic()

    codes, said = ended(waiting)

    assert [0] == codes, said
    assert time.monotonic() - freed < 5
    assert ([], set()) == place.faults(env)


def test_what_a_killed_download_left_is_swept_by_prune(place):
    env = place.environment("v")
    place.index.fault(Fault(pattern="*one-1.0*.whl", drip=(10, 1.0), times=1))
    killed = place.install(env, "one")
    until(lambda: list(place.cache.glob("wheels-v*/one/.*")))
    killed.send_signal(signal.SIGKILL)
    ended(killed)
    left = list(place.cache.glob("wheels-v*/one/.*"))

    codes, said = ended(place.start(env, "cache", "prune"))

    assert ([0], 1, []) == (codes, len(left), list(place.cache.glob("wheels-v*/one/.*"))), said


def test_cleaning_waits_for_those_who_use_the_cache(place):
    env = place.environment("v")
    answer, is_asked, is_waited_for = place.index.server.application, threading.Event(), threading.Event()

    def hold(request):
        is_asked.set()
        is_waited_for.wait(60)
        return answer(request)

    place.index.server.application = hold
    using = place.install(env)
    is_asked.wait(60)
    cleaning = place.start(env, "cache", "clean")
    told = cleaning.stderr.readline()
    is_waited_for.set()

    codes, said = ended(using, cleaning)

    assert ([0, 0], True) == (codes, "in-use, waiting" in told), told + said
    assert ([], set()) == place.faults(env)
    assert [] == list(place.cache.glob("wheels-v*"))


@pytest.mark.parametrize("damage", ["cut", "no manifest", "half a manifest"])
def test_a_damaged_wheel_in_the_cache_is_fetched_again(place, damage):
    ended(place.install(place.environment("v"), "one"))
    tree = place.stored("one")
    module, manifest = tree / "one" / "m1.py", tree.parent / "manifest"
    {
        "cut": lambda: os.truncate(module, 1),
        "no manifest": manifest.unlink,
        "half a manifest": lambda: os.truncate(manifest, manifest.stat().st_size // 2),
    }[damage]()
    env = place.environment("w")

    codes, said = ended(place.install(env, "one"))

    assert ([0], 2) == (codes, place.downloads()), said
    (site,) = (place.folder / env / "lib").glob("python3*/site-packages")
    assert "one 1" == (site / "one" / "m1.py").read_text()


def test_a_cache_that_cannot_be_written_serves_what_it_holds(place):
    ended(place.install(place.environment("v")))
    env = place.environment("w")
    frozen = shutil.which("unshare") if os.geteuid() == 0 else None
    words = ("pip", "install", "--offline", *NAMES)
    if frozen:
        script = f'mount --bind {place.cache} {place.cache} && mount -o remount,ro,bind {place.cache} && exec "$0" "$@"'
        process = subprocess.Popen(
            (frozen, "-m", "/bin/sh", "-c", script, sys.executable, "-m", "keyrack", *words),
            cwd=place.folder,
            env={**place.variables, "PATH": os.environ["PATH"], "VIRTUAL_ENV": str(place.folder / env)},
            stderr=subprocess.PIPE,
            text=True,
        )
    else:
        for folder, _, _ in os.walk(place.cache):
            os.chmod(folder, 0o500)
        process = place.start(env, *words)

    codes, said = ended(process)
    for folder, _, _ in os.walk(place.cache):
        os.chmod(folder, 0o700)

    if frozen and "mount:" in said:
        pytest.skip("no mounts here")
    assert ([0], ([], set())) == (codes, place.faults(env)), said


@pytest.mark.parametrize(("umask", "modes"), [(0o022, (0o644, 0o755)), (0o077, (0o600, 0o700))])
def test_files_have_the_modes_that_the_umask_allows(place, umask, modes):
    env = place.environment("v")

    codes, said = ended(place.install(env, "one", umask=umask))

    (site,) = (place.folder / env / "lib").glob("python3*/site-packages")
    found = [
        (site / "one" / "m1.py").stat().st_mode & 0o7777,
        (place.folder / env / "bin" / "one").stat().st_mode & 0o7777,
    ]
    assert ([0], modes) == (codes, tuple(found)), said


def until(done):
    """Wait for something that happens in another process."""
    end = time.monotonic() + 30
    while not done():
        assert time.monotonic() < end
        os.sched_yield()
