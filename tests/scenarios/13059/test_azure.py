"""uv issue 13059: feeds of several Azure organisations on one host; file URLs hold UUIDs where index URLs hold names."""

# mypy: allow-untyped-defs, allow-untyped-calls
# As in all tests; the rule for them goes by module names, and an issue's number is none.

from itertools import permutations

import pytest

from lab.registries.azure import azure, uuid_of
from lab.registries.simple import public
from lab.registry import Shelf
from lab.wheels import wheel
from tests.scenarios.using import WAYS, Place, asked, by_keyring, by_name, in_a_project, inline, refused, repeated

UI, CORE, TOOLS = ("build", "token of ui"), ("build", "token of core"), ("VssSessionToken", "token of tools")
# One organisation with two tokens, each good for one feed only; another organisation with a feed of its own.
SHELVES = {
    "ui": Shelf("east/web/ui", (wheel("widgets", "3.0", requires=["gears", "spanner"]),), (UI,)),
    "core": Shelf("east/web/core", (wheel("gears", "0.9", requires=["palette"]),), (CORE,)),
    "tools": Shelf("west/tools", (wheel("spanner", "5.2"),), (TOOLS,)),
}
KEYS = {name: shelf.readers[0] for name, shelf in SHELVES.items()}
PUBLIC = (wheel("palette", "3.0"), wheel("widgets", "99"), wheel("gears", "99"), wheel("spanner", "99"))
INSTALLED = ["gears-0.9", "palette-3.0", "spanner-5.2", "widgets-3.0"]
# Every order, with a slash at the end of the URLs and without by turns.
SPELLINGS = [{"order": order, "slash": bool(at % 2)} for at, order in enumerate(permutations(SHELVES))]


@pytest.fixture
def host():
    with azure(*SHELVES.values()) as host:
        yield host


@pytest.fixture
def open_index():
    with public(*PUBLIC) as index:
        yield index


def places(host, order=tuple(SHELVES), *, slash=True, view=""):
    return [Place(name, host.index_url(SHELVES[name].name + view, slash=slash), KEYS[name]) for name in order]


def strangers(host):
    """What was asked with another identity than that of the feed it belongs to; the blob host must see none."""
    front, blobs = host.servers
    owners = {f"/_packaging/{part}": KEYS[name] for name in SHELVES for part in (name, uuid_of(SHELVES[name].name))}
    wrong = [str(entry) for entry in blobs.requests() if "authorization" in entry.headers]
    for entry in front.requests():
        owner = next(owner for part, owner in owners.items() if part in entry.path)
        wrong += [str(entry)] if entry.identity != owner else []
    return wrong


def assert_all_went_well(said, user, host, open_index):
    assert (0, INSTALLED) == (said.code, user.installed()), said.err
    assert [] == strangers(host)
    assert [] == refused(host.requests())
    assert [] == repeated((*host.requests(), *open_index.requests()))
    assert {None} == {entry.identity for entry in open_index.requests()}
    assert {"GET"} == {entry.method for entry in (*host.requests(), *open_index.requests())}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("spelling", SPELLINGS, ids=lambda spelling: "-".join(spelling["order"]))
def test_three_feeds_are_read_each_with_its_own_token(user, host, open_index, way, spelling):
    given = way(user, places(host, **spelling), open_index.index_url())

    said = user.install(*given.words, "widgets", **given.variables)

    assert_all_went_well(said, user, host, open_index)


@pytest.mark.parametrize("way", [inline, by_name, by_keyring])
def test_views_of_feeds_are_read_each_with_its_own_token(user, host, open_index, way):
    given = way(user, places(host, view="@Release"), open_index.index_url())

    said = user.install(*given.words, "widgets", **given.variables)

    assert_all_went_well(said, user, host, open_index)
    files = [entry.path for entry in host.requests("*/download/*")]
    assert all(f"@{uuid_of(shelf.name, 'Release')}/" in "".join(files) for shelf in SHELVES.values())


def test_a_feed_of_a_whole_organisation_stands_beside_one_of_its_projects(user, open_index):
    whole, project = ("any", "token of the organisation"), ("any", "token of the project's feed")
    shelves = (
        Shelf("east/all", (wheel("widgets", "3.0", requires=["gears"]),), (whole,)),
        Shelf("east/web/core", (wheel("gears", "0.9"),), (project,)),
    )
    with azure(*shelves) as host:
        all_of_it, core = (
            Place("all", host.index_url("east/all"), whole),
            Place("core", host.index_url("east/web/core"), project),
        )
        given = by_name(user, [core, all_of_it], open_index.index_url())

        said = user.install(*given.words, "widgets", **given.variables)

        passwords = {(uuid_of("east/all") in entry.path, entry.password) for entry in host.requests("*/download/*")}
        assert (0, ["gears-0.9", "widgets-3.0"]) == (said.code, user.installed()), said.err
        assert {(True, whole[1]), (False, project[1])} == passwords
        assert [] == refused(host.requests())


