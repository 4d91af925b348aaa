"""The flags that several commands share, each once. Values come out under the names of configuration keys."""

from __future__ import annotations

from keyrack.cli.grammar import Flag, Group


def switch(names: str, key: str, text: str = "", variable: str = "", *, kind: str = "switch") -> Flag:
    """Describe a flag without a value; without a text it is not shown in help."""
    return Flag(tuple(names.split()), key, kind, text, variable=variable, hidden=not text)


def text(names: str, key: str, about: str = "", variable: str = "", *, check: str = "") -> Flag:
    """Describe a flag with one value."""
    split = tuple(names.split())
    return Flag(split, key, "text", about, _metavar(split), variable=variable, hidden=not about, check=check)


def several(names: str, key: str, about: str = "", variable: str = "", *, check: str = "") -> Flag:
    """Describe a flag that may be repeated."""
    split = tuple(names.split())
    return Flag(split, key, "list", about, _metavar(split), variable=variable, hidden=not about, check=check)


def choice(names: str, key: str, choices: str, about: str = "", variable: str = "") -> Flag:
    """Describe a flag whose value is one of a few."""
    split = tuple(names.split())
    return Flag(split, key, "text", about, _metavar(split), tuple(choices.split()), variable, hidden=not about)


def separated(flag: Flag, separator: str) -> Flag:
    """Let one value hold several."""
    return flag.replaced(separator=separator)


def secret(flag: Flag) -> Flag:
    """Keep a flag's value out of all messages."""
    return flag.replaced(private=True)


def defaulted(flag: Flag, value: str) -> Flag:
    """Tell in help what counts where the flag is not given."""
    return flag.replaced(default=value)


def _metavar(names: tuple[str, ...]) -> str:
    return names[0].lstrip("-").replace("-", "_").upper()


GLOBAL = Group(
    "Global options",
    (
        switch("--quiet -q", "quiet", "Say less; given twice, say nothing", kind="count"),
        switch("--verbose -v", "verbose", "Tell each decision with its reason; given twice, tell more", kind="count"),
        Flag(
            ("--color",),
            "color",
            "text",
            "Whether the output has colours",
            "COLOR_CHOICE",
            ("auto", "always", "never"),
        ),
        switch("--no-color", "no-color"),
        switch("--offline", "offline", "Never use the network", "UV_OFFLINE"),
        separated(
            several(
                "--allow-insecure-host --trusted-host",
                "allow-insecure-host",
                "A host whose certificate is not checked, and that may be asked without TLS",
                "UV_INSECURE_HOST",
            ),
            " ",
        ),
        switch("--no-progress", "no-progress", "Draw no progress", "UV_NO_PROGRESS"),
        text("--directory", "directory", "Go to this folder before anything else", "UV_WORKING_DIR", check="filled"),
        text("--project", "project", "Look for the project in this folder", "UV_PROJECT", check="filled"),
        text("--config-file", "config-file", "Read this `uv.toml` and no other", "UV_CONFIG_FILE", check="filled"),
        switch("--no-config", "no-config", "Read no `pyproject.toml` and no `uv.toml`", "UV_NO_CONFIG"),
        switch("--help -h", "help", "Show this help"),
        # What uv takes and what changes nothing here: certificates are always the system's, Pythons those found.
        switch("--system-certs --native-tls", "ignored-certs"),
        switch("--no-system-certs --no-native-tls", "ignored-no-certs"),
        switch("--managed-python", "ignored-managed"),
        switch("--no-managed-python", "ignored-no-managed"),
        switch("--no-python-downloads", "ignored-downloads"),
        text("--python-preference", "ignored-preference"),
        switch("--preview", "ignored-preview"),
        switch("--no-preview", "ignored-no-preview"),
        several("--preview-features --preview-feature", "ignored-features"),
        switch("--disable-pip-version-check", "ignored-check"),
        switch("--no-input", "ignored-input"),
    ),
)
"""What every command takes."""

