"""The main job, shown: install from five private indexes and a public one, and tell who was asked as whom.

`python -m lab.demo` runs the real program in a process of its own against the example's registries.
The exit code is 0 where every index was asked with its own identity only and all came in.
`--program PATH` lets another installer with the same words try.
"""

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import distributions
from pathlib import Path

import msgspec

from lab.example import INSTALLED, WANTED, Example
from lab.server import Entry
from lab.wire import Identity

WRONG: Identity = ("build", "token-of-yesterday")
_WIDE = 72


class Run(msgspec.Struct, frozen=True):
    """How the program ended, what it said, and what is in the environment now."""

    code: int
    said: str
    installed: Mapping[str, str]


class Stage(msgspec.Struct, frozen=True):
    """Where the program runs: its words, the registries, a folder to write to, `SSL_CERT_FILE`."""

    program: tuple[str, ...]
    example: Example
    folder: Path
    tls: bool


def main(words: Sequence[str]) -> int:
    """Run both acts; 0 where both went as they should."""
    parser = argparse.ArgumentParser(prog="python -m lab.demo", description="Install from several private registries.")
    parser.add_argument("--program", help="an installer with the words of `keyrack pip install`")
    parser.add_argument("--tls", action="store_true", help="the registries speak HTTPS")
    chosen = parser.parse_args(words)
    program = (chosen.program,) if chosen.program else (sys.executable, "-m", "keyrack")
    with Example(tls=chosen.tls) as example, tempfile.TemporaryDirectory(prefix="keyrack-demo-") as folder:
        stage = Stage(program, example, Path(folder), chosen.tls)
        wrongs = [*_first_act(stage), *_second_act(stage)]
    print(_title("Outcome"))
    print("\n".join(f"WRONG: {wrong}" for wrong in wrongs) or "All as it should be.")
    return 1 if wrongs else 0


def _first_act(stage: Stage) -> list[str]:
    print(_title("Five private indexes, two hosts, five identities, and a public index"))
    print(_table(("index", "listens at", "opens for", "given by"), _indexes(stage.example)))
    outcome = _install(stage, "first", {})
    print(_title("Who was asked, as whom"))
    print(_table(("index", "as", "status", "request"), _requests(stage.example)))
    print(_title("What was installed"))
    print(_table(("package", "version"), outcome.installed.items()))
    wrongs = list(stage.example.faults())
    if outcome.code:
        wrongs.insert(0, f"the program ended with exit code {outcome.code}")
    if outcome.installed != INSTALLED:
        wrongs.append(f"installed {outcome.installed}, not {INSTALLED}")
    return wrongs


def _second_act(stage: Stage) -> list[str]:
    """One wrong token of five must be named, alone, and must not travel."""
    print(_title("The same with a wrong token for `core`"))
    stage.example.clear()
    outcome = _install(stage, "second", {"core": WRONG})
    print(_title("What was refused"))
    print(_table(("index", "as", "status", "request"), _refused(stage.example)))
    wrongs = []
    if outcome.code == 0:
        wrongs.append("the program said that all is well with a wrong token")
    if "core" not in outcome.said:
        wrongs.append("the program did not name `core`")
    if outcome.installed:
        wrongs.append(f"installed {outcome.installed} with a wrong token")
    wrongs += [fault for fault in stage.example.faults() if not fault.startswith("core ")]
    return wrongs


def _install(stage: Stage, name: str, wrong: Mapping[str, Identity]) -> Run:
    """Make a fresh environment and install into it; `wrong` replaces the identities of some indexes."""
    environment = _environment(stage, wrong)
    target = stage.folder / name
    made = _run(stage, ["venv", "--quiet", "--python", sys.executable, str(target)], environment)
    words = ["pip", "install", "--python", str(target)]
    for place in stage.example.places:
        words += ["--index", f"{place.name}={place.url(wrong.get(place.name))}"]
    words += ["--default-index", stage.example.public.index_url(), WANTED]
    print(_title("The command"))
    print(_shown(stage.program, words, stage.example))
    ended = _run(stage, words, environment)
    print(_title("What the program says"))
    print(made.stdout + ended.stdout, end="")
    return Run(made.returncode or ended.returncode, ended.stdout, _installed(target))


def _run(stage: Stage, words: Sequence[str], environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*stage.program, *words],
        check=False,
        env=environment,
        cwd=stage.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _environment(stage: Stage, wrong: Mapping[str, Identity]) -> dict[str, str]:
    """The caller's, without its own indexes, credentials and proxies, with those of the example."""
    kept = {name: value for name, value in os.environ.items() if not _concerns_indexes(name)}
    kept |= {"UV_CACHE_DIR": str(stage.folder / "cache"), "NETRC": str(stage.folder / "netrc"), "UV_NO_CONFIG": "1"}
    if stage.tls:
        kept["SSL_CERT_FILE"] = str(stage.example.public.ca_file)
    for place in stage.example.places:
        if not place.inline:
            kept |= dict(zip(place.variables, wrong.get(place.name, place.identity), strict=True))
    return kept


def _concerns_indexes(name: str) -> bool:
    upper = name.upper()
    return upper.startswith(("UV_", "PIP_", "SSL_CERT_")) or upper.endswith("_PROXY") or upper == "VIRTUAL_ENV"


def _installed(target: Path) -> dict[str, str]:
    folders = [str(path) for path in target.glob("[Ll]ib/**/site-packages")]
    found = {each.metadata["Name"]: each.version for each in distributions(path=folders)}
    return dict(sorted((name, version) for name, version in found.items() if name != "pip"))


def _indexes(example: Example) -> Iterable[tuple[str, ...]]:
    for place in example.places:
        given = "the URL" if place.inline else place.variables[1]
        yield place.name, place.registry.index_url(place.shelf.name), f"{place.identity[0]}:****", given
    yield "public", example.public.index_url(), "everybody", "-"


def _requests(example: Example) -> Iterable[tuple[str, ...]]:
    for entry in example.requests():
        yield example.where(entry), example.whose(entry.identity), str(entry.status), f"{entry.method} {_short(entry)}"


def _refused(example: Example) -> Iterable[tuple[str, ...]]:
    return (row for row in _requests(example) if row[2] in {"401", "403"})


def _short(entry: Entry) -> str:
    if len(entry.path) <= _WIDE:
        return entry.path
    return f"{entry.path[: _WIDE // 2]}...{entry.path[-_WIDE // 2 + 3 :]}"


def _shown(program: Sequence[str], words: Sequence[str], example: Example) -> str:
    """The command with every secret masked, one index a line."""
    text = shlex.join([Path(program[0]).name, *program[1:], *words])
    for secret in [place.identity[1] for place in example.places]:
        text = text.replace(_quoted(secret), "****")
    return text.replace(" --", " \\\n    --")


def _quoted(secret: str) -> str:
    return secret.replace("=", "%3D")


def _title(text: str) -> str:
    return f"\n== {text} =="


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, *rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        "  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
