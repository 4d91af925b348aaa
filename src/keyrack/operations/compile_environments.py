"""For which environments a project wants to be resolved: `environments` and `required-environments` of `[tool.uv]`."""

from __future__ import annotations

import msgspec

from keyrack.adapters.settings_files import project_files
from keyrack.errors import InvalidText
from keyrack.formats.lock_inputs_text import parse_lock_inputs
from keyrack.policy.markers.algebra import Diagram, diagram


class Environments(msgspec.Struct, frozen=True):
    """Markers; none stand for everything."""

    supported: tuple[Diagram, ...] = ()
    required: tuple[Diagram, ...] = ()


def environments_of(folder: str) -> Environments:
    """Read the next `pyproject.toml` upwards that has a `[tool.uv]`; one that cannot be read says nothing (uv)."""
    for _, file in project_files(folder):
        if file is None or "tool.uv" not in file.text:
            continue
        try:
            found = parse_lock_inputs(file.text, file.name, file.folder, None)
        except InvalidText:
            return Environments()  # the settings were read from it before, and a warning said that they could not be
        return Environments(tuple(map(diagram, found.environments)), tuple(map(diagram, found.required_environments)))
    return Environments()
