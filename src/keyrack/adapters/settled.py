"""What a question came to, remembered with the state of every file that was looked at for the answer.

Such an answer stands as long as none of the files changed, came or went: to know that, each is looked at and none is
read. This is imported by every `pip install`, before anything else: it may import next to nothing.
"""

from __future__ import annotations

import os

try:
    from _blake2 import blake2b  # hashlib's own; hashlib itself loads OpenSSL, which takes longer than all of this
except ImportError:  # pragma: no cover
    from hashlib import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

ABSENT = "-"
_FOLDER = os.path.join("settled-v1", "_")
"""As every folder of the cache: the kind of its entries with their form, and nobody's."""
_BETWEEN = "\0"


def digest(parts: Iterable[str]) -> str:
    """Name a question, or anything else that is made of texts, in 32 hexadecimal digits."""
    whole = _BETWEEN.join(f"{len(part)} {part}" for part in parts)
    return blake2b(whole.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def place(cache: str, name: str) -> str:
    """Give the path of what is remembered under a name."""
    return os.path.join(cache, _FOLDER, name)


def state(path: str) -> str:
    """Describe a file or folder as far as no change of it leaves that untouched: inode, size and time (ns)."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return ABSENT
    return f"{found.st_ino} {found.st_size} {found.st_mtime_ns}"


def changed_at(state: str) -> int:
    """Give the time in a state, in ns since 1970; 0 where there was nothing."""
    return 0 if state == ABSENT else int(state.rpartition(" ")[2])


def entry(question: str, answer: tuple[str, ...], states: dict[str, str]) -> bytes:
    """Write down an answer and the states, by path, that it rests on."""
    fields = (question, str(len(answer)), *answer, *states, *states.values())
    text = _BETWEEN.join(fields)
    return f"{digest((text,))}{_BETWEEN}{text}".encode("utf-8", "surrogateescape")


def recall(path: str, question: str) -> tuple[str, ...] | None:
    """Give the answer to a question as it was written down; None where there is none or it may stand no longer."""
    try:
        with open(path, "rb") as file:
            text = file.read().decode("utf-8", "surrogateescape")
    except OSError:
        return None
    check, _, text = text.partition(_BETWEEN)
    asked, _, rest = text.partition(_BETWEEN)
    if asked != question or check != digest((text,)):
        return None
    count, *fields = rest.split(_BETWEEN)
    answer, fields = fields[: int(count)], fields[int(count) :]
    half = len(fields) // 2
    return tuple(answer) if list(map(state, fields[:half])) == fields[half:] else None
