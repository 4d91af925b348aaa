"""Every flag once: its names, its kind, its help. Values come out under the names of configuration keys."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import msgspec


class Flag(msgspec.Struct, frozen=True):
    """One flag. `kind` is `switch`, `no` (a switch that says False), `text`, `list` or `count`.

    `key` is the configuration key that it sets; `variable` the environment variable that says the same.
    """

    names: tuple[str, ...]
    key: str
    kind: str = "switch"
    help: str = ""
    metavar: str = ""
    choices: tuple[str, ...] = ()
    variable: str = ""
    hidden: bool = False


def _switch(names: str, key: str, text: str, variable: str = "", *, kind: str = "switch") -> Flag:
    return Flag(tuple(names.split()), key, kind, text, variable=variable)


def _text(names: str, key: str, metavar: str, text: str, variable: str = "") -> Flag:
    return Flag(tuple(names.split()), key, "text", text, metavar, variable=variable)


def _list(names: str, key: str, metavar: str, text: str, variable: str = "") -> Flag:
    return Flag(tuple(names.split()), key, "list", text, metavar, variable=variable)


def _choice(names: str, key: str, choices: str, text: str, variable: str = "") -> Flag:
    metavar = names.rsplit(maxsplit=1)[-1].lstrip("-").upper().replace("-", "_")
    return Flag(tuple(names.split()), key, "text", text, metavar, tuple(choices.split()), variable)


GLOBAL = (
    Flag(("-q", "--quiet"), "quiet", "count", "Say less; twice: say nothing"),
    Flag(("-v", "--verbose"), "verbose", "count", "Tell each decision; twice: tell more"),
    _choice("--color", "color", "auto always never", "Control the use of color in output"),
    _switch("--no-progress", "no-progress", "Hide all progress outputs", "UV_NO_PROGRESS"),
    _text("--directory", "directory", "DIRECTORY", "Change to the given directory first", "UV_WORKING_DIR"),
    _text("--project", "project", "PROJECT", "Discover a project in the given directory", "UV_PROJECT"),
    _text("--config-file", "config-file", "CONFIG_FILE", "The `uv.toml` to use for configuration", "UV_CONFIG_FILE"),
    _switch("--no-config", "no-config", "Avoid discovering configuration files", "UV_NO_CONFIG"),
    _switch("--offline", "offline", "Disable network access", "UV_OFFLINE"),
    _list(
        "--allow-insecure-host --trusted-host", "allow-insecure-host", "HOST", "Allow insecure connections to a host"
    ),
    _switch("-n --no-cache --no-cache-dir", "no-cache", "Use a temporary cache for this run only", "UV_NO_CACHE"),
    _text("--cache-dir", "cache-dir", "CACHE_DIR", "Path to the cache directory", "UV_CACHE_DIR"),
)
IGNORED = tuple(
    Flag((name,), "", kind, hidden=True)
    for name, kind in (
        ("--native-tls", "switch"),
        ("--system-certs", "switch"),
        ("--no-system-certs", "switch"),
        ("--managed-python", "switch"),
        ("--no-managed-python", "switch"),
        ("--no-python-downloads", "switch"),
        ("--preview", "switch"),
        ("--preview-features", "text"),
        ("--disable-pip-version-check", "switch"),
    )
)
"""Accepted because uv accepts them; they change nothing here."""

INDEX = (
    _list("--index", "index", "[NAME=]URL", "An index to search before all others", "UV_INDEX"),
    _text("--default-index", "default-index", "[NAME=]URL", "The index that is searched last", "UV_DEFAULT_INDEX"),
    _text("-i --index-url", "index-url", "URL", "As --default-index, in pip's words", "UV_INDEX_URL"),
    _list("--extra-index-url", "extra-index-url", "URL", "As --index, in pip's words", "UV_EXTRA_INDEX_URL"),
    _list("-f --find-links", "find-links", "PLACE", "A folder or page of files, searched as well", "UV_FIND_LINKS"),
    _switch("--no-index", "no-index", "Ignore all indexes but --find-links"),
    _choice(
        "--index-strategy",
        "index-strategy",
        "first-index unsafe-first-match unsafe-best-match",
        "Which of the indexes that have a package may answer for it",
        "UV_INDEX_STRATEGY",
    ),
    _choice(
        "--keyring-provider",
        "keyring-provider",
        "disabled subprocess",
        "Ask the `keyring` program for credentials",
        "UV_KEYRING_PROVIDER",
    ),
)
RESOLVER = (
    _switch("-U --upgrade", "upgrade", "Allow package upgrades"),
    _list("-P --upgrade-package", "upgrade-package", "PACKAGE", "Allow upgrades of a package"),
    _choice("--resolution", "resolution", "highest lowest lowest-direct", "Which versions to prefer", "UV_RESOLUTION"),
    _choice(
        "--prerelease",
        "prerelease",
        "disallow allow if-necessary explicit if-necessary-or-explicit",
        "When to take pre-releases",
        "UV_PRERELEASE",
    ),
    _list("--prerelease-package", "prerelease-package", "PACKAGE=MODE", "When to take pre-releases of a package"),
    Flag(("--pre",), "pre", hidden=True),
    _text("--exclude-newer", "exclude-newer", "WHEN", "Only files uploaded before this time", "UV_EXCLUDE_NEWER"),
    _list("--exclude-newer-package", "exclude-newer-package", "PACKAGE=WHEN", "The same for one package"),
    _switch("--no-sources", "no-sources", "Ignore `tool.uv.sources`", "UV_NO_SOURCES"),
    _list("--no-sources-package", "no-sources-package", "PACKAGE", "Ignore `tool.uv.sources` for a package"),
)
BUILD = (
    _switch("--no-build", "no-build-all", "Don't build source distributions"),
    _list("--no-binary", "no-binary", "PACKAGE", "Don't use wheels: a package, :all: or :none:"),
    _list("--only-binary", "only-binary", "PACKAGE", "Only use wheels: a package, :all: or :none:"),
)
INSTALLER = (
    _switch("--reinstall --force-reinstall", "reinstall", "Reinstall all packages"),
    _list("--reinstall-package", "reinstall-package", "PACKAGE", "Reinstall a package"),
    _choice("--link-mode", "link-mode", "clone copy hardlink symlink", "How files leave the cache", "UV_LINK_MODE"),
    _switch("--compile-bytecode --compile", "compile-bytecode", "Compile Python files", "UV_COMPILE_BYTECODE"),
    Flag(("--no-compile-bytecode", "--no-compile"), "compile-bytecode", "no", hidden=True),
)
CACHE = (
    _switch("--refresh", "refresh", "Ask again about everything that is cached"),
    _list("--refresh-package", "refresh-package", "PACKAGE", "Ask again about a package"),
)
PYTHON = (
    _text("-p --python", "python", "PYTHON", "The Python or environment to act on", "UV_PYTHON"),
    _switch("--system", "system", "Act on the system Python", "UV_SYSTEM_PYTHON"),
    Flag(("--no-system",), "system", "no", hidden=True),
    _switch("--break-system-packages", "break-system-packages", "Act on an externally managed Python"),
)


def add_flags(parser: argparse.ArgumentParser, *groups: Sequence[Flag]) -> None:
    """Offer the flags to a parser; nothing that was not given appears in its result."""
    for flag in (flag for group in groups for flag in group):
        text = argparse.SUPPRESS if flag.hidden else flag.help + (f" [env: {flag.variable}=]" if flag.variable else "")
        destination = flag.key or "ignored"
        if flag.kind in ("switch", "no", "count"):
            action = {"switch": "store_true", "no": "store_false", "count": "count"}[flag.kind]
            parser.add_argument(*flag.names, dest=destination, action=action, default=argparse.SUPPRESS, help=text)
        else:
            parser.add_argument(
                *flag.names,
                dest=destination,
                action="append" if flag.kind == "list" else "store",
                metavar=flag.metavar or None,
                choices=flag.choices or None,
                default=argparse.SUPPRESS,
                help=text,
            )
