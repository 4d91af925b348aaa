"""Resolver scenarios declared in TOML: small universes of packages with what a resolver must answer.

Keys are told in the README beside the declarations. Every version becomes one wheel for each tag
and one sdist with static metadata.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from lab.registries.simple import public
from lab.registry import Registry
from lab.sdists import sdist
from lab.wheels import Artifact, Words, wheel


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How the resolver is to be asked; an empty word is its own default."""

    universal: bool = False
    python: str = ""
    python_platform: str = ""
    prereleases: bool = False
    resolution: str = ""
    no_build: tuple[str, ...] = ()
    no_binary: tuple[str, ...] = ()
    required_environments: tuple[str, ...] = ()


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """The Pythons that are there; `python` is the one to install into."""

    python: str = "3.12"
    additional_python: tuple[str, ...] = ()


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome; `packages` holds exact versions only where they matter."""

    satisfiable: bool
    packages: Mapping[str, str] = {}
    explanation: str = ""


class Root(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be solved."""

    requires: tuple[str, ...] = ()
    requires_python: str = ">=3.12"


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One declaration, read; `generated` is False where upstream generates no test of it.

    `kind` is the command it was written for where that matters: `compile` knows no project.
    """

    path: Path
    name: str
    description: str
    root: Root
    options: Options
    environment: Environment
    expected: Expected
    artifacts: tuple[Artifact, ...]
    generated: bool
    kind: str = ""

    @property
    def requires_python(self) -> str:
        """The Pythons that a universal resolution is for: the project's, or the one at hand and all newer ones."""
        return f">={self.environment.python}" if self.kind == "compile" else self.root.requires_python

    def index(self) -> Registry:
        """A public JSON index with the packages of this scenario."""
        return public(*self.artifacts)


def scenario_files(folder: Path) -> tuple[Path, ...]:
    """All declarations below `folder`, sorted; none where it does not exist."""
    return tuple(sorted(folder.rglob("*.toml")))


def load(path: Path) -> Scenario:
    """Read one declaration and build its packages. Raises msgspec.ValidationError for unknown shapes."""
    declared = tomllib.loads(path.read_text(encoding="utf-8"))
    return Scenario(
        path=path,
        name=declared["name"],
        description=declared["description"],
        root=msgspec.convert(declared.get("root", {}), Root),
        options=msgspec.convert(declared.get("resolver_options", {}), Options),
        environment=msgspec.convert(declared.get("environment", {}), Environment),
        expected=msgspec.convert(declared["expected"], Expected),
        artifacts=artifacts(declared.get("packages", {})),
        generated=not declared.get("testgen", {}).get("disable", False),
        kind=declared.get("testgen", {}).get("kind", ""),
    )


def artifacts(packages: Mapping[str, Mapping[str, Any]]) -> tuple[Artifact, ...]:
    """The files of a `[packages]` table."""
    return tuple(
        artifact
        for name, package in packages.items()
        for version, declared in package["versions"].items()
        for artifact in _files(name, version, declared)
    )


def _files(name: str, version: str, declared: Mapping[str, Any]) -> list[Artifact]:
    words: Words = {
        "requires": declared.get("requires", ()),
        "extras": declared.get("extras", {}),
        "requires_python": declared.get("requires_python", ""),
        "yanked": _reason(declared.get("yanked", False)),
    }
    if "upload_time" in declared:
        words["uploaded"] = str(declared["upload_time"])
    tags = declared.get("wheel_tags", ["py3-none-any"]) if declared.get("wheel", True) else []
    files = [wheel(name, version, tags=each, **words) for each in tags]
    return [*files, sdist(name, version, **words)] if declared.get("sdist", True) else files


def _reason(yanked: bool | str) -> str | None:
    if isinstance(yanked, str):
        return yanked
    return "" if yanked else None
