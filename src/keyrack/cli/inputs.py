"""From the words of `pip install` to what is to be installed."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.operations.configure import Words
from keyrack.operations.inputs import InputRequest
from keyrack.values.names import extra_name


def flags_of(context: Context) -> Words:
    """Give the flags under the names and with the values that settings have."""
    flags = dict(context.words)
    if flags.pop("pre", False):
        flags.setdefault("prerelease", "allow")
    return Words(flags, context.variables, context.folder)


def inputs_of(context: Context) -> InputRequest:
    """Gather what is to be installed, from the words and from variables."""

    def files(key: str, variable: str) -> tuple[str, ...]:
        return context.listed(key) or tuple(context.variables.get(variable, "").split())

    return InputRequest(
        folder=context.folder,
        packages=context.listed("packages"),
        editables=context.listed("editable"),
        requirement_files=context.listed("requirements"),
        constraint_files=files("constraints", "UV_CONSTRAINT"),
        override_files=files("overrides", "UV_OVERRIDE"),
        exclude_files=files("excludes", "UV_EXCLUDE"),
        build_constraint_files=files("build-constraints", "UV_BUILD_CONSTRAINT"),
        groups=context.listed("group"),
        extras=tuple(map(extra_name, context.listed("extra"))),
        all_extras=context.has("all-extras"),
        project_folder=context.text("project") or context.variables.get("UV_PROJECT", ""),
        variables=context.variables,
    )
