import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from packaging.version import Version

from keyrack.values.version_bump import BadBump, Bump, Part, bumped


def bumps(text):
    parts = [word.partition("=") for word in text.split()]
    return [Bump(Part(part), int(value) if value else None) for part, _, value in parts]


@pytest.mark.parametrize(
    ("old", "words", "expected"),
    [
        ("1.2.3", "major", "2.0.0"),
        ("1.2.3", "minor", "1.3.0"),
        ("1.2.3", "patch", "1.2.4"),
        ("1.2", "patch", "1.2.1"),
        ("1", "minor", "1.1"),
        ("0.1", "minor=7", "0.7"),
        ("1!1.2.3+x", "patch", "1!1.2.4+x"),
        ("2.0rc1", "stable", "2.0"),
        ("2.0rc1", "rc", "2.0rc2"),
        ("2.0a1", "beta", "2.0b1"),
        ("1.0", "rc patch", "1.0.1rc1"),
        ("1.0", "patch rc=4", "1.0.1rc4"),
        ("1.0", "post", "1.0.post1"),
        ("1.0.post1", "post", "1.0.post2"),
        ("1.0a1.post1.dev3", "dev", "1.0a1.post1.dev4"),
        ("1.0a1", "post", "1.0a1.post1"),
        ("1.0", "dev minor", "1.1.dev1"),
    ],
)
def test_a_version_is_raised(old, words, expected):
    assert expected == str(bumped(Version(old), bumps(words)))


@pytest.mark.parametrize(
    ("old", "words", "said"),
    [
        ("1.0", "stable major", "`--bump stable` cannot be used with another `--bump` value, got: stable, major"),
        ("1.0", "post=2 dev", "`--bump post` cannot be used with another `--bump` value, got: post=2, dev"),
        ("1.0", "minor minor", "Only one release version component can be provided to `--bump`, got: minor, minor"),
        ("1.0", "rc dev", "Only one pre-release version component can be provided to `--bump`, got: rc, dev"),
        ("2.0", "rc", "2.0 => 2.0rc1 didn't increase the version; when bumping to a pre-release version"),
        ("1.0", "dev", "1.0 => 1.0.dev1 didn't increase the version; when bumping to a dev version"),
        ("1.0", "major=0", "1.0 => 0.0 didn't increase the version; provide the exact version to force an update"),
        ("2.0rc2", "rc=1", "2.0rc2 => 2.0rc1 didn't increase the version; provide the exact version"),
    ],
)
def test_a_version_must_grow(old, words, said):
    with pytest.raises(BadBump) as caught:
        bumped(Version(old), bumps(words))

    assert caught.value.message.startswith(said)


VERSIONS = st.builds(
    lambda release, suffix: Version(".".join(map(str, release)) + suffix),
    st.lists(st.integers(0, 20), min_size=1, max_size=4),
    st.sampled_from(["", "a1", "b2", "rc3", ".post1", ".dev4", "a1.dev2", "+local"]),
)


@given(VERSIONS, st.builds(Bump, st.sampled_from(Part), st.none() | st.integers(0, 30)))
def test_what_is_raised_is_later(old, bump):
    try:
        new = bumped(old, [bump])
    except BadBump:
        assume(False)

    assert new > old
