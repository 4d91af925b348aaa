"""`keyrack pip compile`: the flags."""

from __future__ import annotations

from keyrack.cli.context import Context
from keyrack.cli.flags import (
    BUILD,
    CERT,
    EXCLUSIVE,
    GLOBAL,
    INDEX,
    PYTHON,
    REFRESH,
    RESOLVER,
    SYSTEM,
    choice,
    separated,
    several,
    switch,
    text,
)
from keyrack.cli.grammar import Grammar, Group, Operand
from keyrack.cli.input_flags import BUILD_CONSTRAINTS, BUILD_HASHES, CONSTRAINTS, EXCLUDES, FORMATS, OVERRIDES
from keyrack.cli.usage import contradiction
from keyrack.errors import KeyrackError
from keyrack.policy.index.targets import TARGETS

_INPUTS = (
    CONSTRAINTS,
    OVERRIDES,
    EXCLUDES,
    BUILD_CONSTRAINTS,
    BUILD_HASHES,
    separated(several("--extra", "extra", "Include this extra of the project", check="name"), ","),
    switch("--all-extras", "all-extras", "Include all extras of the project"),
    switch("--no-all-extras", "all-extras", kind="no"),
    several("--group", "group", "Include this dependency group, as `[PATH:]NAME`"),
    switch("--no-deps", "no-deps", "Pin what is named and nothing that it requires"),
    switch("--deps", "no-deps", kind="no"),
)
_OUTPUT = (
    text("--output-file -o", "output-file", "Write into this file, and keep the versions that it holds"),
    choice("--format", "format", "requirements.txt pylock.toml", "The form of the output"),
    switch("--no-strip-extras", "no-strip-extras", "Name the extras of each package"),
    switch("--strip-extras", "no-strip-extras", kind="no"),
    switch("--no-strip-markers", "no-strip-markers", "Say where each package is needed"),
    switch("--strip-markers", "no-strip-markers", kind="no"),
    switch("--no-annotate", "no-annotate", "Do not say who asked for a package"),
    switch("--annotate", "no-annotate", kind="no"),
    switch("--no-header", "no-header", "Do not say how the file was made"),
    switch("--header", "no-header", kind="no"),
    choice("--annotation-style", "annotation-style", "line split", "Where it is said who asked for a package"),
    text(
        "--custom-compile-command",
        "custom-compile-command",
        "The command that the header names",
        "UV_CUSTOM_COMPILE_COMMAND",
    ),
    switch("--generate-hashes", "generate-hashes", "List the hashes of each package's files"),
    switch("--no-generate-hashes", "generate-hashes", kind="no"),
)
_FILES = (
    *FORMATS,
    text("--python-version", "python-version", "Choose versions for another Python", check="python version"),
    choice("--python-platform", "python-platform", " ".join(TARGETS), "Choose versions for another platform"),
    switch("--universal", "universal", "Make one output for all platforms and all newer Pythons"),
    switch("--no-universal", "universal", kind="no"),
)
_EMIT = (
    separated(
        several(
            "--no-emit-package --unsafe-package",
            "no-emit-package",
            "Leave this package out of the output; what it requires stays",
            check="name",
        ),
        ",",
    ),
    switch("--emit-index-url", "emit-index-url", "Name the indexes, without their secrets"),
    switch("--no-emit-index-url", "emit-index-url", kind="no"),
    switch("--emit-find-links", "emit-find-links", "Name the places of `--find-links`"),
    switch("--no-emit-find-links", "emit-find-links", kind="no"),
    switch("--emit-build-options", "emit-build-options", "Repeat `--no-binary` and `--only-binary`"),
    switch("--no-emit-build-options", "emit-build-options", kind="no"),
    switch("--emit-marker-expression", "emit-marker-expression"),
    switch("--no-emit-marker-expression", "emit-marker-expression", kind="no"),
    switch("--emit-index-annotation", "emit-index-annotation", "Say from which index each package is"),
    switch("--no-emit-index-annotation", "emit-index-annotation", kind="no"),
    text("--torch-backend", "torch-backend"),
)
_OF_PIP_TOOLS = (
    switch("--allow-unsafe", "allow-unsafe"),
    switch("--no-allow-unsafe", "no-allow-unsafe"),
    switch("--reuse-hashes", "reuse-hashes"),
    switch("--no-reuse-hashes", "no-reuse-hashes"),
    choice("--resolver", "resolver", "backtracking legacy"),
    text("--max-rounds", "max-rounds"),
    text("--client-cert", "client-cert"),
    switch("--emit-trusted-host", "emit-trusted-host"),
    switch("--no-emit-trusted-host", "no-emit-trusted-host"),
    text("--config", "config"),
    switch("--emit-options", "emit-options"),
    switch("--no-emit-options", "no-emit-options"),
    text("--pip-args", "pip-args"),
)

GRAMMAR = Grammar(
    "pip compile",
    "Pin all that requirements need, and write it as a `requirements.txt` or `pylock.toml` file",
    (
        Group("Options", (*_INPUTS, *CERT, *_OUTPUT, *SYSTEM, *_FILES, *_EMIT, *_OF_PIP_TOOLS)),
        INDEX,
        RESOLVER,
        BUILD,
        Group("Installer options", (choice("--link-mode", "link-mode", "clone copy hardlink symlink"),)),
        REFRESH,
        PYTHON,
        GLOBAL,
    ),
    operand=Operand("requirements", "SRC_FILE", "Pin what these files list", many=True),
    one_of=("requirements", "group"),
    exclusive=(
        *EXCLUSIVE,
        ("extra", "all-extras"),
        ("no-build", "no-binary"),
        ("no-build", "only-binary"),
        ("universal", "python-platform"),
    ),
)


def run(context: Context) -> int:
    """Compile, and write the result."""
    if context.has("universal") and context.words.get("no-strip-markers") is False:
        flags = {flag.long: flag for flag in GRAMMAR.flags}
        both = flags["--universal"], flags["--strip-markers"]
        raise contradiction(GRAMMAR, *both, both)
    if context.has("upgrade-group"):
        raise KeyrackError("`--upgrade-group` is not supported in `keyrack pip` commands")
    from keyrack.cli.compiling import carry_out  # late: start-up

    return carry_out(context)
