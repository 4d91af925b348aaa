"""The words of `pip compile` that concern nothing but its output: the command in its header, and pip-tools' flags."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.summary import warn
from keyrack.errors import InvalidText, KeyrackError
from keyrack.values.late import pattern
from keyrack.values.redaction import redacted
from keyrack.values.url import parse_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_URL = pattern(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s'\"`]+")
_INDEXES = ("--extra-index-url", "--index-url", "-i", "--index", "--default-index")
_LINKS = ("--find-links", "-f")
_UPGRADES = ("--upgrade-package", "-P")
_NEVER = frozenset(
    ("--upgrade", "-U", "--quiet", "-q", "--verbose", "-v", "--no-progress", "--native-tls", "--system-certs")
)

_WITHOUT_EFFECT = {
    "allow-unsafe": "keyrack can safely pin `pip` and other packages",
    "no-allow-unsafe": "keyrack can safely pin `pip` and other packages",
    "no-reuse-hashes": "keyrack doesn't reuse hashes",
    "resolver": "keyrack always backtracks",
    "no-emit-trusted-host": "keyrack never emits trusted hosts",
    "no-emit-options": "keyrack never emits options",
}
_UNSUPPORTED = {
    "reuse-hashes": " (keyrack doesn't reuse hashes)",
    "max-rounds": " (keyrack always resolves until convergence)",
    "client-cert": " (keyrack doesn't support dedicated client certificates)",
    "emit-trusted-host": "",
    "config": " (keyrack does not use a configuration file)",
    "emit-options": " (try `--emit-build-options` instead)",
    "pip-args": " (try passing arguments to keyrack directly)",
}


def command_line(arguments: tuple[str, ...], *, with_indexes: bool, with_links: bool) -> str:
    """Write the command that made a file: without what changes nothing in it, and without secrets."""
    kept = _kept(arguments, with_indexes=with_indexes, with_links=with_links)
    return without_secrets(" ".join(("keyrack", *kept)))


def without_secrets(text: str) -> str:
    """Write URLs in a text without userinfo, values of queries, and what may be a token in their paths."""
    return redacted(_URL.sub(_bare, text))


def _bare(found: re.Match[str]) -> str:
    try:
        return str(parse_url(found.group()).url)
    except InvalidText:
        return redacted(found.group())


def _kept(arguments: tuple[str, ...], *, with_indexes: bool, with_links: bool) -> Iterator[str]:
    """Leave out indexes and places unless they are told of, what is upgraded, and how loud the run was."""
    left_out = (*_UPGRADES, *(() if with_indexes else _INDEXES), *(() if with_links else _LINKS))
    joined = [f"{name}=" for name in left_out] + ["-P"] + ([] if with_links else ["-f"])
    is_value = False
    for word in arguments:
        if is_value:
            is_value = False
        elif word in left_out:
            is_value = True
        elif word not in _NEVER and not word.startswith(tuple(joined)):
            yield word


def check_pip_tools(context: Context) -> None:
    """Warn of flags of pip-tools that change nothing here; raise for those that ask for what is not done."""
    for key, why in _WITHOUT_EFFECT.items():
        if context.has(key):
            if context.text(key) == "legacy":
                raise KeyrackError(f"pip-compile's `--resolver=legacy` is unsupported ({why})")
            flag = "--resolver=backtracking" if key == "resolver" else f"--{key}"
            warn(context.terminal, f"pip-compile's `{flag}` has no effect ({why})")
    for key, why in _UNSUPPORTED.items():
        if context.has(key):
            raise KeyrackError(f"pip-compile's `--{key}` is unsupported{why}")
