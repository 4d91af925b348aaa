"""Git repositories in folders, made with the git program, that know nothing of this machine's settings."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from keyrack.values.requirement import FromGit, RevisionKind
from keyrack.values.url import parse_url

HAS_GIT = shutil.which("git") is not None
ENVIRONMENT = {
    "PATH": os.environ.get("PATH", ""),
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.test",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.test",
    # git refuses submodules that lie on the disk unless it is told so.
    "GIT_ALLOW_PROTOCOL": "file",
}
"""What git sees in tests."""


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder; give what it says."""
    outcome = subprocess.run(
        ["git", *arguments], cwd=folder, env=ENVIRONMENT, check=True, capture_output=True, text=True
    )
    return outcome.stdout.strip()


class Repository:
    """A repository with a branch `main`."""

    def __init__(self, folder: Path) -> None:
        """Make it in a folder that is not there yet."""
        self.folder = folder
        folder.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        """Run git in it; give what it says."""
        return git(self.folder, *arguments)

    def commit(self, text: str) -> str:
        """Commit all that lies in the folder, and `file` with a text; give the commit."""
        (self.folder / "file").write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", text)
        return self.git("rev-parse", "HEAD")

    def source(self, revision: str = "", kind: RevisionKind = RevisionKind.ANY, *, lfs: bool | None = None) -> FromGit:
        """Give it as what a requirement comes from."""
        return FromGit(parse_url(self.folder.as_uri()).url, revision, kind=kind, lfs=lfs)
