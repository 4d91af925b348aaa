import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.errors import InvalidText
from keyrack.values.names import IndexName, environment_stem, extra_name, group_name, index_name, package_name

NAMES = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,8}[A-Za-z0-9])?", fullmatch=True)


@pytest.mark.parametrize("text", ["Foo.Bar", "foo__bar", "FOO-.-_bar", "foo-bar"])
def test_spellings_of_one_project_are_one_name(text):
    assert "foo-bar" == package_name(text)


@given(NAMES)
def test_normalising_twice_changes_nothing(text):
    once = package_name(text)

    assert once == package_name(once)


@pytest.mark.parametrize("text", ["", "-a", "a-", "a b", "a/b", "ä", "a\n"])
def test_what_is_no_name_is_refused(text):
    with pytest.raises(InvalidText, match="Not a valid package name"):
        package_name(text)


def test_extras_and_groups_are_normalised_alike():
    assert ("dev-tools", "dev-tools") == (extra_name("Dev_Tools"), group_name("dev.tools"))


def test_an_index_keeps_its_name_as_written():
    assert "My_Idx.1-b" == index_name("My_Idx.1-b")


@pytest.mark.parametrize("text", ["", "a b", "a/b", "ä"])
def test_what_is_no_index_name_is_refused(text):
    with pytest.raises(InvalidText, match="Not a valid index name"):
        index_name(text)


@pytest.mark.parametrize("name", ["team-b", "team.b", "TEAM_b"])
def test_a_variable_names_an_index_in_upper_case_with_underscores(name):
    assert "TEAM_B" == environment_stem(IndexName(name))
