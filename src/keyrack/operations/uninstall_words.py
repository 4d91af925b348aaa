"""What a user names to take out: names, whatever stands behind them, and the URLs and paths of direct installations."""

from __future__ import annotations

import os
from collections.abc import Iterable

import msgspec

from keyrack.formats.requirement_text import parse_requirement
from keyrack.formats.unnamed_requirement import is_unnamed
from keyrack.values.names import PackageName
from keyrack.values.url import Url, parse_url


class Named(msgspec.Struct, frozen=True):
    """What is named, each once."""

    names: tuple[PackageName, ...]
    urls: tuple[Url, ...]


def named(texts: Iterable[str], folder: str) -> Named:
    """Read what is named; relative paths start at `folder`. Raises `InvalidText` for what is no requirement."""
    names, urls = list[PackageName](), list[Url]()
    for text in texts:
        if is_unnamed(text):
            urls.append(_url(text, folder))
        else:
            names.append(parse_requirement(text, root=folder).name)
    return Named(tuple(dict.fromkeys(names)), tuple(dict.fromkeys(urls)))


def _url(text: str, folder: str) -> Url:
    place = text.removeprefix("git+")
    if "://" not in place:
        place = "file://" + os.path.normpath(os.path.join(folder, os.path.expanduser(place)))
    return parse_url(place).url
