"""One wrong key of two, at every kind of registry: its index is named, alone, and no impostor is installed."""

from typing import NamedTuple

import pytest

from lab.kinds import IN_PATH, KINDS, identity
from tests.registries.team import SECRETS, WRONG, leaks, secrets_of
from tests.scenarios.using import Said, User

NEIGHBOUR = SECRETS["one"]
KEYS = {"unknown": WRONG, "neighbour": NEIGHBOUR}
# What a registry answers with 404, as if it had no such package: such an answer cannot be told from an honest one.
LIES = {
    *(("denies-with-404", key) for key in KEYS),
    *((kind, "neighbour") for kind in KINDS if kind.startswith("gitlab")),
    ("codeartifact", "unknown"),
    ("gemfury", "neighbour"),
}
# `ignore-error-codes = [403]` is needed there, and then 403 says nothing any more.
LIES_403 = {("lacks-with-403", "neighbour")}
CASES = [(kind, key) for kind in KINDS for key in KEYS]
HONEST = [case for case in CASES if case not in LIES | LIES_403]


class Run(NamedTuple):
    """What became of an installation with a wrong key for the second index."""

    said: Said
    installed: list[str]
    wrong: list[str]
    in_public: list[str]
    leaks: list[str]


@pytest.fixture(scope="module")
def runs(teams, fresh, tmp_path_factory):
    done = {}

    def of(kind, key, **more):
        at = (kind, key, *more.items())
        if at not in done:
            done[at] = watched(teams(kind), User(tmp_path_factory.mktemp("user"), fresh), KEYS[key], more)
        return done[at]

    return of


def watched(team, user, secret, more):
    if team.kind == "lacks-with-403":
        more = {**more, "ignore_error_codes": "[403]"}
    given = {**team.identities, "two": identity(team.kind, secret)}
    said = team.install(user, team.in_a_file(user, given, **more), "-v")
    place = team.path("two", given["two"])
    return Run(
        said,
        user.installed(),
        [str(entry) for entry in team.host.requests() if entry.target.startswith(place)],
        team.asked_in_public(),
        leaks({*secrets_of(team), WRONG.encode()}, said, user.cache, user.environment),
    )


@pytest.mark.parametrize(("kind", "key"), HONEST)
def test_nothing_is_installed(runs, kind, key):
    seen = runs(kind, key)

    assert (1, []) == (seen.said.code, seen.installed), seen.said.err


@pytest.mark.parametrize(("kind", "key"), HONEST)
def test_the_index_is_named_alone(runs, kind, key):
    seen = runs(kind, key)

    told = "\n".join(
        line for line in seen.said.err.splitlines() if not line.startswith(("DEBUG ", "WARN ", "warning: "))
    )
    assert (True, False) == ("Index `two`" in told, "`one`" in told), told


@pytest.mark.parametrize(("kind", "key"), HONEST)
def test_the_public_index_is_not_asked_in_its_place(runs, kind, key):
    assert [] == runs(kind, key).in_public


@pytest.mark.parametrize(("kind", "key"), CASES)
def test_a_wrong_key_is_shown_four_times_at_most(runs, kind, key):
    refused = [line for line in runs(kind, key).wrong if any(f" -> {status} " in line for status in (401, 302))]

    assert 4 >= len(refused)


@pytest.mark.parametrize(("kind", "key"), CASES)
def test_no_key_is_printed_or_kept(runs, kind, key):
    assert [] == runs(kind, key).leaks


@pytest.mark.parametrize(("kind", "key"), sorted(LIES))
def test_a_registry_that_hides_what_it_has_is_not_believed_where_the_index_always_wants_credentials(runs, kind, key):
    seen = runs(kind, key, authenticate='"always"')

    assert (1, []) == (seen.said.code, seen.installed), seen.said.err
    assert "The credentials for index `two` have not been accepted anywhere" in seen.said.err
    assert "the default index has them: `back`" in seen.said.err


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in IN_PATH and kind != "lacks-with-403"])
def test_an_index_that_always_wants_credentials_and_gets_them_is_believed(teams, user, kind):
    team = teams(kind)

    said = team.install(user, team.in_a_file(user, team.identities, authenticate='"always"'), wanted="brush")

    # These have no list of packages that could show whom they accept, or show it elsewhere to everybody.
    accepted = kind not in {"google", "codeartifact", "azure", "pulp-redirects"}
    assert (["brush-1.1"] if accepted else []) == user.installed(), said.err


@pytest.mark.parametrize(("kind", "key"), sorted(LIES))
def test_where_a_package_is_missing_the_doubt_is_told(teams, user, kind, key):
    team = teams(kind)
    given = {**team.identities, "two": identity(kind, KEYS[key])}

    said = team.install(user, team.in_a_file(user, given), wanted="motor>0.5,<99")

    assert 1 == said.code
    assert "The credentials for index `two` (from the index URL) have not been accepted anywhere yet" in said.err
