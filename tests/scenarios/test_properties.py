"""What holds of every resolution: it is closed, it satisfies all requirements, and brute force agrees that there is one."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.version import Version

from keyrack.formats.requirement_text import parse_requirement
from keyrack.operations.resolve import NoSolutionFound, ResolveRequest, resolve
from keyrack.policy.resolve.packages import ROOT
from keyrack.policy.solver.derivation import Absent, FromDependency, NotRoot, NoVersions, externals
from keyrack.values.points import point
from keyrack.values.settings import PrereleaseMode, ResolutionMode, Resolving
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


def attempt(world, roots, **options):
    artifacts = [artifact(name, version, content) for (name, version), content in world.items()]
    requirements = tuple(map(parse_requirement, roots))
    request = ResolveRequest(requirements=requirements, interpreter=PYTHON, options=Resolving(**options))
    return resolve(request, MemoryCatalogue(artifacts))


def solved(world, roots, **options):
    try:
        found = attempt(world, roots, **options)
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


def solutions(world, roots):
    """Try everything."""
    choices = [[None, *(version for other, version in world if other == name)] for name in NAMES]
    for picked in product(*choices):
        candidate = {name: version for name, version in zip(NAMES, picked, strict=True) if version}
        if is_solution(world, roots, candidate):
            yield candidate


def is_stable(chosen):
    return not any(Version(version).is_prerelease for version in chosen.values())


@given(WORLDS, st.lists(REQUIREMENTS, min_size=1, max_size=3))
@settings(deadline=None)
def test_there_is_a_resolution_where_brute_force_finds_one(world, roots):
    expected = any(solutions(world, roots))

    assert expected == (solved(world, roots) is not None)
    assert expected == (solved(world, roots, prerelease=PrereleaseMode.ALLOW) is not None)


@given(WORLDS, st.lists(REQUIREMENTS, min_size=1, max_size=3))
@settings(deadline=None)
def test_without_prereleases_there_is_a_resolution_where_a_stable_one_is(world, roots):
    expected = any(map(is_stable, solutions(world, roots)))

    chosen = solved(world, roots, prerelease=PrereleaseMode.DISALLOW)

    assert expected == (chosen is not None)
    assert chosen is None or is_stable(chosen)


@given(WORLDS, st.lists(REQUIREMENTS, min_size=1, max_size=3))
@settings(deadline=None)
def test_a_mode_moves_versions_and_never_decides_whether_there_are_some(world, roots):
    modes = [solved(world, roots, resolution=mode) for mode in ResolutionMode]

    assert len({chosen is None for chosen in modes}) == 1
    assert all(chosen is None or is_solution(world, roots, chosen) for chosen in modes)


@given(WORLDS, st.lists(REQUIREMENTS, min_size=1, max_size=3))
@settings(deadline=None)
def test_a_prerelease_is_chosen_only_where_no_stable_version_is_left(world, roots):
    chosen = solved(world, roots) or {}

    asked = reached(world, roots, chosen)
    for name, version in chosen.items():
        if Version(version).is_prerelease:
            wanted = [one.specifier for one in asked if one.name == name]
            stable = [other for key, other in world if key == name and not Version(other).is_prerelease]
            assert not [
                other for other in stable if all(one.contains(other) for one in wanted) and is_free(world, name, other)
            ]


def is_free(world, name, version):
    return world[name, version] == ([], [])


@given(WORLDS, st.lists(REQUIREMENTS, min_size=1, max_size=3))
@settings(deadline=None)
def test_a_refusal_rests_on_facts_that_are_true(world, roots):
    try:
        attempt(world, roots)
    except NoSolutionFound as refused:
        for fact in externals(refused.__cause__.derivation):
            assert is_true(fact, world, roots), fact


def is_true(fact, world, roots):
    """Hold one fact of a refusal against the world that it speaks of."""
    name = str(fact.package.name)
    known = [point(version) for other, version in world if other == name]
    match fact:
        case NotRoot():
            return fact.package == ROOT
        case Absent():
            return not known
        case NoVersions():
            return not any(version in fact.versions for version in known)
        case FromDependency() if fact.package.is_proxy:
            bound = [version for version in known if version in fact.versions]
            return fact.dependency.name == fact.package.name and all(one in fact.dependency_versions for one in bound)
        case FromDependency():
            versions = [version for version in known if version in fact.versions] or [None]
            return all(excludes(world, roots, fact, version) for version in versions)
        case _:
            return False


def excludes(world, roots, fact, version):
    """Say whether what a version requires rules out all that a fact says that it rules out."""
    texts = roots if fact.package == ROOT else world[fact.package.name, str(version)][1 if fact.package.extra else 0]
    wanted = [one for one in applying(texts) if one.name == fact.dependency.name]
    if fact.dependency.extra:
        wanted = [one for one in wanted if fact.dependency.extra in one.extras]
    others = [other for name, other in world if name == fact.dependency.name]
    out = [other for other in others if point(other) not in fact.dependency_versions]
    return bool(wanted) and all(
        not all(one.specifier.contains(other, prereleases=True) for one in wanted) for other in out
    )


@given(WORLDS, st.sampled_from(NAMES))
@settings(deadline=None)
def test_a_package_alone_gets_its_newest_stable_version_that_needs_nothing(world, name):
    free = {key: ([], []) for key in world}
    versions = [Version(version) for other, version in free if other == name]
    stable = [version for version in versions if not version.is_prerelease] or versions

    expected = {name: str(max(stable))} if stable else None

    assert expected == solved(free, [name])


@given(WORLDS, st.sampled_from(NAMES), st.sampled_from(["", ">1.0", ">=1.1", "<3"]))
@settings(deadline=None)
def test_lowest_gives_the_lowest_stable_version_that_is_wanted(world, name, specifier):
    free = {key: ([], []) for key in world}
    wanted = Requirement(f"{name}{specifier}").specifier
    fitting = [
        Version(version) for other, version in free if other == name and wanted.contains(version, prereleases=True)
    ]
    stable = [version for version in fitting if not version.is_prerelease] or fitting

    expected = {name: str(min(stable))} if stable else None

    assert expected == solved(free, [f"{name}{specifier}"], resolution=ResolutionMode.LOWEST)


@given(WORLDS)
@settings(deadline=None)
def test_lowest_direct_moves_only_what_the_user_names(world):
    free = {key: ([], []) for key in world} | {("a", "1.0"): (["b"], []), ("a", "2.0"): (["b"], [])}
    versions = [Version(version) for other, version in free if other == "b"]
    stable = [version for version in versions if not version.is_prerelease] or versions
    lowest = {"a": "1.0", "b": str(max(stable))} if stable else None

    assert lowest == solved(
        {**free, ("a", "1.1"): (["b"], []), ("a", "3.0a1"): (["b"], [])}, ["a"], resolution=ResolutionMode.LOWEST_DIRECT
    )
