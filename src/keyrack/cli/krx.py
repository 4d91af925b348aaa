"""`krx`: the short form of `keyrack tool run`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run a tool, and give its exit code."""
    from keyrack.cli.main import main as run  # late: start-up

    sys.argv[1:1] = ["tool", "run"]
    return run()
