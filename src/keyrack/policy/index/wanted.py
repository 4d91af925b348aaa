"""What of a project is asked for: its dependencies, those of extras (PEP 621), those of groups (PEP 735)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keyrack.errors import InvalidText
from keyrack.policy.index.pins import Where
from keyrack.values.names import ExtraName, GroupName
from keyrack.values.project import GroupInclude, Project
from keyrack.values.requirement import Requirement

Wanted = tuple[Requirement, Where]


def needs_build(project: Project) -> bool:
    """Say whether only a build tells what a project requires."""
    return project.name is None or project.dependencies is None or project.optional is None


def dependencies_of(project: Project, extras: Iterable[ExtraName], *, all_extras: bool = False) -> tuple[Wanted, ...]:
    """Give a project's dependencies and those of the extras that it has; other extras are passed over.

    Extras that name extras of the project itself are followed. What only a build tells is not among them.
    """
    own = project.optional or {}
    asked = tuple(own) if all_extras else tuple(extra for extra in extras if extra in own)
    plain = tuple((requirement, Where()) for requirement in project.dependencies or ())
    return (*plain, *_of_extras(project, asked))


def _of_extras(project: Project, asked: Iterable[ExtraName]) -> Iterator[Wanted]:
    optional = project.optional or {}
    waiting, seen = list(asked), set[ExtraName]()
    while waiting:
        extra = waiting.pop(0)
        if extra in seen:
            continue
        seen.add(extra)
        for requirement in optional.get(extra, ()):
            if requirement.name == project.name:
                waiting.extend(sorted(requirement.extras))
            else:
                yield requirement, Where(extra=extra)


def dependencies_of_group(project: Project, group: GroupName) -> tuple[Wanted, ...]:
    """Give the requirements of a group, included groups in their places. `InvalidText` for an unknown one, a circle."""
    if group not in project.groups:
        raise InvalidText(f"The dependency group '{group}' was not found in the project: {project.place}")
    # The group that was asked for decides on sources, also for what it includes.
    return tuple((requirement, Where(group=group)) for requirement in _members(project, group, ()))


def _members(project: Project, group: GroupName, through: tuple[GroupName, ...]) -> Iterator[Requirement]:
    for item in project.groups[group]:
        if not isinstance(item, GroupInclude):
            yield item
        elif item.group in (*through, group):
            way = " -> ".join(f"`{name}`" for name in (*through, group, item.group))
            raise _malformed(project, f"Detected a cycle in `dependency-groups`: {way}")
        elif item.group not in project.groups:
            raise _malformed(project, f"Failed to find group `{item.group}` included by `{group}`")
        else:
            yield from _members(project, item.group, (*through, group))


def _malformed(project: Project, cause: str) -> InvalidText:
    return InvalidText(
        f"Failed to read dependency groups from: {project.place}",
        causes=(f"Project `{project.name or ''}` has malformed dependency groups", cause),
    )
