"""The flags that the commands for tools share, and how a tool is named: `black`, `black@24.1`, `black@latest`."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import BUILD, GLOBAL, INDEX, INSTALLER, PYTHON, REFRESH, RESOLVER, separated, several
from keyrack.cli.inputs import flags_of
from keyrack.operations.configure import Words
from keyrack.operations.inputs import InputRequest
from keyrack.values.light import Light

WITH = (
    separated(several("--with -w", "with", "Install this beside the tool; repeatable"), ","),
    several("--with-requirements", "with-requirements", "Install what this file lists beside the tool; repeatable"),
    several("--with-editable", "with-editable", "Install this source tree beside the tool, editable; repeatable"),
    several("--constraints -c --constraint", "constraints", "Allow only versions that this file allows; repeatable"),
    several("--overrides --override", "overrides", "Replace requirements of packages by this file's"),
)
GROUPS = (PYTHON, INDEX, RESOLVER, INSTALLER, BUILD, REFRESH, GLOBAL)


class Named(Light):
    """A tool as it was named: the requirement, and whether the newest version is wanted."""

    requirement: str
    is_latest: bool


def named(text: str) -> Named:
    """Read `NAME`, `NAME@VERSION`, `NAME@latest`, or any requirement."""
    name, at, version = text.partition("@")
    if not at or not name or name.endswith(" ") or version[:1] in (" ", "") or "/" in text:
        return Named(text, is_latest=False)
    return Named(name, is_latest=True) if version == "latest" else Named(f"{name}=={version}", is_latest=False)


def words_of(context: Context, *, upgrade: bool) -> Words:
    """Give the words of a run that no project has a say in; `upgrade` where the newest version is wanted."""
    words = flags_of(context)
    flags = {**words.flags, "no-project-config": True}
    if upgrade:
        flags["upgrade"] = True
    return Words(flags, words.environment, words.folder)


def inputs_of(context: Context, packages: tuple[str, ...], editables: tuple[str, ...] = ()) -> InputRequest:
    """Gather what is installed: the tool, and what is wanted beside it."""
    return InputRequest(
        folder=context.folder,
        packages=(*packages, *context.listed("with")),
        editables=(*editables, *context.listed("with-editable")),
        requirement_files=context.listed("with-requirements"),
        constraint_files=context.listed("constraints"),
        override_files=context.listed("overrides"),
        variables=context.variables,
    )
