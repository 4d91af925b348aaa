"""How long does keyrack take to say nothing? Each command in a fresh process, beside a bare Python."""

import statistics
import subprocess
import sys
import time

RUNS = 15
COMMANDS = {
    "python -c pass": ("-c", "pass"),
    "keyrack --version": ("-m", "keyrack", "--version"),
    "keyrack --help": ("-m", "keyrack", "--help"),
    "keyrack pip --help": ("-m", "keyrack", "pip", "--help"),
}


def main() -> None:
    """Print best and median of each command in milliseconds."""
    for name, words in COMMANDS.items():
        times = [milliseconds(words) for _ in range(RUNS)]
        print(f"{name:20} best {min(times):6.1f} ms   median {statistics.median(times):6.1f} ms")


def milliseconds(words: tuple[str, ...]) -> float:
    """Time one run, which must succeed."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000
