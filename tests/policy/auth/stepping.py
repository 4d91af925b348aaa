"""Ladders without a network: servers and credential sources are tables, and each step is taken when a test says so."""

from collections.abc import Callable, Mapping

from keyrack.policy.auth.book import Book
from keyrack.policy.auth.ladder import ladder
from keyrack.policy.auth.refusals import Refused
from keyrack.policy.auth.steps import Finding, LookUp, Refresh, Reply, Send, Tell, Wait, Wanted
from keyrack.values.credentials import Basic, Complete, Held, Source, credentials_in
from keyrack.values.exchange import Purpose, Request
from keyrack.values.index import AuthPolicy, FileScope, Index, Indexes, index_id
from keyrack.values.login import Login
from keyrack.values.names import IndexName
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url

Answer = Callable[[str, str | None], int | str | Reply]
"""A server: exact URL and `user:password` (None for a bare request) -> a status, where to redirect to, or a reply."""


def basic(text: str) -> Basic:
    username, _, password = text.partition(":")
    return Basic(username, Secret(password))


def shown(credentials: Complete | None) -> str | None:
    match credentials:
        case None:
            return None
        case Basic(username, password):
            return f"{username}:{password.reveal()}"
        case bearer:
            return f"Bearer {bearer.token.reveal()}"


def index(
    text: str,
    name: str | None = None,
    *,
    source: Source = Source.INLINE,
    authenticate: AuthPolicy = AuthPolicy.AUTO,
    ignore: frozenset[int] = frozenset(),
    origins: tuple[str, ...] = (),
    scope: FileScope = FileScope.ORIGIN,
) -> Index:
    """An index from its URL; userinfo in it is its given identity."""
    parsed = parse_url(text)
    inline = credentials_in(parsed)
    named = IndexName(name) if name else None
    return Index(
        index_id(parsed.url, named),
        parsed.url,
        named,
        authenticate=authenticate,
        ignore_error_codes=ignore,
        file_origins=frozenset(parse_url(origin).url.origin for origin in origins),
        file_scope=scope,
        given=Held(inline, source) if inline else None,
    )


def login(text: str) -> Login:
    """A login from its URL with userinfo."""
    parsed = parse_url(text)
    credentials = credentials_in(parsed)
    assert isinstance(credentials, Basic)
    return Login(parsed.url, credentials)


def page(of: Index, text: str | None = None) -> Request:
    url = parse_url(text).url if text else of.url.with_path(f"{of.url.path.rstrip('/')}/lib/")
    return Request(url, Purpose.PAGE, of.id)


def file(of: Index | None, text: str, purpose: Purpose = Purpose.FILE, *, has_hash: bool = True) -> Request:
    parsed = parse_url(text)
    inline = credentials_in(parsed)
    return Request(
        parsed.url,
        purpose if of else Purpose.DIRECT,
        of.id if of else None,
        link_credentials=inline if isinstance(inline, Basic) else None,
        has_hash=has_hash,
    )


class World:
    """Indexes, a server and sources; what was sent, looked up and told stands in its lists."""

    def __init__(
        self,
        *indexes: Index,
        server: Answer,
        sources: Mapping[str, str] | None = None,
        logins: tuple[Login, ...] = (),
    ) -> None:
        """`sources` maps a declared URL, or `machine HOST`, to `[SOURCE ]user:password`."""
        self.book = Book(Indexes(indexes, logins=logins))
        self.server = server
        self.sources = dict(sources or {})
        self.sends: list[tuple[str, str | None]] = []
        self.reasons: list[str] = []
        self.look_ups: list[Wanted] = []
        self.renewals: list[Wanted] = []
        self.told: list[str] = []
        self.good = ""
        """The identity that the server lets in just now, where a test changes it."""

    def ask(self, request):
        """Carry one request to its end: the refusal, or the status."""
        walk = Walk(self, request)
        while not walk.is_over:
            walk.go()
        return walk.outcome

    @property
    def spoke(self) -> list[str | None]:
        """The identities that went out, in order."""
        return [identity for _, identity in self.sends]

    def find(self, wanted: Wanted) -> Finding:
        key = f"machine {wanted.service.host}" if wanted.machine_only else str(wanted.service)
        found = self.sources.get(key)
        asked = ("netrc",) if wanted.machine_only else ("netrc", "keyring")
        if found is None:
            return Finding(None, asked)
        name, _, pair = found.rpartition(" ")
        credentials = basic(pair)
        if wanted.username not in (None, credentials.username):
            return Finding(None, asked)
        return Finding(Held(credentials, Source[name or "NETRC"], (name or "netrc").lower()), asked)


class Walk:
    """One request under way: `go` takes its next step, unless it waits for another."""

    def __init__(self, world: World, request: Request) -> None:
        self.world = world
        self.request = request
        self.sends = 0
        self.hops: list[str] = []
        self.look_ups: list[Wanted] = []
        self.is_over = False
        self.outcome: Refused | int = 0
        self._steps = ladder(request, world.book)
        self._todo: Send | LookUp | Refresh | Wait | Tell | None = None
        self._seen = -1

    @property
    def waits(self) -> bool:
        return isinstance(self._todo, Wait) and self._seen == self.world.book.version

    def go(self) -> None:
        assert not self.waits, "waits for somebody who will never come"
        try:
            self._todo = self._steps.send(self._told())
        except StopIteration as end:
            self.is_over = True
            self.outcome = end.value or self.outcome
        self._seen = self.world.book.version

    def drop(self) -> None:
        """End it as an interruption does."""
        self._steps.close()
        self.is_over = True

    def _told(self) -> Reply | Finding | None:
        world = self.world
        match self._todo:
            case Send(url, credentials):
                world.sends.append((url.exact, shown(credentials)))
                world.reasons.append(self._todo.why)
                self.hops.append(url.exact)
                answer = world.server(url.exact, shown(credentials))
                reply = (
                    answer
                    if isinstance(answer, Reply)
                    else Reply(answer)
                    if isinstance(answer, int)
                    else Reply(302, answer)
                )
                self.outcome = reply.status
                return reply
            case LookUp(wanted):
                world.look_ups.append(wanted)
                self.look_ups.append(wanted)
                return world.find(wanted)
            case Refresh(wanted):
                world.renewals.append(wanted)
                return world.find(wanted)
            case Tell(_, line):
                world.told.append(line)
            case Wait() | None:
                pass
        return None


def only(*identities: str | None) -> Answer:
    """A server that lets these in, everywhere."""
    return lambda _url, identity: 200 if identity in identities else 401
