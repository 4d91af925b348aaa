"""What may not be asked for together: `[tool.uv] conflicts`, sets of extras, groups and whole projects."""

from __future__ import annotations

import msgspec

from keyrack.values.names import ExtraName, GroupName, PackageName


class ConflictItem(msgspec.Struct, frozen=True, order=True):
    """An extra or a group of a package, or, with neither, the package's own requirements."""

    package: PackageName
    extra: ExtraName = ExtraName("")
    group: GroupName = GroupName("")

    @property
    def atom(self) -> ExtraName:
        """The extra that stands for the item in a marker: `extra-7-project-cpu`; the number is the name's length.

        Marker text has no other word for it, and the length tells where the package's name ends.
        """
        stem = f"{len(self.package)}-{self.package}"
        if self.extra:
            return ExtraName(f"extra-{stem}-{self.extra}")
        return ExtraName(f"group-{stem}-{self.group}" if self.group else f"project-{stem}")

    def __str__(self) -> str:
        """Write it as messages do: `project[cpu]`, `project:dev`, `project`."""
        if self.extra:
            return f"{self.package}[{self.extra}]"
        return f"{self.package}:{self.group}" if self.group else self.package


ConflictSet = tuple[ConflictItem, ...]
"""Items of which at most one may be asked for; at least two."""
