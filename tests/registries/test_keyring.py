"""The keyring, at every kind of registry: asked once for each index, by its URL; asked again when a token has expired."""

import pytest

from lab.faults import Fault
from lab.keyring_program import KeyringProgram
from lab.kinds import IN_PATH, KINDS, identity
from tests.registries.team import INSTALLED, RENEWED

# A token in a path is no password; `ignore-error-codes` is the matter of another test.
HERE = [kind for kind in KINDS if kind not in IN_PATH and kind != "lacks-with-403"]


def calls(user):
    return sorted(KeyringProgram(user.folder / "bin").calls())


@pytest.mark.parametrize("kind", HERE)
def test_it_is_asked_once_for_each_index_and_nothing_goes_out_without_its_answer(teams, user, kind):
    team = teams(kind)

    said = team.install(user, team.in_a_keyring(user, team.identities))

    assert (0, INSTALLED, []) == (said.code, user.installed(), team.strangers()), said.err
    assert [("get", team.url(name), "--mode", "creds") for name in ("one", "two")] == calls(user)


# There the token is the user name, and a keyring keeps passwords by user name.
@pytest.mark.parametrize("kind", [kind for kind in HERE if kind != "gemfury"])
def test_a_token_that_expires_on_the_way_is_renewed_once(teams, user, kind):
    team = teams(kind)
    way = team.in_a_keyring(user, team.identities, one=identity(kind, RENEWED["one"]))
    team.host.server.fault(Fault(identity=team.identities["one"], first=3, status=401))

    said = team.install(user, way)

    assert (0, INSTALLED) == (said.code, user.installed()), said.err
    assert [team.url("one"), team.url("one"), team.url("two")] == [call[1] for call in calls(user)]
