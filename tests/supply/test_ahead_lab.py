"""Pages and metadata from the lab's servers, through the real session and transport."""

import pytest

from keyrack.adapters.store import Store
from keyrack.adapters.transport import CurlTransport, TransportSettings
from keyrack.adapters.wheels import WheelStore
from keyrack.formats.requirement_text import parse_requirement
from keyrack.policy.auth.steps import Finding
from keyrack.policy.index.files import to_file
from keyrack.supply.ahead import Ahead
from keyrack.supply.cached import CachedSession
from keyrack.supply.indexes import PackageIndexes
from keyrack.supply.keeping import Keeper
from keyrack.supply.metadata import MetadataReader, Reading
from keyrack.supply.session import Session
from keyrack.supply.wire import Unreachable, Wire
from keyrack.values.credentials import Held, Source, credentials_in
from keyrack.values.index import Index, Indexes
from keyrack.values.url import parse_url
from lab.faults import Fault
from lab.pages import Telling
from lab.registries.azure import azure
from lab.registries.google import google, key
from lab.registries.simple import Files, Manner, private, public
from lab.registry import Shelf
from lab.sdists import sdist
from lab.wheels import wheel

BIG = {"lib_a/x.bin": bytes(range(256)) * 800}
WHEEL = wheel("lib-a", "1.0", requires=["lib-b>=2"], files=BIG, compress=False)
SDIST = sdist("lib-a", "1.0", requires=["lib-b>=2"])
REQUIRES = (parse_requirement("lib-b>=2"),)
WITHOUT_SIDECARS = Telling(sidecars=False)


class NoSources:
    def find(self, wanted):
        return Finding()


def index_of(name, text):
    parsed = parse_url(text)
    credentials = credentials_in(parsed)
    return Index(name, parsed.url, given=Held(credentials, Source.INLINE) if credentials else None)


class Run:
    """What one run of the program has: a catalogue over a cache, and the wheels that it kept."""

    def __init__(self, folder, transport, *indexes):
        known = Indexes(searched=indexes)
        session = Session(known, Wire(transport, retries=0), NoSources())
        store = Store(str(folder))
        cached = CachedSession(session, store, known)
        self.wheels = WheelStore(store)
        reading = Reading(keep=Keeper(self.wheels))
        reader = MetadataReader(session, cached, store.bucket("metadata", 1), reading)
        self.catalogue = Ahead(PackageIndexes(known, cached), reader)

    def requires(self, name="lib-a"):
        """Give what the first file of a package requires."""
        page = self.catalogue.pages(name).pages[0]
        return self.catalogue.metadata(to_file(page, page.links[0])).requires


@pytest.fixture
def run(tmp_path):
    transport = CurlTransport(TransportSettings())
    runs = []

    def start(*indexes):
        runs.append(Run(tmp_path / "cache", transport, *indexes))
        return runs[-1]

    yield start
    for each in runs:
        each.catalogue.close()
    transport.close()


def answered(registry):
    """Give the requests as `path status`, in order."""
    return [f"{entry.path} {entry.status}" for entry in registry.requests()]


@pytest.mark.parametrize("formats", [("json",), ("html",)])
@pytest.mark.parametrize(
    "files", [Files.INSIDE, Files.BESIDE, Files.RELATIVE, Files.UUID, Files.OTHER_HOST, Files.REDIRECT]
)
@pytest.mark.parametrize("sidecars", [True, False])
def test_metadata_is_found_however_a_server_lays_out_its_files(run, formats, files, sidecars):
    manner = Manner(formats=formats, files=files, telling=Telling(sidecars=sidecars))
    with public(WHEEL, manner=manner) as registry:
        found = run(index_of("team", registry.index_url())).requires()

    assert REQUIRES == found


@pytest.mark.parametrize("ranges", [True, False])
def test_one_request_brings_the_metadata_of_a_wheel(run, ranges):
    with public(WHEEL, manner=Manner(ranges=ranges, telling=WITHOUT_SIDECARS)) as registry:
        run(index_of("team", registry.index_url())).requires()

        assert ["/simple/lib-a/ 200", f"/files/lib-a/{WHEEL.filename} {206 if ranges else 200}"] == answered(registry)


def test_no_request_is_a_head(run):
    with public(WHEEL, SDIST, manner=Manner(head=False, telling=WITHOUT_SIDECARS)) as registry:
        run(index_of("team", registry.index_url())).requires()

        assert {"GET"} == {entry.method for entry in registry.requests()}


def test_a_second_run_asks_for_nothing(run):
    with public(WHEEL) as registry:
        index = index_of("team", registry.index_url())
        run(index).requires()
        registry.clear()

        run(index).requires()

        assert [] == answered(registry)


def test_an_sdist_is_read(run):
    with public(SDIST) as registry:
        assert REQUIRES == run(index_of("team", registry.index_url())).requires()


def test_every_request_carries_its_own_indexs_identity(run):
    one = Shelf("project/one", (WHEEL,), (key("first key"),))
    two = Shelf("project/two", (wheel("lib-c", "1.0", requires=["lib-b>=2"]),), (key("second key"),))
    with google(one, two) as registry:
        catalogue = run(
            index_of("one", registry.index_url("project/one", key("first key"))),
            index_of("two", registry.index_url("project/two", key("second key"))),
        )
        found = (catalogue.requires("lib-a"), catalogue.requires("lib-c"))
        refused = [entry.path for entry in registry.requests() if entry.status in (401, 403)]

    assert ((REQUIRES, REQUIRES), []) == (found, refused)


def test_a_wheel_of_a_server_without_ranges_is_fetched_once_and_kept(run):
    with google(Shelf("project/one", (WHEEL,), (key("first key"),))) as registry:
        begun = run(index_of("one", registry.index_url("", key("first key"))))
        begun.requires()
        bodies = [entry for entry in registry.requests() if entry.status in (200, 206)]

    # The page and the wheel, which a redirect leads to.
    assert (2, "lib_a-1.0") == (len(bodies), begun.wheels.find("lib-a", WHEEL.sha256).manifest.stem)


def test_a_part_of_a_wheel_is_read_from_a_host_that_wants_no_identity(run):
    with azure(Shelf("org/project/feed", (WHEEL,), (("any", "token"),))) as registry:
        begun = run(index_of("feed", registry.index_url("", ("any", "token"))))
        begun.requires()
        parts = [(entry.status, entry.identity) for entry in registry.requests() if entry.status == 206]

    assert [(206, None)] == parts


def test_a_refused_page_is_told_with_its_index(run):
    with private(WHEEL, identity=("user", "secret")) as registry:
        found = run(index_of("team", registry.index_url("", ("user", "wrong")))).catalogue.pages("lib-a")

    assert [("team", 401)] == [(refusal.index, refusal.status) for refusal in found.refusals]


def test_an_index_that_breaks_off_is_never_an_index_without_the_name(run):
    with public(WHEEL) as first, public(wheel("lib-a", "99.0")) as second:
        first.fault(Fault(pattern="*/lib-a/*", cut=20))
        catalogue = run(index_of("first", first.index_url()), index_of("second", second.index_url())).catalogue

        with pytest.raises(Unreachable):
            catalogue.pages("lib-a")
        assert () == second.requests()
