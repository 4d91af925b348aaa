import msgspec
import pytest

from keyrack.formats.bad_key import BadKey
from keyrack.formats.build_settings import BuildTable, build_words
from keyrack.formats.requirement_text import parse_requirement
from keyrack.values.building import BuildWords, ExtraRequirement
from keyrack.values.names import package_name

A = package_name("a")


def read(**table):
    spelt = {key.replace("_", "-"): value for key, value in table.items()}
    return build_words(msgspec.convert(spelt, BuildTable), "uv.toml", "/home")


def fault(**table):
    with pytest.raises(BadKey) as raised:
        read(**table)
    return raised.value.path[0], raised.value.message


def test_a_table_that_says_nothing_of_builds_says_nothing():
    assert BuildWords() == read()


@pytest.mark.parametrize(
    "given",
    [{"k": ["1", "2"], "other": "x"}, ["k=1", "other=x", "k=2"], ["k = 1", " other=x", "k=2"]],
    ids=["table", "flags", "flags with spaces"],
)
def test_config_settings_come_as_a_table_or_as_flags(given):
    assert (("k", ("1", "2")), ("other", "x")) == read(config_settings=given).config_settings


def test_the_value_of_a_setting_may_hold_the_sign_that_ends_its_key():
    assert (("--global-option", "--a=b"),) == read(config_settings=["--global-option=--a=b"]).config_settings


@pytest.mark.parametrize("given", [{"A": {"k": "v"}}, ["A:k=v"]], ids=["table", "flags"])
def test_config_settings_of_a_package_come_as_a_table_or_as_flags(given):
    assert ((A, (("k", "v"),)),) == read(config_settings_package=given).config_settings_package


def test_single_words_and_lists_are_taken_over():
    found = read(
        no_build_isolation=True,
        no_build_isolation_package=["A"],
        require_build_hashes=True,
        concurrent_builds=2,
        build_constraint_dependencies=["a<2"],
        extra_build_variables={"A": {"X": "1"}},
    )

    assert (
        BuildWords(
            in_place=True,
            in_place_package=(A,),
            require_hashes=True,
            at_once=2,
            constraints=(parse_requirement("a<2", "uv.toml"),),
            extra_variables=((A, (("X", "1"),)),),
        )
        == found
    )


def test_an_extra_requirement_may_ask_for_the_version_that_will_run():
    found = read(extra_build_dependencies={"a": ["lib>1", {"requirement": "torch", "match-runtime": True}]})

    lib = ExtraRequirement(parse_requirement("lib>1", "uv.toml"))
    torch = ExtraRequirement(parse_requirement("torch", "uv.toml"), match_runtime=True)
    assert ((A, (lib, torch)),) == found.extra_requirements


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"config_settings": ["k"]}, ("config-settings", "Invalid config setting: k (expected `KEY=VALUE`)")),
        (
            {"config_settings_package": ["a:k"]},
            ("config-settings-package", "Invalid config setting: a:k (expected `PACKAGE:KEY=VALUE`)"),
        ),
        (
            {"extra_build_dependencies": {"a": [{"requirement": "b>1", "match-runtime": True}]}},
            (
                "extra-build-dependencies",
                "Dependencies marked with `match-runtime = true` cannot include version specifiers",
            ),
        ),
    ],
    ids=["setting", "setting of a package", "matched version"],
)
def test_what_cannot_be_is_told_with_its_key(table, expected):
    assert expected == fault(**table)


@pytest.mark.parametrize(
    "table",
    [{"no_build_isolation_package": ["?"]}, {"build_constraint_dependencies": ["a ==="]}],
    ids=["name", "requirement"],
)
def test_bad_names_and_requirements_are_told_with_their_key(table):
    key = next(iter(table)).replace("_", "-")

    assert key == fault(**table)[0]
