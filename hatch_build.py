"""Build hook: write `keyrack/_build.py`, the one place that knows the default index."""

import os
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

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the module into the tree and force it into the wheel, past .gitignore."""
        if self.target_name != "wheel":
            return
        target = Path(self.root, "src", "keyrack", "_build.py")
        text = module_text(default_index(os.environ.get(VARIABLE, "")))
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")
        if version == "standard":
            build_data["force_include"][str(target)] = "keyrack/_build.py"


def default_index(wanted: str) -> str:
    """`wanted` if it says anything, else the simple API of the index that distlib knows."""
    if wanted:
        return wanted
    known = urlsplit(DEFAULT_INDEX)
    return f"{known.scheme}://{known.netloc}/simple/"


def module_text(index: str) -> str:
    """The source of `keyrack/_build.py`."""
    return f'"""Constants fixed when this copy of keyrack was built."""\n\nDEFAULT_INDEX = {index!r}\n'
