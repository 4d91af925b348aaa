"""Where the files of a wheel go in an environment (PEP 427, "Installing a wheel"; PEP 491 for headers)."""

from __future__ import annotations

import msgspec

from keyrack.values.interpreter import Interpreter, Paths
from keyrack.values.plan import Launcher, Layout, Placement, Scheme
from keyrack.values.wheel import Manifest, Member


def environment_scheme(interpreter: Interpreter) -> Scheme:
    """Give the scheme of an interpreter's own environment."""
    machine = interpreter.markers.get("platform_machine", "")
    return Scheme(interpreter.paths, interpreter.executable, interpreter.platform.startswith("win"), machine)


def target_scheme(interpreter: Interpreter, folder: str) -> Scheme:
    """Give the scheme of `--target`: everything in one flat folder, scripts in its `bin`."""
    paths = Paths(folder, folder, f"{folder}/bin", folder, f"{folder}/include")
    return msgspec.structs.replace(environment_scheme(interpreter), paths=paths)


def prefix_scheme(interpreter: Interpreter, prefix: str) -> Scheme:
    """Give the scheme of `--prefix`: the folders that a virtual environment would have, below another prefix."""
    own = environment_scheme(interpreter)
    if own.windows:
        site = f"{prefix}/Lib/site-packages"
        paths = Paths(site, site, f"{prefix}/Scripts", prefix, f"{prefix}/Include")
    else:
        thread = "t" if interpreter.gil_disabled else ""
        python = (
            f"python{interpreter.minor}{thread}" if interpreter.implementation != "pypy" else f"pypy{interpreter.minor}"
        )
        site = f"{prefix}/lib/{python}/site-packages"
        paths = Paths(site, site, f"{prefix}/bin", prefix, f"{prefix}/include/site/{python}")
    return msgspec.structs.replace(own, paths=paths)


def lay_out(manifest: Manifest, scheme: Scheme) -> Layout:
    """Decide for each file of a wheel where it goes."""
    paths = scheme.paths
    root = paths.purelib if manifest.facts.root_is_purelib else paths.platlib
    own, data = manifest.dist_info + "/", manifest.data + "/"
    special = [member for member in manifest.members if member.path.startswith(data)]
    plain = [member for member in manifest.members if not member.path.startswith((own, data))]
    placements = [_placement(member, manifest, scheme, root) for member in special]
    launched = {point.name for point in manifest.entry_points}
    scripts = [place for key, place in placements if key == "scripts" and _script_name(place) not in launched]
    moved = [place for key, place in placements if key != "scripts"]
    folders = [f"{root}/{folder}" for folder in manifest.folders if not f"{folder}/".startswith((own, data))]
    return Layout(
        stem=manifest.stem,
        root=root,
        folders=(root, *folders),
        plain=tuple(plain),
        own=tuple(member for member in manifest.members if member.path.startswith(own)),
        moved=tuple(moved),
        scripts=tuple(scripts),
        rewritten=frozenset(manifest.placeholders),
        launchers=_launchers(manifest, scheme, root),
    )


def relative(path: str, start: str) -> str:
    """Write an absolute path relative to a folder, with `/`, by its text alone; RECORD wants it so (PEP 376).

    Where they have nothing in common (two drives) it stays absolute.
    """
    parts, base = path.replace("\\", "/").split("/"), start.replace("\\", "/").rstrip("/").split("/")
    same = 0
    while same < min(len(parts), len(base)) and parts[same] == base[same]:
        same += 1
    return "/".join([".."] * (len(base) - same) + parts[same:]) if same else "/".join(parts)


def _placement(member: Member, manifest: Manifest, scheme: Scheme, root: str) -> tuple[str, Placement]:
    _, key, rest = member.path.split("/", 2)
    folder = {
        "purelib": scheme.paths.purelib,
        "platlib": scheme.paths.platlib,
        "headers": f"{scheme.paths.include}/{manifest.name}",
        "scripts": scheme.paths.scripts,
        "data": scheme.paths.data,
    }[key]
    target = f"{folder}/{rest}"
    return key, Placement(member, target, relative(target, root))


def _script_name(place: Placement) -> str:
    name = place.target.rpartition("/")[2]
    for suffix in (".exe", "-script.py", ".pya"):
        name = name.removesuffix(suffix)
    return name


def _launchers(manifest: Manifest, scheme: Scheme, root: str) -> tuple[Launcher, ...]:
    found = []
    for point in manifest.entry_points:
        name = point.name.removesuffix(".py") + ".exe" if scheme.windows else point.name
        target = f"{scheme.paths.scripts}/{name}"
        found.append(Launcher(point, target, relative(target, root)))
    return tuple(found)
