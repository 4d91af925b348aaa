"""A small world of markers: every formula over a few comparisons, and an environment for every answer they can get."""

from itertools import product

from hypothesis import strategies as st
from packaging.markers import Marker

PLATFORMS = [
    (os, platform, system)
    for os, platform, system in product(
        ("nt", "posix", "java"), ("linux", "win32", "zos"), ("Windows", "Linux", "FreeBSD", "Java")
    )
    if not (os == "nt" and platform == "linux")
    and not (os == "posix" and platform == "win32")
    and not (system == "FreeBSD" and platform in ("linux", "win32"))
    and (system == "Windows") == (platform == "win32")
    and (system == "Linux") == (platform == "linux")
]
PYTHONS = ("3.8.5", "3.9.0", "3.9.2", "3.10.1", "3.12.0")
MACHINES = ("x86_64", "riscv")
IMPLEMENTATIONS = ("cpython", "graalpy")
EXTRAS = tuple(frozenset(chosen) for chosen in ((), ("a",), ("b",), ("a", "b")))

WORLDS = [
    (
        {
            "os_name": os,
            "sys_platform": platform,
            "platform_system": system,
            "python_full_version": python,
            "python_version": python.rpartition(".")[0],
            "implementation_version": python,
            "platform_machine": machine,
            "implementation_name": implementation,
        },
        extras,
    )
    for (os, platform, system), python, machine, implementation, extras in product(
        PLATFORMS, PYTHONS, MACHINES, IMPLEMENTATIONS, EXTRAS
    )
]

ATOMS = (
    "os_name == 'nt'",
    "os_name != 'posix'",
    "sys_platform == 'win32'",
    "sys_platform != 'linux'",
    "platform_system == 'Windows'",
    "platform_system == 'FreeBSD'",
    "'FreeBSD' != platform_system",
    "python_version < '3.9'",
    "python_version >= '3.10'",
    "python_version != '3.9'",
    "'3.9.2' <= python_full_version",
    "python_full_version == '3.9.2'",
    "'64' not in platform_machine",
    "implementation_name in 'cpython pypy'",
    "extra == 'a'",
    "extra != 'b'",
)


def _joined(parts):
    word, terms = parts
    return f"({f' {word} '.join(terms)})"


markers = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.tuples(st.sampled_from(("and", "or")), st.lists(inner, min_size=2, max_size=3)).map(_joined),
    max_leaves=7,
)

_ATOM_TABLES = {
    atom: tuple(
        (atom[-3:-1].strip("'") in extras) == ("==" in atom)
        if atom.startswith("extra")
        else Marker(atom).evaluate(dict(environment))
        for environment, extras in WORLDS
    )
    for atom in ATOMS
}


def truth(text):
    """What a formula says in every world, worked out without the diagrams."""
    inner, depth, parts, word, start = text[1:-1], 0, [], None, 0
    if not text.startswith("("):
        return _ATOM_TABLES[text]
    for place, letter in enumerate(inner):
        depth += (letter == "(") - (letter == ")")
        for candidate in (" and ", " or "):
            if depth == 0 and inner.startswith(candidate, place):
                parts.append(inner[start:place])
                start, word = place + len(candidate), candidate
    parts.append(inner[start:])
    every = all if word == " and " else any
    return tuple(every(answers) for answers in zip(*map(truth, parts), strict=True))


def explosive(first, second, size=9):
    """A formula whose diagram has 2 ** size nodes: all first names are asked before the second ones."""
    return " or ".join(f"(extra == '{first}{i}' and extra == '{second}{i}')" for i in range(size))
