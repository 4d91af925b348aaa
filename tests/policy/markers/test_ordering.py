from keyrack.policy.markers.diagram import FALSE, TRUE
from keyrack.policy.markers.ordering import order
from keyrack.policy.markers.reading import read

# As uv 0.13.9 sorts requirements that differ by their marker alone.
SORTED = (
    "implementation_version < '3.9'",
    "python_full_version < '3.8'",
    "python_full_version >= '3.8'",
    "python_full_version < '3.10'",
    "os_name == 'nt'",
    "os_name == 'posix'",
    "sys_platform == 'linux'",
    "platform_machine == 'x86_64'",
    "sys_platform in 'linux'",
    "'a' in sys_platform",
    "'a' in extras",
    "extra == 'a'",
    "extra != 'a'",
    "extra == 'b'",
)


def test_markers_sort_as_uv_sorts_them():
    assert SORTED == tuple(sorted(SORTED, key=lambda marker: order(read(marker))))


def test_what_always_holds_comes_first():
    assert order(TRUE) < order(FALSE) < order(read(SORTED[0]))


def test_a_deep_marker_has_its_place():
    deep = read(" or ".join(f"extra == 'a{i}'" for i in range(3000)))

    assert order(deep)[0] == order(read("extra == 'a'"))[0]
