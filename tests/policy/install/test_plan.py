import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from keyrack.policy.install.plan import SEEDS, PlanOptions, is_satisfied, plan
from keyrack.values.artifact import File
from keyrack.values.graph import Pin, Resolution
from keyrack.values.installed import DirectUrl, Installed
from keyrack.values.metadata import Metadata
from keyrack.values.names import package_name
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl
from keyrack.values.settings import Selection
from keyrack.values.url import parse_url

URL = parse_url("https://pkgs.example/a-1.0-py3-none-any.whl").url
OTHER = parse_url("https://pkgs.example/b/a-1.0-py3-none-any.whl").url
TREE = parse_url("file:///src/a").url
NAMES = [package_name(name) for name in ("a", "b", "pip")]


FROM_INDEX = FromIndex()


def pin(name, version="1.0", source=FROM_INDEX):
    name = package_name(name)
    file = File(f"{name}-{version}-py3-none-any.whl", URL, None)
    return Pin(name, Version(version), frozenset(), file, (file,), Metadata(name, Version(version)), source)


def there(name, version="1.0", **more):
    return Installed(package_name(name), Version(version), "/v", f"/v/{name}-{version}.dist-info", **more)


def shown(found):
    return (
        [f"{one.name}=={one.version}" for one in found.remove],
        [f"{one.name}=={one.version}" for one in found.keep],
        [f"{one.pin.name}=={one.pin.version}" for one in found.add],
    )


@pytest.mark.parametrize(
    ("installed", "options", "expected"),
    [
        ([], {}, ([], [], ["a==1.0"])),
        ([there("a")], {}, ([], ["a==1.0"], [])),
        ([there("a", "1")], {}, ([], ["a==1"], [])),
        ([there("a", "0.9")], {}, (["a==0.9"], [], ["a==1.0"])),
        ([there("a", whole=False)], {}, (["a==1.0"], [], ["a==1.0"])),
        ([there("a"), there("a", "0.9")], {}, (["a==1.0", "a==0.9"], [], ["a==1.0"])),
        ([there("a")], {"reinstall": Selection(all=True)}, (["a==1.0"], [], ["a==1.0"])),
        ([there("a")], {"reinstall": Selection(names=frozenset(NAMES[:1]))}, (["a==1.0"], [], ["a==1.0"])),
        ([there("a")], {"reinstall": Selection(names=frozenset(NAMES[1:2]))}, ([], ["a==1.0"], [])),
        ([there("b")], {}, ([], ["b==1.0"], ["a==1.0"])),
        ([there("b")], {"exact": True}, (["b==1.0"], [], ["a==1.0"])),
        ([there("pip"), there("b")], {"exact": True, "kept": SEEDS}, (["b==1.0"], ["pip==1.0"], ["a==1.0"])),
        ([there("pip")], {"exact": True}, (["pip==1.0"], [], ["a==1.0"])),
    ],
)
def test_the_environment_is_changed_as_little_as_it_can_be(installed, options, expected):
    assert expected == shown(plan(Resolution((pin("a"),)), installed, PlanOptions(**options)))


@pytest.mark.parametrize(
    ("installed", "source", "options", "expected"),
    [
        (there("a"), FromIndex(), {}, True),
        (there("a", direct_url=DirectUrl(URL)), FromIndex(), {}, True),
        (there("a", direct_url=DirectUrl(URL)), FromIndex(), {"strict": True}, False),
        (there("a"), FromUrl(URL), {}, False),
        (there("a", direct_url=DirectUrl(URL)), FromUrl(URL), {}, True),
        (there("a", direct_url=DirectUrl(URL)), FromUrl(msgspec.structs.replace(URL, query="sig=x")), {}, True),
        (there("a", direct_url=DirectUrl(URL)), FromUrl(URL), {"changed": frozenset({URL})}, False),
        (there("a", direct_url=DirectUrl(OTHER)), FromUrl(URL), {}, False),
        (there("a", direct_url=DirectUrl(URL, subdirectory="s")), FromUrl(URL), {}, False),
        (there("a", direct_url=DirectUrl(URL, is_tree=True)), FromUrl(URL), {}, False),
        (there("a", direct_url=DirectUrl(URL, revision="ab")), FromUrl(URL), {}, False),
        (there("a"), FromTree("/src/a"), {}, False),
        (there("a", direct_url=DirectUrl(TREE, is_tree=True)), FromTree("/src/a"), {}, True),
        (there("a", direct_url=DirectUrl(TREE, is_tree=True)), FromTree("/src/a", editable=True), {}, False),
        (there("a", direct_url=DirectUrl(TREE, editable=True, is_tree=True)), FromTree("/src/a"), {}, False),
        (there("a", direct_url=DirectUrl(TREE)), FromTree("/src/a"), {}, False),
        (
            there("a", direct_url=DirectUrl(TREE, is_tree=True)),
            FromTree("/src/a"),
            {"changed": frozenset({TREE})},
            False,
        ),
        (there("a"), FromGit(URL, commit="ab"), {}, False),
        (there("a", direct_url=DirectUrl(URL, revision="ab")), FromGit(URL, commit="ab"), {}, True),
        (there("a", direct_url=DirectUrl(URL, revision="ab")), FromGit(URL, "ab", commit="cd"), {}, False),
        (there("a", direct_url=DirectUrl(URL, revision="ab")), FromGit(URL, lfs=True, commit="ab"), {}, False),
        (there("a", direct_url=DirectUrl(URL, revision="ab")), FromGit(OTHER, commit="ab"), {}, False),
        (there("a", direct_url=DirectUrl(URL, revision="ab")), FromGit(URL), {}, False),
    ],
)
def test_what_is_installed_must_come_from_where_the_pin_says(installed, source, options, expected):
    assert expected == is_satisfied(installed, pin("a", source=source), PlanOptions(**options))


def test_what_the_user_named_is_told_from_what_came_along():
    found = plan(Resolution((pin("a"), pin("b"))), [], PlanOptions(requested=frozenset({package_name("b")})))

    assert [("a", False), ("b", True)] == [(one.pin.name, one.requested) for one in found.add]


def test_a_pin_without_a_wheel_is_added_to_be_built():
    bare = msgspec.structs.replace(pin("a"), wheel=None)

    found = plan(Resolution((bare,)), [], PlanOptions())

    assert [("a", None)] == [(one.pin.name, one.wheel) for one in found.add]


VERSIONS = st.sampled_from(["1.0", "2.0"])
STATES = st.lists(st.builds(there, st.sampled_from(NAMES), VERSIONS, whole=st.booleans()), max_size=5)
PINS = st.dictionaries(st.sampled_from(NAMES), VERSIONS).map(
    lambda chosen: Resolution(tuple(pin(name, version) for name, version in sorted(chosen.items())))
)


@given(STATES, PINS, st.booleans())
def test_a_plan_that_was_carried_out_leaves_nothing_to_do(installed, resolution, exact):
    options = PlanOptions(exact=exact)
    first = plan(resolution, installed, options)
    after = [*first.keep, *(there(one.pin.name, str(one.pin.version)) for one in first.add)]

    second = plan(resolution, after, options)

    assert ((), ()) == (second.remove, second.add)


@given(STATES, PINS)
def test_whatever_is_installed_is_either_kept_or_removed(installed, resolution):
    found = plan(resolution, installed, PlanOptions())

    assert sorted(map(repr, installed)) == sorted(map(repr, (*found.keep, *found.remove)))
