from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from keyrack.values.building import Building, BuildWords, ExtraRequirement, merged, weighed
from keyrack.values.names import package_name
from keyrack.values.requirement import Requirement

A, B = package_name("a"), package_name("b")
LIB = ExtraRequirement(Requirement(package_name("lib")))


def test_a_key_given_twice_has_both_values_in_their_order():
    assert (("a", ("1", "2", "3")), ("b", "4")) == merged((("a", "1"),), (("a", ("2", "3")), ("b", "4")))


def test_lists_and_texts_of_one_key_are_joined():
    assert (("a", ("1", "2", "3")),) == merged((("a", ("1", "2")),), (("a", "3"),))


def test_the_highest_place_that_speaks_counts_and_lists_are_joined():
    high = BuildWords(config_settings=(("k", "high"),), in_place=False, at_once=3, in_place_package=(A,))
    low = BuildWords(config_settings=(("k", "low"),), in_place=True, at_once=9, in_place_package=(B,))

    found = weighed((BuildWords(), high, low))

    assert Building((("k", ("high", "low")),), in_place_package=frozenset({A, B}), at_once=3) == found


def test_constraints_and_extra_requirements_of_all_places_count():
    one = BuildWords(extra_requirements=((A, (LIB,)),), constraints=(Requirement(B, specifier=SpecifierSet("<2")),))

    found = weighed((one, one))

    assert ((LIB, LIB), 2, True) == (found.extra_of(A), len(found.constraints), not found.extra_of(B))


def test_what_is_said_of_a_package_comes_after_what_is_said_of_all():
    building = Building((("k", "all"),), ((B, (("k", "b"),)), (A, (("k", "a"),)), (A, (("k", "more"),))))

    assert (("k", ("all", "a", "more")),) == building.settings_of(A)


def test_of_a_package_whose_name_is_not_known_only_what_counts_for_all_is_told():
    building = Building((("k", "all"),), ((A, (("k", "a"),)),), in_place_package=frozenset({A}))

    assert ((("k", "all"),), False) == (building.settings_of(None), building.is_in_place(None))


def test_all_are_built_in_place_or_those_that_are_named():
    named = Building(in_place_package=frozenset({A}))

    assert (True, False, True) == (named.is_in_place(A), named.is_in_place(B), Building(in_place=True).is_in_place(B))


def test_the_first_word_on_a_variable_counts():
    building = Building(extra_variables=((A, (("X", "1"),)), (B, (("Z", "9"),)), (A, (("X", "2"), ("Y", "3")))))

    assert (("X", "1"), ("Y", "3")) == building.variables_of(A)


SETTINGS = st.lists(
    st.tuples(st.sampled_from("abc"), st.text(max_size=2) | st.tuples(st.text(max_size=2))), max_size=4
).map(lambda pairs: merged((), tuple(pairs)))


@given(SETTINGS, SETTINGS, SETTINGS)
def test_it_does_not_matter_which_settings_are_joined_first(one, other, third):
    assert merged(merged(one, other), third) == merged(one, merged(other, third))
