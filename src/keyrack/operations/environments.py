"""Find the environment that a command looks at, and what is installed there."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

import msgspec

from keyrack.adapters.cache_place import default_folder
from keyrack.adapters.interpreters import Run
from keyrack.adapters.processes import run_text
from keyrack.adapters.site_packages import installed, read_metadata
from keyrack.adapters.store import Store
from keyrack.errors import InvalidText
from keyrack.formats.core_metadata import parse_metadata
from keyrack.formats.uv_environment import switch
from keyrack.operations.configure import Words, layers
from keyrack.operations.pythons import Pythons, environment_for
from keyrack.values.installed import Installed
from keyrack.values.interpreter import Interpreter
from keyrack.values.layer import Layer
from keyrack.values.log import Level, Log, silent
from keyrack.values.metadata import Metadata


class Surveyed(msgspec.Struct, frozen=True):
    """An environment as a reading command sees it: its Python, the folders of its distributions, and those."""

    interpreter: Interpreter
    folders: tuple[str, ...]
    installed: tuple[Installed, ...]
    warnings: tuple[str, ...] = ()


def survey(words: Words, log: Log = silent) -> Surveyed:
    """Find the environment: `--python`, `--system`, else the active or nearest one, else the system's.

    `--target` and `--prefix` say where to look instead. Raises `NoPython`, or `InvalidText` for a bad configuration.
    """
    told = layers(words, log)
    interpreter = environment_for(
        pythons_told(words, told, log),
        first_text(told, "python"),
        system=bool(first_value(told, "system")),
        or_system=True,
    )
    folders = looked_at(interpreter, first_text(told, "target"), first_text(told, "prefix"), log)
    warnings = tuple(text for layer in told for text in layer.warnings)
    return Surveyed(interpreter, folders, installed(folders), warnings)


def survey_again(interpreter: Interpreter, folders: tuple[str, ...]) -> Surveyed:
    """Look at an environment that was found already, after it was changed."""
    return Surveyed(interpreter, folders, installed(folders))


def looked_at(interpreter: Interpreter, target: str | None, prefix: str | None, log: Log = silent) -> tuple[str, ...]:
    """Give the folders in which distributions are found: of the target, below the prefix, or the environment's own."""
    if target:
        log(Level.DEBUG, f"Using `--target` directory at {target}")
        return (target,)
    if prefix:
        log(Level.DEBUG, f"Using `--prefix` directory at {prefix}")
        return (prefix_folder(interpreter, prefix),)
    paths = interpreter.paths
    return tuple(dict.fromkeys((paths.purelib, paths.platlib)))


def prefix_folder(interpreter: Interpreter, prefix: str) -> str:
    """Give the folder for modules below a prefix, as this Python's own scheme lays it out."""
    if sys.platform == "win32":
        return os.path.join(prefix, "Lib", "site-packages")
    return os.path.join(prefix, "lib", f"python{interpreter.minor}", "site-packages")


def is_set(variables: Mapping[str, str], name: str) -> bool:
    """Say whether a variable that is a switch is on; `InvalidText` where it is neither on nor off."""
    return bool(switch(variables, name))


def metadata_of(one: Installed) -> Metadata | None:
    """Read the core metadata of a distribution; None where there is none that can be read."""
    text = read_metadata(one)
    try:
        return None if text is None else parse_metadata(text)
    except InvalidText:
        return None


def pythons_of(words: Words, log: Log = silent) -> Pythons:
    """Give the way in which a run finds Pythons, without opening anything else."""
    return pythons_told(words, layers(words, log), log)


def pythons_told(words: Words, told: tuple[Layer, ...], log: Log = silent, run: Run = run_text) -> Pythons:
    """Give the way in which a run finds Pythons, where its layers are known already."""
    folder = first_text(told, "cache_dir") or default_folder(words.environment)
    cache = None if first_value(told, "no_cache") else Store(folder, log).bucket("interpreters", 1)
    return Pythons(words.environment, words.folder, run, cache, log)


def first_value(told: tuple[Layer, ...], name: str) -> object:
    """Give what the highest layer that speaks of a setting says; None where none does."""
    return next((value for layer in told if (value := getattr(layer, name)) is not None), None)


def first_text(told: tuple[Layer, ...], name: str) -> str | None:
    """Give a setting that is a text; None where no layer speaks of it."""
    value = first_value(told, name)
    return value if isinstance(value, str) else None
