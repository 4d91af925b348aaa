"""Whether what lies on this disk is still what was installed from it (`uv_cache.json`, and the hash of an archive)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping

from keyrack.adapters.freshness import freshness_of
from keyrack.adapters.site_packages import read_file
from keyrack.errors import KeyrackError
from keyrack.formats.freshness_json import NAME, parse_freshness
from keyrack.values.freshness import Freshness
from keyrack.values.installed import Installed
from keyrack.values.requirement import FromTree, FromUrl, RequirementSource
from keyrack.values.url import local_path


def local_place(source: RequirementSource) -> str:
    """Give the path of a tree or archive on this disk; "" for what comes from elsewhere."""
    if isinstance(source, FromTree):
        return source.path
    return local_path(source.url) if isinstance(source, FromUrl) and source.url.scheme == "file" else ""


def is_fresh(one: Installed, path: str, look: Callable[[str], Freshness]) -> bool:
    """Say whether a tree or archive at a path is the one that was installed, and looks as it did then.

    An archive with another time is still the same if its bytes are.
    """
    installed = one.direct_url
    if installed is None or installed.url.scheme != "file" or not _is_same_place(local_path(installed.url), path):
        return False
    try:
        text = read_file(one, NAME)
        if text is not None and parse_freshness(text) == look(path):
            return True
        held = {digest.value for digest in installed.digests if digest.algorithm == "sha256"}
        return bool(held) and not os.path.isdir(path) and _sha256(path) in held
    except (OSError, KeyrackError):
        return False


def is_fresh_now(one: Installed, path: str, variables: Mapping[str, str]) -> bool:
    """Say the same of what lies there at this moment; `variables` is the environment."""
    return is_fresh(one, path, lambda place: freshness_of(place, variables))


def _is_same_place(one: str, other: str) -> bool:
    return one == other or os.path.realpath(one) == os.path.realpath(other)


def _sha256(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
