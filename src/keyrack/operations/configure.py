"""Gather what flags, environment and files say about a run, and weigh it into settings."""

from __future__ import annotations

import os
from collections.abc import Mapping

import msgspec

from keyrack.adapters.settings_files import named_file, project_files, system_file, user_file
from keyrack.errors import InvalidText
from keyrack.formats.index_text import parse_index_text
from keyrack.formats.settings_table import parse_table
from keyrack.formats.settings_toml import parse_project_settings, parse_uv_toml
from keyrack.formats.uv_environment import PLACE, environment_table, switch
from keyrack.policy.settings import Give, Surroundings, weigh
from keyrack.values.layer import Layer
from keyrack.values.log import Level, Log, silent
from keyrack.values.settings import Settings
from keyrack.values.version import SPEAKS


class Words(msgspec.Struct, frozen=True):
    """What a run was told: flags under the names of configuration keys, the environment, the folder it runs in."""

    flags: Mapping[str, object]
    environment: Mapping[str, str]
    folder: str


def layers(words: Words, log: Log = silent) -> tuple[Layer, ...]:
    """Read all layers, highest first: flags with the environment behind them, project, user, system.

    A flag replaces the variable that says the same, also where both are lists (as uv's parser has it).
    """
    environment = environment_table(words.environment)
    flags = {key: value for key, value in words.flags.items() if key in _FLAG_KEYS}
    told = {key: value for key, value in environment.items() if key not in flags}
    found = [parse_table(flags, words.folder, "the command line"), parse_table(told, words.folder, PLACE)]
    return (*found, *_file_layers(words, log))


def settings(words: Words, surroundings: Surroundings, give: Give, log: Log = silent) -> Settings:
    """Give the settings of a run; `InvalidText` names the place of whatever cannot be read."""
    return weigh(layers(words, log), surroundings, give)


def default_index_entry(url: str) -> Layer:
    """Give the index that is asked where nothing else is configured: it was baked in when keyrack was built."""
    return Layer(place="the build", default_index=parse_index_text(url, "/", "the build"))


def _file_layers(words: Words, log: Log) -> list[Layer]:
    named = words.flags.get("config-file") or words.environment.get("UV_CONFIG_FILE")
    if words.flags.get("no-config") or switch(words.environment, "UV_NO_CONFIG"):
        return []
    if isinstance(named, str):
        file = named_file(named, words.folder)
        return [parse_uv_toml(file.text, file.folder, file.path, SPEAKS)]
    found = [layer for layer in (_project_layer(words),) if layer is not None]
    user = user_file(words.environment)
    log(Level.DEBUG, f"Searching for user configuration in: {user.path if user else 'uv.toml (none)'}")
    system = None if switch(words.environment, "UV_NO_SYSTEM_CONFIG") else system_file(words.environment)
    wider = (parse_uv_toml(each.text, each.folder, each.path, SPEAKS) for each in (user, system) if each is not None)
    return [*found, *wider]


def _project_layer(words: Words) -> Layer | None:
    """Give the layer of the first folder upwards that has a `uv.toml`, or a `pyproject.toml` with `[tool.uv]`."""
    start = words.flags.get("project") or words.environment.get("UV_PROJECT") or "."
    if not isinstance(start, str):
        raise InvalidText("`--project` takes one folder")
    for uv_toml, pyproject in project_files(os.path.join(words.folder, start)):
        table = None
        if pyproject is not None:
            table = parse_project_settings(pyproject.text, pyproject.folder, pyproject.name, SPEAKS)
        if uv_toml is not None:
            return _beside(parse_uv_toml(uv_toml.text, uv_toml.folder, uv_toml.name, SPEAKS), table)
        if table is not None:
            return table
    return None


def _beside(own: Layer, table: Layer | None) -> Layer:
    """Let `uv.toml` win over the `[tool.uv]` beside it; sources stand only in the latter."""
    if table is None:
        return own
    warning = (
        "Found both a `uv.toml` file and a `[tool.uv]` section in an adjacent `pyproject.toml`. The `[tool.uv]`"
        " section will be ignored in favor of the `uv.toml` file."
    )
    return msgspec.structs.replace(own, sources=table.sources, warnings=(*own.warnings, warning))


_FLAG_KEYS = frozenset(field.replace("_", "-") for field in Layer.__struct_fields__) - {"place", "warnings", "sources"}
