"""Put the packages into a new environment that `--seed` asks for."""

from __future__ import annotations

from keyrack.app import Surround, open_run
from keyrack.cli.context import Context
from keyrack.cli.summary import list_changes, warn
from keyrack.operations.configure import Words
from keyrack.operations.inputs import InputRequest
from keyrack.operations.pip_install import PipInstallRequest, pip_install
from keyrack.operations.targets import Choice, choose
from keyrack.operations.venvs import VenvOutcome, seeds


def seed(context: Context, words: Words, made: VenvOutcome) -> None:
    """Install the seeds and list them."""
    inputs = InputRequest(folder=context.folder, packages=seeds(made.base), variables=context.variables)
    with open_run(Surround(words, context.terminal.log), inputs) as tools:
        acted = choose(tools.pythons, Choice(python=made.executable))
        request = PipInstallRequest(tools.inputs, acted.interpreter, acted.scheme, acted.lock)
        outcome = pip_install(request, tools)
    for text in outcome.warnings:
        warn(context.terminal, text)
    if outcome.change is not None:
        list_changes(context.terminal, outcome.change.changes)
