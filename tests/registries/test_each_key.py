"""Two private indexes on one host, at every kind of registry: each is asked with its own key, once, and in order."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from lab.kinds import IN_PATH, KINDS
from tests.registries.team import INSTALLED, PRIVATE, TWO, Team, Way, leaks, secrets_of
from tests.scenarios.using import Said, User, repeated

WAYS: dict[str, Callable[..., Way]] = {
    "urls": Team.in_urls,
    "variables": Team.in_variables,
    "file": Team.in_a_file,
    "store": Team.in_the_store,
}
AT_ONCE = (1, 50)


def is_possible(kind, way, at_once):
    """Say whether a registry takes credentials in that way; one way is enough to look at one request at a time."""
    if way == "file":
        return True
    if at_once == 1 or kind == "lacks-with-403":  # `ignore-error-codes` can only be written into a file
        return False
    if way == "store":  # it keeps passwords by user name, and wants both
        return kind not in IN_PATH | {"artifactory", "gemfury"}
    return way == "urls" or kind not in IN_PATH


RUNS = [
    pytest.param((kind, way, at_once), id=f"{kind}-{way}-{at_once}")
    for kind in KINDS
    for way in WAYS
    for at_once in AT_ONCE
    if is_possible(kind, way, at_once)
]


class Run(NamedTuple):
    """What became of one installation, and what was seen of it."""

    said: Said
    installed: list[str]
    log: list[str]
    methods: set[str]
    strangers: list[str]
    repeated: list[str]
    refused: list[str]
    in_public: list[str]
    leaks: list[str]


@pytest.fixture(scope="module")
def runs(teams, fresh, tmp_path_factory):
    """Give what became of an installation; each is done once, however many tests look at it."""
    done = {}

    def of(kind, way, at_once):
        key = (kind, way, at_once)
        if key not in done:
            done[key] = watched(teams(kind), User(tmp_path_factory.mktemp("user"), fresh), way, at_once)
        return done[key]

    return of


def watched(team, user, way, at_once):
    more = {"ignore_error_codes": "[403]"} if team.kind == "lacks-with-403" else {}
    given = WAYS[way](team, user, team.identities, **more)
    said = team.install(user, given, "-vv", at_once=at_once)
    entries = team.entries()
    return Run(
        said,
        user.installed(),
        sorted(f"{entry.method} {entry.target} {entry.status} {entry.identity}" for entry in entries),
        {entry.method for entry in entries},
        team.strangers(),
        repeated(entries),
        [str(entry) for entry in entries if entry.status in (400, 401, 403, 405)],
        team.asked_in_public(),
        leaks(secrets_of(team), said, user.cache, user.environment),
    )


@pytest.mark.parametrize("run", RUNS)
def test_the_right_packages_are_installed(runs, run):
    seen = runs(*run)

    assert (0, INSTALLED) == (seen.said.code, seen.installed), seen.said.err


@pytest.mark.parametrize("run", RUNS)
def test_nobody_hears_the_key_of_another(runs, run):
    assert [] == runs(*run).strangers


@pytest.mark.parametrize("run", RUNS)
def test_each_resource_is_asked_for_once_and_nothing_is_refused(runs, run):
    seen = runs(*run)

    # Of a registry that has no 404, a 403 for what is not there is the answer.
    refused = [line for line in seen.refused if not (run[0] == "lacks-with-403" and " -> 403 " in line)]
    assert ([], []) == (seen.repeated, refused)


@pytest.mark.parametrize("run", RUNS)
def test_the_public_index_never_hears_a_private_name(runs, run):
    assert [] == runs(*run).in_public


@pytest.mark.parametrize("run", RUNS)
def test_nothing_but_get_is_used(runs, run):
    assert {"GET"} == runs(*run).methods


@pytest.mark.parametrize("run", RUNS)
def test_no_secret_is_printed_or_kept(runs, run):
    assert [] == runs(*run).leaks


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_asked_does_not_depend_on_how_many_requests_run_at_once(runs, kind):
    assert runs(kind, "file", 1).log == runs(kind, "file", 50).log


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "lacks-with-403"])
def test_what_is_asked_does_not_depend_on_how_the_credentials_are_given(runs, kind):
    assert runs(kind, "file", 50).log == runs(kind, "urls", 50).log


def test_these_tests_would_see_a_foreign_key(teams):
    team = teams("json")
    page = f"{team.url('one')}front/"

    team.ask(page, team.identities["two"])
    team.ask(page, None)
    team.ask(page, team.identities["one"])

    assert 2 == len(team.strangers())


def test_these_tests_would_see_a_private_name_in_public(teams):
    team = teams("json")

    team.ask(f"{team.open_index.index_url()}{PRIVATE[0]}/", None)

    assert 1 == len(team.asked_in_public())


def test_these_tests_would_see_a_secret(teams, tmp_path):
    team = teams("azure")
    (tmp_path / "kept").write_text(f"... {team.identities['one'][1]} ...")
    team.ask(f"{team.host.servers[1].url}/blob/{TWO[0].sha256}?sig=signature", None)

    found = leaks(secrets_of(team), Said(0, "", "signature"), tmp_path)

    assert ["printed", str(tmp_path / "kept")] == [line.partition(": ")[0] for line in found]
