"""pyvenv.cfg: the file that makes a folder a virtual environment (PEP 405)."""

from __future__ import annotations

from collections.abc import Mapping


def parse_pyvenv_cfg(text: str) -> dict[str, str]:
    """Read `key = value` lines; keys are lower case, other lines are nothing to us."""
    pairs = (line.partition("=") for line in text.splitlines())
    return {key.strip().lower(): value.strip() for key, equals, value in pairs if equals}


def render_pyvenv_cfg(values: Mapping[str, str]) -> str:
    """Write the pairs in the order given, one a line."""
    return "".join(f"{key} = {value}\n" for key, value in values.items())
