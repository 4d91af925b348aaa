"""Find the links of a page with the standard library alone, where the native one is not installed."""

from __future__ import annotations

from html.parser import HTMLParser

from keyrack.formats.anchors import Anchors, Attributes


def read_plainly(text: str) -> Anchors:
    """Find links, base and version."""
    reader = _Reader(convert_charrefs=True)
    reader.feed(text)
    reader.close()
    return Anchors(tuple(reader.links), reader.base, reader.version)


class _Reader(HTMLParser):
    links: list[Attributes]
    base: str | None
    version: str | None

    def reset(self) -> None:
        """Start anew."""
        super().reset()
        self.links, self.base, self.version = [], None, None

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Pass over `<![...>` as browsers do: the standard library knows a few kinds of it and raises at all others."""
        return int(self.parse_bogus_comment(i, report))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what matters of a tag; the first of two equal attributes counts, as in a browser."""
        attributes = dict(reversed(attrs))
        if tag == "a" and "href" in attributes:
            self.links.append(attributes)
        elif tag == "base" and self.base is None and "href" in attributes:
            self.base = attributes["href"] or ""
        elif tag == "meta" and self.version is None and attributes.get("name") == "pypi:repository-version":
            self.version = attributes.get("content")
