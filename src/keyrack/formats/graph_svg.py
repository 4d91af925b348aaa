"""A picture of a graph as SVG, and as an HTML page that shows what a package needs when it is pointed at."""

from __future__ import annotations

from html import escape

from keyrack.values.drawing import Box, Drawing

COLORS = ("#2563eb", "#d97706", "#059669", "#c026d3", "#dc2626", "#0891b2", "#65a30d", "#7c3aed", "#be123c", "#475569")
"""Colours of the indexes, in order; they tell apart on white, and for most who see colours otherwise."""
TALL = 16.0
"""Pixels of a box."""
_STYLE = """\
text { font: 11px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; dominant-baseline: central; }
path { fill: none; stroke: #94a3b8; stroke-opacity: .4; pointer-events: none; }
.package path { stroke: #0f172a; stroke-opacity: 0; stroke-width: 1.5; }
.package:hover path { stroke-opacity: 1; }
.version { opacity: .75; }
"""


def svg_text(drawing: Drawing, title: str) -> str:
    """Draw the graph: all lines, then all packages, each with its own lines once more for when it is pointed at."""
    colors = {origin: COLORS[number % len(COLORS)] for number, origin in enumerate(drawing.origins)}
    width, height = f"{drawing.width:.0f}", f"{drawing.height:.0f}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        *_legend(colors),
        *(curves for box in drawing.boxes if (curves := _curves(box, drawing.boxes))),
        *(_package(box, drawing.boxes, colors[box.node.origin]) for box in drawing.boxes),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def html_text(drawing: Drawing, title: str) -> str:
    """Put the picture on a page of its own."""
    head = f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
    return f"{head}<style>body {{ margin: 0; }}</style>\n{svg_text(drawing, title)}</html>\n"


def _legend(colors: dict[str, str]) -> list[str]:
    lines = []
    x = 24.0
    for origin, color in colors.items():
        words = origin or "source tree"
        lines.append(f'<circle cx="{x:.0f}" cy="24" r="5" fill="{color}"/>')
        lines.append(f'<text x="{x + 10:.0f}" y="24" fill="#334155">{escape(words)}</text>')
        x += 34 + 6.8 * len(words)
    return lines


def _package(box: Box, boxes: tuple[Box, ...], color: str) -> str:
    node = box.node
    version = f'<tspan class="version"> {escape(node.version)}</tspan>' if node.version else ""
    weight = ' font-weight="bold"' if box.is_root else ""
    return (
        f'<g class="package">{_curves(box, boxes)}<rect x="{box.x:.1f}" y="{box.y - TALL / 2:.1f}"'
        f' width="{box.width:.1f}" height="{TALL:.0f}" rx="4" fill="{color}"/>'
        f'<text x="{box.x + 7:.1f}" y="{box.y:.1f}" fill="#ffffff"{weight}>{escape(node.name)}{version}</text></g>'
    )


def _curves(box: Box, boxes: tuple[Box, ...]) -> str:
    return "".join(_curve(box, boxes[needed]) for needed in box.node.needs)


def _curve(start: Box, end: Box) -> str:
    x, bend = start.x + start.width, max(abs(end.x - start.x - start.width) / 2, 30.0)
    return (
        f'<path d="M{x:.1f} {start.y:.1f} C{x + bend:.1f} {start.y:.1f}'
        f' {end.x - bend:.1f} {end.y:.1f} {end.x:.1f} {end.y:.1f}"/>'
    )
