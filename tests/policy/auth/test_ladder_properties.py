"""What holds for all indexes, URLs, redirects and answers: an identity stays with its owner, whatever the order."""

from collections import Counter

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from keyrack.policy.auth import audience
from keyrack.policy.auth.refusals import Refused
from keyrack.policy.auth.steps import Reply
from keyrack.values.credentials import Source
from keyrack.values.exchange import Purpose, Request
from keyrack.values.index import AuthPolicy, FileScope
from keyrack.values.url import is_under, parse_url
from tests.policy.auth.stepping import Walk, World, basic, index, shown

ORIGINS = ["https://one.example", "https://two.example", "http://one.example", "https://one.example:8443"]
PATHS = ["", "/a", "/a/b", "/b", "/a/x.whl", "/a/b/x.whl", "/b/x.whl", "/c/x.whl?sig=s3cr3t", "/a/../b/x.whl"]
URLS = [origin + path for origin in ORIGINS for path in PATHS]
LINK, HOP = "link:s3cr3tl", "hop:s3cr3th"


@st.composite
def indexes(draw):
    """One to four indexes on few roots; identities are given, half given, shared, kept elsewhere or missing."""
    made, sources = [], {}
    places = draw(st.lists(st.sampled_from(URLS[:8] + URLS[9:14]), min_size=1, max_size=4, unique=True))
    for number, place in enumerate(places):
        kind = draw(st.sampled_from(["given", "shared", "half", "kept", "none", "token"]))
        user = "shared:s3cr3t" if kind == "shared" else f"user{number}:s3cr3t{number}"
        userinfo = {"given": user, "shared": user, "half": f"user{number}", "token": f"s3cr3t{number}"}.get(kind, "")
        scheme, _, rest = place.partition("://")
        text = f"{scheme}://{userinfo}{'@' if userinfo else ''}{rest}/simple/"
        made.append(
            index(
                text,
                f"i{number}",
                source=Source.ENVIRONMENT if kind == "half" else Source.INLINE,
                authenticate=draw(st.sampled_from([*[AuthPolicy.AUTO] * 4, AuthPolicy.ALWAYS, AuthPolicy.NEVER])),
                origins=tuple(draw(st.lists(st.sampled_from(ORIGINS), max_size=1))),
                scope=draw(st.sampled_from([FileScope.ORIGIN, FileScope.ORIGIN, FileScope.PREFIX])),
            )
        )
        if kind in ("half", "kept"):
            sources[str(made[-1].url)] = draw(st.sampled_from([f"KEYRING {user}", user]))
    for host in draw(st.lists(st.sampled_from(["one.example", "two.example"]), unique=True)):
        sources[f"machine {host}"] = f"netrc-{host}:s3cr3t"
    return tuple(made), sources


@st.composite
def requests(draw, made, owners=()):
    owner = draw(st.sampled_from(owners or [*made, None]))
    purpose = draw(st.sampled_from(list(Purpose))) if owner else Purpose.DIRECT
    url = draw(st.sampled_from(URLS))
    if owner and purpose is Purpose.PAGE:
        url = f"{owner.url}lib/"
    inline = basic(LINK) if draw(st.integers(0, 4)) == 0 and purpose is not Purpose.PAGE else None
    return Request(
        parse_url(url).url, purpose, owner.id if owner else None, link_credentials=inline, has_hash=draw(st.booleans())
    )


ANY_ANSWER = st.one_of(
    st.sampled_from([200, 200, 206, 304, 401, 403, 404, 407, 500]),
    st.just(Reply(401, sign_in=True)),
    st.sampled_from(URLS),
    st.sampled_from(URLS).map(lambda url: url.replace("://", f"://{HOP}@")),
)


class Watched:
    """A server that answers as the draw says and keeps what was asked, with the redirect that led there."""

    def __init__(self, draw):
        self.draw = draw
        self.hops = set()
        self.redirects = 0

    def __call__(self, _url, _who):
        answer = self.draw(ANY_ANSWER)
        self.redirects += isinstance(answer, str)
        if isinstance(answer, str) and HOP in answer:
            self.hops.add(parse_url(answer).url.origin)
        return answer


def may_hear(world, request, url, who, hops):
    """Whether this identity may be heard at this URL, said without the ladder: by whose it is."""
    if who is None:
        return True
    origin = url.origin
    if who == LINK:
        return request.link_credentials is not None and origin in reachable(request.url.origin)
    if who == HOP:
        return origin in {near for hop in hops for near in reachable(hop)} and audience.is_confidential(origin)
    if who.startswith("netrc-"):
        return who == f"netrc-{origin.host}:s3cr3t" and origin.scheme == "https"
    owner = owner_of(world, request)
    if owner is None or owner.authenticate is AuthPolicy.NEVER or who not in identities(world, owner):
        return False
    return origin in reachable(owner.url.origin) | owner.file_origins and not is_claimed(world, owner, url, who)


def reachable(origin):
    """The origin itself, and what it becomes by an upgrade to https."""
    upgraded = parse_url(f"https://{origin.host}").url.origin
    return {origin, upgraded} if audience.is_upgrade(origin, upgraded) else {origin}


def owner_of(world, request):
    if request.index is not None:
        return world.book.index(request.index)
    found = audience.owners(request.url, world.book.indexes)
    return found[0] if found else None


