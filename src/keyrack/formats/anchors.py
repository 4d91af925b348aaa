"""What is found in a page of HTML before anything is made of it."""

from __future__ import annotations

import msgspec

Attributes = dict[str, str | None]


class Anchors(msgspec.Struct, frozen=True):
    """What a page holds that matters here: each link's attributes in order, the first `<base>`, the format's version.

    Attribute names are in lower case; a value is None where the attribute stands without one.
    """

    links: tuple[Attributes, ...]
    base: str | None = None
    version: str | None = None
