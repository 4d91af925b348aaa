import pytest

from keyrack.values.light import Light


class Fruit(Light):
    name: str
    weight: int = 1


PEAR = Fruit("pear", weight=3)


def test_fields_come_in_order_or_by_name():
    assert ("pear", 3) == (PEAR.name, PEAR.weight)


def test_a_field_that_is_not_given_has_the_default_of_its_class():
    assert 1 == Fruit("plum").weight


@pytest.mark.parametrize(("values", "named"), [((), {}), (("a", 1, 2), {}), (("a",), {"size": 1})])
def test_what_does_not_fit_the_fields_is_refused(values, named):
    with pytest.raises(TypeError, match="Fruit takes name, weight"):
        Fruit(*values, **named)


def test_a_field_cannot_be_set():
    with pytest.raises(AttributeError, match="Fruit is frozen"):
        PEAR.name = "plum"


def test_a_changed_copy_keeps_the_other_fields():
    assert Fruit("plum", 3) == PEAR.replaced(name="plum")


def test_equal_fields_make_equal_values():
    assert ({PEAR}, False, False) == ({Fruit("pear", 3)}, Fruit("pear") == PEAR, PEAR == "pear")


def test_a_value_prints_its_fields():
    assert "Fruit(name='pear', weight=3)" == repr(PEAR)
