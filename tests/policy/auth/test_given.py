import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.policy.auth.given import ConfigurationAmbiguous, check_names, resolve_given
from keyrack.values.credentials import Basic, Held, Source, Username
from keyrack.values.index import AuthPolicy
from keyrack.values.names import IndexName
from keyrack.values.secret import Secret

NAME = IndexName("team-b")
USERNAME, PASSWORD = "UV_INDEX_TEAM_B_USERNAME", "UV_INDEX_TEAM_B_PASSWORD"
INLINE = Basic("inline", Secret("old"))


def resolved(inline, name=NAME, policy=AuthPolicy.AUTO, **variables):
    named = {{"username": USERNAME, "password": PASSWORD}[key]: value for key, value in variables.items()}
    return resolve_given(name, inline, named, label=str(name or "https://pkgs.example/"), policy=policy)


def test_nothing_said_is_nothing_held():
    assert None is resolved(None)


def test_what_stands_in_the_url_counts_where_the_environment_is_silent():
    assert Held(INLINE, Source.INLINE) == resolved(INLINE)


@pytest.mark.parametrize("inline", [None, INLINE, Username("inline")])
def test_a_pair_in_the_environment_comes_before_the_url(inline):
    held = resolved(inline, username="env", password="new")

    assert Held(Basic("env", Secret("new")), Source.ENVIRONMENT, f"{USERNAME} and {PASSWORD}") == held


@pytest.mark.parametrize("inline", [INLINE, Username("inline")])
def test_a_user_name_in_the_url_and_a_password_in_the_environment_make_one(inline):
    held = resolved(inline, password="new")

    assert Held(Basic("inline", Secret("new")), Source.ENVIRONMENT, f"the index URL and {PASSWORD}") == held


def test_an_empty_user_name_is_a_user_name_where_there_is_a_password():
    assert Basic("", Secret("token")) == resolved(None, username="", password="token").credentials


def test_a_password_without_any_user_name_is_an_error_that_says_what_to_set():
    with pytest.raises(ConfigurationAmbiguous, match="a password without a user name") as caught:
        resolved(None, password="new")

    assert f"set {USERNAME}" in caught.value.hints[0]


@pytest.mark.parametrize("inline", [None, Username("inline")])
def test_a_user_name_in_the_environment_is_half_an_identity(inline):
    assert Held(Username("env"), Source.ENVIRONMENT, USERNAME) == resolved(inline, username="env")


def test_the_same_user_name_in_both_places_leaves_the_url_whole():
    assert Held(INLINE, Source.INLINE) == resolved(INLINE, username="inline")


def test_another_user_name_in_the_environment_without_its_password_is_an_error():
    with pytest.raises(ConfigurationAmbiguous, match="two user names") as caught:
        resolved(INLINE, username="env")

    assert (f"set {PASSWORD} as well, or unset {USERNAME}",) == caught.value.hints


def test_an_empty_variable_alone_says_nothing():
    assert (None, Held(INLINE, Source.INLINE)) == (resolved(None, username=""), resolved(INLINE, username=""))


def test_an_index_without_a_name_has_no_variables():
    variables = {"UV_INDEX__USERNAME": "u", "UV_INDEX__PASSWORD": "p"}

    assert None is resolve_given(None, None, variables, label="https://pkgs.example/")


@pytest.mark.parametrize(
    ("inline", "variables"), [(INLINE, {}), (Username("inline"), {}), (None, {"username": "u", "password": "p"})]
)
def test_never_and_credentials_contradict_each_other(inline, variables):
    with pytest.raises(ConfigurationAmbiguous, match="has credentials and must not use any"):
        resolved(inline, policy=AuthPolicy.NEVER, **variables)


def test_never_without_credentials_is_fine():
    assert None is resolved(None, policy=AuthPolicy.NEVER)


def test_a_variable_that_speaks_for_two_indexes_is_an_error_that_names_both():
    with pytest.raises(ConfigurationAmbiguous, match=f"{PASSWORD} speaks for two indexes: `team-b` and `team_b`"):
        check_names([NAME, IndexName("other"), IndexName("team_b")], {PASSWORD: "p"})


def test_names_that_would_collide_are_fine_where_no_variable_is_set():
    check_names([NAME, IndexName("team_b")], {"UV_INDEX_OTHER_PASSWORD": "p"})


def test_one_name_on_two_layers_does_not_collide_with_itself():
    check_names([NAME, NAME], {PASSWORD: "p"})


MAYBE = st.none() | st.text(max_size=3)


@given(MAYBE, MAYBE, MAYBE, MAYBE)
def test_a_password_is_never_joined_with_the_user_name_of_another_place_that_has_its_own(
    name, word, env_name, env_word
):
    inline = (
        None
        if name is None and word is None
        else Basic(name or "", Secret(word))
        if word is not None
        else Username(name)
    )
    said = {key: value for key, value in {"username": env_name, "password": env_word}.items() if value is not None}
    try:
        held = resolved(inline, **said)
    except ConfigurationAmbiguous:
        return

    whole = [(name or "", word), (env_name, env_word), *([(name or "", env_word)] if env_name is None else [])]
    found = held.credentials if held else None
    assert not isinstance(found, Basic) or (found.username, found.password.reveal()) in whole
