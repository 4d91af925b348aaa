"""Real packages from the default index: keyrack beside uv, cold and warm, in turns, with the outcome compared.

`python -m bench packages [--uv PATH] [--python PATH ...] [--rounds N] [SET ...]`. Every run starts from a fresh
environment; a cold one from an empty cache as well. The ratio is the median over rounds of keyrack's time to uv's in
the same round: below 1, keyrack was faster. CPU time counts child processes.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.measure import Took, in_turns, median, ratio, run

SETS = {
    "flask": ("flask",),
    "jupyterlab": ("jupyterlab",),
    "fastapi": ("fastapi[standard]", "sqlalchemy"),
    "science": ("numpy", "pandas", "scikit-learn", "polars"),
}
IMPORTS = {
    "flask": "flask",
    "jupyterlab": "jupyterlab",
    "fastapi": "fastapi, sqlalchemy",
    "science": "numpy, pandas, sklearn, polars",
}


def main(words: Sequence[str]) -> int:
    """Print one line a set, Python and state of the cache; 1 where the two installed different things."""
    parser = argparse.ArgumentParser(prog="python -m bench packages")
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"any of: {', '.join(SETS)} (default: all)")
    parser.add_argument("--uv", default=shutil.which("uv") or "uv", help="the uv to compare with")
    parser.add_argument("--python", action="append", help="a Python to install for (default: this one)")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args(words)
    print(f"{'set':11} {'python':7} {'cache':5} {'keyrack':>9} {'uv':>9} {'wall':>6} {'cpu':>6}  outcome")
    same = True
    for python in chosen.python or [sys.executable]:
        for name in chosen.sets or SETS:
            same &= _compare(name, python, chosen.uv, chosen.rounds)
    return 0 if same else 1


def _compare(name: str, python: str, uv: str, rounds: int) -> bool:
    programs = {"keyrack": (sys.executable, "-m", "keyrack"), "uv": (uv,)}
    with tempfile.TemporaryDirectory(prefix="keyrack-bench-") as folder:
        times: dict[tuple[str, str], list[Took]] = {}
        frozen: dict[str, str] = {}
        for number in range(rounds):
            for which in in_turns(tuple(programs), number):
                cache = Path(folder, f"cache-{which}-{number}")
                for state in ("cold", "warm"):
                    with _environment(uv, python, folder) as environment:
                        took = _install(programs[which], environment, cache, SETS[name])
                        times.setdefault((which, state), []).append(took)
                        frozen[which] = _freeze(uv, environment)
                        _imports(environment, name)
                shutil.rmtree(cache)
        outcome = "same" if frozen["keyrack"] == frozen["uv"] else "DIFFERENT"
        version = _output((python, "-c", "import platform; print(platform.python_version())"))
        for state in ("cold", "warm"):
            ratios = _ratios(times["keyrack", state], times["uv", state])
            print(f"{name:11} {version:7} {state:5} {ratios}  {outcome}, {len(frozen['uv'].splitlines())} packages")
    return outcome == "same"


def _ratios(own: list[Took], other: list[Took]) -> str:
    times = ratio(own, other)
    return f"{median(own).wall:8.2f}s {median(other).wall:8.2f}s {times.wall:6.2f} {times.cpu:6.2f}"


@contextmanager
def _environment(uv: str, python: str, folder: str) -> Iterator[Path]:
    path = Path(folder, "environment")
    subprocess.run((uv, "venv", "--quiet", "--python", python, str(path)), check=True)
    try:
        yield path
    finally:
        shutil.rmtree(path)


def _install(program: tuple[str, ...], environment: Path, cache: Path, packages: tuple[str, ...]) -> Took:
    variables = {**os.environ, "UV_CACHE_DIR": str(cache), "UV_NO_CONFIG": "1"}
    return run((*program, "pip", "install", "--quiet", "--python", str(environment), *packages), variables)


def _freeze(uv: str, environment: Path) -> str:
    return _output((uv, "pip", "freeze", "--quiet", "--python", str(environment)))


def _imports(environment: Path, name: str) -> None:
    subprocess.run((str(environment / "bin" / "python"), "-c", f"import {IMPORTS[name]}"), check=True)


def _output(words: tuple[str, ...]) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
