"""An index that was passed over on its bare word, with credentials that nothing has accepted."""

import pytest

from keyrack.errors import KeyrackError
from keyrack.formats.requirement_text import parse_requirement
from keyrack.operations.doubt import CredentialsInDoubt, check_doubts
from keyrack.operations.resolve import ResolveRequest, resolve
from keyrack.policy.auth.refusals import About, AuthRejected, SignInPage
from keyrack.values.exchange import Purpose, Response, ResponseHead
from keyrack.values.index import AuthPolicy, Index, Indexes, IndexId
from keyrack.values.names import IndexName
from keyrack.values.requirement import FromIndex
from keyrack.values.url import parse_url
from lab.catalogue import MemoryCatalogue
from lab.pythons import a_python
from lab.wheels import wheel

LIB, OTHER = wheel("lib", "1.0"), wheel("other", "1.0")


def an_index(number, **words):
    return Index(IndexId(f"index-{number}"), parse_url(f"https://pkgs.example/{number}/simple").url, **words)


CORP = an_index(0, name=IndexName("corp"), authenticate=AuthPolicy.ALWAYS)
DEFAULT = an_index(1, default=True)


class Session:
    """An index in doubt; its list may prove the credentials, or be refused."""

    def __init__(self, *indexes, proves=False, refusal=None):
        self.indexes = indexes
        self.proves = proves
        self.refusal = refusal
        self.asked = []

    def doubted(self):
        return tuple((index, "the index URL") for index in self.indexes if not (self.proves and self.asked))

    def fetch(self, request):
        self.asked.append((str(request.url), request.purpose, request.index))
        if self.refusal:
            raise self.refusal
        return Response(ResponseHead(404, (), request.url), b"")


def pins(*texts, corp=()):
    catalogue = MemoryCatalogue(corp, (LIB, OTHER))
    wanted = tuple(map(parse_requirement, texts))
    return resolve(ResolveRequest(requirements=wanted, interpreter=a_python("3.12.1")), catalogue).pins


def check(found, session, *indexes):
    check_doubts(found, Indexes(indexes or (CORP, DEFAULT)), session)


def test_what_the_default_index_has_is_not_taken_in_the_place_of_what_may_be_hidden():
    with pytest.raises(CredentialsInDoubt) as caught:
        check(pins("lib", "other"), Session(CORP))

    assert "The credentials for index `corp` have not been accepted anywhere" == caught.value.message
    assert any("`lib`, `other`" in cause for cause in caught.value.causes)


def test_the_list_of_packages_is_asked_for_first():
    session = Session(CORP)

    with pytest.raises(CredentialsInDoubt):
        check(pins("lib"), session)

    assert [("https://pkgs.example/0/simple/", Purpose.PAGE, CORP.id)] == session.asked


def test_an_index_that_shows_its_list_is_believed():
    check(pins("lib"), Session(CORP, proves=True))


@pytest.mark.parametrize("refusal", [AuthRejected, SignInPage])
def test_a_list_that_is_refused_to_these_credentials_ends_the_doubt(refusal):
    with pytest.raises(refusal):
        check(pins("lib"), Session(CORP, refusal=refusal("no", About(CORP.url, CORP, 401))))


def test_a_list_that_is_refused_is_no_proof():
    with pytest.raises(CredentialsInDoubt):
        check(pins("lib"), Session(CORP, refusal=KeyrackError("403")))


def test_an_index_that_gave_a_package_is_believed():
    session = Session(CORP)

    check(pins("lib", "other", corp=(LIB,)), session)

    assert [] == session.asked


def test_nothing_is_asked_where_all_comes_from_the_index_itself():
    session = Session(CORP)

    check(pins("lib", corp=(LIB,)), session)

    assert [] == session.asked


def test_an_index_that_need_not_know_its_readers_is_believed():
    plain = an_index(0)

    check(pins("lib"), Session(plain), plain, DEFAULT)


def test_what_is_pinned_to_the_default_index_is_no_substitute():
    check(tuple(map(_pinned, pins("lib"))), Session(CORP))


def test_without_a_default_index_nothing_takes_its_place():
    check(pins("lib"), Session(CORP), CORP, an_index(1))


def _pinned(pin):
    return type(pin)(pin.name, pin.version, pin.extras, pin.wheel, pin.files, pin.metadata, FromIndex(DEFAULT.id))
