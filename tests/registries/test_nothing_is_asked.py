"""What contradicts itself is an error before any request goes out."""

import pytest

from tests.registries.team import SECRETS, Way

# Nothing of a server is seen; these differ in how their URLs are written.
HERE = ["json", "azure", "gitlab-path", "pypiserver"]


def configured(team, user, *, authenticate, name="one", inline=True):
    url = team.url("one", team.identities["one"] if inline else None)
    user.write(
        "uv.toml", f'[[index]]\nname = "{name}"\nurl = "{url}"\nauthenticate = "{authenticate}"\ndefault = true\n'
    )


@pytest.mark.parametrize("kind", HERE)
def test_credentials_for_an_index_that_must_not_have_any(teams, user, kind):
    team = teams(kind)
    configured(team, user, authenticate="never")

    said = team.install(user, Way(()))

    assert (2, (), True) == (said.code, team.entries(), "Index `one` has credentials and must not use any" in said.err)
    assert not [secret for secret in SECRETS.values() if secret in said.err]


@pytest.mark.parametrize("kind", HERE)
def test_no_credentials_for_an_index_that_always_wants_some(teams, user, kind):
    team = teams(kind)
    configured(team, user, authenticate="always", inline=False)

    said = team.install(user, Way(()))

    assert (2, (), True) == (said.code, team.entries(), "Missing credentials for: " in said.err)


@pytest.mark.parametrize("kind", HERE)
def test_a_password_without_a_user_name(teams, user, kind):
    team = teams(kind)
    configured(team, user, authenticate="auto", inline=False)

    said = team.install(user, Way((), {"UV_INDEX_ONE_PASSWORD": SECRETS["one"]}))

    assert (2, (), True) == (said.code, team.entries(), "Index `one` has a password without a user name" in said.err)


@pytest.mark.parametrize("kind", HERE)
def test_variables_that_speak_for_two_indexes(teams, user, kind):
    team = teams(kind)
    words = tuple(f"--index={name}={team.url('one')}" for name in ("my-one", "my_one"))

    said = team.install(user, Way(words, {"UV_INDEX_MY_ONE_USERNAME": "u", "UV_INDEX_MY_ONE_PASSWORD": "p"}))

    assert (2, (), True) == (said.code, team.entries(), "speaks for two indexes" in said.err)
