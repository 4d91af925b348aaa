from keyrack.policy.settings import with_locked
from keyrack.values.credentials import Basic, Held, Source
from keyrack.values.index import LOCK, Index, Indexes, index_id
from keyrack.values.names import index_name
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url

KNOWN = parse_url("https://pkgs.example/known/simple").url
OTHER = parse_url("https://pkgs.example/other/simple/").url
INDEXES = Indexes((Index(index_id(KNOWN, index_name("known")), KNOWN, index_name("known")),))
HELD = Held(Basic("u", Secret("p")), Source.STORE)


def test_an_index_that_only_a_lock_names_is_known_by_its_url_and_not_searched():
    found = with_locked(INDEXES, (parse_url("https://pkgs.example/known/simple/").url, OTHER, OTHER), lambda _: None)

    assert (INDEXES.searched, [(OTHER, LOCK)]) == (
        found.searched,
        [(index.url, index.declared_in) for index in found.explicit],
    )


def test_what_its_user_logged_in_to_is_its_identity():
    found = with_locked(INDEXES, (OTHER,), lambda entry: HELD if entry.parsed.url == OTHER else None)

    assert HELD == found.explicit[0].given
