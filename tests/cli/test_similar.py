import pytest

from keyrack.cli.similar import jaro, similar


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("", "", 1.0),
        ("", "a", 0.0),
        ("same", "same", 1.0),
        ("abc", "xyz", 0.0),
        ("martha", "marhta", 0.944),  # the examples of Winkler's paper (1990)
        ("dixon", "dicksonx", 0.767),
        ("jellyfish", "smellyfish", 0.896),
    ],
)
def test_jaro_rates_as_its_papers_say(left, right, expected):
    assert expected == round(jaro(left, right), 3)


def test_the_closest_name_comes_last():
    assert ["list", "uninstall", "install"] == similar("instal", ["list", "uninstall", "install", "tree"])
