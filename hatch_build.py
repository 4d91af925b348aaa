"""Build hook: write `keyrack/_build.py`, the one place that knows the default index."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from distlib.index import DEFAULT_INDEX
from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VARIABLE = "KEYRACK_BUILD_DEFAULT_INDEX"


class ConstantsHook(BuildHookInterface[BuilderConfig]):
    """Gives wheels and editable installs the index to ask where the user names none.

    No registry's host name stands in this repository: it comes from the builder's environment,
    or from distlib, which knows the public index.
    """

    PLUGIN_NAME = "custom"
    scratch: str | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """An editable install reads the tree, so the module is written there; a wheel gets its own, from outside."""
        if self.target_name != "wheel":
            return
        text = module_text(default_index(os.environ.get(VARIABLE, "")))
        if version == "editable":
            Path(self.root, "src", "keyrack", "_build.py").write_text(text, encoding="utf-8")
            return
        self.scratch = tempfile.mkdtemp(prefix="keyrack-build-")
        module = Path(self.scratch, "_build.py")
        module.write_text(text, encoding="utf-8")
        build_data["force_include"][str(module)] = "keyrack/_build.py"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # hatchling's words
        """Leave nothing behind."""
        if self.scratch is not None:
            shutil.rmtree(self.scratch)


def default_index(wanted: str) -> str:
    """`wanted` if it says anything, else the simple API of the index that distlib knows."""
    if wanted:
        return wanted
    known = urlsplit(DEFAULT_INDEX)
    return f"{known.scheme}://{known.netloc}/simple/"


def module_text(index: str) -> str:
    """The source of `keyrack/_build.py`."""
    return f'"""Constants fixed when this copy of keyrack was built."""\n\nDEFAULT_INDEX = {index!r}\n'
