"""Requirements become a resolution, or an explanation why there is none."""

import msgspec
import pytest

from keyrack.errors import InvalidText
from keyrack.formats.requirement_text import parse_requirement
from keyrack.operations.resolve import ConflictingIndexes, NoSolutionFound, ResolveRequest, resolve
from keyrack.policy.resolve.hashes import HashesRequired
from keyrack.policy.resolve.question import Preference
from keyrack.values.artifact import Digest
from keyrack.values.cutoff import UNLIMITED, Cutoff
from keyrack.values.index import Index, Indexes, IndexId
from keyrack.values.installed import Installed
from keyrack.values.names import package_name
from keyrack.values.points import point
from keyrack.values.requirement import FromIndex
from keyrack.values.settings import ResolutionMode, Resolving, Selection
from keyrack.values.url import parse_url
from lab.catalogue import MemoryCatalogue
from lab.pythons import a_python
from lab.sdists import sdist
from lab.wheels import wheel

LIB = package_name("lib")
WORLD = [
    wheel("lib", "1.0", uploaded="2024-01-01T00:00:00Z"),
    wheel("lib", "2.0", uploaded="2024-03-01T00:00:00Z", yanked="bad"),
    wheel("lib", "1.5", uploaded="2024-02-01T00:00:00Z", requires_python=">=3.10"),
    wheel("lib", "1.6b1", uploaded="2024-02-15T00:00:00Z"),
]


def requested(*texts, **words):
    words.setdefault("interpreter", a_python("3.12.1"))
    for key in ("constraints", "overrides"):
        words[key] = tuple(map(parse_requirement, words.get(key, ())))
    return ResolveRequest(requirements=tuple(map(parse_requirement, texts)), **words)


def versions(*texts, catalogue=None, options=None, **words):
    asked = requested(*texts, options=Resolving(**(options or {})), **words)
    found = resolve(asked, catalogue or MemoryCatalogue(WORLD))
    return {pin.name: str(pin.version) for pin in found.pins}


def test_the_newest_version_that_may_be_used_is_chosen():
    assert {"lib": "1.5"} == versions("lib")


@pytest.mark.parametrize(
    "words",
    [
        {"constraints": ["lib==2.0"]},
        {"overrides": ["lib==2.0"]},
        {"preferences": {LIB: (Preference(point("2.0")),)}},
    ],
)
def test_a_yanked_version_is_used_where_it_is_pinned_or_preferred(words):
    assert {"lib": "2.0"} == versions("lib", **words)


@pytest.mark.parametrize("text", ["lib==2.*", "lib>=2", "lib==2.0; sys_platform == 'win32'", "lib~=2.0"])
def test_a_yanked_version_is_not_used_where_it_is_not_pinned_for_this_environment(text):
    with pytest.raises(NoSolutionFound):
        versions("lib>1.9", text)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"exclude_newer": Cutoff("2024-02-01T00:00:00Z")}, "1.0"),
        ({"exclude_newer": Cutoff("2024-02-01")}, "1.0"),
        ({"exclude_newer": Cutoff("2024-02-02T00:00:00Z")}, "1.5"),
        ({"exclude_newer": Cutoff("2024-01-15"), "exclude_newer_package": ((LIB, UNLIMITED),)}, "1.5"),
        ({"exclude_newer_package": ((LIB, Cutoff("2024-01-15")),)}, "1.0"),
        ({"available_until": "2024-02-02T00:00:00Z"}, "1.5"),
        ({"resolution": ResolutionMode.LOWEST}, "1.0"),
    ],
)
def test_options_narrow_what_there_is(options, expected):
    assert {"lib": expected} == versions("lib>=1", options=options)


@pytest.mark.parametrize(
    "options",
    [
        {"no_build": Selection(all=True)},
        {"only_binary": Selection(all=True)},
        {"only_binary": Selection(names=frozenset({LIB}))},
    ],
)
def test_building_may_be_off_in_several_ways(options):
    with pytest.raises(NoSolutionFound, match="No solution found when resolving dependencies") as caught:
        versions("lib", catalogue=MemoryCatalogue([sdist("lib", "1.0")]), options=options)

    assert "has no usable wheels" in caught.value.causes[0]


def test_without_dependencies_none_is_chosen():
    catalogue = MemoryCatalogue([wheel("lib", "1.0", requires=["dep"])])

    assert {"lib": "1.0"} == versions("lib", catalogue=catalogue, options={"no_deps": True})


def test_an_excluded_package_is_not_chosen():
    catalogue = MemoryCatalogue([wheel("lib", "1.0", requires=["dep"])])

    assert {"lib": "1.0"} == versions("lib", catalogue=catalogue, excludes=frozenset({package_name("dep")}))


def test_a_package_is_taken_from_the_index_that_it_is_pinned_to():
    asked = requested("lib", "user")
    pinned = msgspec.structs.replace(asked.requirements[0], source=FromIndex(IndexId("index-1")))
    asked = msgspec.structs.replace(asked, requirements=(pinned, asked.requirements[1]))
    catalogue = MemoryCatalogue([wheel("lib", "2.0"), wheel("user", "1.0", requires=["lib"])], [wheel("lib", "1.0")])

    found = resolve(asked, catalogue)

    assert [("lib", "index-1"), ("user", "index-0")] == [(pin.name, pin.wheel.origin) for pin in found.pins]


