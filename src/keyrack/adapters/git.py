"""The `git` program: a bare repository that is fetched into, and checkouts of single commits.

A password that stood in a URL goes to git through its environment alone, as the answer of a credential helper that
only the URL's own server hears of: it is no argument of any process, and no file holds it (gitcredentials(7)).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import msgspec

from keyrack.adapters.disk import make_private_folder, remove_tree
from keyrack.adapters.processes import Outcome, Program, run
from keyrack.errors import UnmetRequest
from keyrack.values.credentials import Basic
from keyrack.values.late import LateModule, pattern
from keyrack.values.log import Level, Log, silent
from keyrack.values.redaction import redacted
from keyrack.values.requirement import FromGit, RevisionKind
from keyrack.values.secret import MASK
from keyrack.values.url import Url

if TYPE_CHECKING:
    import shutil
else:
    shutil = LateModule("shutil")

_AMBIENT = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
)
"""Variables by which a git that runs us would change what our git works on."""
_COMMIT = pattern(r"[0-9a-fA-F]{40}(?:[0-9a-fA-F]{24})?")
_MAYBE_COMMIT = pattern(r"[0-9a-fA-F]{7,64}")
_ALL = ("+refs/heads/*:refs/remotes/origin/*", "+HEAD:refs/remotes/origin/HEAD")
_HEAD = "refs/remotes/origin/HEAD"
# git starts it through a shell; the secret is read from the environment, so that no process list shows it.
_HELPER = (
    '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" "$KEYRACK_GIT_USER" "$KEYRACK_GIT_PASSWORD"; }; f'
)
_OPTIONS = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    # No process stays behind to tidy up.
    "gc.auto": "0",
    "maintenance.auto": "false",
    # A server that drips is left after a minute.
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "60",
}
_CONFIGURED = tuple(word for key, value in _OPTIONS.items() for word in ("-c", f"{key}={value}"))


class GitFailed(UnmetRequest):
    """The git program could not do what was asked; the causes tell what it said."""


class GitSettings(msgspec.Struct, frozen=True):
    """How git runs: the environment it sees, whether the network is off, and whether a certificate may be wrong."""

    environment: Mapping[str, str]
    offline: bool = False
    is_insecure: Callable[[Url], bool] = lambda _url: False


class Git:
    """Runs the first `git` on the search path. Safe to use from many threads, one for each folder."""

    def __init__(self, settings: GitSettings, *, run: Callable[[Program], Outcome] = run, log: Log = silent) -> None:
        """`run` runs a program to its end."""
        self._settings = settings
        self._run = run
        self._log = log

    def resolve(self, database: str, source: FromGit) -> str | None:
        """Give the commit that a source means if the database holds it and nobody needs to be asked."""
        commit = source.commit or (source.revision if is_commit(source.revision) else "")
        if not commit or not os.path.isdir(database):
            return None
        return self._parsed(database, f"{commit}^0")

    def fetch(self, database: str, source: FromGit) -> str:
        """Bring what a source names into the database, which is made if needed; give the commit it means.

        Raises `GitFailed`. A database that git does not take for one is made anew.
        """
        _check(source)
        if not os.path.isdir(database):
            self._begin(database)
        elif self._ask(database, "rev-parse", "--git-dir").code:
            remove_tree(database)
            self._begin(database)
        self._log(Level.DEBUG, f"Performing a Git fetch for: {source.url}")
        failure = None
        for refspecs, names in _ways(source):
            tags = ("--tags",) if refspecs == _ALL else ()
            asked = ("fetch", *tags, "--force", "--update-head-ok", "--", _remote(source), *refspecs)
            outcome = self._ask(database, *asked, source=source)
            if outcome.code:
                failure = self._failure(outcome, (f"Failed to fetch {_kind(source)} of `{source.url}`",), source)
                continue
            for name in names:
                commit = self._parsed(database, name)
                if commit is not None:
                    return commit
        raise failure or GitFailed(
            "Git operation failed", causes=(f"Failed to find {_kind(source)} of `{source.url}`",)
        )

    def check_out(self, database: str, commit: str, folder: str, source: FromGit) -> None:
        """Make a folder that holds a commit's files, those of submodules too. It is there whole or not at all."""
        aside = f"{folder}.{os.urandom(4).hex()}"
        make_private_folder(os.path.dirname(folder))
        try:
            self._must(None, "clone", "--quiet", "--no-checkout", "--template=", "--", database, aside)
            if source.lfs:
                self._fetch_large_files(database, commit, source)
            self._must(aside, "reset", "--quiet", "--hard", commit, source=source if source.lfs else None)
            if os.path.exists(os.path.join(aside, ".gitmodules")):
                self._fetch_submodules(aside, source)
            os.rename(aside, folder)
        finally:
            if os.path.isdir(aside):
                remove_tree(aside)

    def _fetch_submodules(self, folder: str, source: FromGit) -> None:
        # A relative submodule starts at the repository's own URL, which the checkout does not know: it came from here.
        origin = f"remote.origin.url={_remote(source)}"
        self._must(folder, "-c", origin, "submodule", "--quiet", "update", "--init", source=source)
        self._must(folder, "submodule", "--quiet", "update", "--init", "--recursive", source=source)

    def _fetch_large_files(self, database: str, commit: str, source: FromGit) -> None:
        if self._ask(database, "lfs", "version").code:
            raise GitFailed(
                "Git LFS extension not found", hints=("Install `git-lfs`, and make sure that `git lfs` finds it",)
            )
        self._must(database, "lfs", "fetch", _remote(source), commit, source=source)

    def _begin(self, database: str) -> None:
        make_private_folder(database)
        outcome = self._ask(database, "init", "--quiet", "--bare", "--template=", ".")
        if outcome.code:
            raise GitFailed("Git operation failed", causes=(f"Failed to make `{database}`", _said(outcome)))

    def _parsed(self, database: str, name: str) -> str | None:
        outcome = self._ask(database, "rev-parse", "--verify", "--quiet", "--end-of-options", name)
        found = outcome.stdout.decode("ascii", "replace").strip()
        return found if outcome.code == 0 and is_commit(found) else None

    def _must(self, folder: str | None, *arguments: str, source: FromGit | None = None) -> None:
        outcome = self._ask(folder, *arguments, source=source)
        if outcome.code:
            raise self._failure(outcome, (f"`git {redacted(' '.join(arguments))}` failed",), source)

    def _ask(self, folder: str | None, *arguments: str, source: FromGit | None = None) -> Outcome:
        environment = _environment(self._settings, source)
        program = shutil.which("git", path=environment.get("PATH"))
        if program is None:
            raise GitFailed("Git executable not found", hints=("Install git, and make sure that PATH leads to it",))
        try:
            return self._run(Program((program, *_CONFIGURED, *arguments), environment, folder))
        except OSError as error:
            raise GitFailed("Git operation failed", causes=(f"Failed to run `{program}`: {error}",)) from error

    def _failure(self, outcome: Outcome, causes: tuple[str, ...], source: FromGit | None) -> GitFailed:
        said = _said(outcome)
        if source is not None and isinstance(source.credentials, Basic) and source.credentials.password.reveal():
            said = said.replace(source.credentials.password.reveal(), MASK)
        if self._settings.offline and "transport '" in said:
            causes, said = (*causes, "The network is off (i.e., with `--offline`)"), ""
        return GitFailed("Git operation failed", causes=(*causes, said) if said else causes)


