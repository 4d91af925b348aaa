"""Requirements as values."""

from packaging.specifiers import SpecifierSet

from keyrack.values.credentials import Basic
from keyrack.values.requirement import IN_SETTINGS, FromGit, FromIndex, FromUrl, Requirement, Written, WrittenKind
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url


def test_a_requirement_comes_from_any_index_unless_it_says_so():
    assert FromIndex(None) == Requirement("a").source


def test_requirements_with_equal_clauses_in_another_order_are_equal():
    first = Requirement("a", specifier=SpecifierSet(">=1,<2"))

    assert Requirement("a", specifier=SpecifierSet("<2,>=1")) == first


def test_requirements_can_stand_in_a_set():
    assert 1 == len({Requirement("a"), Requirement("a")})


def test_no_source_prints_its_password():
    url = parse_url("https://pkgs.example/a.git").url
    credentials = Basic("me", Secret("hunter2"))

    assert "hunter2" not in repr((FromUrl(url, credentials), FromGit(url, credentials=credentials)))


def test_files_come_before_projects_and_settings():
    kinds = [WrittenKind.SETTINGS, WrittenKind.GROUP, WrittenKind.PROJECT, WrittenKind.FILE]

    assert [WrittenKind.FILE, WrittenKind.PROJECT, WrittenKind.GROUP, WrittenKind.SETTINGS] == sorted(kinds)


def test_settings_have_no_path():
    assert Written(WrittenKind.SETTINGS) == IN_SETTINGS
