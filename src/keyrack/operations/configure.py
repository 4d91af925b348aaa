"""Gather what flags, environment and files say about a run, and weigh it into settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from keyrack.adapters import clock
from keyrack.adapters.settings_files import SettingsFile, named_file, project_files, system_file, user_file
from keyrack.errors import InvalidText
from keyrack.formats.bad_key import BadKey
from keyrack.formats.build_settings import BUILD_KEYS
from keyrack.formats.cutoff_text import Moment
from keyrack.formats.settings_table import parse_table
from keyrack.formats.settings_toml import ProjectSettings, SettingsText, parse_project_settings, parse_uv_toml
from keyrack.formats.switches_environment import parse_switches
from keyrack.formats.uv_environment import PLACE, environment_table, switch, variable_of
from keyrack.policy.settings import Give, Surroundings, weigh
from keyrack.values.layer import Layer, LayerKind
from keyrack.values.log import Level, Log, silent
from keyrack.values.settings import Settings
from keyrack.values.version import SPEAKS

COMMAND_LINE = "the command line"


class Words(msgspec.Struct, frozen=True):
    """What a run was told: flags under the names of configuration keys, the environment, the folder it runs in.

    `now` is the time in UTC; None asks the clock.
    """

    flags: Mapping[str, object]
    environment: Mapping[str, str]
    folder: str
    now: datetime | None = None


def layers(words: Words, log: Log = silent) -> tuple[Layer, ...]:
    """Read all layers, highest first: flags with the environment behind them, project, user, system.

    A flag replaces the variable that says the same, also where both are lists (as uv's parser has it).
    """
    moment = moment_of(words)
    environment = environment_table(words.environment)
    flags = {key: value for key, value in words.flags.items() if key in _FLAG_KEYS}
    told = {key: value for key, value in environment.items() if key not in flags}
    return (_flag_layer(flags, words.folder, moment), _variable_layer(told, words, moment), *_files(words, moment, log))


def settings(words: Words, surroundings: Surroundings, give: Give, log: Log = silent) -> Settings:
    """Give the settings of a run; `InvalidText` names the place of whatever cannot be read."""
    return weigh(layers(words, log), surroundings, give)


def moment_of(words: Words) -> Moment:
    """Say when a run takes place; a variable of uv's tests may stand in for the clock."""
    now = words.now
    if set_to := parse_switches(words.environment).now:
        try:
            now = datetime.fromisoformat(set_to).astimezone(UTC)
        except ValueError as error:
            raise InvalidText(f"Failed to read the time `{set_to}`: it should be RFC 3339") from error
    return Moment(now or datetime.fromtimestamp(clock.now(), UTC), lambda local: local.astimezone(UTC))


def _flag_layer(flags: Mapping[str, object], folder: str, moment: Moment) -> Layer:
    try:
        layer = parse_table(flags, folder, COMMAND_LINE, moment)
    except BadKey as error:
        raise InvalidText(f"invalid value {_told(flags, error)}: {error.message}") from error
    return msgspec.structs.replace(layer, kind=LayerKind.TOLD)


def _told(flags: Mapping[str, object], error: BadKey) -> str:
    """Name the flag, and its value unless that may be a URL, which may hold a password."""
    key = str(error.path[0]) if error.path else ""
    value = flags.get(key)
    shown = f"'{value}' " if isinstance(value, str) and "/" not in value and "@" not in value else ""
    return f"{shown}for '--{key} <{key.upper().replace('-', '_')}>'"


def _variable_layer(table: Mapping[str, object], words: Words, moment: Moment) -> Layer:
    try:
        layer = parse_table(table, words.folder, PLACE, moment)
    except BadKey as error:
        name = variable_of(str(error.path[0]), words.environment) if error.path else PLACE
        raise InvalidText(f"Failed to parse environment variable `{name}`: {error.message}") from error
    return msgspec.structs.replace(layer, kind=LayerKind.TOLD)


def _files(words: Words, moment: Moment, log: Log) -> list[Layer]:
    if words.flags.get("no-config") or switch(words.environment, "UV_NO_CONFIG"):
        return []

    def read(file: SettingsFile, place: str = "") -> Layer:
        return parse_uv_toml(SettingsText(file.text, file.folder, place or file.path, moment), SPEAKS)

    named = words.flags.get("config-file") or words.environment.get("UV_CONFIG_FILE")
    if isinstance(named, str):
        layer = read(named_file(named, words.folder), named)
        return [_with_warnings(layer, (_NO_PROJECT_FILE,))] if named.endswith("pyproject.toml") else [layer]
    # Tools are the user's own: no project has a say in them.
    found = [] if words.flags.get("no-project-config") else _project_layers(words, moment)
    user = user_file(words.environment)
    log(Level.DEBUG, f"Searching for user configuration in: `{user.path if user else 'uv.toml'}`")
    system = None if switch(words.environment, "UV_NO_SYSTEM_CONFIG") else system_file(words.environment)
    return [*found, *(read(file) for file in (user, system) if file is not None)]


_NO_PROJECT_FILE = (
    "The `--config-file` argument expects to receive a `uv.toml` file, not a `pyproject.toml`. If you're trying to run"
    " a command from another project, use the `--project` argument instead."
)


def _project_layers(words: Words, moment: Moment) -> list[Layer]:
    """Give the layer of the first folder upwards that has a `uv.toml`, or a `pyproject.toml` with `[tool.uv]`.

    A `pyproject.toml` that cannot be read is passed over; what is said about it stands in a layer of its own.
    """
    start = words.flags.get("project") or words.environment.get("UV_PROJECT") or "."
    warnings = list[str]()
    for uv_toml, pyproject in project_files(os.path.join(words.folder, str(start))):
        own = ProjectSettings()
        if pyproject is not None:
            source = SettingsText(pyproject.text, pyproject.folder, pyproject.name, moment)
            own = parse_project_settings(source, SPEAKS)
            warnings += [own.warning] if own.warning else []
        if uv_toml is not None:
            layer = parse_uv_toml(SettingsText(uv_toml.text, uv_toml.folder, uv_toml.name, moment), SPEAKS)
            return [_with_warnings(_beside(layer, own), tuple(warnings))]
        if own.layer is not None:
            return [_with_warnings(own.layer, tuple(warnings))]
    return [Layer(place="", warnings=tuple(warnings))] if warnings else []


def _beside(own: Layer, project: ProjectSettings) -> Layer:
    """Let `uv.toml` win over the `[tool.uv]` beside it; sources stand only in the latter."""
    if project.layer is None:
        return own
    found = msgspec.structs.replace(own, sources=project.layer.sources)
    if not project.keys:
        return found
    listed = "\n".join(f"- {key}" for key in project.keys)
    warning = (
        "Found both a `uv.toml` file and a `[tool.uv]` section in an adjacent `pyproject.toml`. The following fields"
        f" from `[tool.uv]` will be ignored in favor of the `uv.toml` file:\n{listed}"
    )
    return _with_warnings(found, (warning,))


def _with_warnings(layer: Layer, warnings: tuple[str, ...]) -> Layer:
    return msgspec.structs.replace(layer, warnings=(*warnings, *layer.warnings))


_FLAG_KEYS = BUILD_KEYS | frozenset(field.replace("_", "-") for field in Layer.__struct_fields__) - {
    "building",
    "place",
    "kind",
    "warnings",
    "sources",
}
