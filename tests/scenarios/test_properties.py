"""What holds of every resolution: it is closed, it satisfies all requirements, and brute force agrees that there is one."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.version import Version

from keyrack.formats.requirement_text import parse_requirement
from keyrack.operations.resolve import NoSolutionFound, ResolveRequest, resolve
from lab.catalogue import MemoryCatalogue
from lab.pythons import a_python
from lab.wheels import Artifact

PYTHON = a_python()
NAMES = "abcd"
VERSIONS = ("1.0", "1.1", "2.0", "3.0a1")
SPECIFIERS = ("", ">=1.1", "<2", "==1.0", "!=1.1", "~=1.0", "==1.*", ">1.0,<3")
EXTRAS = ("", "", "", "[x]")
REQUIREMENTS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(NAMES),
    st.sampled_from(EXTRAS),
    st.sampled_from(SPECIFIERS),
    st.sampled_from(["", "", "; python_version > '3.8'", "; sys_platform == 'win32'"]),
)
# What a version requires: by itself, and with its extra.
CONTENTS = st.tuples(st.lists(REQUIREMENTS, max_size=2), st.lists(REQUIREMENTS, max_size=1))
WORLDS = st.dictionaries(st.tuples(st.sampled_from(NAMES), st.sampled_from(VERSIONS)), CONTENTS, min_size=3, max_size=9)


def artifact(name, version, content):
    plain, extra = content
    lines = [f"Requires-Dist: {text}" for text in plain]
    lines += [f"Requires-Dist: {with_extra(text)}" for text in extra]
    metadata = "\n".join(("Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", "Provides-Extra: x", *lines))
    return Artifact(
        filename=f"{name}-{version}-py3-none-any.whl",
        body=b"",
        sha256="0" * 64,
        name=name,
        version=version,
        metadata=f"{metadata}\n\n".encode(),
    )


def with_extra(text):
    requirement, _, marker = text.partition(";")
    return f"{requirement}; extra == 'x'" + (f" and {marker.strip()}" if marker else "")


def solved(world, roots):
    artifacts = [artifact(name, version, content) for (name, version), content in world.items()]
    request = ResolveRequest(requirements=tuple(map(parse_requirement, roots)), interpreter=PYTHON)
    try:
        found = resolve(request, MemoryCatalogue(artifacts))
    except NoSolutionFound:
        return None
    return {str(pin.name): str(pin.version) for pin in found.pins}


def applying(texts):
    parsed = [Requirement(text) for text in texts]
    return [one for one in parsed if one.marker is None or one.marker.evaluate(dict(PYTHON.markers))]


def reached(world, roots, chosen):
    """Every requirement that a choice of versions leads to; None where it leads to what is not chosen."""
    waiting, seen, found = applying(roots), set(), []
    while waiting:
        requirement = waiting.pop()
        found.append(requirement)
        if requirement.name not in chosen:
            return None
        plain, extra = world[requirement.name, chosen[requirement.name]]
        for key, texts in (("", plain), *((name, extra) for name in requirement.extras)):
            if (requirement.name, key) not in seen:
                seen.add((requirement.name, key))
                waiting += applying(texts)
    return found


def is_solution(world, roots, chosen):
    found = reached(world, roots, chosen)
    if found is None:
        return False
    return all(one.specifier.contains(chosen[one.name], prereleases=True) for one in found)


@given(WORLDS, st.lists(REQUIREMENTS, min_size=1, max_size=3))
@settings(deadline=None)
def test_a_resolution_satisfies_every_requirement_that_it_leads_to(world, roots):
    chosen = solved(world, roots)

    assert chosen is None or is_solution(world, roots, chosen)


@given(WORLDS, st.lists(REQUIREMENTS, min_size=1, max_size=3))
@settings(deadline=None)
def test_a_resolution_holds_nothing_that_nobody_requires(world, roots):
    chosen = solved(world, roots)

    assert chosen is None or {one.name for one in reached(world, roots, chosen)} == set(chosen)


@given(WORLDS, st.lists(REQUIREMENTS, min_size=1, max_size=3))
@settings(deadline=None)
def test_there_is_a_resolution_where_brute_force_finds_one(world, roots):
    choices = [[None, *(version for other, version in world if other == name)] for name in NAMES]
    candidates = (
        {name: version for name, version in zip(NAMES, picked, strict=True) if version} for picked in product(*choices)
    )

    expected = any(is_solution(world, roots, candidate) for candidate in candidates)

    assert expected == (solved(world, roots) is not None)


@given(WORLDS, st.sampled_from(NAMES))
@settings(deadline=None)
def test_a_package_alone_gets_its_newest_stable_version_that_needs_nothing(world, name):
    free = {key: ([], []) for key in world}
    versions = [Version(version) for other, version in free if other == name]
    stable = [version for version in versions if not version.is_prerelease] or versions

    expected = {name: str(max(stable))} if stable else None

    assert expected == solved(free, [name])
