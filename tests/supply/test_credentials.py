import pytest

from keyrack.errors import KeyrackError
from keyrack.policy.auth.steps import Finding, Wanted
from keyrack.supply.credentials import KeyringSource, Lookups, NetrcSource
from keyrack.values.credentials import Basic, Held, Source
from keyrack.values.log import Level
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url

URL = parse_url("https://pkgs.example/a/simple/").url
HTTP = parse_url("http://pkgs.example:8080/a/simple/").url


def netrc(text, told=None):
    lines = [] if told is None else told
    return NetrcSource(
        "~/.netrc", lambda _path: None if text is None else text.encode(), lambda *line: lines.append(line)
    )


def held(username, password):
    return Held(Basic(username, Secret(password)), Source.NETRC, "netrc (~/.netrc)")


class FakeKeyring:
    """Keeps passwords by service and user name, and what it was asked."""

    def __init__(self, kept, *, is_there=True):
        self.kept = kept
        self.is_there = is_there
        self.asked = []

    def get(self, service, username):
        self.asked.append((service, username))
        return self.kept.get(service)


TWO = "machine pkgs.example login one password 1\nmachine pkgs.example login two password 2"


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        ("machine pkgs.example login u password p", Wanted(URL), held("u", "p")),
        ("machine PKGS.example login u password p", Wanted(URL), held("u", "p")),
        ("machine other.example login u password p", Wanted(URL), None),
        ("machine pkgs.example:443 login u password p", Wanted(URL), None),
        ("machine pkgs.example login u password p", Wanted(HTTP), held("u", "p")),
        ("machine pkgs.example login u password p", Wanted(URL, "other"), None),
        ("machine pkgs.example login token", Wanted(URL), held("token", "")),
        (TWO, Wanted(URL), held("two", "2")),
        (TWO, Wanted(URL, "one"), held("one", "1")),
        ("", Wanted(URL), None),
    ],
)
def test_netrc_knows_hosts_and_users(text, wanted, expected):
    assert expected == netrc(text).find(wanted)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(URL), None),
        (Wanted(URL, machine_only=True), None),
        (Wanted(URL, always=True), held("u", "p")),
        (Wanted(URL, "u"), held("u", "p")),
        (Wanted(URL, "other"), None),
    ],
)
def test_the_default_entry_goes_only_where_the_user_wants_credentials(wanted, expected):
    assert expected == netrc("default login u password p").find(wanted)


def test_an_entry_for_the_host_comes_before_the_default_one():
    text = "machine pkgs.example login m password m\ndefault login d password d"

    assert held("m", "m") == netrc(text).find(Wanted(URL, always=True))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://pkgs.example/", held("u", "p")),
        ("http://pkgs.example/", None),
        ("http://127.0.0.1:8080/", held("l", "p")),
        ("http://[::1]:8080/", held("l6", "p")),
    ],
)
def test_a_foreign_host_is_named_itself_and_heard_by_nobody_else(url, expected):
    text = (
        "machine pkgs.example login u password p\nmachine 127.0.0.1 login l password p\nmachine ::1 login l6 password p"
    )

    assert expected == netrc(text).find(Wanted(parse_url(url).url, machine_only=True))


def test_netrc_is_read_once():
    reads = []
    source = NetrcSource("~/.netrc", lambda path: reads.append(path) or b"")

    for _ in range(3):
        source.find(Wanted(URL))

    assert ["~/.netrc"] == reads


def test_no_netrc_file_is_told():
    told = []

    assert (None, [(Level.DEBUG, "No netrc file found")]) == (netrc(None, told).find(Wanted(URL)), told)


def test_a_netrc_file_that_cannot_be_understood_is_told_without_its_words():
    told = []

    found = netrc("s3cr3t", told).find(Wanted(URL))

    line = "Error reading netrc file `~/.netrc`: Not a valid netrc file: line 1 holds a word that is not expected there"
    assert (None, [(Level.WARN, line)]) == (found, told)


