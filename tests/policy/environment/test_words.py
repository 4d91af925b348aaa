import pytest
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet

from keyrack.policy.environment.words import requirement_text, specifier_text
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.requirement import FromGit, FromTree, FromUrl, Requirement
from keyrack.values.url import parse_url

LIB = PackageName("lib")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", ""),
        ("<2,>=1,!=1.5", ">=1,!=1.5,<2"),
        ("==1.*", "==1.*"),
        ("===odd,>1", ">1,===odd"),
        (">=1.10,<1.9", "<1.9,>=1.10"),
    ],
)
def test_the_parts_of_a_range_stand_in_the_order_of_their_versions(written, expected):
    assert expected == specifier_text(SpecifierSet(written))


def test_extras_ranges_and_markers_are_written():
    wanted = Requirement(
        LIB, frozenset(map(ExtraName, "ba")), SpecifierSet("<2,>=1"), Marker('python_version > "3" and os_name != "nt"')
    )

    assert "lib[a,b]>=1,<2 ; python_full_version >= '3.1' and os_name != 'nt'" == requirement_text(wanted)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            FromUrl(parse_url("https://pkgs.example/lib.whl?sig=secret").url),
            "lib @ https://pkgs.example/lib.whl?sig=****",
        ),
        (FromGit(parse_url("https://git.example/lib").url), "lib @ https://git.example/lib"),
        (FromTree("/src/lib"), "lib @ file:///src/lib"),
    ],
)
def test_direct_requirements_say_where_from_without_a_secret(source, expected):
    assert expected == requirement_text(Requirement(LIB, source=source))
