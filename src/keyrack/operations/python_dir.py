"""`python dir`: where Pythons of one's own would lie."""

from __future__ import annotations

from collections.abc import Mapping

from keyrack.adapters.python_files import installations_folder


def python_dir(variables: Mapping[str, str]) -> str:
    """Give the folder, whether it is there or not."""
    return installations_folder(variables)
