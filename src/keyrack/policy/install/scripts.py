"""The text of scripts: the launcher of an entry point, and the first line that names the right Python (PEP 427).

A kernel takes neither spaces nor more than 127 bytes in a first line; then `/bin/sh` starts the Python, from two
lines that Python itself reads as one string.
"""

from __future__ import annotations

from keyrack.values.wheel import EntryPoint

_LONGEST = 127


def launcher_text(point: EntryPoint, executable: str) -> bytes:
    """Write the script of an entry point for systems with `#!` lines."""
    first = point.attribute.partition(".")[0]
    lines = (
        "# -*- coding: utf-8 -*-",
        "import sys",
        f"from {point.module} import {first}",
        'if __name__ == "__main__":',
        f"    sys.exit({point.attribute}())",
    )
    return first_line(executable) + ("\n".join(lines) + "\n").encode()


def first_line(executable: str) -> bytes:
    """Write the line (or lines) that starts `executable` on this script, with its end."""
    path = executable.encode()
    if b" " in path or len(path) + len(b"#!\n") > _LONGEST:
        quoted = b"'" + path.replace(b"'", b"'\"'\"'") + b"'"
        return b"#!/bin/sh\n'''exec' " + quoted + b' "$0" "$@"\n' + b"' '''\n"
    return b"#!" + path + b"\n"


def rewritten(script: bytes, executable: str, *, windows: bool = False) -> bytes:
    """Replace the first line `#!python...` of a shipped script; `#!pythonw` asks for a program with windows."""
    line, _, rest = script.partition(b"\n")
    if windows:
        gui = line.startswith(b"#!pythonw")
        return b"#!" + windowed(executable, gui=gui).encode() + b"\r\n" + rest
    return first_line(executable) + rest


def windowed(executable: str, *, gui: bool) -> str:
    """Give the Python that opens no console, on Windows."""
    head, separator, name = executable.rpartition("\\")
    return head + separator + name.replace("python", "pythonw") if gui else executable
