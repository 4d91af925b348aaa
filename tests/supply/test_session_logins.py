"""A login that changes while a run is under way: the file is read once more, by one of all who are refused."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from keyrack.adapters.credential_file import CredentialFile
from keyrack.policy.auth.refusals import AuthRejected
from keyrack.supply.credentials import LoginSource, Lookups
from keyrack.values.credentials import Basic
from keyrack.values.login import Login
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url
from tests.supply.fake_wire import GOOD, FakeWire, index, page, session

SERVICE = parse_url("https://pkgs.example/a").url
FRESH = Basic("other", Secret("fresh"))


class Counted(CredentialFile):
    """Counts how often it is read."""

    reads = 0

    def logins(self):
        self.reads += 1
        return super().logins()


@pytest.fixture
def file(tmp_path):
    file = Counted(str(tmp_path))
    keep(file, GOOD)
    return file


def keep(file, credentials):
    file.change(lambda _before: (Login(SERVICE, credentials),))


def opened(wire, file):
    """A session that has been let in once."""
    held = Login(SERVICE, GOOD).held
    one = session(wire, index(held.credentials, held.source), Lookups((LoginSource(file),)))
    assert 200 == one.fetch(page()).head.status
    return one


def test_a_login_that_was_renewed_meanwhile_is_taken_over_once_for_all(file):
    wire = FakeWire(open_to=[GOOD])
    one = opened(wire, file)
    keep(file, FRESH)
    wire.open_to = [FRESH]

    with ThreadPoolExecutor(20) as pool:
        statuses = [each.head.status for each in pool.map(lambda _: one.fetch(page()), range(20))]

    assert ({200}, 1) == (set(statuses), file.reads)


def test_a_login_that_is_the_same_is_tried_once_more_and_stays(file):
    closed = "https://pkgs.example/a/simple/closed/"
    wire = FakeWire({closed: (401, (), b"")}, open_to=[GOOD])
    one = opened(wire, file)

    with pytest.raises(AuthRejected):
        one.fetch(page(closed))

    assert (200, 1, 4) == (one.fetch(page()).head.status, file.reads, len(wire.sent))


def test_who_logged_out_meanwhile_is_not_let_in_again(file):
    wire = FakeWire(open_to=[GOOD])
    one = opened(wire, file)
    file.change(lambda _before: ())
    wire.open_to = []

    with pytest.raises(AuthRejected):
        one.fetch(page())
