"""Requirements on places of this disk: whether they are there, and the names that the trees' own files tell."""

from __future__ import annotations

import os
from typing import overload

from keyrack.adapters.folders import read_whole
from keyrack.errors import KeyrackError, UnmetRequest
from keyrack.formats.static_name import FILES, static_name
from keyrack.formats.text_fault import Fault, failed_to_parse
from keyrack.values.artifact import SDIST_SUFFIXES
from keyrack.values.late import pattern
from keyrack.values.names import PackageName
from keyrack.values.requirement import FromTree, Requirement, Unnamed
from keyrack.values.secret import MASK
from keyrack.values.source_url import file_url

_LARGEST = 10 * 1024 * 1024

_PAIR = pattern(r"[^/:]*:[^/@]*@")


class NotThere(UnmetRequest):
    """A path that is to be installed does not exist."""


@overload
def named(found: Requirement, text: str) -> Requirement: ...


@overload
def named(found: Requirement | Unnamed, text: str) -> Requirement | Unnamed: ...


def named(found: Requirement | Unnamed, text: str) -> Requirement | Unnamed:
    """Give a requirement its name if what lies there tells it without a build.

    Raises `NotThere`, or `InvalidText` for a file that is no archive; `text` is what was written.
    """
    source = found.source
    if not isinstance(source, FromTree):
        return found
    if not os.path.exists(source.path):
        # What was mistyped may be a URL, of which a path has only one of the two slashes left.
        shown = _PAIR.sub(f"{MASK}@", str(file_url(source.path)))
        raise NotThere(f"Distribution not found at: {shown}")
    if not os.path.isdir(source.path):
        endings = ", ".join(f"`{suffix}`" for suffix in (".whl", *SDIST_SUFFIXES))
        place = text.rpartition(" @ ")[2]
        fault = Fault(f"Expected path (`{place}`) to end in a supported file extension: {endings}", 0, len(text))
        raise failed_to_parse(text, fault)
    if isinstance(found, Requirement):
        return found
    name = name_at(source.path)
    return found if name is None else found.named(name)


def name_at(folder: str) -> PackageName | None:
    """Give the name of the tree in a folder; None where only a build tells it."""
    found = dict[str, bytes]()
    for name in FILES:
        try:
            text = read_whole(os.path.join(folder, name), _LARGEST)
        except KeyrackError:
            text = None
        if text is not None:
            found[name] = text
    return static_name(found)
