"""`keyrack pip sync`: the flags."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import (
    BUILD,
    CERT,
    EXCLUSIVE,
    GLOBAL,
    INDEX,
    INSTALLER,
    MANAGED,
    PLACES,
    PYTHON,
    REFRESH,
    RESOLVER,
    STRICT,
    SYSTEM,
    choice,
    defaulted,
    separated,
    several,
    switch,
    text,
)
from keyrack.cli.grammar import Grammar, Group, Operand
from keyrack.cli.input_flags import BUILD_CONSTRAINTS, CONSTRAINTS, FORMATS, HASHES
from keyrack.errors import KeyrackError
from keyrack.policy.index.targets import TARGETS

_OF_THE_RESOLVER = frozenset(("exclude-newer", "exclude-newer-package", "no-sources", "no-sources-package"))
_INPUTS = (
    CONSTRAINTS,
    BUILD_CONSTRAINTS,
    separated(several("--extra", "extra", "Install this extra of the file", check="name"), ","),
    switch("--all-extras", "all-extras", "Install all extras of the file"),
    switch("--no-all-extras", "all-extras", kind="no"),
    several("--group", "group", "Install this dependency group of the file"),
)
_FILES = (
    *FORMATS,
    switch("--allow-empty-requirements", "allow-empty-requirements", "Take everything out where nothing is listed"),
    switch("--no-allow-empty-requirements", "allow-empty-requirements", kind="no"),
    text("--python-version", "python-version", "Choose files for another Python", check="python version"),
    choice("--python-platform", "python-platform", " ".join(TARGETS), "Choose files for another platform"),
)
_WAYS = (
    *STRICT,
    switch("--dry-run", "dry-run", "Say what would be done, and do nothing"),
    switch("--check", "check", "Do nothing, and end with 1 if anything would have to be done"),
    defaulted(choice("--output-format", "output-format", "text json", "The form of the result"), "text"),
    text("--torch-backend", "torch-backend"),
)
_OF_PIP_TOOLS = (
    switch("--ask -a", "ask"),
    text("--python-executable", "python-executable"),
    switch("--user", "user"),
    text("--client-cert", "client-cert"),
    text("--config", "config"),
    text("--pip-args", "pip-args"),
)
_UNSUPPORTED = {
    "ask": "keyrack never asks for confirmation",
    "python-executable": "to install into a separate Python environment, try setting `VIRTUAL_ENV` instead",
    "user": "use a virtual environment instead",
    "client-cert": "keyrack doesn't support dedicated client certificates",
    "config": "keyrack does not use a configuration file",
    "pip-args": "try passing arguments to keyrack directly",
}

GRAMMAR = Grammar(
    "pip sync",
    "Make an environment hold what a `requirements.txt` or `pylock.toml` file lists, and nothing else",
    (
        Group(
            "Options",
            (*_INPUTS, *CERT, *HASHES, *SYSTEM, *MANAGED, *PLACES, *_FILES, *_WAYS, *_OF_PIP_TOOLS),
        ),
        INDEX,
        INSTALLER,
        BUILD,
        Group(RESOLVER.heading, tuple(flag for flag in RESOLVER.flags if flag.key in _OF_THE_RESOLVER)),
        REFRESH,
        PYTHON,
        GLOBAL,
    ),
    operand=Operand("requirements", "SRC_FILE", "Install what these files list", many=True, required=True),
    exclusive=(
        *EXCLUSIVE,
        ("extra", "all-extras"),
        ("no-build", "no-binary"),
        ("no-build", "only-binary"),
        ("dry-run", "check"),
    ),
)


def run(context: Context) -> int:
    """Make the environment equal to the files, and say what happened."""
    for key, why in _UNSUPPORTED.items():
        if context.has(key):
            raise KeyrackError(f"pip-sync's `--{key}` is unsupported ({why})")
    if context.has("torch-backend"):
        raise KeyrackError(
            "`--torch-backend` is not supported yet", hints=("Name the index of that backend with `--index`",)
        )
    from keyrack.cli.inputs import flags_of, inputs_of  # late: start-up
    from keyrack.cli.installing import carry_out  # late: start-up

    return carry_out(context, flags_of(context), inputs_of(context), is_sync=True)