CACHE = Group(
    "Cache options",
    (
        switch("--no-cache -n --no-cache-dir", "no-cache", "Use an empty cache for this run only", "UV_NO_CACHE"),
        text("--cache-dir", "cache-dir", "Where the cache lies", "UV_CACHE_DIR", check="filled"),
    ),
)
REFRESH = Group(
    CACHE.heading,
    (
        *CACHE.flags,
        switch("--refresh", "refresh", "Ask again about everything that the cache holds"),
        several("--refresh-package", "refresh-package", "Ask again about one package", check="name"),
    ),
)
KEYRING = choice(
    "--keyring-provider",
    "keyring-provider",
    "disabled subprocess",
    "Whether the `keyring` program is asked for credentials",
    "UV_KEYRING_PROVIDER",
)
INDEX = Group(
    "Index options",
    (
        separated(
            several(
                "--index",
                "index",
                "An index `[NAME=]URL` that is searched before the default one; repeatable",
                "UV_INDEX",
            ),
            " ",
        ),
        text(
            "--default-index",
            "default-index",
            "The index that is searched last, in place of the public one",
            "UV_DEFAULT_INDEX",
        ),
        text("--index-url -i --pypi-url", "index-url", "As `--default-index`, in pip's words", "UV_INDEX_URL"),
        separated(
            several("--extra-index-url", "extra-index-url", "As `--index`, in pip's words", "UV_EXTRA_INDEX_URL"), " "
        ),
        separated(
            several(
                "--find-links -f",
                "find-links",
                "A folder or a page of files that are candidates too",
                "UV_FIND_LINKS",
            ),
            ",",
        ),
        switch("--no-index", "no-index", "Search no index, only `--find-links` and direct URLs"),
        choice(
            "--index-strategy",
            "index-strategy",
            "first-index unsafe-first-match unsafe-best-match",
            "Which of the indexes that have a package may answer for it",
            "UV_INDEX_STRATEGY",
        ),
        KEYRING,
    ),
)
RESOLVER = Group(
    "Resolver options",
    (
        switch("--upgrade -U", "upgrade", "Take the newest versions, whatever is installed; implies `--refresh`"),
        switch("--no-upgrade", "upgrade", kind="no"),
        several("--upgrade-package -P", "upgrade-package", "Take the newest version of one package"),
        several("--upgrade-group", "upgrade-group"),
        choice(
            "--resolution",
            "resolution",
            "highest lowest lowest-direct",
            "Which versions are preferred",
            "UV_RESOLUTION",
        ),
        choice(
            "--prerelease",
            "prerelease",
            "disallow allow if-necessary explicit if-necessary-or-explicit",
            "When pre-releases are taken",
            "UV_PRERELEASE",
        ),
        several(
            "--prerelease-package",
            "prerelease-package",
            "When pre-releases of one package are taken, as `PACKAGE=MODE`",
            check="mode of a package",
        ),
        switch("--pre", "pre"),
        choice(
            "--fork-strategy",
            "fork-strategy",
            "fewest requires-python",
            "Whether versions are as few as possible, or the newest for each Python",
            "UV_FORK_STRATEGY",
        ),
        text(
            "--exclude-newer",
            "exclude-newer",
            "Take only files that were uploaded before this time",
            "UV_EXCLUDE_NEWER",
            check="instant",
        ),
        several(
            "--exclude-newer-package",
            "exclude-newer-package",
            "The same for one package, as `PACKAGE=TIME`",
            check="instant of a package",
        ),
        switch("--no-sources", "no-sources", "Ignore `tool.uv.sources`", "UV_NO_SOURCES"),
        separated(
            several(
                "--no-sources-package",
                "no-sources-package",
                "Ignore `tool.uv.sources` for one package",
                "UV_NO_SOURCES_PACKAGE",
                check="name",
            ),
            " ",
        ),
    ),
)
INSTALLER = Group(
    "Installer options",
    (
        switch(
            "--reinstall --force-reinstall", "reinstall", "Install anew what is installed already; implies `--refresh`"
        ),
        switch("--no-reinstall", "reinstall", kind="no"),
        several("--reinstall-package", "reinstall-package", "Install one package anew", check="name"),
        choice(
            "--link-mode",
            "link-mode",
            "clone copy hardlink symlink",
            "How files come from the cache into the environment",
            "UV_LINK_MODE",
        ),
        switch(
            "--compile-bytecode --compile",
            "compile-bytecode",
            "Compile the installed Python files",
            "UV_COMPILE_BYTECODE",
        ),
        switch("--no-compile-bytecode --no-compile", "compile-bytecode", kind="no"),
    ),
)
BUILD = Group(
    "Build options",
    (
        several(
            "--config-setting -C --config-settings",
            "config-settings",
            "Hand a setting `KEY=VALUE` to build backends",
            check="setting",
        ),
        several(
            "--config-settings-package --config-setting-package",
            "config-settings-package",
            "Hand a setting to one package's build backend, as `PACKAGE:KEY=VALUE`",
            check="setting of a package",
        ),
        switch(
            "--no-build-isolation",
            "no-build-isolation",
            "Build in the environment itself: it must hold all that builds need",
            "UV_NO_BUILD_ISOLATION",
        ),
        switch("--build-isolation", "no-build-isolation", kind="no"),
        several(
            "--no-build-isolation-package",
            "no-build-isolation-package",
            "Build one package in the environment itself",
            check="name",
        ),
    ),
)

PYTHON = Group(
    "Python options",
    (text("--python -p", "python", "The Python or the environment that is meant", "UV_PYTHON"),),
)
SYSTEM = (
    switch("--system", "system", "Act on the system's Python, not on an environment", "UV_SYSTEM_PYTHON"),
    switch("--no-system", "system", kind="no"),
)
MANAGED = (
    switch(
        "--break-system-packages",
        "break-system-packages",
        "Change a Python that says it is managed by other means",
        "UV_BREAK_SYSTEM_PACKAGES",
    ),
    switch("--no-break-system-packages", "break-system-packages", kind="no"),
)
PLACES = (
    text("--target -t", "target", "Act on this folder instead of an environment", check="filled"),
    text("--prefix", "prefix", "Act on an environment's layout below this folder", check="filled"),
)
STRICT = (
    switch("--strict", "strict", "Look for missing dependencies and other faults afterwards"),
    switch("--no-strict", "strict", kind="no"),
)
CERT = (text("--cert", "cert", check="filled"), switch("--isolated", "isolated"))
"""Words of pip that uv takes: another file of certificates, and what is now `--no-config`."""
EXCLUSIVE = (("quiet", "verbose"), ("target", "prefix"))
"""Pairs that no command takes together."""
