from xml.etree import ElementTree as ET

from inline_snapshot import snapshot

from keyrack.formats.graph_svg import COLORS, html_text, svg_text
from keyrack.values.drawing import Box, Drawing, GraphNode

APP = Box(GraphNode("app", needs=(1,)), 24, 60, 60, is_root=True)
LIB = Box(GraphNode("lib<a>", "1.0", "https://pkgs.example/simple?a&b"), 150, 60, 80, is_root=False)
DRAWING = Drawing((APP, LIB), ("", LIB.node.origin), 254, 110)


def test_a_picture_is_well_formed_and_has_all_in_it():
    root = ET.fromstring(svg_text(DRAWING, "a & b"))

    words = "".join(root.itertext())
    assert {"a & b", "app", "lib<a>", "1.0", "source tree"} <= {part.strip() for part in root.itertext()}
    assert "https://pkgs.example/simple?a&b" in words
    assert [COLORS[0], COLORS[1]] == [part.get("fill") for part in root.iter("{http://www.w3.org/2000/svg}circle")]


def test_a_package_as_it_is_drawn():
    assert svg_text(DRAWING, "t").splitlines()[-3:-1] == snapshot(
        [
            '<g class="package"><path d="M84.0 60.0 C117.0 60.0 117.0 60.0 150.0 60.0"/><rect x="24.0" y="52.0" width="60.0" height="16" rx="4" fill="#2563eb"/><text x="31.0" y="60.0" fill="#ffffff" font-weight="bold">app</text></g>',
            '<g class="package"><rect x="150.0" y="52.0" width="80.0" height="16" rx="4" fill="#d97706"/><text x="157.0" y="60.0" fill="#ffffff">lib&lt;a&gt;<tspan class="version"> 1.0</tspan></text></g>',
        ]
    )


def test_a_page_holds_the_picture():
    page = html_text(DRAWING, "t<")

    assert page.startswith("<!doctype html>")
    assert "<title>t&lt;</title>" in page
    assert svg_text(DRAWING, "t<") in page


def test_colours_begin_again_where_there_are_no_more():
    nodes = tuple(Box(GraphNode("a", origin=str(number)), 0, 0, 1, is_root=True) for number in range(len(COLORS) + 1))

    text = svg_text(Drawing(nodes, tuple(map(str, range(len(COLORS) + 1))), 1, 1), "t")

    assert 4 == text.count(f'fill="{COLORS[0]}"')