def test_what_is_asked_is_the_page_the_file_and_its_blob(user, host, open_index):
    tools = places(host, ["tools"])
    given = by_name(user, tools, open_index.index_url())

    user.install(*given.words, "spanner", **given.variables)

    identifier = uuid_of("west/tools", "spanner-5.2-py3-none-any.whl")
    assert [
        "GET /west/_packaging/tools/pypi/simple/spanner/ -> 200 as VssSessionToken:token of tools",
        f"GET /west/_packaging/{uuid_of('west/tools')}/pypi/download/spanner/5.2/spanner-5.2-py3-none-any.whl -> 303 as"
        " VssSessionToken:token of tools",
        f"GET /blob/{identifier} -> 206 as nobody",
    ] == [f"{str(entry).partition('?')[0]}{str(entry).partition('sp=r')[2]}" for entry in host.requests()]


@pytest.mark.parametrize("slash", [True, False], ids=["slash", "no-slash"])
def test_the_keyring_is_asked_once_for_each_feed_and_by_its_url(user, host, open_index, slash):
    given = by_keyring(user, places(host, slash=slash), open_index.index_url())

    user.install(*given.words, "widgets", **given.variables)

    expected = [("get", place.url, place.identity[0]) for place in places(host, slash=slash)]
    assert sorted(expected) == sorted(user.keyring({}).calls())


@pytest.mark.parametrize(("way", "wrong"), list(zip(WAYS, [*SHELVES] * len(WAYS), strict=False)))
def test_of_three_tokens_the_wrong_one_is_named_alone(user, host, open_index, way, wrong):
    # The feed with the wrong token is searched last: the other two must have been read without a word.
    order = sorted(SHELVES, key=lambda name: name == wrong)
    mine = places(host, order)
    spoiled = [*mine[:-1], mine[-1]._replace(identity=(KEYS[wrong][0], "token of yesterday"))]
    given = way(user, spoiled, open_index.index_url())

    said = user.install(*given.words, "widgets", **given.variables)

    bad, good = mine[-1], mine[:-1]
    label = bad.name if way in (by_name, in_a_project) else bad.url
    assert (1, []) == (said.code, user.installed())
    assert f"cause: Index `{label}` did not accept the credentials for {bad.url}" in said.err
    assert "(401 Unauthorized)" in said.err
    assert [] == [place.url for place in good if place.url in said.err]
    assert {"token of yesterday"} == {entry.password for entry in host.requests() if entry.status == 401}
    # What runs at the same moment may meet the same answer; nothing goes out with the token afterwards.
    assert 4 >= len(refused(host.requests()))
    assert [] == asked(open_index, "*widgets*") + asked(open_index, "*gears*") + asked(open_index, "*spanner*")


def test_the_refusal_says_index_status_source_and_what_to_type(user, host, open_index):
    mine = places(host)
    spoiled = [mine[0], mine[1]._replace(identity=("build", "token of yesterday")), mine[2]]
    given = by_name(user, spoiled, open_index.index_url())

    said = user.install(*given.words, "gears", **given.variables)

    assert [
        f"Index `core` did not accept the credentials for {mine[1].url}gears/ (401 Unauthorized)",
        "The credentials came from UV_INDEX_CORE_USERNAME and UV_INDEX_CORE_PASSWORD",
        "No answer has accepted them in this run",
    ] == said.causes
    assert ["correct the credentials in UV_INDEX_CORE_USERNAME and UV_INDEX_CORE_PASSWORD"] == said.hints


def test_a_page_to_sign_in_in_place_of_a_401_is_a_refusal_too(user, open_index):
    with azure(*SHELVES.values(), sign_in=203) as host:
        mine = [place._replace(identity=("build", "old")) for place in places(host, ["tools"])]
        given = by_name(user, mine, open_index.index_url())

        said = user.install(*given.words, "spanner", **given.variables)

        assert 1 == said.code
        assert "Index `tools` answered with a page to sign in" in said.err
        assert [] == asked(open_index)


def test_a_second_run_into_another_environment_asks_for_pages_alone(user, host, open_index):
    given = by_name(user, places(host), open_index.index_url())
    user.install(*given.words, "widgets", **given.variables)
    host.clear()

    said = user.install(*given.words, "widgets", "--target", str(user.folder / "elsewhere"), **given.variables)

    assert 0 == said.code, said.err
    assert [] == asked(host, "*/download/*") + asked(host, "/blob/*")
    assert [] == strangers(host)
