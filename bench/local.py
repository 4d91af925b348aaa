"""The offline benchmark: keyrack, uv and pip in turns against an index of the lab, over TLS on this machine.

`python -m bench local [--uv PATH] [--rounds N] [--markdown FILE]`. Made-up packages; an index that is written in Python
and answers over HTTP/1.1, so the cold runs measure it as well. Ratios are to uv where it is there, else to pip:
the median over rounds of the ratio within a round, below 1 keyrack was faster.
"""

import argparse
import shutil
import sys
import sysconfig
import tempfile
import time
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.measure import Took, in_turns, median, ratio, run, surroundings
from bench.universe import ROOTS, packages
from lab.registries.simple import public
from lab.registry import Registry

ROOT = Path(__file__).resolve().parent.parent
YOUNG = 2.5
"""Seconds: keyrack does not trust the times of files that are younger."""
OPERATIONS = {
    "version": "print the version",
    "no-op": "install what is installed",
    "again": "the same once more, a while later",
    "warm": "install into a fresh environment, all in the cache",
    "cold": "install into a fresh environment, nothing in the cache",
}


class Program(NamedTuple):
    """One installer: its command, the words that install, and the variable that names its cache."""

    command: tuple[str, ...]
    install: tuple[str, ...]
    cache: str


class Stage(NamedTuple):
    """What the runs share: the folder for environments and caches, the index, the variables."""

    folder: Path
    registry: Registry
    variables: Mapping[str, str]

    def environment(self) -> Path:
        """Make a fresh environment in place of the last one."""
        path = self.folder / "environment"
        shutil.rmtree(path, ignore_errors=True)
        venv.create(path, symlinks=True)
        return path


Results = dict[tuple[str, str], list[Took]]
"""Operation and program -> one entry for each round."""


def main(words: Sequence[str]) -> int:
    """Measure, print a table, and write it as Markdown."""
    parser = argparse.ArgumentParser(prog="python -m bench local")
    parser.add_argument("--uv", default=shutil.which("uv"), help="the uv to compare with (default: the one on PATH)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--markdown", default=str(ROOT / "build" / "bench.md"), help="where the table is written")
    chosen = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="keyrack-bench-") as folder, public(*packages(), tls=True) as index:
        variables = surroundings(
            SSL_CERT_FILE=str(index.ca_file),
            PIP_CERT=str(index.ca_file),
            UV_DEFAULT_INDEX=index.index_url(),
            PIP_INDEX_URL=index.index_url(),
            UV_NO_CONFIG="1",
            PIP_CONFIG_FILE="/dev/null",
            PIP_DISABLE_PIP_VERSION_CHECK="1",
        )
        programs = _programs(Path(folder), chosen.uv)
        results = _measure(Stage(Path(folder), index, variables), programs, chosen.rounds)
    lines = table(results, tuple(programs))
    print("\n".join(lines))
    Path(chosen.markdown).parent.mkdir(parents=True, exist_ok=True)
    Path(chosen.markdown).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"\nwritten to {chosen.markdown}")
    return 0


def _programs(folder: Path, uv: str | None) -> dict[str, Program]:
    """Give what is compared: keyrack and pip on a Python whose start nothing delays, as users have them installed."""
    home = folder / "home"
    venv.create(home, symlinks=True)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(home), "platbase": str(home)}))
    # Names of folders only: what the development environment runs at each start is not for here.
    paths = (ROOT / "src", sysconfig.get_path("purelib"))
    (site / "bench.pth").write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")
    python = str(home / "bin" / "python")
    launcher = home / "bin" / "keyrack"
    launcher.write_text(f"#!{python}\nimport sys\nfrom keyrack.cli.main import main\nsys.exit(main())\n")
    launcher.chmod(0o755)
    programs = {"keyrack": Program((str(launcher),), ("pip", "install", "--python"), "UV_CACHE_DIR")}
    if uv:
        programs["uv"] = Program((uv,), ("pip", "install", "--python"), "UV_CACHE_DIR")
    programs["pip"] = Program((python, "-m", "pip"), ("install", "--no-compile"), "PIP_CACHE_DIR")
    return programs


def _measure(stage: Stage, programs: Mapping[str, Program], rounds: int) -> Results:
    results: Results = {}
    for number in range(-1, rounds):  # the first round only warms up
        for name in in_turns(tuple(programs), number):
            for operation, took in _round(stage, name, programs[name]).items():
                if number >= 0:
                    results.setdefault((operation, name), []).append(took)
        print(f"\rround {number + 1} of {rounds}", end="", file=sys.stderr, flush=True)
    print("\r", end="", file=sys.stderr)
    return results


def _round(stage: Stage, name: str, program: Program) -> dict[str, Took]:
    version = run((*program.command, "--version"), stage.variables)
    cache = stage.folder / f"cache-{name}"
    shutil.rmtree(cache, ignore_errors=True)
    cold = _install(stage, program, stage.environment(), cache)
    environment = stage.environment()
    warm = _install(stage, program, environment, cache)
    nothing = _install(stage, program, environment, cache)
    time.sleep(YOUNG)
    _install(stage, program, environment, cache)
    again = _install(stage, program, environment, cache)
    return {"version": version, "cold": cold, "warm": warm, "no-op": nothing, "again": again}


def _install(stage: Stage, program: Program, environment: Path, cache: Path) -> Took:
    variables = {**stage.variables, program.cache: str(cache)}
    # pip takes the environment before its command.
    words = (
        (*program.command, *program.install, str(environment), *ROOTS)
        if program.install[-1] == "--python"
        else (*program.command, "--python", str(environment), *program.install, *ROOTS)
    )
    stage.registry.clear()
    took = run(words, variables)
    return took._replace(requests=len(stage.registry.requests()))


def table(results: Results, names: tuple[str, ...]) -> list[str]:
    """Write the results as a table in Markdown: times in ms, and ratios to the one to compare with."""
    base = "uv" if "uv" in names else "pip"
    lines = [
        f"| operation | program | wall ms | x {base} | CPU ms | x {base} | requests |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for operation, about in OPERATIONS.items():
        for name in names:
            took, own = median(results[operation, name]), results[operation, name]
            times = ratio(own, results[operation, base])
            lines.append(
                f"| {about} | {name} | {took.wall * 1000:.0f} | {times.wall:.2f}"
                f" | {took.cpu * 1000:.0f} | {times.cpu:.2f} | {took.requests} |"
            )
    return lines
