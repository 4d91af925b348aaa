"""Throw malformed input at every reader: `python3 dev.py fuzz [SECONDS] [TARGET ...]`; a minute in all if not told.

Each hunt is a process of its own, so that one that hangs or eats the memory ends alone. Half of the time goes to
bodies made by rules, half to atheris, where it is installed.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys

from fuzz.targets import TARGETS

SECONDS = 60.0
PATIENCE = 30.0
"""Seconds that a hunt may take beyond its own: what hangs is ended."""
LINES = 25
"""Lines that are shown of what fell."""


def main(words: list[str]) -> int:
    """Hunt in turns; 1 if anything fell."""
    names = [word for word in words if not word.replace(".", "").isdigit()] or [target.name for target in TARGETS]
    seconds = next((float(word) for word in words if word.replace(".", "").isdigit()), SECONDS)
    unknown = set(names) - {target.name for target in TARGETS}
    if unknown:
        print(f"no such target: {', '.join(sorted(unknown))}; there are {', '.join(each.name for each in TARGETS)}")
        return 2
    tools = ["rules", *(["atheris"] if importlib.util.find_spec("atheris") else [])]
    share = seconds / len(names) / len(tools)
    fallen = [name for name in names for tool in tools if not _stands(tool, name, share)]
    print(
        f"{len(names) - len(set(fallen))} of {len(names)} readers stand, after {seconds:.0f} s of {' and '.join(tools)}"
    )
    return 1 if fallen else 0


def _stands(tool: str, name: str, seconds: float) -> bool:
    words = [sys.executable, "-m", "fuzz.hunt", tool, name, f"{seconds:.2f}"]
    try:
        ran = subprocess.run(
            words, capture_output=True, text=True, errors="replace", check=False, timeout=seconds + PATIENCE
        )
    except subprocess.TimeoutExpired:
        print(f"{name}: hangs ({tool})", flush=True)
        return False
    output = ran.stdout + ran.stderr
    if ran.returncode:
        print(f"{name}: fell ({tool})", *output.splitlines()[-LINES:], sep="\n  ", flush=True)
    else:
        print(f"{name}: stands ({tool})", flush=True)
    return ran.returncode == 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