@pytest.mark.parametrize(
    ("indexes", "first", "second"),
    [
        (Indexes(), "a", "b"),
        (
            Indexes(
                explicit=tuple(
                    Index(IndexId(name), parse_url(f"https://{name}.example/simple").url) for name in ("a", "b")
                )
            ),
            "https://a.example/simple",
            "https://b.example/simple",
        ),
    ],
)
def test_a_package_that_is_pinned_to_two_indexes_is_refused(indexes, first, second):
    asked = requested("lib", "lib", indexes=indexes)
    pinned = tuple(
        msgspec.structs.replace(one, source=FromIndex(IndexId(name)))
        for one, name in zip(asked.requirements, ("b", "a"), strict=True)
    )

    with pytest.raises(ConflictingIndexes) as caught:
        resolve(msgspec.structs.replace(asked, requirements=pinned), MemoryCatalogue())

    assert f"Requirements contain conflicting indexes for package `lib`:\n- {first}\n- {second}" == caught.value.message


def test_hashes_are_required_where_the_user_says_so():
    with pytest.raises(HashesRequired):
        versions("lib==1.0", options={"require_hashes": True})


def test_hashes_decide_between_files_unless_they_are_not_verified():
    files = [wheel("lib", "1.0", tags="cp312-cp312-manylinux_2_17_x86_64"), wheel("lib", "1.0")]
    digest = Digest("sha256", files[1].sha256)

    def chosen(**options):
        asked = requested("lib==1.0", options=Resolving(**options))
        pinned = (msgspec.structs.replace(asked.requirements[0], digests=(digest,)),)
        (pin,) = resolve(msgspec.structs.replace(asked, requirements=pinned), MemoryCatalogue(files)).pins
        return pin.wheel.filename

    assert ("lib-1.0-py3-none-any.whl", "lib-1.0-cp312-cp312-manylinux_2_17_x86_64.whl") == (
        chosen(), chosen(verify_hashes=False)
    )  # fmt: skip


def test_installed_copies_are_kept_by_name():
    copies = tuple(Installed(LIB, point(text).version, f"/v{text}", f"/v{text}/lib") for text in ("1.0", "1.5"))

    assert ({"lib": "1.0"}, {"lib": "1.5"}) == (
        versions("lib", installed=copies[:1], options={"no_deps": True}),
        versions("lib", installed=copies, options={"no_deps": True}),
    )


def test_all_files_of_a_version_are_given_where_they_are_asked_for():
    catalogue = MemoryCatalogue([wheel("lib", "1.0"), sdist("lib", "1.0")])

    (pin,) = resolve(requested("lib", with_all_files=True), catalogue).pins

    assert len(pin.files) == 2


@pytest.mark.parametrize(
    ("python_version", "expected"), [("", "1.5"), ("3.9", "1.0"), ("3.10.1", "1.5"), ("3.9.18", "1.0")]
)
def test_another_python_version_may_be_resolved_for(python_version, expected):
    assert {"lib": expected} == versions("lib", python_version=python_version)


def test_another_python_version_has_markers_of_its_own():
    catalogue = MemoryCatalogue([wheel("lib", "1.0")])
    texts = (
        "lib; python_version == '3.9'",
        "gone; python_full_version != '3.9.0'",
        "gone; implementation_version > '3.9'",
    )

    assert {"lib": "1.0"} == versions(*texts, catalogue=catalogue, python_version="3.9")


def test_another_implementation_keeps_its_own_version():
    python = a_python("3.12.1")
    python.markers["implementation_name"] = "pypy"
    catalogue = MemoryCatalogue([wheel("lib", "1.0")])

    assert {"lib": "1.0"} == versions(
        "lib; implementation_version == '3.12.1'", catalogue=catalogue, python_version="3.9", interpreter=python
    )


def test_another_platform_has_tags_and_markers_of_its_own():
    catalogue = MemoryCatalogue([wheel("lib", "1.0", tags="cp312-cp312-win_amd64")])

    assert {"lib": "1.0"} == versions("lib; sys_platform == 'win32'", catalogue=catalogue, python_platform="windows")


def test_an_unknown_platform_is_refused():
    with pytest.raises(InvalidText, match="invalid value 'beos'"):
        versions("lib", python_platform="beos")


def test_what_is_done_is_told_in_uvs_words():
    lines = []
    asked = requested("lib", options=Resolving(exclude_newer=Cutoff("2024-02-02T00:00:00Z")))
    resolve(asked, MemoryCatalogue(WORLD), lambda level, line: lines.append(f"{level.name} {line}"))

    assert [
        "DEBUG Solving with installed Python version: 3.12.1",
        "DEBUG Solving with target Python version: >=3.12.1",
        "DEBUG Solving with exclude-newer: 2024-02-02T00:00:00Z",
        "DEBUG Adding direct dependency: lib*",
        "DEBUG Searching for a compatible version of lib (*)",
        "DEBUG Selecting: lib==1.5 [compatible] (lib-1.5-py3-none-any.whl)",
        "DEBUG Tried 1 versions: lib 1",
    ] == lines


def test_warnings_come_before_a_failure_as_well():
    asked = requested("lib", "gone", options=Resolving(resolution=ResolutionMode.LOWEST))

    with pytest.raises(NoSolutionFound) as caught:
        resolve(asked, MemoryCatalogue(WORLD))

    assert ["`lib`", "`gone`"] == [warning.split()[3] for warning in caught.value.warnings]


def test_cautions_about_bounds_are_told_apart_from_warnings_of_versions():
    asked = requested("lib[x]", options=Resolving(resolution=ResolutionMode.LOWEST))

    found = resolve(asked, MemoryCatalogue(WORLD))

    assert (["The direct dependency"], ["The package `lib==1.0`"]) == (
        [" ".join(text.split()[:3]) for text in found.cautions],
        [" ".join(text.split()[:3]) for text in found.warnings],
    )


def test_a_request_that_cannot_be_met_is_no_error_of_the_program():
    with pytest.raises(NoSolutionFound) as caught:
        versions("gone")

    assert caught.value.exit_code == 1
