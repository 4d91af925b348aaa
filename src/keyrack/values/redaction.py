"""Masks what may be a secret in a text that is no value: what was mistyped, so that no parser could take it apart.

The second line of defence. The first is that values cannot hold or print a secret (`Url`, `Secret`).
"""

from __future__ import annotations

import re

from keyrack.values.secret import MASK

# `https://user:pass/word@host`: a slash in a password ends the host for a parser, so what follows is no port.
_BROKEN = re.compile(r"(?<=://)[^\s/@:'\"`]*:(?!\d+(?:[/\s'\"`]|\Z))[^\s'\"`]*@")
# `https://token@host`. The name of an ssh login is needed to reach the server, and no secret.
_USERINFO = re.compile(r"(?<=://)(?<!ssh://)[^\s/?#@'\"`]*@")
# `user:pass@host`, where the scheme is missing or mistyped.
_PAIR = re.compile(r"(?<![^\s'\"`=(,/@])[^\s'\"`=(,/:@]*:[^\s'\"`/@]*@(?=[\w\[.%])")
_VALUE = re.compile(r"(?<=[?&])([^\s=&'\"`]+)=[^\s&'\"`]+")


def redacted(text: str) -> str:
    """Mask userinfo and the values of queries, of URLs and of what looks like one; all else stays as it is."""
    if "@" in text:
        for pattern in (_BROKEN, _USERINFO, _PAIR):
            text = pattern.sub(f"{MASK}@", text)
    return _VALUE.sub(rf"\1={MASK}", text) if "?" in text else text
