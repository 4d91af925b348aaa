"""The operations that are measured, one after another, each by all programs in turns before the next one begins."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from bench.measure import Starter, Took, in_turns
from bench.programs import Program, Words, environment
from bench.serving import Index

T = TypeVar("T")
YOUNG = 2.5
"""Seconds: keyrack does not trust the times of files that are younger."""


class Operation(NamedTuple):
    """What is measured. about: for readers. far: the network takes part, so that it is measured far away as well."""

    name: str
    about: str
    far: bool = False


OPERATIONS = (
    Operation("start", "print the version"),
    Operation("venv", "make an environment"),
    Operation("cold-resolve", "resolve, nothing in the cache", far=True),
    Operation("warm-resolve", "resolve, all in the cache"),
    Operation("cold-install", "install, nothing in the cache", far=True),
    Operation("warm-install", "install, all in the cache"),
    Operation("no-op", "install what is installed"),
)
AGED = ("venv", "no-op", "warm-resolve")
"""What is measured once nothing is young any more, and after it was done once before."""
SETLESS = ("start", "venv")
"""What does not depend on the packages."""


class Case(NamedTuple):
    """A row of the table: operation, set ("" where it does not matter), and milliseconds of a round trip."""

    operation: str
    set: str
    latency: int


Results = dict[tuple[Case, str], list[Took]]
"""By case and name of the program: one entry for each round in which it took part."""


class Stage(NamedTuple):
    """What all runs share. compiling: a resolution is `pip compile`, else `pip install --dry-run`."""

    folder: Path
    served: Index
    starter: Starter
    programs: Mapping[str, Program]
    compiling: bool


class Turn(NamedTuple):
    """One program with one set in one round, and the folder that is its own for as long."""

    stage: Stage
    program: Program
    set: str
    wanted: tuple[str, ...]
    folder: Path

    def words(self, operation: str) -> Words:
        """Make ready what the operation needs, and give its words."""
        if operation == "start":
            return self.program.say_version()
        if operation == "venv":
            return self.program.make_environment(self.folder / "made")
        if operation.endswith("resolve"):
            return self._resolve(operation)
        target = self.folder / ("warm-install" if operation == "no-op" else operation)
        return self.program.install(_there(target), self.wanted)

    def _resolve(self, operation: str) -> Words:
        target = _there(self.folder / operation)
        if not self.stage.compiling or self.program.beside is not None:
            return self.program.resolve(target, self.wanted)
        file = self.folder / "requirements.in"
        if not file.exists():
            file.write_text("\n".join(self.wanted) + "\n", encoding="utf-8")
        return self.program.resolve(target, file)

    def variables(self, operation: str, latency: int) -> dict[str, str]:
        """Give the environment of the run: a resolution and an installation have a cache each."""
        cache = self.folder / f"cache-{'resolve' if operation.endswith('resolve') else 'install'}-{latency}"
        return self.program.variables(self.stage.served.urls[latency], cache, self.stage.served.authority)

    def clear(self, operation: str, latency: int) -> None:
        """Put away an environment where the next run needs a fresh one; deleting is left for later."""
        target = self.folder / ("made" if operation == "venv" else operation)
        if target.exists() and operation != "warm-install":
            target.rename(target.with_name(f"{target.name}-{latency}-old"))

    def prime(self, operation: str) -> None:
        """Do unmeasured what must have been done: nothing is young any more, and what is remembered is there."""
        self.stage.starter.must(self.words(operation), self.variables(operation, 0))
        if operation == "venv":
            self.clear(operation, -1)

    def take(self, operation: str, latency: int) -> Took:
        """Measure."""
        words, variables = self.words(operation), self.variables(operation, latency)
        before = self.stage.served.requests()
        took = self.stage.starter.must(words, variables)
        return took._replace(requests=self.stage.served.requests() - before)


class Plan(NamedTuple):
    """How much is measured. few: a program that is slow, and in how many rounds it takes part."""

    sets: Mapping[str, tuple[str, ...]]
    latencies: tuple[int, ...]
    rounds: int
    few: Mapping[str, int]

    def joining(self, names: Iterable[str], number: int) -> tuple[str, ...]:
        """Give who takes part in a round, in its order; before round 0 all but the slow warm up."""
        return tuple(
            name
            for name in in_turns(tuple(names), number)
            if number < self.few.get(name, self.rounds) and (number >= 0 or name not in self.few)
        )


def measure(stage: Stage, plan: Plan) -> Results:
    """Measure all; the first time round only warms up."""
    results: Results = {}
    total = (plan.rounds + 1) * len(plan.sets)
    for at, (number, name) in enumerate((number, name) for number in range(-1, plan.rounds) for name in plan.sets):
        print(f"\rround {at + 1} of {total}: {name}   ", end="", file=sys.stderr, flush=True)
        turns = turns_of(stage, plan, name, plan.joining(stage.programs, number))
        for case, program, took in one_round(turns, plan.latencies, Turn.take):
            if number >= 0:
                results.setdefault((case, program), []).append(took)
    print("\r" + " " * 40 + "\r", end="", file=sys.stderr, flush=True)
    return results


def turns_of(stage: Stage, plan: Plan, name: str, joining: Iterable[str]) -> list[Turn]:
    """Give each program its turn with a set, and a folder."""
    return [Turn(stage, stage.programs[each], name, plan.sets[name], stage.folder / "round" / each) for each in joining]


def one_round(
    turns: list[Turn], latencies: Sequence[int], take: Callable[[Turn, str, int], T]
) -> Iterator[tuple[Case, str, T]]:
    """Go through all operations once; `take` measures one."""
    for turn in turns:
        turn.folder.mkdir(parents=True)
    # What the round before threw away must not be written while this one is measured.
    os.sync()
    for operation in OPERATIONS:
        if operation.name in AGED:
            for turn in turns:
                turn.words(operation.name)  # an environment that is made only now would be young
            time.sleep(YOUNG)
            for turn in turns:
                turn.prime(operation.name)
        for latency in latencies if operation.far else latencies[:1]:
            for turn in turns:
                case = Case(operation.name, "" if operation.name in SETLESS else turn.set, latency)
                yield case, turn.program.name, take(turn, operation.name, latency)
                turn.clear(operation.name, latency)
    for turn in turns:
        shutil.rmtree(turn.folder)


def _there(target: Path) -> Path:
    return target if target.exists() else environment(target)
