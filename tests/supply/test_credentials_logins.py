import pytest

from keyrack.policy.auth.logins import AmbiguousLogin
from keyrack.policy.auth.steps import Finding, Wanted
from keyrack.supply.credentials import LoginSource, Lookups, NetrcSource
from keyrack.values.url import parse_url
from tests.policy.auth.stepping import login

URL = parse_url("https://pkgs.example/a/simple/").url
A = login("https://a:pa@pkgs.example/a")
NETRC = b"machine pkgs.example login n password pn"


class File:
    path = "FILE"

    def __init__(self, *logins):
        self.kept = logins
        self.reads = 0

    def logins(self):
        self.reads += 1
        return self.kept


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(URL), A.held),
        (Wanted(URL, "a"), A.held),
        (Wanted(URL, "other"), None),
        (Wanted(URL, machine_only=True), None),
        (Wanted(parse_url("https://pkgs.example/ab/simple/").url), None),
    ],
)
def test_a_login_is_found_by_the_declared_url_and_the_user(wanted, expected):
    assert expected == LoginSource(File(A)).find(wanted)


def test_the_file_is_read_anew_each_time():
    file = File()
    source = LoginSource(file)
    source.find(Wanted(URL))
    file.kept = (A,)

    assert (A.held, 2) == (source.find(Wanted(URL)), file.reads)


def test_two_users_are_an_error():
    with pytest.raises(AmbiguousLogin, match="specify which username to use"):
        LoginSource(File(A, login("https://b:pb@pkgs.example/a"))).find(Wanted(URL))


def test_a_login_comes_before_netrc():
    lookups = Lookups((LoginSource(File(A)), NetrcSource("~/.netrc", lambda _path: NETRC)))

    assert Finding(A.held, ("the credentials store (FILE)",)) == lookups.find(Wanted(URL))


def test_without_a_login_netrc_is_asked_next():
    lookups = Lookups((LoginSource(File()), NetrcSource("~/.netrc", lambda _path: NETRC)))

    finding = lookups.find(Wanted(URL))

    assert ("n", ("the credentials store (FILE)", "netrc (~/.netrc)")) == (
        finding.held.credentials.username,
        finding.asked,
    )


def test_of_a_foreign_host_logins_have_no_say():
    lookups = Lookups((LoginSource(File(A)),))

    assert Finding(None, ()) == lookups.find(Wanted(URL, machine_only=True))
