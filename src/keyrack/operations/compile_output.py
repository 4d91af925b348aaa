"""Where a compiled file goes, and in which form: checked before anything is resolved, put into place whole."""

from __future__ import annotations

import os

from keyrack.adapters.disk import write_atomic
from keyrack.errors import InvalidText, KeyrackError
from keyrack.formats.input_names import is_pylock_name
from keyrack.operations.compile_request import CompileFormat
from keyrack.operations.inputs import InputRequest

_WITH_EXTRAS = ("pyproject.toml", "setup.py", "setup.cfg")


def output_format(wanted: str | None, path: str) -> CompileFormat:
    """Say in which form to write: as asked, else as the name of the output file says. `InvalidText` for its name."""
    name = os.path.basename(path)
    if name.lower() == "pyproject.toml":
        raise InvalidText(
            "`pyproject.toml` is not a supported output format for `keyrack pip compile` (only"
            " `requirements.txt`-style output is supported)"
        )
    is_toml = os.path.splitext(name)[1].lower() == ".toml"
    found = CompileFormat(wanted) if wanted else CompileFormat.PYLOCK if is_toml else CompileFormat.REQUIREMENTS
    if found is CompileFormat.PYLOCK and name and not is_pylock_name(name):
        raise InvalidText(
            "Expected the output filename to be `pylock.toml` or `pylock.<name>.toml`, where `<name>` is non-empty and"
            f" contains no dots; found `{name}`"
        )
    return found


def check_inputs(inputs: InputRequest) -> None:
    """Refuse a lock file, which is a result, and extras where no input has any."""
    names = [os.path.basename(target) for target in inputs.requirement_files]
    if any(map(is_pylock_name, names)):
        raise InvalidText("`pylock.toml` is not a supported input format for `keyrack pip compile`")
    if not inputs.extras and not inputs.all_extras:
        return
    if not any(name in _WITH_EXTRAS for name in names):
        raise InvalidText("Requesting extras requires a `pyproject.toml`, `setup.cfg`, or `setup.py` file.")


def save(path: str, text: str) -> None:
    """Put a file into place, whole or not at all. Raises `KeyrackError`."""
    try:
        write_atomic(path, text.encode())
    except OSError as error:
        raise KeyrackError(
            f"Failed to write `{path}`", causes=(f"{error.strerror} (os error {error.errno})",)
        ) from error
