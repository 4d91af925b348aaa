"""Whether the value of a flag is what it should be: each check gives a reason why not, or ""."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # `collections` and `string` take longer to import than all of this
    from collections.abc import Callable

_ALPHANUMERIC = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_NAME = _ALPHANUMERIC | frozenset("-_.")


def why_not(check: str, value: str) -> str:
    """Say why a value does not pass the check of this name; "" where it does."""
    return _CHECKS[check](value) if check else ""


def _anything(_value: str) -> str:
    return ""


def _name(value: str) -> str:
    if value and set(value) <= _NAME and {value[0], value[-1]} <= _ALPHANUMERIC:
        return ""
    return (
        f'Not a valid package or extra name: "{value}". Names must start and end with a letter or digit and may only'
        " contain -, _, ., and alphanumeric characters."
    )


def _format_control(value: str) -> str:
    return "" if value in (":all:", ":none:") else _name(value)


def _small_number(value: str) -> str:
    if not value:
        return "cannot parse integer from empty string"
    if not value.isascii() or not value.isdecimal():
        return "invalid digit found in string"
    return "" if int(value) <= 255 else f"{value} is not in 0..=255"


def _python_version(value: str) -> str:
    parts = value.split(".")
    numbers = [part for part in parts if part.isascii() and part.isdecimal()]
    if not numbers or parts[0] not in numbers:
        return (
            f"Python version `{value}` could not be parsed: expected version to start with a number, but no leading"
            " ASCII digits were found"
        )
    if len(numbers) == len(parts) <= 3:
        return ""
    from packaging.version import InvalidVersion, Version  # late: start-up

    try:
        Version(value)
    except InvalidVersion:
        good = ".".join(parts[: next(at for at, part in enumerate(parts) if part not in numbers)] or parts)
        rest = value[len(good) :]
        why = f"after parsing `{good}`, found `{rest}`, which is not part of a valid version"
        return f"Python version `{value}` could not be parsed: {why}"
    return ""


def _mode_of_package(value: str) -> str:
    if "=" not in value:
        return f"Invalid `prerelease-package` value `{value}`: expected format `PACKAGE=MODE`"
    return _name(value.partition("=")[0])


def _setting(value: str) -> str:
    return "" if "=" in value else f"Invalid config setting: {value} (expected `KEY=VALUE`)"


def _setting_of_package(value: str) -> str:
    package, colon, setting = value.partition(":")
    if not colon or "=" not in setting:
        return f"Invalid config setting: {value} (expected `PACKAGE:KEY=VALUE`)"
    return _name(package.strip())


def _instant(value: str) -> str:
    from keyrack.operations.cutoffs import why_not as why_no_cutoff  # late: start-up

    return why_no_cutoff(value)


def _instant_of_package(value: str) -> str:
    name, equals, instant = value.partition("=")
    if not equals:
        return f"Invalid `exclude-newer-package` value `{value}`: expected format `PACKAGE=DATE` or `PACKAGE=false`"
    if why := _name(name):
        return f"Invalid `exclude-newer-package` package name `{name}`: {why}"
    why = _instant(instant)
    return f"Invalid `exclude-newer-package` value `{instant}`: {why}" if why else ""


_CHECKS: dict[str, Callable[[str], str]] = {
    "name": _name,
    "format control": _format_control,
    "small number": _small_number,
    "python version": _python_version,
    "mode of a package": _mode_of_package,
    "instant": _instant,
    "instant of a package": _instant_of_package,
    "setting": _setting,
    "setting of a package": _setting_of_package,
    "filled": _anything,
}
