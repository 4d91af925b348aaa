"""`keyrack pip install`: the flags, and what happened."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.environment import acted_line, name_acted
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
from keyrack.cli.input_flags import BUILD_CONSTRAINTS, CONSTRAINTS, EXCLUDES, FORMATS, HASHES, OVERRIDES
from keyrack.cli.summary import done, warn
from keyrack.errors import KeyrackError
from keyrack.policy.index.targets import TARGETS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keyrack.operations.answered import Looked

_INPUTS = (
    several("--requirements -r --requirement", "requirements", "Install what this file lists; repeatable"),
    several("--editable -e", "editable", "Install this source tree so that changes in it take effect"),
    switch("--no-editable", "no-editable", "Install trees as they are now, also those of `-e`", "UV_NO_EDITABLE"),
    several("--no-editable-package", "no-editable-package", "Install this tree as it is now", check="name"),
    CONSTRAINTS,
    OVERRIDES,
    EXCLUDES,
    BUILD_CONSTRAINTS,
    separated(several("--extra", "extra", "Install this extra of the project in `-r`", check="name"), ","),
    switch("--all-extras", "all-extras", "Install all extras of the project in `-r`"),
    switch("--no-all-extras", "all-extras", kind="no"),
    several("--group", "group", "Install this dependency group, as `[PATH:]NAME`"),
    switch("--no-deps", "no-deps", "Install what is named and nothing that it requires"),
    switch("--deps", "no-deps", kind="no"),
)
_FILES = (
    *FORMATS,
    text("--python-version", "python-version", "Choose versions for another Python", check="python version"),
    choice("--python-platform", "python-platform", " ".join(TARGETS), "Choose files for another platform"),
)
_WAYS = (
    switch("--exact", "exact", "Take out whatever else is installed"),
    switch("--inexact --no-exact", "exact", kind="no"),
    *STRICT,
    switch("--dry-run", "dry-run", "Say what would be done, and do nothing"),
    switch("--check", "check", "Do nothing, and end with 1 if anything would have to be done"),
    defaulted(choice("--output-format", "output-format", "text json", "The form of the result"), "text"),
    text("--torch-backend", "torch-backend"),
)
_PIP_ONLY = (switch("--user", "user"), switch("--no-user", "ignored-no-user"))

GRAMMAR = Grammar(
    "pip install",
    "Install packages into an environment",
    (
        Group("Options", (*_INPUTS, *CERT, *HASHES, *SYSTEM, *MANAGED, *PLACES, *_FILES, *_WAYS, *_PIP_ONLY)),
        INDEX,
        RESOLVER,
        INSTALLER,
        BUILD,
        REFRESH,
        PYTHON,
        GLOBAL,
    ),
    operand=Operand("packages", "PACKAGE", "The packages to install", many=True),
    one_of=("packages", "requirements", "editable", "group"),
    exclusive=(
        *EXCLUSIVE,
        ("extra", "all-extras"),
        ("no-build", "no-binary"),
        ("no-build", "only-binary"),
        ("dry-run", "check"),
    ),
)


def run(context: Context) -> int:
    """Install, and say what happened."""
    if context.has("user"):
        raise KeyrackError("pip's `--user` is unsupported (use a virtual environment instead)")
    if context.has("upgrade-group"):
        raise KeyrackError("`--upgrade-group` is not supported in `keyrack pip` commands")
    if context.has("torch-backend"):
        raise KeyrackError(
            "`--torch-backend` is not supported yet", hints=("Name the index of that backend with `--index`",)
        )
    from keyrack.cli.inputs import flags_of, inputs_of  # late: start-up

    words, inputs = flags_of(context), inputs_of(context)
    looked = None
    if is_plain(context):
        from keyrack.operations.answered import look  # late: start-up

        looked = look(words, inputs, _prepare)
        if looked and looked.is_answer:
            return say_answered(context, looked)
    from keyrack.cli.installing import carry_out  # late: start-up

    return carry_out(context, words, inputs, looked)


def _prepare() -> None:
    """Import what carrying out takes."""
    import keyrack.cli.installing  # noqa: F401  # late: start-up


_OF_WORK = (
    *("verbose", "exact", "strict", "dry-run", "check", "output-format"),
    *("no-editable", "no-editable-package"),
)


def is_plain(context: Context) -> bool:
    """Say whether nothing is asked for beyond having what is named: then looking may be all there is to do."""
    return not any(map(context.has, _OF_WORK)) and not context.told("no-editable", "UV_NO_EDITABLE")


def say_answered(context: Context, looked: Looked) -> int:
    """Say that everything is there already, and remember it; nothing that could ask an index is even imported."""
    for warning in looked.warnings:
        warn(context.terminal, warning)
    name_acted(context, looked.acted)
    context.terminal.say(*done("Checked", len(looked.inputs.requirements), looked.seconds))
    may_be_remembered = not any(map(context.has, ("quiet", "color", "no-color", "isolated"))) and not looked.warnings
    if context.asked is not None and may_be_remembered:
        from keyrack.operations.evidence import remember  # late: start-up

        remember(context.asked, looked, acted_line(context, looked.acted))
    return 0
