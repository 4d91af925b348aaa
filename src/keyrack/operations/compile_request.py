"""What `pip compile` is asked for, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

import msgspec

from keyrack.operations.compile_preferences import Kept
from keyrack.values.interpreter import Interpreter
from keyrack.values.names import PackageName
from keyrack.values.settings import AnnotationStyle, ForkStrategy


class CompileFormat(Enum):
    """`--format`."""

    REQUIREMENTS = "requirements.txt"
    PYLOCK = "pylock.toml"


class CompileStyle(msgspec.Struct, frozen=True):
    """How the text is to look. `header` are its first lines, without the `# ` before them.

    The `emit_*` ask for lines before the requirements (indexes, places, build options) and for comments (the index of
    each package, the markers that the result was made for). `folder` is where the file will be, for paths in it.
    """

    format: CompileFormat = CompileFormat.REQUIREMENTS
    header: tuple[str, ...] = ()
    annotations: AnnotationStyle | None = AnnotationStyle.SPLIT
    with_hashes: bool = False
    with_extras: bool = False
    with_markers: bool = False
    omit: tuple[PackageName, ...] = ()
    emit_indexes: bool = False
    emit_links: bool = False
    emit_build_options: bool = False
    emit_index_comments: bool = False
    emit_markers: bool = False
    folder: str = "/"


class CompileRequest(msgspec.Struct, frozen=True):
    """What `pip compile` was asked for, beside the settings. `kept` is what the output file holds.

    `python_version` and `python_platform` name the target; `universal` asks for one result for all platforms.
    `project` is the folder of the project whose environments count then. `on_doubt` hears what is doubtful of the
    inputs before anything is resolved.
    """

    interpreter: Interpreter
    style: CompileStyle = CompileStyle()
    kept: Kept = Kept()
    python_version: str = ""
    python_platform: str = ""
    universal: bool = False
    fork_strategy: ForkStrategy = ForkStrategy.REQUIRES_PYTHON
    project: str = ""
    on_resolved: Callable[[int, float], None] = lambda _count, _seconds: None
    on_doubt: Callable[[str], None] = lambda _text: None


class Compiled(msgspec.Struct, frozen=True):
    """The text, how many packages were resolved for it, and what the user should hear."""

    text: str
    warnings: tuple[str, ...] = ()
    count: int = 0
