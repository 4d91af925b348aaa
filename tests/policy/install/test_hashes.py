import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.policy.install.hashes import HashMismatch, agrees, check, wanted
from keyrack.values.artifact import Digest

DIGESTS = st.lists(st.builds(Digest, st.sampled_from(["sha256", "md5", "odd"]), st.sampled_from(["aa", "bb"]))).map(
    tuple
)


def test_sha256_is_always_computed_and_what_nobody_can_compute_never():
    assert frozenset({"sha256", "md5"}) == wanted((Digest("md5", "aa"),), (Digest("rot13", "bb"),))


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ((), ()),
        ((Digest("sha256", "aa"),), ()),
        ((Digest("sha256", "aa"), Digest("md5", "cc")), (Digest("sha256", "aa"),)),
        ((), (Digest("sha256", "zz"), Digest("sha256", "aa"))),
        ((Digest("rot13", "zz"),), ()),
    ],
)
def test_the_archive_that_was_meant_passes(listed, expected):
    check("lib-a==1.0", {"sha256": "aa", "md5": "cc"}, listed, expected)


def test_another_archive_than_the_user_wrote_is_refused_in_words_that_show_both():
    with pytest.raises(HashMismatch) as caught:
        check("lib-a==1.0", {"sha256": "aa", "md5": "cc"}, (), (Digest("sha256", "bb"), Digest("sha512", "dd")))

    expected = "Hash mismatch for `lib-a==1.0`\n\nExpected:\n  sha256:bb\n  sha512:dd\n\nComputed:\n  sha256:aa"
    assert (expected, 1) == (caught.value.message, caught.value.exit_code)


def test_another_archive_than_the_index_lists_is_refused_even_where_the_user_agrees():
    with pytest.raises(HashMismatch, match="md5:dd"):
        check("lib-a==1.0", {"sha256": "aa", "md5": "cc"}, (Digest("md5", "dd"),), (Digest("sha256", "aa"),))


def test_a_hash_that_nobody_can_compute_does_not_suffice():
    with pytest.raises(HashMismatch, match="sha256:aa"):
        check("lib-a==1.0", {"sha256": "aa"}, (), (Digest("rot13", "bb"),))


@given(DIGESTS, DIGESTS, DIGESTS)
def test_a_stored_archive_agrees_only_if_the_check_would_pass(held, listed, expected):
    held = tuple({digest.algorithm: digest for digest in held}.values())

    if agrees(held, listed, expected):
        check("x", {"sha256": "", **{digest.algorithm: digest.value for digest in held}}, (), expected)
        assert {d.value for d in listed for h in held if d.algorithm == h.algorithm} <= {h.value for h in held}