def test_a_netrc_file_that_cannot_be_read_is_told():
    def read(_path):
        raise KeyrackError("Failed to read `~/.netrc`")

    told = []
    found = NetrcSource("~/.netrc", read, lambda *line: told.append(line)).find(Wanted(URL))

    assert (None, [(Level.WARN, "Error reading netrc file `~/.netrc`: Failed to read `~/.netrc`")]) == (found, told)


def test_the_keyring_is_asked_for_the_index_url_and_answers():
    keyring = FakeKeyring({str(URL): Basic("u", Secret("p"))})

    found = KeyringSource(keyring).find(Wanted(URL, "u"))

    expected = Held(Basic("u", Secret("p")), Source.KEYRING, f"keyring ({URL})")
    assert (expected, [(str(URL), "u")]) == (found, keyring.asked)


def test_the_keyring_is_asked_for_the_host_next():
    keyring = FakeKeyring({"pkgs.example": Basic("u", Secret("p"))})

    found = KeyringSource(keyring).find(Wanted(URL, "u"))

    assert ("keyring (pkgs.example)", [(str(URL), "u"), ("pkgs.example", "u")]) == (found.where, keyring.asked)


def test_the_keyring_is_asked_for_scheme_and_host_where_it_is_not_https():
    keyring = FakeKeyring({})
    KeyringSource(keyring).find(Wanted(HTTP, "u"))

    assert [str(HTTP), "pkgs.example:8080", "http://pkgs.example:8080"] == [service for service, _ in keyring.asked]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(URL), []),
        (Wanted(URL, ""), []),
        (Wanted(URL, "u", machine_only=True), []),
        (Wanted(URL, None, always=True), [(str(URL), None), ("pkgs.example", None)]),
        (Wanted(URL, "", always=True), [(str(URL), None), ("pkgs.example", None)]),
        (Wanted(URL, "u", always=True), [(str(URL), "u"), ("pkgs.example", "u")]),
    ],
)
def test_the_keyring_is_asked_where_a_user_name_is_known_or_credentials_are_always_needed(wanted, expected):
    keyring = FakeKeyring({})
    KeyringSource(keyring).find(wanted)

    assert expected == keyring.asked


@pytest.mark.parametrize(
    ("wanted", "is_there", "expected"),
    [
        (Wanted(URL, "u"), True, ("keyring",)),
        (Wanted(URL, always=True), True, ("keyring",)),
        (Wanted(URL), True, ("keyring (not asked: no user name is known)",)),
        (Wanted(URL, "u"), False, ("keyring (no such program on PATH)",)),
        (Wanted(URL, machine_only=True), True, ()),
    ],
)
def test_a_keyring_that_could_not_be_asked_is_mentioned_with_the_reason(wanted, is_there, expected):
    lookups = Lookups((KeyringSource(FakeKeyring({}, is_there=is_there)),))

    assert expected == lookups.find(wanted).asked


def test_sources_are_asked_in_order_until_one_answers():
    keyring = FakeKeyring({str(URL): Basic("u", Secret("k"))})
    lookups = Lookups((netrc("machine pkgs.example login u password n"), KeyringSource(keyring)))

    assert (Finding(held("u", "n"), ("netrc (~/.netrc)",)), []) == (lookups.find(Wanted(URL, "u")), keyring.asked)


def test_what_was_asked_in_vain_is_said():
    told = []
    lookups = Lookups((netrc(""), KeyringSource(FakeKeyring({}))), lambda *line: told.append(line))

    finding = lookups.find(Wanted(URL, "u"))

    line = f"Found no credentials for {URL} in: netrc (~/.netrc), keyring"
    assert (Finding(None, ("netrc (~/.netrc)", "keyring")), [(Level.DEBUG, line)]) == (finding, told)


def test_no_source_at_all_is_no_place_to_look():
    told = []
    Lookups((), lambda *line: told.append(line)).find(Wanted(URL))

    assert [(Level.DEBUG, f"Found no credentials for {URL} in: no place to look")] == told


def test_the_place_of_what_is_found_is_told_and_the_secret_is_not():
    told = []
    Lookups((netrc("machine pkgs.example login u password s3cr3t"),), lambda *line: told.append(line)).find(Wanted(URL))

    assert [(Level.DEBUG, f"Found credentials for {URL} in netrc (~/.netrc)")] == told
