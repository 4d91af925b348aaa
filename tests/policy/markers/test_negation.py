import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker

from keyrack.policy.markers.negation import negated

ATOMS = (
    "sys_platform == 'linux'",
    "'win32' != sys_platform",
    "python_full_version >= '3.9'",
    "python_full_version < '3.12'",
    "python_full_version <= '3.11.2'",
    "python_full_version > '3.8'",
    "python_full_version ~= '3.11.0'",
    "python_version ~= '3.10'",
    "python_full_version === '3.11.2'",
    "platform_machine in 'x86_64 arm64'",
    "'arm' not in platform_machine",
)
markers = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.tuples(inner, st.sampled_from(("and", "or")), inner).map(lambda parts: f"({' '.join(parts)})"),
    max_leaves=6,
)
environments = st.fixed_dictionaries(
    {
        "sys_platform": st.sampled_from(("linux", "win32", "darwin")),
        "python_full_version": st.sampled_from(("3.8.0", "3.9.1", "3.11.0", "3.11.2", "3.12.1")),
        "python_version": st.sampled_from(("3.8", "3.10", "3.12")),
        "platform_machine": st.sampled_from(("x86_64", "arm64", "ppc64le")),
    }
)


@given(markers, environments)
def test_a_negated_marker_holds_exactly_where_the_marker_does_not(text, environment):
    marker = Marker(text)

    assert negated(marker).evaluate(environment) != marker.evaluate(environment)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("os_name == 'nt'", 'os_name != "nt"'),
        ("os_name == 'nt' and extra == 'x'", 'os_name != "nt" or extra != "x"'),
        ("os_name == 'nt' or (extra == 'x' and os_name > 'a')", 'os_name != "nt" and (extra != "x" or os_name <= "a")'),
    ],
)
def test_a_negated_marker_is_as_short_as_it_was(text, expected):
    assert expected == str(negated(Marker(text)))
