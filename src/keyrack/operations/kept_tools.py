"""Which tools of an environment stay where everything else that nobody named is taken out (uv's rule)."""

from __future__ import annotations

import os

from keyrack.adapters.folders import read_whole
from keyrack.formats.pyvenv_cfg import parse_pyvenv_cfg
from keyrack.policy.install.plan import SEEDS
from keyrack.values.interpreter import Interpreter
from keyrack.values.names import PackageName

_LARGEST = 64 * 1024
_MAKERS = ("uv", "keyrack")


def kept_tools(python: Interpreter) -> frozenset[PackageName]:
    """Give the packages to leave. None in an environment that was made without any tools."""
    body = read_whole(os.path.join(python.prefix, "pyvenv.cfg"), _LARGEST)
    values = parse_pyvenv_cfg(body.decode("utf-8", "replace")) if body else {}
    if any(maker in values for maker in _MAKERS) and values.get("seed") != "true":
        return frozenset()
    # From Python 3.12 on a new environment has pip and nothing else.
    is_late = python.python.release[:2] >= (3, 12)
    return SEEDS - {PackageName("setuptools"), PackageName("wheel")} if is_late else SEEDS
