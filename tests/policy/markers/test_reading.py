import pytest
from packaging.markers import Marker

from keyrack.errors import InvalidText
from keyrack.policy.markers.diagram import TRUE
from keyrack.policy.markers.reading import read
from keyrack.policy.markers.wording import text
from tests.policy.markers.worlds import explosive


@pytest.mark.parametrize(
    ("marker", "written"),
    [
        ("os_name ~= 'nt' or os_name == sys_platform", ""),
        ("os_name ~= 'nt' and sys_platform == 'linux'", "sys_platform == 'linux'"),
        ("(os_name ~= 'nt') or sys_platform == 'linux'", "sys_platform == 'linux'"),
        ("python_version >= 'abc' or 'a' == 'b' or extra in 'dev' or extras == 'x'", ""),
        ("'3.8.*' == python_version or python_version ~= '3' or python_version in '3.8, 3.9'", ""),
        ("python_full_version in '3.8, 3.9' or python_version >= '3.8+local'", ""),
    ],
    ids=str,
)
def test_a_comparison_without_a_meaning_is_left_out(marker, written):
    assert written == text(read(str(Marker(marker))))


def test_an_extra_that_no_project_can_have_is_never_asked_for():
    assert "python_version < '0'" == text(read("extra == 'not valid!' and sys_platform == 'linux'"))


@pytest.mark.parametrize(
    "old",
    ["os.name", "sys.platform", "platform.machine", "platform.version", "platform.python_implementation"],
)
def test_an_old_name_means_the_new_one(old):
    assert read(f"{old} == 'x'") is read(f"{old.replace('.', '_')} == 'x'")


def test_brackets_bind_stronger_than_words():
    plain = read("extra == 'a' or extra == 'b' and extra == 'c'")

    assert plain is read("extra == 'a' or (extra == 'b' and extra == 'c')")
    assert plain is not read("(extra == 'a' or extra == 'b') and extra == 'c'")


def test_a_thousand_brackets_are_no_crash():
    assert read("(" * 1000 + "extra == 'a'" + ")" * 1000) is read("extra == 'a'")


@pytest.mark.parametrize("key", ["sys_platform", "extra", "python_version"])
def test_a_chain_of_thousands_is_no_crash(key):
    values = (f"3.{i}" if key == "python_version" else f"a{i}" for i in range(3000))

    chain = read(" or ".join(f"{key} == '{value}'" for value in values))

    assert TRUE is not chain


def test_a_marker_made_to_explode_is_refused():
    marker = f"({explosive('a', 'c')}) and ({explosive('b', 'd')})"

    with pytest.raises(InvalidText, match="too complex"):
        read(marker)