def is_commit(text: str) -> bool:
    """Say whether a text is the whole name of a commit (SHA-1 or SHA-256, in hex)."""
    return bool(_COMMIT.fullmatch(text))


def _check(source: FromGit) -> None:
    """Refuse what git could take for an option or for more than one name."""
    if source.revision.startswith("-") or re.search(r"[\x00-\x20~^:?*\[\\]|\.\.|@\{", source.revision):
        raise GitFailed(f"`{source.revision}` is no name of a Git branch, tag or commit")


def _ways(source: FromGit) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Give what to fetch, and the names under which the commit is then found; the ways are tried in turn."""
    revision = source.revision
    exact = source.commit or (revision if is_commit(revision) else "")
    if exact:
        # A server may refuse to give a single commit; then it lies in a branch or a tag.
        return ((f"+{exact}:refs/commit/{exact}",), (f"{exact}^0",)), (_ALL, (f"{exact}^0",))
    branch, tag = f"refs/remotes/origin/{revision}", f"refs/tags/{revision}"
    own_branch = ((f"+refs/heads/{revision}:{branch}",), (f"{branch}^0",))
    own_tag = ((f"+{tag}:{tag}",), (f"{tag}^0",))
    if not revision:
        return (((f"+HEAD:{_HEAD}",), (f"{_HEAD}^0",)),)
    if source.kind is RevisionKind.BRANCH:
        return (own_branch,)
    if source.kind is RevisionKind.TAG:
        return (own_tag,)
    if revision.startswith("refs/"):
        return (((f"+{revision}:{revision}",), (f"{revision}^0",)),)
    if _MAYBE_COMMIT.fullmatch(revision):
        return ((_ALL, (f"{branch}^0", f"{tag}^0", f"{revision}^0")),)
    return own_branch, own_tag


def _kind(source: FromGit) -> str:
    """Name what was looked for."""
    exact = source.commit or (source.revision if is_commit(source.revision) else "")
    if exact:
        return f"commit `{exact}`"
    if not source.revision:
        return "the default branch"
    if source.kind is not RevisionKind.ANY:
        return f"{source.kind.value} `{source.revision}`"
    if source.revision.startswith("refs/"):
        return f"ref `{source.revision}`"
    is_maybe_commit = _MAYBE_COMMIT.fullmatch(source.revision)
    return f"branch, tag, or commit `{source.revision}`" if is_maybe_commit else f"branch or tag `{source.revision}`"


def _remote(source: FromGit) -> str:
    """Give the URL for git's arguments: without credentials, but with the name of an ssh login."""
    url = source.url
    if not url.is_web and isinstance(source.credentials, Basic) and not url.user:
        url = msgspec.structs.replace(url, user=source.credentials.username)
    return url.exact


