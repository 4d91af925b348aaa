"""Ask the indexes for newer versions of what is installed (`--outdated`)."""

from __future__ import annotations

from keyrack.app import Surround, open_run
from keyrack.cli.context import Context
from keyrack.operations.configure import Words
from keyrack.operations.environments import Surveyed
from keyrack.operations.outdated import Latest, latest
from keyrack.values.names import PackageName


def newer(context: Context, found: Surveyed) -> dict[PackageName, Latest]:
    """Give the newest version of each distribution that has one newer than what is installed; pages are asked anew."""
    words = Words({**context.words, "refresh": True}, context.variables, context.folder)
    with open_run(Surround(words, context.terminal.log)) as tools:
        newest = latest(found.installed, found.interpreter, tools)
    return {
        one.name: newest[one.name]
        for one in found.installed
        if one.name in newest and newest[one.name].version > one.version
    }
