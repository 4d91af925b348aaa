from keyrack.policy.auth.refusals import About, Refused
from keyrack.values.url import parse_url
from tests.policy.auth.stepping import index

URL = parse_url("https://pkgs.example/a/lib.whl?sig=s3cr3t").url


def test_a_refusal_tells_its_facts():
    one = index("https://pkgs.example/a/simple", "team")

    refusal = Refused("no", About(URL, one, 401, "netrc", ("netrc", "keyring")))

    assert ("team", URL, 401, "netrc", ("netrc", "keyring")) == (
        refusal.index,
        refusal.url,
        refusal.status,
        refusal.where,
        refusal.tried,
    )


def test_a_refusal_of_no_index_has_none():
    refusal = Refused("no", About(URL))

    assert (None, None, "", ()) == (refusal.index, refusal.status, refusal.where, refusal.tried)
