"""Masks what may be a secret in a text that is no value: what was mistyped, so that no parser could take it apart.

The second line of defence. The first is that values cannot hold or print a secret (`Url`, `Secret`).
"""

from __future__ import annotations

from keyrack.values.late import pattern
from keyrack.values.secret import MASK

# `https://user:pass/word@host`: a slash in a password ends the host for a parser, so what follows is no port.
_BROKEN = pattern(r"(?<=://)[^\s/@:'\"`]*:(?!\d+(?:[/\s'\"`]|\Z))[^\s'\"`]*@")
# `https://token@host`. The name of an ssh login is needed to reach the server, and no secret.
_USERINFO = pattern(r"(?<=://)(?<!ssh://)[^\s/?#@'\"`]*@")
# `user:pass@host`, where the scheme is missing or mistyped.
_PAIR = pattern(r"(?<![^\s'\"`=(,/@])[^\s'\"`=(,/:@]*:[^\s'\"`/@]*@(?=[\w\[.%])")
# A comma or a semicolon at the end belongs to the sentence.
_VALUE = pattern(r"(?<=[?&])([^\s=&'\"`]+)=[^\s&'\"`]*[^\s&'\"`,;]")

LONGEST = 5000
"""Characters of a text that are shown: nobody reads more, and the time of masking grows with the square of them."""
_LAST_WORD = pattern(r"(?<![^\s'\"`])[^\s'\"`]*\Z")


def redacted(text: str) -> str:
    """Mask userinfo and the values of queries, of URLs and of what looks like one; all else stays as it is.

    What is too long to be read is cut between two words: half a word may be half a secret.
    """
    if len(text) > LONGEST:
        text = f"{_LAST_WORD.sub('', text[:LONGEST])}..."
    if "@" in text:
        for pattern in (_BROKEN, _USERINFO, _PAIR):
            text = pattern.sub(f"{MASK}@", text)
    return _VALUE.sub(rf"\1={MASK}", text) if "?" in text else text
