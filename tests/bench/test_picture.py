from xml.etree import ElementTree as ET

from bench.measure import Took
from bench.picture import CPU, LEFT, MARK, MOST, OVER, WALL, Bar, bars, picture, place
from bench.rounds import Case
from bench.table import Row

SVG = "{http://www.w3.org/2000/svg}"


def row(program, wall, cpu):
    return Row(
        Case("cold-install", "web", 25),
        program,
        Took(1, 1),
        Took(wall, cpu),
        0.6 if program == "keyrack" else None,
        None,
        None,
    )


def drawn(*given):
    return ET.fromstring(picture(given, "a < b", "uv"))


def filled(tree, ink):
    return [
        float(each.get("width"))
        for each in tree.iter(f"{SVG}rect")
        if each.get("fill") == ink and each.get("x") == str(LEFT)
    ]


def test_a_bar_is_keyracks_ratio_with_pips_as_a_note():
    found = bars([row("keyrack", 0.5, 0.7), row("pip", 12.4, 9)])

    assert [Bar("cold install web, 25 ms away", 0.5, 0.7, 0.6, "pip x12")] == found


def test_one_is_where_the_base_stands():
    assert place(1) - LEFT == (place(2) - LEFT) / 2


def test_a_bar_that_is_too_long_ends_with_the_axis():
    assert place(MOST) == place(100)


def test_a_bar_within_its_budget_is_not_red():
    tree = drawn(Bar("x", 0.5, 0.7, 0.6, ""))

    assert [place(0.5) - LEFT] == filled(tree, WALL)
    assert [] == filled(tree, OVER)


def test_a_bar_over_its_budget_is_red():
    assert [round(place(0.7) - LEFT, 1)] == filled(drawn(Bar("x", 0.7, 0.1, 0.6, "")), OVER)


def test_cpu_has_a_bar_of_its_own():
    assert [place(0.5) - LEFT] == filled(drawn(Bar("x", 0.7, 0.5, 0.6, "")), CPU)


def test_each_budget_has_a_mark_and_so_has_the_legend():
    tree = drawn(Bar("x", 0.7, 0.5, 0.6, ""), Bar("y", 0.7, 0.5, None, ""))

    assert 2 == sum(each.get("stroke") == MARK for each in tree.iter(f"{SVG}path"))


def test_numbers_and_labels_are_written():
    texts = {each.text for each in drawn(Bar("cold & long", 3.456, 0.5, None, "pip x12")).iter(f"{SVG}text")}

    assert {"a < b", "cold & long", "3.46", "0.50", "pip x12", "uv"} <= texts
