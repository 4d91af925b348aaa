"""Requests that cannot be met, with the whole text that people read: uv 0.13.9's own, word for word."""

import tomllib
from pathlib import Path

import pytest

from keyrack.operations.resolve import NoSolutionFound, resolve
from lab.catalogue import MemoryCatalogue
from lab.scenarios import load
from tests.scenarios.asking import to_request

ERRORS = sorted((Path(__file__).parent / "errors").glob("*.toml"))


def written(error):
    """The parts of an error, as lines without the command line's colours."""
    causes = "".join(f"  cause: {cause.replace(chr(10), chr(10) + ' ' * 9)}\n" for cause in error.causes)
    hints = "".join(f"\nhint: {hint}\n" for hint in error.hints)
    lines = f"error: {error.message}\n{causes}{hints}".splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


@pytest.mark.parametrize("path", ERRORS, ids=lambda path: path.stem)
def test_error_reads_as_uvs_does(path):
    scenario = load(path)
    expected = tomllib.loads(path.read_text(encoding="utf-8"))["report"]["text"]

    with pytest.raises(NoSolutionFound) as caught:
        resolve(to_request(scenario), MemoryCatalogue(scenario.artifacts))

    assert expected == written(caught.value)


def test_the_same_failure_reads_the_same_whatever_the_order_of_files():
    scenario = load(Path(__file__).parent / "errors" / "numbered-steps.toml")
    texts = set()

    for artifacts in (scenario.artifacts, scenario.artifacts[::-1]):
        with pytest.raises(NoSolutionFound) as caught:
            resolve(to_request(scenario), MemoryCatalogue(artifacts))
        texts.add(written(caught.value))

    assert len(texts) == 1
