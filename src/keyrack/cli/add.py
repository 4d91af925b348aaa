"""`keyrack add`: the flags."""

from __future__ import annotations

from keyrack.cli import project_flags
from keyrack.cli.context import Context
from keyrack.cli.flags import (
    EXCLUSIVE,
    GLOBAL,
    INDEX,
    INSTALLER,
    PYTHON,
    REFRESH,
    RESOLVER,
    choice,
    separated,
    several,
    switch,
    text,
)
from keyrack.cli.grammar import Grammar, Group, Operand

_OPTIONS = (
    several("--requirements -r --requirement", "requirements", "Add what this file lists; repeatable"),
    separated(
        several(
            "--constraints -c --constraint", "constraints", "Allow only versions that this file allows", "UV_CONSTRAINT"
        ),
        " ",
    ),
    text("--marker -m", "marker", "Require it only where this marker holds", check="filled"),
    switch("--dev", "dev", "Add to the group `dev`", "UV_DEV"),
    text("--optional", "optional", "Add to the requirements of this extra", check="name"),
    text("--group", "group", "Add to this dependency group", check="name"),
    switch("--editable", "is-editable", "Install the source tree so that changes take effect"),
    switch("--no-editable", "is-editable", kind="no"),
    switch("--raw --raw-sources", "raw", "Write the requirement as it is, with no entry in `tool.uv.sources`"),
    choice("--bounds", "bounds", "lower major minor exact", "Which bounds a requirement without any gets"),
    text("--rev", "rev", "The revision of the repository", check="filled"),
    text("--tag", "tag", "The tag of the repository", check="filled"),
    text("--branch", "branch", "The branch of the repository", check="filled"),
    switch("--lfs", "lfs", "Fetch what Git LFS keeps of the repository", "UV_GIT_LFS"),
    separated(several("--extra", "extra", "Require this extra of the package", check="name"), ","),
    text("--package", "package", "The member of the workspace that is meant", check="name"),
    switch("--workspace", "workspace", "Make the source tree a member of the workspace"),
    switch("--no-workspace", "workspace", "Do not make it one", kind="no"),
)

GRAMMAR = Grammar(
    "add",
    "Add requirements to the project",
    (
        Group(
            "Options",
            (
                *_OPTIONS,
                switch("--no-sync", "no-sync", "Leave the environment as it is", "UV_NO_SYNC"),
                *project_flags.MODE,
                *project_flags.ACTIVE,
                *project_flags.LEAVING,
                project_flags.SCRIPT,
            ),
        ),
        INDEX,
        RESOLVER,
        INSTALLER,
        project_flags.PROJECT_BUILD,
        REFRESH,
        PYTHON,
        GLOBAL,
    ),
    operand=Operand("packages", "PACKAGES", "What is added, as requirements", many=True),
    one_of=("packages", "requirements"),
    exclusive=(
        *EXCLUSIVE[:1],
        ("locked", "frozen"),
        ("dev", "optional"),
        ("dev", "group"),
        ("optional", "group"),
        ("rev", "tag"),
        ("rev", "branch"),
        ("tag", "branch"),
    ),
)


def run(context: Context) -> int:
    """Add, lock and sync."""
    from keyrack.cli.editing import carry_out_add  # late: start-up

    return carry_out_add(context)
