import pytest

from keyrack.policy.auth.audience import (
    Relation,
    claimants,
    is_confidential,
    is_upgrade,
    neighbours,
    owners,
    relation,
)
from keyrack.values.index import FileScope, Indexes
from keyrack.values.url import parse_url
from tests.policy.auth.stepping import index

A = index("https://pkgs.example/a/simple/", "a")
INNER = index("https://pkgs.example/a/inner/simple/", "inner")
WHOLE = index("https://pkgs.example/simple/", "whole")
OTHER = index("https://other.example/a/simple/", "other")


def url(text):
    return parse_url(text).url


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://pkgs.example/a/lib.whl", Relation.INSIDE),
        ("https://pkgs.example/elsewhere/lib.whl", Relation.INSIDE),
        ("https://cdn.example/lib.whl", Relation.INSIDE),
        ("https://cdn.example:8443/lib.whl", Relation.FOREIGN),
        ("http://pkgs.example/a/lib.whl", Relation.FOREIGN),
        ("https://other.example/a/lib.whl", Relation.FOREIGN),
    ],
)
def test_an_index_vouches_for_its_origin_and_for_those_that_it_names(text, expected):
    one = index("https://pkgs.example/a/simple/", origins=("https://cdn.example",))

    assert expected is relation(url(text), one)


def test_an_index_may_keep_to_its_path():
    one = index("https://pkgs.example/a/simple/", scope=FileScope.PREFIX)
    places = [url(f"https://pkgs.example/{path}/lib.whl") for path in ("a", "b")]

    assert [Relation.INSIDE, Relation.OUT_OF_SCOPE] == [relation(place, one) for place in places]


@pytest.mark.parametrize(
    ("text", "seen_from", "expected"),
    [
        ("https://pkgs.example/a/lib.whl", A, []),
        ("https://pkgs.example/a/inner/lib.whl", A, ["inner"]),
        ("https://pkgs.example/a/lib.whl", INNER, []),
        ("https://pkgs.example/a/lib.whl", WHOLE, ["a"]),
        ("https://pkgs.example/a/inner/lib.whl", WHOLE, ["a", "inner"]),
        ("https://pkgs.example/else/lib.whl", A, []),
        ("https://pkgs.example/else/../lib.whl", WHOLE, ["a", "inner"]),
        ("https://other.example/a/lib.whl", A, ["other"]),
    ],
)
def test_an_index_claims_what_lies_below_its_root_against_those_beside_it(text, seen_from, expected):
    found = claimants(url(text), seen_from, Indexes((A, INNER, WHOLE, OTHER)))

    assert expected == [one.name for one in found]


BY_PATH = index("https://pkgs.example/projects/team%2Fone/simple/", "by path")
BY_NUMBER = index("https://pkgs.example/projects/12/simple/", "by number")
AROUND = index("https://pkgs.example/projects/simple/", "around")


@pytest.mark.parametrize(
    ("text", "seen_from", "expected"),
    [
        ("https://pkgs.example/projects/team%2Fone/simple/lib/", BY_PATH, []),
        ("https://pkgs.example/projects/team%2fone/files/lib.whl", BY_PATH, []),
        ("https://pkgs.example/projects/12/files/lib.whl", BY_PATH, ["by number"]),
        ("https://pkgs.example/projects/team%2Fone/files/lib.whl", BY_NUMBER, ["by path"]),
        ("https://pkgs.example/projects/team%2Ftwo/files/lib.whl", BY_PATH, ["by number"]),
        ("https://pkgs.example/projects/team%2Ftwo/files/lib.whl", BY_NUMBER, ["by path"]),
        ("https://pkgs.example/projects/team%2Fone/..%2Flib.whl", BY_PATH, ["by number"]),
    ],
)
def test_an_encoded_slash_in_an_index_url_is_the_users_own_and_in_a_link_anybodys(text, seen_from, expected):
    found = claimants(url(text), seen_from, Indexes((BY_PATH, BY_NUMBER, AROUND)))

    assert expected == [one.name for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://pkgs.example/projects/team%2Fone/files/lib.whl", ["by path"]),
        ("https://pkgs.example/projects/lib.whl", ["around"]),
        ("https://pkgs.example/a/inner/lib.whl", ["inner"]),
        ("https://pkgs.example/a/lib.whl", ["a"]),
        ("https://pkgs.example/lib.whl", ["whole"]),
        ("https://third.example/a/lib.whl", []),
    ],
)
def test_a_url_of_the_user_belongs_to_the_longest_root_above_it(text, expected):
    assert expected == [one.name for one in owners(url(text), Indexes((A, INNER, WHOLE, OTHER, AROUND, BY_PATH)))]


def test_two_indexes_with_one_root_own_it_together():
    twin = index("https://pkgs.example/a/+simple/", "twin")

    found = owners(url("https://pkgs.example/a/lib.whl"), Indexes((A, twin)))

    assert ["a", "twin"] == [one.name for one in found]


def test_neighbours_share_the_origin():
    found = neighbours(url("https://pkgs.example/x"), Indexes((A, OTHER, WHOLE)))

    assert ["a", "whole"] == [one.name for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://pkgs.example/", True),
        ("http://127.0.0.1:8080/", True),
        ("http://localhost/", True),
        ("http://pkgs.example/", False),
        ("ftp://localhost/", False),
    ],
)
def test_nobody_else_hears_https_and_this_machine(text, expected):
    assert expected == is_confidential(url(text).origin)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("http://a.example/", "https://a.example/", True),
        ("http://a.example/", "https://b.example/", False),
        ("http://a.example:8080/", "https://a.example/", False),
        ("http://a.example/", "https://a.example:8443/", False),
        ("https://a.example/", "http://a.example/", False),
    ],
)
def test_an_upgrade_is_the_same_host_over_tls_with_default_ports(before, after, expected):
    assert expected == is_upgrade(url(before).origin, url(after).origin)
