"""Activation scripts: templates filled with a folder and a prompt, in the quoting of each shell."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from keyrack.values.late import pattern

_MARK = pattern("@(ENV|PROMPT|BIN|SITE)@")


class Activated(msgspec.Struct, frozen=True):
    """What a script enters: the absolute folder of an environment, and its name in prompts.

    `scripts` is `bin` or `Scripts`, `site_packages` the parts of the path below the folder. A `relocatable` script
    finds the folder by its own place.
    """

    folder: str
    prompt: str
    scripts: str = "bin"
    site_packages: tuple[str, ...] = ()
    relocatable: bool = False


def quote_posix(text: str) -> str:
    """Write a word for sh, bash, zsh and ksh."""
    return "'" + text.replace("'", "'\"'\"'") + "'"


def quote_csh(text: str) -> str:
    """Write a word for csh and tcsh, which look for `!` even between single quotes."""
    return quote_posix(text).replace("!", "\\!")


def quote_fish(text: str) -> str:
    """Write a word for fish."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def quote_powershell(text: str) -> str:
    """Write a string for PowerShell, which takes typographic quotes for quotes."""
    for mark in "'\u2018\u2019\u201a\u201b":
        text = text.replace(mark, mark * 2)
    return f"'{text}'"


def quote_batch(text: str) -> str:
    """Write a value inside `set "NAME=…"` for cmd.exe: a quote would end it, and a percent sign begin a variable."""
    return text.replace('"', "").replace("%", "%%")


def quote_nushell(text: str) -> str:
    """Write a raw string for Nushell, between more number signs than the text holds in a row."""
    marks = "#"
    while f"'{marks}" in text:
        marks += "#"
    return f"r{marks}'{text}'{marks}"


# How a script of each shell finds its environment by its own place.
_SH = """\
if [ -n "${BASH_VERSION-}" ]; then
    eval '_VIRTUAL_ENV_SCRIPT=${BASH_SOURCE[0]}'
elif [ -n "${ZSH_VERSION-}" ]; then
    eval '_VIRTUAL_ENV_SCRIPT=${(%):-%x}'
elif [ -n "${KSH_VERSION-}" ]; then
    eval '_VIRTUAL_ENV_SCRIPT=${.sh.file}'
else
    echo 'This shell cannot say where a script lies: source it from bash, zsh or ksh' >&2
    return 1
fi
VIRTUAL_ENV=$(CDPATH= cd -- "$(dirname -- "$_VIRTUAL_ENV_SCRIPT")/.." && pwd -P)
unset _VIRTUAL_ENV_SCRIPT"""
_FISH = "(path resolve (status dirname)/..)"
_NUSHELL = "(path self | path dirname | path dirname)"
_BATCH = "%~dp0.."
_XONSH = "__import__('os').path.dirname(__import__('os').path.dirname(__import__('os').path.abspath(__file__)))"


def _posix(folder: str) -> str:
    return f"VIRTUAL_ENV={quote_posix(folder)}"


class _Shell(msgspec.Struct, frozen=True):
    """How a shell writes a text and a folder, and how it finds one by the script's own place ("" where it cannot)."""

    text: Callable[[str], str]
    folder: Callable[[str], str]
    relocatable: str


_SHELLS = {
    "activate": _Shell(quote_posix, _posix, _SH),
    "activate.csh": _Shell(quote_csh, quote_csh, ""),
    "deactivate.csh": _Shell(quote_csh, quote_csh, ""),
    "activate.fish": _Shell(quote_fish, quote_fish, _FISH),
    "activate.nu": _Shell(quote_nushell, quote_nushell, _NUSHELL),
    "activate.xsh": _Shell(repr, repr, _XONSH),
    "activate.ps1": _Shell(quote_powershell, quote_powershell, "''"),
    "activate.bat": _Shell(quote_batch, quote_batch, _BATCH),
    "deactivate.bat": _Shell(quote_batch, quote_batch, _BATCH),
    "activate_this.py": _Shell(repr, repr, "''"),
}


def activation_scripts(templates: Mapping[str, str], place: Activated) -> dict[str, str]:
    """Fill the templates, which are known by the names of their scripts; those that cannot be relocatable are left out.

    The marks are `@ENV@`, `@PROMPT@`, `@BIN@` and `@SITE@`. Scripts for cmd.exe have the line ends that it wants.
    """
    found = dict[str, str]()
    for name, template in templates.items():
        shell = _SHELLS[name]
        folder = shell.relocatable if place.relocatable else shell.folder(place.folder)
        if not folder:
            continue
        marks = {
            "ENV": folder,
            "PROMPT": shell.text(place.prompt),
            "BIN": place.scripts,
            "SITE": repr(place.site_packages),
        }
        found[name] = _filled(template, marks).replace("\n", "\r\n" if name.endswith(".bat") else "\n")
    return found


def _filled(template: str, marks: Mapping[str, str]) -> str:
    """Put the marks' texts in, in one go: what is put in is not looked at again."""
    return _MARK.sub(lambda found: marks[found[1]], template)
