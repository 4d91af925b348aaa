"""A script, run by each Python that is found, that prints what that Python is (for `interpreters.py`).

It runs as `python -I -S -B probe.py` on CPython 3.8 and newer, so that no `.pth` file and no module of the target
environment is ever executed by us. `-S` leaves `sys.prefix` at the base installation before Python 3.14: the virtual
environment is found here by its `pyvenv.cfg`, as `site` would (PEP 405).
"""

import json
import os
import platform
import struct
import sys
import sysconfig


def _virtual_prefix() -> str:
    executable = os.path.abspath(sys.executable)
    for folder in (os.path.dirname(executable), os.path.dirname(os.path.dirname(executable))):
        if os.path.isfile(os.path.join(folder, "pyvenv.cfg")):
            return folder
    return ""


def _format_version(info: "sys._version_info") -> str:
    version = f"{info.major}.{info.minor}.{info.micro}"
    return version if info.releaselevel == "final" else version + info.releaselevel[0] + str(info.serial)


def _markers() -> dict:  # type: ignore[type-arg]
    return {
        "implementation_name": sys.implementation.name,
        "implementation_version": _format_version(sys.implementation.version),
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_release": platform.release(),
        "platform_system": platform.system(),
        "platform_version": platform.version(),
        "python_full_version": platform.python_version(),
        "python_version": ".".join(platform.python_version_tuple()[:2]),
        "sys_platform": sys.platform,
    }


def _glibc() -> str:
    try:
        text = os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (AttributeError, OSError, ValueError):
        return ""
    return text.split()[1] if text.startswith("glibc ") else ""


def _musl_loader(executable: str) -> str:
    """Find the musl loader that an executable names in its ELF program headers, if it does."""
    try:
        with open(executable, "rb") as stream:
            head = stream.read(4096)
    except OSError:
        return ""
    at = head.find(b"/lib/ld-musl-")
    return head[at : head.find(b"\0", at)].decode("ascii", "replace") if at >= 0 else ""


def _mac_version():  # type: ignore[no-untyped-def]
    release, _, machine = platform.mac_ver()
    if release == "10.16":
        # A Python built long ago is told an old version unless it asks for the true one.
        import subprocess  # noqa: PLC0415 - elsewhere it would take longer than all else that is done here

        ask = [sys.executable, "-sSc", "import platform; print(platform.mac_ver()[0])"]
        release = subprocess.check_output(ask, env={"SYSTEM_VERSION_COMPAT": "0"}, text=True).strip()
    return release, machine


def _mac_platform(release: str, machine: str) -> str:
    major, minor = [*release.split("."), "0"][:2]
    return f"macosx_{major}_{minor}_{machine}"


def _linux_platform(machine: str, bits: int, glibc: str, loader: str) -> str:
    """Name a Linux by its C library; a 32-bit Python on a 64-bit kernel runs 32-bit code only."""
    if bits == 32:
        machine = {"x86_64": "i686", "aarch64": "armv8l"}.get(machine, machine)
    if glibc:
        return f"manylinux_{glibc.replace('.', '_')}_{machine}"
    return f"musl:{loader}:{machine}" if loader else f"linux_{machine}"


def _platform() -> str:
    """Name the platform as wheel tags do, in the newest form that it can run."""
    if sys.platform == "darwin":
        return _mac_platform(*_mac_version())
    plain = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    if not plain.startswith("linux_"):
        return plain
    glibc = _glibc()
    loader = "" if glibc else _musl_loader(sys.executable)
    return _linux_platform(plain[len("linux_") :], struct.calcsize("P") * 8, glibc, loader)


def _paths(prefix: str) -> dict:  # type: ignore[type-arg]
    variables = {
        "base": prefix,
        "platbase": prefix,
        "installed_base": sys.base_prefix,
        "installed_platbase": sys.base_prefix,
    }
    scheme = None
    if prefix != sys.base_prefix and "venv" in sysconfig.get_scheme_names():
        scheme = "venv"
    elif hasattr(sysconfig, "get_default_scheme"):
        scheme = sysconfig.get_default_scheme()
    found = sysconfig.get_paths(scheme, variables) if scheme else sysconfig.get_paths(vars=variables)
    if prefix != sys.base_prefix:
        found["include"] = os.path.join(prefix, "include", "site", f"python{sys.version_info[0]}.{sys.version_info[1]}")
    return {name: found[name] for name in ("purelib", "platlib", "scripts", "data", "include")}


def _managed_message(text: str) -> str:
    """Read the value of `Error` in an EXTERNALLY-MANAGED file (PEP 668): an INI file, values go on in indented lines.

    `configparser` would read it too, and importing it takes longer than all else that is done here.
    """
    lines = []
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        if equals and key.strip().lower() == "error" and not line[:1].isspace():
            lines = [value.strip()]
        elif lines and (line[:1].isspace() or not line.strip()):
            lines.append(line.strip())
        elif lines:
            break
    return "\n".join(lines).strip()


def _externally_managed() -> "str | None":
    """Give the message of a Python that other means manage, "" where it has none, None where it is free."""
    path = os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return _managed_message(stream.read())
    except OSError:
        return None


def describe() -> dict:  # type: ignore[type-arg]
    """Give the facts as one JSON object."""
    virtual = _virtual_prefix()
    base_prefix = sys.base_prefix
    prefix = virtual or sys.prefix
    base_executable = getattr(sys, "_base_executable", "") or sys.executable
    return {
        "executable": os.path.abspath(sys.executable),
        "prefix": prefix,
        "base_prefix": base_prefix,
        "base_executable": base_executable if virtual else os.path.abspath(sys.executable),
        "version": platform.python_version(),
        "implementation": sys.implementation.name,
        "markers": _markers(),
        "tags": [],
        "paths": _paths(prefix),
        "is_virtual": bool(virtual),
        "platform": _platform(),
        "externally_managed": None if virtual else _externally_managed(),
        "pointer_size": struct.calcsize("P") * 8,
        "gil_disabled": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(describe()))
