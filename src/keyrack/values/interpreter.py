"""What one Python told us about itself: its markers, its tags, and where its packages go."""

from __future__ import annotations

import msgspec
from packaging.version import Version


class Paths(msgspec.Struct, frozen=True):
    """Where a scheme's files go, as absolute paths (sysconfig's names)."""

    purelib: str
    platlib: str
    scripts: str
    data: str
    include: str


class Interpreter(msgspec.Struct, frozen=True):
    """One Python. `executable` and `prefix` are absolute; `markers` are PEP 508's environment by name.

    `tags` are the compatible tags, best first, as `python-abi-platform` (PEP 425). `is_virtual` tells a virtual
    environment (PEP 405); `externally_managed` is the message of the EXTERNALLY-MANAGED file, if any (PEP 668).
    """

    executable: str
    prefix: str
    base_prefix: str
    base_executable: str
    version: str
    implementation: str
    markers: dict[str, str]
    tags: tuple[str, ...]
    paths: Paths
    is_virtual: bool
    platform: str
    externally_managed: str | None = None
    pointer_size: int = 64
    gil_disabled: bool = False
    key: str = ""

    @property
    def python(self) -> Version:
        """The full version as a PEP 440 version."""
        return Version(self.markers["python_full_version"].rstrip("+"))

    @property
    def minor(self) -> str:
        """`X.Y`."""
        return ".".join(self.version.split(".")[:2])