def identities(world, owner):
    """What the configuration and the sources say of an index, and of no other."""
    given = shown(owner.given.credentials) if owner.given and hasattr(owner.given.credentials, "password") else None
    may_be_token = owner.given and not given and owner.given.source is Source.INLINE
    alone = f"{owner.given.credentials.username}:" if may_be_token else None
    kept = world.sources.get(str(owner.url), "").rpartition(" ")[2] or None
    return {given, alone, kept} - {None}


def is_claimed(world, owner, url, who):
    others = [other for other in world.book.indexes.all if other.id != owner.id and other.url.origin == url.origin]
    deeper = [
        other
        for other in others
        if other.root.path != "/" and is_under(url, other.root) and not is_under(owner.root, other.root)
    ]
    return any(other.authenticate is AuthPolicy.NEVER or who not in identities(world, other) for other in deeper)


@given(st.data())
def test_an_identity_is_heard_only_where_its_owner_says(data):
    made, sources = data.draw(indexes())
    server = Watched(data.draw)
    world = World(*made, server=server, sources=sources)
    for _ in range(data.draw(st.integers(1, 4))):
        request = data.draw(requests(made))
        world.sends.clear()

        world.ask(request)

        heard = [(parse_url(text).url, who) for text, who in world.sends]
        assert [] == [(url, who) for url, who in heard if not may_hear(world, request, url, who, server.hops)]


@given(st.data())
def test_no_hop_is_sent_more_than_twice(data):
    made, sources = data.draw(indexes())
    for _ in range(data.draw(st.integers(1, 4))):
        server = Watched(data.draw)
        world = World(*made, server=server, sources=sources)

        world.ask(data.draw(requests(made)))

        assert len(world.sends) <= 2 * (1 + server.redirects)


@given(st.data())
def test_each_index_is_looked_up_once_in_a_run(data):
    made, sources = data.draw(indexes())
    world = World(*made, server=Watched(data.draw), sources=sources)
    for _ in range(data.draw(st.integers(1, 5))):
        world.ask(data.draw(requests(made)))

    counts = Counter(str(wanted.service) for wanted in world.look_ups if not wanted.machine_only)
    assert [] == [service for service, times in counts.items() if times > 1]


@given(st.data())
def test_what_is_looked_up_was_declared_and_stood_on_no_page(data):
    made, sources = data.draw(indexes())
    world = World(*made, server=Watched(data.draw), sources=sources)
    for _ in range(data.draw(st.integers(1, 4))):
        world.ask(data.draw(requests(made)))

    declared = {index.url for index in made}
    asked = {wanted.service for wanted in world.look_ups + world.renewals if not wanted.machine_only}
    assert set() == asked - declared


@given(st.data())
def test_never_means_that_no_request_in_the_name_of_the_index_carries_credentials(data):
    made, sources = data.draw(indexes())
    closed = msgspec.structs.replace(made[0], authenticate=AuthPolicy.NEVER)
    world = World(closed, *made[1:], server=Watched(data.draw), sources=sources)

    world.ask(data.draw(requests((closed,), (closed,))))

    assert set() == set(world.spoke) - {None}


@given(st.data())
def test_nothing_that_is_said_shows_a_secret(data):
    made, sources = data.draw(indexes())
    world = World(*made, server=Watched(data.draw), sources=sources)

    outcomes = [world.ask(data.draw(requests(made))) for _ in range(3)]

    refusals = [each for each in outcomes if isinstance(each, Refused)]
    words = [f"{each} {each.causes} {each.hints} {each.about}" for each in refusals]
    assert [] == [text for text in [*words, *world.told, *world.reasons] if "s3cr3t" in text]


class Consistent:
    """A server whose answers depend on the URL and on who asks, and on nothing else.

    401 is for whom it does not know; whom it knows and does not let in, it answers 403.
    """

    def __init__(self, known, places):
        self.known = known
        self.places = places

    def __call__(self, url, who):
        place = self.places.get(url, "open")
        if who is not None and who not in self.known:
            return 401
        if place == "open":
            return 200
        if isinstance(place, frozenset):
            return 401 if who is None else 200 if who in place else 403
        return place


@st.composite
def consistent(draw, made, sources):
    everybody = sorted({who for one in made for who in identities(World(*made, server=None, sources=sources), one)})
    known = draw(st.sets(st.sampled_from(everybody))) if everybody else set()
    who = st.frozensets(st.sampled_from(sorted(known))) if known else st.just(frozenset())
    pages = [f"{one.url}lib/" for one in made]
    place = st.one_of(st.sampled_from(["open", 404]), who, who, st.sampled_from(URLS))
    return Consistent(known, draw(st.dictionaries(st.sampled_from(URLS + pages), place)))


def gist(outcome):
    return (type(outcome).__name__, outcome.status) if isinstance(outcome, Refused) else outcome


@given(st.data())
def test_what_comes_of_a_request_does_not_depend_on_what_runs_beside_it(data):
    made, sources = data.draw(indexes())
    server = data.draw(consistent(made, sources))
    asked = data.draw(st.lists(requests(made), min_size=2, max_size=6))
    one_by_one = World(*made, server=server, sources=sources)
    expected = [gist(one_by_one.ask(request)) for request in asked]

    beside = World(*made, server=server, sources=sources)
    walks = [Walk(beside, request) for request in asked]
    while moving := [walk for walk in walks if not walk.is_over and not walk.waits]:
        data.draw(st.sampled_from(moving)).go()

    assert expected == [gist(walk.outcome) if walk.is_over else "waits for ever" for walk in walks]
