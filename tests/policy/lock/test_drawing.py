from hypothesis import given
from hypothesis import strategies as st

from keyrack.policy.lock.drawing import TALLEST, draw
from keyrack.values.drawing import GraphNode


def columns(drawing):
    return [sorted({box.x for box in drawing.boxes}).index(box.x) for box in drawing.boxes]


def test_what_is_needed_stands_to_the_right():
    drawing = draw([GraphNode("app", needs=(1, 2)), GraphNode("a", needs=(2,)), GraphNode("b")])

    assert [0, 1, 2] == columns(drawing)
    assert [True, False, False] == [box.is_root for box in drawing.boxes]


def test_a_circle_is_cut():
    drawing = draw([GraphNode("a", needs=(1,)), GraphNode("b", needs=(2,)), GraphNode("c", needs=(1, 2))])

    assert [0, 1, 2] == columns(drawing)


def test_a_circle_without_a_root_has_a_place_too():
    assert [0, 1] == columns(draw([GraphNode("a", needs=(1,)), GraphNode("b", needs=(0,))]))


def test_nodes_stand_beside_what_they_are_joined_to():
    nodes = [GraphNode("a", needs=(3,)), GraphNode("b", needs=(2,)), GraphNode("x"), GraphNode("y")]

    boxes = draw(nodes).boxes

    assert (boxes[0].y < boxes[1].y) == (boxes[3].y < boxes[2].y)


def test_a_column_that_is_too_tall_is_parted():
    drawing = draw([GraphNode(f"p{number}") for number in range(TALLEST + 1)])

    assert {0, 1} == set(columns(drawing))


def test_every_origin_has_a_colour_in_the_order_of_the_nodes():
    assert ("x", "") == draw([GraphNode("a", origin="x"), GraphNode("b"), GraphNode("c", origin="x")]).origins


def test_nothing_is_drawn_of_nothing():
    assert () == draw([]).boxes


@st.composite
def graphs(draw_one):
    count = draw_one(st.integers(1, 30))
    needs = st.lists(st.integers(0, count - 1), max_size=5, unique=True).map(tuple)
    return [GraphNode(f"p{number}", "1.0", needs=draw_one(needs)) for number in range(count)]


@given(graphs())
def test_no_two_boxes_share_a_place_and_all_are_inside(nodes):
    drawing = draw(nodes)

    assert len(nodes) == len({(box.x, box.y) for box in drawing.boxes})
    assert all(0 < box.x and box.x + box.width < drawing.width and 0 < box.y < drawing.height for box in drawing.boxes)
    assert drawing == draw(nodes)
