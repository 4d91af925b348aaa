"""The session against the lab's registries: each resource is asked for once, by its own index, and nobody else."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from keyrack.adapters.keyring import Keyring
from keyrack.adapters.transport import CurlTransport, TransportSettings
from keyrack.formats.simple_html import parse_html_page
from keyrack.formats.simple_json import parse_json_page
from keyrack.policy.auth.given import resolve_given
from keyrack.policy.auth.refusals import AuthRejected, Forbidden, Refused, SignInPage
from keyrack.supply.credentials import KeyringSource, Lookups, NetrcSource
from keyrack.supply.session import Session
from keyrack.supply.wire import Wire
from keyrack.values.credentials import credentials_in
from keyrack.values.exchange import Purpose, Request
from keyrack.values.index import AuthPolicy, Index, Indexes, index_id
from keyrack.values.names import IndexName
from keyrack.values.url import join_url, parse_url
from lab.faults import Fault
from lab.keyring_program import keyring_program
from lab.kinds import KINDS, registry
from lab.registries.azure import azure
from lab.registries.google import google, key
from lab.registry import Shelf, with_userinfo
from lab.wheels import wheel

AT_ONCE = [1, 50]


def make(text, name, variables=None, policy=AuthPolicy.AUTO):
    parsed, named = parse_url(text), IndexName(name)
    held = resolve_given(named, credentials_in(parsed), variables or {}, label=name, policy=policy)
    return Index(index_id(parsed.url, named), parsed.url, named, authenticate=policy, given=held)


@contextmanager
def opened(*indexes, sources=()):
    transport = CurlTransport(TransportSettings())
    try:
        yield Session(Indexes(indexes), Wire(transport), Lookups(tuple(sources)))
    finally:
        transport.close()


def take(session, index, project):
    """Read a project's page and fetch all that it lists, as an installer does: the files' names, or the refusal."""
    url = index.url.with_path(f"{index.url.path.rstrip('/')}/{project}/")
    accept = (("accept", "application/vnd.pypi.simple.v1+json, text/html;q=0.1"),)
    try:
        answer = session.fetch(Request(url, Purpose.PAGE, index.id, accept))
        if answer.head.status != 200:
            return answer.head.status
        is_json = "json" in (answer.head.header("content-type") or "")
        page = (parse_json_page if is_json else parse_html_page)(answer.body, answer.head.url, index.id)
        return [fetched(session, index, page.base, link.href) for link in page.links]
    except Refused as refusal:
        return refusal


def fetched(session, index, base, href):
    answer = session.fetch(Request(join_url(base, href).url, Purpose.FILE, index.id, has_hash=True))
    return (answer.head.status, answer.body[:2])


def take_all(session, indexes, at_once):
    """Every index' own project, `lib-NAME`, many at once."""
    with ThreadPoolExecutor(at_once) as pool:
        asked = [(session, index, f"lib-{index.name}") for index in indexes] * at_once
        return list(pool.map(lambda words: take(*words), asked))


def shelves(*names, readers):
    return [
        Shelf(name, (wheel(f"lib-{number}", "1"),), (reader,))
        for number, (name, reader) in enumerate(zip(names, readers, strict=True))
    ]


def who(registry_, pattern="*"):
    """The identities that were seen at URLs that match, each once."""
    return {entry.identity for entry in registry_.requests(pattern)}


GOOGLE_KEYS = [key("one"), key("two")]
TOKENS = [("any", "token-one"), ("any", "token-two"), ("any", "token-three")]


@pytest.mark.parametrize("at_once", AT_ONCE)
@pytest.mark.parametrize("slash", [True, False])
def test_two_google_repositories_on_one_host_are_each_read_with_their_own_key(at_once, slash):
    stock = shelves("one/repo", "two/repo", readers=GOOGLE_KEYS)
    with google(*stock) as host:
        indexes = [
            make(host.index_url(shelf.name, reader, slash=slash), str(number))
            for number, (shelf, reader) in enumerate(zip(stock, GOOGLE_KEYS, strict=True))
        ]
        with opened(*indexes) as session:
            found = take_all(session, indexes, at_once)

    assert [[(200, b"PK")]] * len(found) == found
    assert [{GOOGLE_KEYS[0]}, {GOOGLE_KEYS[1]}] == [who(host, "/one/*"), who(host, "/two/*")]
    assert {200, 307} == {entry.status for entry in host.requests()}


