"""What one version requires in one environment."""

import pytest

from keyrack.formats.requirement_text import parse_requirement
from keyrack.policy.resolve.environment import Environment
from keyrack.policy.resolve.requirements import Requirements
from keyrack.values.names import extra_name, package_name
from lab.pythons import a_python

LIB = package_name("lib")


def parsed(*texts):
    return [parse_requirement(text) for text in texts]


def required(*texts, extra="", constraints=(), overrides=(), excludes=(), name=LIB):
    """The requirements that remain, as texts."""
    rules = Requirements(
        Environment(a_python().markers),
        parsed(*constraints),
        parsed(*overrides),
        frozenset(package_name(each) for each in excludes),
    )
    found = rules.of(name, parsed(*texts), extra_name(extra) if extra else "")
    return [f"{one.name}{sorted(one.extras) if one.extras else ''}{one.specifier}" for one in found]


def test_requirements_for_other_environments_are_left_out():
    assert ["a"] == required("a", "b; sys_platform == 'win32'")


def test_requirements_of_extras_are_left_out_of_the_package_itself():
    assert ["a"] == required("a", "b; extra == 'fast'")


def test_an_extra_has_what_it_adds_and_nothing_else():
    assert ["b"] == required("a", "b; extra == 'fast'", "c; extra == 'slow'", extra="fast")


def test_a_constraint_follows_the_requirement_that_it_narrows():
    assert ["a>=1", "a<2", "b"] == required("a>=1", "b", constraints=["a<2", "c==1"])


def test_a_constraint_for_another_environment_does_not_count():
    assert ["a"] == required("a", constraints=["a<2; sys_platform == 'win32'"])


def test_an_override_stands_in_for_every_requirement_on_its_package():
    assert ["a==5"] == required("a<2; sys_platform == 'win32'", overrides=["a==5"])


def test_an_override_for_another_environment_removes_the_requirement():
    assert [] == required("a<2", overrides=["a==5; sys_platform == 'win32'"])


def test_an_override_of_an_extras_requirement_counts_with_that_extra_only():
    requires = ["a<2; extra == 'fast'"]

    assert ([], ["a==5"]) == (
        required(*requires, overrides=["a==5"]), required(*requires, overrides=["a==5"], extra="fast")
    )  # fmt: skip


def test_an_override_is_narrowed_by_constraints_too():
    assert ["a>=2", "a<3"] == required("a<2", overrides=["a>=2"], constraints=["a<3"])


@pytest.mark.parametrize("overrides", [(), ("a==5",)])
def test_an_excluded_package_is_never_required(overrides):
    assert ["b"] == required("a", "b", excludes=["a"], overrides=overrides)


def test_a_packages_own_extras_are_replaced_by_what_they_require():
    requires = ["lib[fast,slow]; extra == 'all'", "a; extra == 'fast'", "b; extra == 'slow'"]

    assert ["a", "b"] == required(*requires, extra="all")


def test_a_packages_own_extras_may_lead_to_others_and_round_in_circles():
    requires = ["lib[b]; extra == 'a'", "lib[a,c]; extra == 'b'", "x; extra == 'c'"]

    assert ["x"] == required(*requires, extra="a")


def test_a_version_that_is_asked_of_the_package_itself_is_kept():
    assert ["a", "lib>1"] == sorted(required("lib[fast]>1; extra == 'all'", "a; extra == 'fast'", extra="all"))


def test_the_request_has_no_name_and_no_extras_of_its_own():
    assert ["lib['fast']>1"] == required("lib[fast]>1", name="")
