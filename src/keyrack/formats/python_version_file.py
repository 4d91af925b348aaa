"""`.python-version` and `.python-versions`: which Python is wanted here, one request a line."""

from __future__ import annotations

from keyrack.values.python_request import PythonRequest, PythonRequestKind, parse_python_request


def parse_python_versions(text: str) -> tuple[tuple[PythonRequest, ...], tuple[str, ...]]:
    """Read the requests of a file, and the lines that are none: only versions and keys may stand there (uv)."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    requests = [parse_python_request(line) for line in lines if line]
    wanted = tuple(request for request in requests if request.kind is PythonRequestKind.VERSION)
    return wanted, tuple(request.text for request in requests if request.kind is not PythonRequestKind.VERSION)