@pytest.mark.parametrize("at_once", AT_ONCE)
def test_three_azure_feeds_on_one_host_are_each_read_with_their_own_token(at_once):
    stock = shelves("org-one/feed", "org-two/project/feed", "org-two/project/other", readers=TOKENS)
    with azure(*stock) as host:
        indexes = [
            make(host.index_url(shelf.name, reader), str(number))
            for number, (shelf, reader) in enumerate(zip(stock, TOKENS, strict=True))
        ]
        with opened(*indexes) as session:
            found = take_all(session, indexes, at_once)
        front, blobs = host.servers

    assert [[(200, b"PK")]] * len(found) == found
    assert {None} == {entry.identity for entry in blobs.requests()}
    assert {200, 303} == {entry.status for entry in front.requests()}
    seen = {
        (entry.path.split("/lib-")[-1][0] if "/lib-" in entry.path else "", entry.identity)
        for entry in front.requests()
    }
    assert {(str(number), token) for number, token in enumerate(TOKENS)} == {pair for pair in seen if pair[0]}


def test_each_resource_is_asked_for_once_where_the_identity_is_known():
    stock = shelves("org-one/feed", "org-two/feed", readers=TOKENS[:2])
    with azure(*stock) as host:
        indexes = [make(host.index_url(shelf.name, TOKENS[n]), str(n)) for n, shelf in enumerate(stock)]
        with opened(*indexes) as session:
            take_all(session, indexes, 1)
        targets = [entry.target for entry in host.requests()]

    assert (6, 6) == (len(targets), len(set(targets)))


def test_one_wrong_token_of_three_is_named_alone():
    stock = shelves("org/one", "org/two", "org/three", readers=TOKENS)
    with azure(*stock) as host:
        given = [TOKENS[0], ("any", "stale"), TOKENS[2]]
        indexes = [
            make(host.index_url(shelf.name, reader), str(n))
            for n, (shelf, reader) in enumerate(zip(stock, given, strict=True))
        ]
        with opened(*indexes) as session:
            found = take_all(session, indexes, 1)

    assert (list, AuthRejected, list) == tuple(type(each) for each in found)
    assert "1" == found[1].index


def test_a_key_of_the_wrong_repository_is_forbidden_and_named():
    stock = shelves("one/repo", "two/repo", readers=GOOGLE_KEYS)
    with google(*stock) as host:
        indexes = [make(host.index_url(shelf.name, GOOGLE_KEYS[0]), str(n)) for n, shelf in enumerate(stock)]
        with opened(*indexes) as session:
            found = take_all(session, indexes, 1)

    assert (list, Forbidden) == tuple(type(each) for each in found)


@pytest.mark.parametrize("at_once", AT_ONCE)
@pytest.mark.parametrize("kind", KINDS)
def test_at_every_kind_of_registry_a_team_reads_what_is_its_own(kind, at_once):
    readers = [("user", "one"), ("user", "two")]
    with registry(kind, *shelves("team/one", "team/two", readers=readers)) as host:
        indexes = [
            make(host.index_url(f"team/{word}", ("user", word)), str(n)) for n, word in enumerate(["one", "two"])
        ]
        with opened(*indexes) as session:
            found = take_all(session, indexes, at_once)
        refused = [entry for entry in host.requests() if entry.status in (400, 401, 403, 404)]

    assert ([[(200, b"PK")]] * len(found), []) == (found, refused)


def test_pairs_in_the_environment_come_before_what_stands_in_the_url():
    stock = shelves("org/one", "org/two", readers=TOKENS[:2])
    variables = {}
    for number, (username, password) in enumerate(TOKENS[:2]):
        variables |= {f"UV_INDEX_{number}_USERNAME": username, f"UV_INDEX_{number}_PASSWORD": password}
    with azure(*stock) as host:
        indexes = [
            make(host.index_url(shelf.name, ("any", "stale")), str(n), variables) for n, shelf in enumerate(stock)
        ]
        with opened(*indexes) as session:
            found = take_all(session, indexes, 1)
        seen = who(host)

    assert ([[(200, b"PK")]] * 2, {*TOKENS[:2], None}) == (found, seen)


@pytest.mark.parametrize("at_once", AT_ONCE)
def test_the_keyring_is_asked_once_for_each_index_url_and_never_for_a_file(at_once, tmp_path):
    stock = shelves("org/one", "org/two", readers=[("user", "a"), ("user", "b")])
    with azure(*stock) as host:
        urls = [host.index_url(shelf.name) for shelf in stock]
        program = keyring_program(tmp_path / "bin", {(urls[0], "user"): "a", (urls[1], "user"): "b"})
        indexes = [make(with_userinfo(url, ("user", "")), str(n)) for n, url in enumerate(urls)]
        with opened(*indexes, sources=[KeyringSource(Keyring(program.path))]) as session:
            found = take_all(session, indexes, at_once)
        refused = [entry for entry in host.requests() if entry.status >= 400]

    assert ([[(200, b"PK")]] * len(found), []) == (found, refused)
    assert sorted(("get", url, "user") for url in urls) == sorted(program.calls())


