"""From the words of `tree` to a lock, and from that to lines or a picture."""

from __future__ import annotations

import os

from keyrack.app import Surround, open_run
from keyrack.cli.context import Context
from keyrack.cli.environment import shown_path
from keyrack.cli.locking import LockRun, check_fresh, checks_wheels, missing_lock, python_of, say_resolved
from keyrack.cli.progress import Live
from keyrack.cli.project_choice import groups_in, workspace_around
from keyrack.cli.project_flags import project_words
from keyrack.cli.summary import warn
from keyrack.errors import NotYet
from keyrack.operations.lock_tree import TreeShape, Viewed, draw_tree, graph_of, picture, write_picture
from keyrack.operations.project_lock import LOCK_FILE, frozen_lock, kept_lock, lock_path, write_lock
from keyrack.operations.project_target import check_defaults, facts_meant
from keyrack.operations.streams import monotonic
from keyrack.values.interpreter import Interpreter
from keyrack.values.lock import Lock
from keyrack.values.names import package_name
from keyrack.values.workspace import Workspace


def carry_out(context: Context) -> int:
    """Show the tree."""
    if context.text("script"):
        raise NotYet("`keyrack tree --script` is not supported yet")
    workspace = workspace_around(context)
    facts = facts_meant(workspace, ())
    check_defaults(facts)
    lock, python = _lock(context, workspace)
    viewed = None
    if python is not None and not context.has("universal"):
        version, platform = context.text("python-version"), context.text("python-platform")
        viewed = Viewed(python, version or "", platform or "")
    graph = graph_of(lock, workspace, groups_in(context, facts), viewed)
    form = context.text("format") or "text"
    if form != "text":
        _draw(context, picture(graph, os.path.basename(workspace.root), html=form == "html"))
        return 0
    shape = TreeShape(
        depth=int(context.text("depth") or 255),
        prune=frozenset(map(package_name, context.listed("prune"))),
        packages=frozenset(map(package_name, context.listed("package"))),
        dedupe=not context.has("no-dedupe"),
        invert=context.has("invert"),
    )
    for line in draw_tree(graph, shape):
        context.terminal.result(line)
    return 0


def _draw(context: Context, text: str) -> None:
    path = context.text("output-file")
    if path is None:
        context.terminal.raw_result(text)
        return
    whole = os.path.join(context.folder, path)
    write_picture(whole, text)
    context.terminal.say(f"Wrote {shown_path(whole, context.folder)}")


def _lock(context: Context, workspace: Workspace) -> tuple[Lock, Interpreter | None]:
    """Give the lock as it should be, and the project's Python, unless nobody asks for one."""
    live = Live(context.terminal, monotonic)
    words, path = project_words(context, workspace.root), lock_path(workspace)
    is_frozen = context.told("frozen", "UV_FROZEN")
    if is_frozen and context.has("universal"):
        return frozen_lock(path, LOCK_FILE, "`--frozen`", check_wheels=checks_wheels(context)), None
    with open_run(Surround(words, live.log, live)) as tools:
        for text in tools.settings.warnings:
            warn(context.terminal, text)
        python = python_of(context, workspace, words, tools)
        if is_frozen:
            return frozen_lock(path, LOCK_FILE, "`--frozen`", check_wheels=checks_wheels(context)), python
        before = kept_lock(path, LOCK_FILE, check_wheels=checks_wheels(context))
        flag = "`--locked`" if context.told("locked", "UV_LOCKED") else ""
        if flag and before is None:
            raise missing_lock(flag)
        outcome = LockRun(context, workspace, words, tools).lock(before, python)
        live.clear()
        say_resolved(context, outcome)
        if flag:
            check_fresh(outcome, before, flag)
        elif not outcome.is_kept:
            write_lock(path, outcome.text)
    return outcome.lock, python
