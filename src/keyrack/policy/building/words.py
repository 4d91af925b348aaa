"""What is said of a build that failed: the hook, how it ended, what it said, and what may help."""

from __future__ import annotations

from collections.abc import Sequence

from packaging.version import Version

from keyrack.errors import UnmetRequest
from keyrack.values.late import pattern
from keyrack.values.names import PackageName

_LINES = 10
"""The last lines of what a backend said: what went wrong stands in them."""
_MODULE = pattern(r"ModuleNotFoundError: No module named ['\"]([^'\"]+)['\"]")
_COMMAND = pattern(r"error: invalid command 'bdist_wheel'")
_HEADER = pattern(
    r".*\.(?:c|h|c..|h..)(?::\d+:\d+|\(\d+\)): fatal error(?: C1083)?: (?:Cannot open include file: )?"
    r"'?([^':]+\.h(?:..)?)'?(?:: No such file or directory| file not found)"
)
_LIBRARY = pattern(r"/usr/bin/ld: cannot find -l([A-Za-z0-9_+-]+): No such file or directory")
_PLAIN = "Build failures usually indicate a problem with the package or the build environment"
_DISTRIBUTIONS = {
    "Crypto": "pycryptodome",
    "Cython": "cython",
    "PIL": "pillow",
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "git": "gitpython",
    "google.protobuf": "protobuf",
    "pkg_resources": "setuptools",
    "setuptools_scm": "setuptools-scm",
    "skbuild": "scikit-build",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
"""Modules that are in a distribution of another name, as far as setup scripts commonly import them."""


class BuildFailed(UnmetRequest):
    """A package could not be built."""


def build_failed(label: str, error: str, *rest: str, hints: tuple[str, ...] = ()) -> BuildFailed:
    """Say that a package could not be built, and why."""
    return BuildFailed(f"Failed to build `{label}`", causes=(error, *rest), hints=hints)


def ended(code: int, names: Sequence[tuple[int, str]] = ()) -> str:
    """Say how a program ended; `names` are those of the system's signals."""
    if code >= 0:
        return f"exit status: {code}"
    name = dict(names).get(-code)
    return f"signal: {-code} ({name})" if name else f"signal: {-code}"


def hook_failure(hook: str, how: str, stdout: str, stderr: str) -> str:
    """Write which hook failed, how it ended, and what it said, as far as it said anything."""
    found = [f"Call to `{hook}` failed ({how})"]
    for name, text in (("stdout", stdout), ("stderr", stderr)):
        if text.strip():
            found += ["", f"[{name}]", text.rstrip("\n")]
    return "\n".join(found)


def hint_of(stderr: str, name: PackageName | None, version: Version | None) -> str:
    """Give what may help, by the last lines that a backend wrote."""
    for line in reversed(stderr.strip().splitlines()[-_LINES:]):
        hint = _hint(line.strip(), name, version)
        if hint:
            return hint
    return _PLAIN


def _hint(line: str, name: PackageName | None, version: Version | None) -> str:
    label = f"`{name}@{version}`" if name and version else f"`{name}`" if name else "a package"
    if header := _HEADER.match(line):
        return f'This error likely indicates that you need to install a library that provides "{header[1]}" for {label}'
    if library := _LIBRARY.match(line):
        return (
            "This error likely indicates that you need to install the library that provides a shared library for"
            f" `{library[1]}` for {label} (e.g., `lib{library[1]}-dev`)"
        )
    if _COMMAND.search(line):
        return _missing("wheel", name, label)
    module = _MODULE.search(line)
    if module is None:
        return ""
    if module[1].partition(".")[0] == "distutils":
        return _removed(name, version)
    return _missing(_DISTRIBUTIONS.get(module[1], module[1]), name, label)


def _removed(name: PackageName | None, version: Version | None) -> str:
    start = "`distutils` was removed from the standard library in Python 3.12. Consider adding a constraint"
    if name and version:
        return (
            f"{start} (like `{name} >{version}`) to avoid building a version of `{name}` that depends on `distutils`."
        )
    return f"{start} to avoid building a package that depends on `distutils`."


def _missing(module: str, name: PackageName | None, label: str) -> str:
    start = (
        f"This error likely indicates that {label} depends on `{module}`, but doesn't declare it as a build dependency."
    )
    end = f"`keyrack pip install {module}` into the environment and re-run with `--no-build-isolation`."
    if name is None:
        return (
            f"{start} If the package is a first-party package, consider adding `{module}` to its"
            f" `build-system.requires`. Otherwise, {end}"
        )
    key = f'"{name}"' if "." in name else name
    return (
        f"{start} If `{name}` is a first-party package, consider adding `{module}` to its `build-system.requires`."
        f" Otherwise, either add it to your `pyproject.toml` under:\n\n[tool.uv.extra-build-dependencies]\n"
        f'{key} = ["{module}"]\n\nor {end}'
    )