def test_where_credentials_are_always_needed_the_keyring_gives_the_user_name_too(tmp_path):
    stock = shelves("org/one", readers=[("user", "a")])
    with azure(*stock) as host:
        url = host.index_url("org/one")
        program = keyring_program(tmp_path / "bin", {(url, "user"): "a"})
        index = make(url, "0", policy=AuthPolicy.ALWAYS)
        with opened(index, sources=[KeyringSource(Keyring(program.path))]) as session:
            found = take_all(session, [index], 1)

    assert ([[(200, b"PK")]], (("get", url, "--mode", "creds"),)) == (found, program.calls())


def test_a_token_that_expires_on_the_way_is_renewed_once(tmp_path):
    stock = [Shelf("org/one", (wheel("lib-0", "1"),), (("user", "new"), ("user", "old")))]
    with azure(*stock) as host:
        url = host.index_url("org/one")
        program = keyring_program(tmp_path / "bin", {(url, "user"): ["old", "new"]})
        index = make(with_userinfo(url, ("user", "")), "0")
        with opened(index, sources=[KeyringSource(Keyring(program.path))]) as session:
            before = take(session, index, "lib-0")
            host.server.fault(Fault(status=401, times=1))
            after = take(session, index, "lib-0")

    assert ([(200, b"PK")], [(200, b"PK")], 2) == (before, after, len(program.calls()))


def test_a_burst_of_401_at_the_start_is_waited_out():
    stock = shelves("org/one", readers=TOKENS[:1])
    with azure(*stock) as host:
        host.server.fault(Fault(status=401, times=3, delay=0.05))
        index = make(host.index_url("org/one", TOKENS[0]), "0")
        with opened(index) as session:
            found = take_all(session, [index], 50)

    assert [[(200, b"PK")]] * 50 == found


def test_a_wrong_password_reaches_the_server_four_times_at_most():
    stock = shelves("org/one", readers=TOKENS[:1])
    with azure(*stock) as host:
        index = make(host.index_url("org/one", ("any", "stale")), "0")
        with opened(index) as session:
            found = take_all(session, [index], 50)
        count = len(host.requests())

    assert ({AuthRejected}, True) == ({type(each) for each in found}, 1 <= count <= 4)


def test_netrc_answers_for_an_index_that_asks(tmp_path):
    stock = shelves("org/one", readers=TOKENS[:1])
    with azure(*stock) as host:
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login any password token-one")
        index = make(host.index_url("org/one"), "0")
        with opened(
            index, sources=[NetrcSource(str(tmp_path / "netrc"), lambda path: Path(path).read_bytes())]
        ) as session:
            found = take_all(session, [index], 1)
        seen = [entry.identity for entry in host.requests()]

    assert ([[(200, b"PK")]], [None, TOKENS[0], TOKENS[0], None]) == (found, seen)


@pytest.mark.parametrize("status", [200, 203])
def test_a_page_to_sign_in_is_never_an_empty_project(status):
    stock = shelves("org/one", readers=TOKENS[:1])
    with azure(*stock, sign_in=status) as host:
        index = make(host.index_url("org/one", ("any", "stale")), "0")
        with opened(index) as session:
            found = take(session, index, "lib-0")

    assert SignInPage is type(found)


def test_a_public_index_that_lists_a_private_file_does_not_get_it():
    stock = shelves("team/one", readers=[("user", "one")])
    with registry("json", *stock) as private:
        page = f'<a href="{private.url}/team/one/files/lib-0/lib_0-1-py3-none-any.whl">lib</a>'.encode()
        with registry("html") as public:
            public.server.fault(Fault(status=200, body=page, headers=(("Content-Type", "text/html"),)))
            indexes = [make(public.index_url(), "public"), make(private.index_url("team/one", ("user", "one")), "0")]
            with opened(*indexes) as session:
                found = take(session, indexes[0], "lib-0")
        seen = who(private)

    assert ("ForeignFileOrigin", {None}) == (type(found).__name__, seen)


def test_no_secret_stands_in_what_is_told():
    stock = shelves("org/one", "org/two", readers=TOKENS[:2])
    told = []
    with azure(*stock) as host:
        indexes = [make(host.index_url(shelf.name, TOKENS[n]), str(n)) for n, shelf in enumerate(stock)]
        transport = CurlTransport(TransportSettings())
        session = Session(Indexes(tuple(indexes)), Wire(transport), Lookups(), lambda _, line: told.append(line))
        take_all(session, indexes, 1)
        transport.close()
        signatures = {part for entry in host.servers[1].requests() for part in re.findall(r"sig=(\w+)", entry.target)}

    text = "\n".join(told)
    assert (2, []) == (len(signatures), [word for word in {*signatures, "token-one", "token-two"} if word in text])
