"""A small environment that is changed by commits of prepared wheels, and what is to be seen of it."""

import os

from keyrack.adapters.recovery import recover
from keyrack.adapters.removal import Ownership
from keyrack.adapters.site_packages import installed
from keyrack.adapters.store import Store
from keyrack.adapters.wheels import WheelStore
from keyrack.operations.commit import Coming, Commit
from keyrack.supply.downloads import Downloads
from keyrack.values.artifact import Digest, File
from keyrack.values.index import IndexId
from keyrack.values.interpreter import Paths
from keyrack.values.plan import Scheme
from keyrack.values.settings import LinkMode
from keyrack.values.url import parse_url
from lab.wheels import wheel

OLD = wheel(
    "lib-a",
    "1.0",
    files={"lib_a/__init__.py": "1", "lib_a/gone.py": "", "ns/a.py": "a 1", "lib_a-1.0.data/data/share/a/old": "1"},
    console={"run-a": "lib_a:main", "gone-a": "lib_a:main"},
)
NEW = wheel(
    "lib-a",
    "2.0",
    files={"lib_a/__init__.py": "2", "lib_a/sub/new.py": "", "ns/a.py": "a 2", "lib_a-2.0.data/data/share/a/new": "2"},
    console={"run-a": "lib_a:main", "come-a": "lib_a:main"},
)
OTHER = wheel("lib-b", "1.0", files={"ns/b.py": "b", "lib_b.py": "", "lib_b_sub/x/y.py": ""})
STAYS = wheel("lib-c", "1.0", files={"ns/c.py": "c", "lib_c.py": ""})
ROLES = {
    "install": ([STAYS], [], [OLD, OTHER]),
    "upgrade": ([STAYS, OLD], ["lib-a"], [NEW, OTHER]),
    "uninstall": ([STAYS, OLD, OTHER], ["lib-a", "lib-b"], []),
}
"""For each kind of change: what is there before, what goes, what comes."""


class Ground:
    """An environment below `root`, and the change of it that a test is about."""

    def __init__(self, root, downloads, role):
        self.env = f"{root}/v"
        self.site = f"{self.env}/lib"
        self.scheme = Scheme(
            Paths(self.site, self.site, f"{self.env}/bin", self.env, f"{self.env}/include"), "/v/bin/python"
        )
        before, self._going, coming = ROLES[role]
        self._before = [downloads[one.filename] for one in before]
        self._coming = [downloads[one.filename] for one in coming]

    def fill(self):
        Commit(self.scheme, LinkMode.HARDLINK, lambda: False).run([], self._before, lambda: 0.0)
        os.makedirs(f"{self.site}/__pycache__")
        os.makedirs(f"{self.env}/bin", exist_ok=True)
        for path in ("ns/mine.py", "lib_c.pyc", "__pycache__/mine.cpython-311.pyc", "../bin/mine"):
            with open(f"{self.site}/{path}", "w") as file:
                file.write("mine")

    def change(self):
        """Do what is left to do of the change, as a run does that finds part of it done."""
        there = installed([self.site])
        wanted = {one.wheel.manifest.stem for one in self._coming}
        has = {f"{str(one.name).replace('-', '_')}-{one.version}" for one in there if one.whole}
        going = [one for one in there if one.name in self._going and stem(one) not in wanted]
        coming = [one for one in self._coming if one.wheel.manifest.stem not in has]
        if going or coming:
            Commit(self.scheme, LinkMode.HARDLINK, lambda: False).run(going, coming, lambda: 0.0)

    def recover(self):
        return recover(self.site)

    def tree(self):
        """Give all files with what they hold, and all empty folders."""
        found = {}
        for folder, folders, files in os.walk(self.env):
            for name in files:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    found[os.path.relpath(path, self.env)] = file.read()
            if not folders and not files:
                found[os.path.relpath(folder, self.env)] = None
        return found

    def listed_but_not_whole(self):
        """Give the files that are missing of distributions that are called installed."""
        ownership = Ownership((self.env,))
        return [path for one in installed([self.site]) for path in ownership.listed(one) if not os.path.lexists(path)]


def stem(one):
    return f"{str(one.name).replace('-', '_')}-{one.version}"


def prepared(root):
    """Put the wheels of all roles into a store."""
    downloads = Downloads(None, WheelStore(Store(f"{root}/cache")))
    found = {}
    for one in (OLD, NEW, OTHER, STAYS):
        path = root / one.filename
        path.write_bytes(one.body)
        digests = (Digest("sha256", one.sha256),)
        found[one.filename] = Coming(
            downloads.wheel(File(one.filename, parse_url(path.as_uri()).url, IndexId("index"), digests))
        )
    return found
