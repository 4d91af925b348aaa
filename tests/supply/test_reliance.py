from keyrack.supply.reliance import Reliance


def test_nothing_rests_on_nothing():
    assert {} == Reliance().until


def test_the_last_that_is_known_of_an_entry_counts():
    reliance = Reliance()
    reliance.on("/cache/a", 1.0)
    reliance.on("/cache/b", 2.0)
    reliance.on("/cache/a", 3.0)

    assert {"/cache/a": 3.0, "/cache/b": 2.0} == reliance.until


def test_one_answer_from_elsewhere_is_enough_to_lose_it():
    reliance = Reliance()
    reliance.on("/cache/a", 1.0)
    reliance.lose()
    reliance.on("/cache/b", 2.0)

    assert reliance.until is None
