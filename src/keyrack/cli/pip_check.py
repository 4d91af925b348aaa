"""`keyrack pip check`: whether what is installed fits together."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.environment import find_environment
from keyrack.cli.flags import CACHE, CERT, EXCLUSIVE, GLOBAL, PYTHON, SYSTEM, choice, text
from keyrack.cli.grammar import Grammar, Group
from keyrack.cli.summary import done
from keyrack.policy.index.targets import TARGETS
from keyrack.values.styled import Style, Styled

GRAMMAR = Grammar(
    "pip check",
    "Check that installed packages fit together",
    (
        Group(
            "Options",
            (
                *SYSTEM,
                text(
                    "--python-version",
                    "python-version",
                    "Check for another version of Python",
                    check="python version",
                ),
                choice("--python-platform", "python-platform", " ".join(TARGETS), "Check for another platform"),
                *CERT,
            ),
        ),
        PYTHON,
        CACHE,
        GLOBAL,
    ),
    exclusive=EXCLUSIVE,
)


def run(context: Context) -> int:
    """Say what was looked at and what is wrong; 1 if anything is."""
    from keyrack.operations.check import check  # late: start-up

    environment = find_environment(context)
    found = check(environment, context.text("python-version") or "", context.text("python-platform") or "")
    say = context.terminal.say
    if found.count:
        say(*done("Checked", found.count, found.seconds))
    else:
        say(*done("Checked 0 packages", 0, found.seconds))
    if not found.faults:
        say(Styled("All installed packages are compatible", Style.DIM))
        return 0
    count = len(found.faults)
    what = "incompatibility" if count == 1 else "incompatibilities"
    say(Styled("Found ", Style.DIM), Styled(f"{count} {what}", Style.DIM_BOLD))
    for fault in found.faults:
        say(Styled(fault.message, Style.BOLD))
    return 1
