import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.values.add_bounds import Bounds, bounded


@pytest.mark.parametrize(
    ("version", "bounds", "expected"),
    [
        ("1.2.3", "lower", ">=1.2.3"),
        ("1.2.3+local", "lower", ">=1.2.3"),
        ("1.2.3", "exact", "==1.2.3"),
        ("1.2.3", "major", ">=1.2.3,<2.0.0"),
        ("1.2", "major", ">=1.2,<2.0"),
        ("1", "major", ">=1,<2"),
        ("0.1.2", "major", ">=0.1.2,<0.2.0"),
        ("0.0.1", "major", ">=0.0.1,<0.0.2"),
        ("0", "major", ">=0,<0.1"),
        ("0.0.0", "major", ">=0.0.0,<0.1.0"),
        ("1.2.3", "minor", ">=1.2.3,<1.3.0"),
        ("1.2", "minor", ">=1.2,<1.3"),
        ("1", "minor", ">=1,<1.1"),
        ("0.1.2", "minor", ">=0.1.2,<0.1.3"),
        ("0.0.1", "minor", ">=0.0.1,<0.0.2"),
        ("0.0", "minor", ">=0.0,<0.0.1"),
        ("0.0.0.0", "minor", ">=0.0.0.0,<0.0.1.0"),
        ("2.0rc1", "major", ">=2.0rc1,<3.0"),
    ],
)
def test_a_requirement_reaches_as_far_as_uvs(version, bounds, expected):
    assert expected == bounded(Version(version), Bounds(bounds))


@given(st.lists(st.integers(0, 9), min_size=1, max_size=4), st.sampled_from(Bounds))
def test_a_version_is_within_its_own_bounds(release, bounds):
    version = Version(".".join(map(str, release)))

    assert SpecifierSet(bounded(version, bounds)).contains(version)