def _environment(settings: GitSettings, source: FromGit | None) -> dict[str, str]:
    found = {key: value for key, value in settings.environment.items() if key not in _AMBIENT}
    found |= {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    if source is None or not source.lfs:
        found["GIT_LFS_SKIP_SMUDGE"] = "1"
    else:
        found.pop("GIT_LFS_SKIP_SMUDGE", None)
    if settings.offline:
        found["GIT_ALLOW_PROTOCOL"] = "file"
    if source is not None and settings.is_insecure(source.url):
        found["GIT_SSL_NO_VERIFY"] = "true"
    if source is not None and isinstance(source.credentials, Basic) and source.url.is_web:
        found |= _answering(found, source.url, source.credentials)
    return found


def _answering(environment: Mapping[str, str], url: Url, credentials: Basic) -> dict[str, str]:
    """Give the variables that let git log in where the URL leads, and nowhere else.

    A password that the user wrote is the only one that is tried there. A lone user name may be a token that goes with
    an empty password, or a login whose password the user's own helpers know: those are asked first.
    """
    password = credentials.password.reveal()
    key = f"credential.{url.origin}.helper"
    pairs = [(key, "")] if password else [(f"credential.{url.origin}.username", credentials.username)]
    pairs.append((key, _HELPER))
    count = environment.get("GIT_CONFIG_COUNT", "")
    first = int(count) if count.isdecimal() else 0
    found = {"GIT_CONFIG_COUNT": str(first + len(pairs))}
    for at, (name, value) in enumerate(pairs, first):
        found |= {f"GIT_CONFIG_KEY_{at}": name, f"GIT_CONFIG_VALUE_{at}": value}
    return found | {"KEYRACK_GIT_USER": credentials.username, "KEYRACK_GIT_PASSWORD": password}


def _said(outcome: Outcome) -> str:
    said = (outcome.stderr or outcome.stdout).decode("utf-8", "replace").strip()
    return (
        f"git ended with status {outcome.code}, and said:\n{redacted(said)}"
        if said
        else f"git ended with status {outcome.code}"
    )
