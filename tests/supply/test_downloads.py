import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import msgspec
import pytest

from keyrack.adapters.store import Store
from keyrack.adapters.transport import CurlTransport, TransportSettings
from keyrack.adapters.wheels import WheelStore
from keyrack.supply.credentials import Lookups
from keyrack.supply.downloads import DownloadFailed, Downloads, Wanted, local_path
from keyrack.supply.session import Session
from keyrack.supply.wire import NoNetwork, Patience, Wire
from keyrack.values.artifact import Digest, File
from keyrack.values.credentials import Basic, Held, Source
from keyrack.values.exchange import ResponseHead
from keyrack.values.index import Index, Indexes, index_id
from keyrack.values.log import Level
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url
from lab.faults import Fault
from lab.registries.simple import private, public
from lab.wheels import wheel

WHEEL = wheel("lib-a", "1.0", files={"lib_a/__init__.py": "x = 1\n"})
OTHER = wheel("lib-b", "2.0")
PATIENT = Patience(sleep=lambda _seconds: None)


class Heard:
    """A progress that remembers."""

    def __init__(self):
        self.begun, self.finished, self.received = [], [], {}

    def begin(self, file):
        self.begun.append(file.filename)

    def advance(self, file, received):
        self.received[file.filename] = received

    def finish(self, file):
        self.finished.append(file.filename)


@contextmanager
def fetching(registry, folder, identity=None, **words):
    """Downloads from a registry of the lab, as a run would make them."""
    url = parse_url(registry.index_url()).url
    given = Held(Basic(identity[0], Secret(identity[1])), Source.INLINE) if identity else None
    indexes = Indexes((Index(index_id(url, None), url, given=given),))
    transport = CurlTransport(TransportSettings())
    try:
        session = Session(indexes, Wire(transport, patience=PATIENT), Lookups(()))
        yield Downloads(session, WheelStore(Store(str(folder))), **words)
    finally:
        transport.close()


def listed(registry, artifact, **changes):
    """A file as the registry's page lists it."""
    origin = index_id(parse_url(registry.index_url()).url, None)
    url = parse_url(f"{registry.url}/files/{artifact.project}/{artifact.filename}").url
    file = File(artifact.filename, url, origin, (Digest("sha256", artifact.sha256),), size=len(artifact.body))
    return msgspec.structs.replace(file, **changes)


def asked(registry):
    return [str(entry).partition(" -> ")[2].removesuffix(" as nobody") for entry in registry.requests("*.whl")]


def failure(downloads, file, expected=()):
    with pytest.raises(DownloadFailed) as caught:
        downloads.wheel(file, expected)
    return caught.value


def test_a_wheel_is_fetched_once_and_then_comes_from_the_store(tmp_path):
    with public(WHEEL) as registry, fetching(registry, tmp_path) as downloads:
        file = listed(registry, WHEEL)
        first, second = downloads.wheel(file), downloads.wheel(file)

        assert (True, False, first.manifest) == (first.fresh, second.fresh, second.manifest)
        assert ["200"] == asked(registry)


def test_a_wheel_of_a_private_index_is_asked_for_with_its_identity_at_once(tmp_path):
    identity = ("user", "secret")
    with private(WHEEL, identity=identity) as registry, fetching(registry, tmp_path, identity) as downloads:
        downloads.wheel(listed(registry, WHEEL))

        assert ["200 as user:secret"] == asked(registry)


def test_a_refusal_says_which_wheel_and_what_came_back(tmp_path):
    with private(WHEEL, identity=("user", "secret")) as registry, fetching(registry, tmp_path) as downloads:
        refused = failure(downloads, listed(registry, WHEEL))

    assert "Failed to download `lib-a==1.0`" == refused.message
    assert any("401" in line for line in refused.causes)


def test_a_file_that_is_not_there_is_told_as_its_status(tmp_path):
    with public(WHEEL) as registry, fetching(registry, tmp_path) as downloads:
        file = listed(registry, OTHER)
        missing = failure(downloads, file)

    assert ("Failed to download `lib-b==2.0`", f"Failed to fetch: {file.url}") == (missing.message, missing.causes[0])
    assert "404 Not Found" in missing.causes[1]


def test_another_archive_than_the_index_lists_is_refused(tmp_path):
    with public(WHEEL) as registry, fetching(registry, tmp_path) as downloads:
        file = listed(registry, WHEEL, digests=(Digest("sha256", "0" * 64),))
        refused = failure(downloads, file)

        assert 1 == refused.exit_code
        expected = f"Expected:\n  sha256:{'0' * 64}\n\nComputed:\n  sha256:{WHEEL.sha256}"
        assert (f"Hash mismatch for `lib-a==1.0`\n\n{expected}",) == refused.causes
        assert None is downloads.stored(file)


def test_one_of_several_hashes_that_the_user_wrote_suffices(tmp_path):
    sha512 = Digest("sha512", hashlib.sha512(WHEEL.body).hexdigest())
    with public(WHEEL) as registry, fetching(registry, tmp_path) as downloads:
        stored = downloads.wheel(listed(registry, WHEEL), (Digest("sha256", "0" * 64), sha512))

    assert sha512 in stored.manifest.digests


def test_the_hash_of_another_version_does_not_bring_that_version(tmp_path):
    newer = wheel("lib-a", "2.0")
    with public(WHEEL, newer) as registry, fetching(registry, tmp_path) as downloads:
        downloads.wheel(listed(registry, newer))

        refused = failure(downloads, listed(registry, WHEEL, digests=()), (Digest("sha256", newer.sha256),))

    assert "Hash mismatch for `lib-a==1.0`" in refused.causes[0]


def test_of_several_wheels_of_a_version_the_one_that_is_meant_is_fetched(tmp_path):
    other = wheel("lib-a", "1.0", tags="cp311-cp311-any")
    both = (Digest("sha256", other.sha256), Digest("sha256", WHEEL.sha256))
    with public(WHEEL, other) as registry, fetching(registry, tmp_path) as downloads:
        downloads.wheel(listed(registry, other))

        found = downloads.wheel(listed(registry, WHEEL, digests=()), both)

    assert ("py3-none-any",) == found.manifest.facts.tags


def test_a_hash_that_the_user_wrote_finds_the_stored_wheel(tmp_path):
    with public(WHEEL) as registry, fetching(registry, tmp_path) as downloads:
        downloads.wheel(listed(registry, WHEEL))

        downloads.wheel(listed(registry, WHEEL, digests=()), (Digest("sha256", WHEEL.sha256),))

        assert ["200"] == asked(registry)


def test_an_archive_of_another_version_is_refused_though_it_is_stored(tmp_path):
    newer = wheel("lib-a", "2.0")
    with public(newer) as registry, fetching(registry, tmp_path) as downloads:
        downloads.wheel(listed(registry, newer))
        misnamed = listed(registry, newer, filename=WHEEL.filename)

        assert "The wheel is invalid" == failure(downloads, misnamed).causes[0]


def test_a_stored_wheel_whose_hash_nobody_computed_is_fetched_again(tmp_path):
    sha512 = Digest("sha512", hashlib.sha512(WHEEL.body).hexdigest())
    with public(WHEEL) as registry, fetching(registry, tmp_path) as downloads:
        file = listed(registry, WHEEL)
        downloads.wheel(file)
        downloads.wheel(file, (sha512,))

        assert ["200", "200"] == asked(registry)


def test_a_wheel_of_another_size_than_the_index_lists_is_refused(tmp_path):
    with public(WHEEL) as registry, fetching(registry, tmp_path) as downloads:
        longer = failure(downloads, listed(registry, WHEEL, size=len(WHEEL.body) - 1))
        shorter = failure(downloads, listed(registry, WHEEL, size=len(WHEEL.body) + 1))

    assert ["sends more than", "should have"] == [
        words for words, error in (("sends more than", longer), ("should have", shorter)) if words in error.causes[0]
    ]


def test_an_archive_that_is_no_wheel_is_refused(tmp_path):
    broken = wheel("lib-a", "1.0", broken=["record-hash"])
    with public(broken) as registry, fetching(registry, tmp_path) as downloads:
        refused = failure(downloads, listed(registry, broken))

    assert "RECORD is invalid" in refused.causes


def test_a_download_that_is_cut_is_begun_anew(tmp_path):
    with public(WHEEL) as registry, fetching(registry, tmp_path) as downloads:
        registry.fault(Fault(pattern="*.whl", times=1, cut=len(WHEEL.body) // 2))
        stored = downloads.wheel(listed(registry, WHEEL))

        assert (True, 2) == (stored.fresh, len(asked(registry)))


def test_a_wheel_without_a_hash_is_asked_about_again_and_not_sent_again(tmp_path):
    with public(WHEEL) as registry, fetching(registry, tmp_path) as downloads:
        file = listed(registry, WHEEL, digests=())
        first, second = downloads.wheel(file), downloads.wheel(file)

        assert (True, False, first.folder) == (first.fresh, second.fresh, second.folder)
        assert ["200", "304"] == asked(registry)


@contextmanager
def offline(registry, folder):
    """Downloads of a run without a network."""
    url = parse_url(registry.index_url()).url
    session = Session(Indexes((Index(index_id(url, None), url),)), Wire(NoNetwork()), Lookups(()))
    yield Downloads(session, WheelStore(Store(str(folder))))


def test_without_a_network_a_wheel_without_a_hash_comes_from_the_store(tmp_path):
    with public(WHEEL) as registry:
        file = listed(registry, WHEEL, digests=())
        with fetching(registry, tmp_path) as downloads:
            downloads.wheel(file)
        with offline(registry, tmp_path) as downloads:
            assert not downloads.wheel(file).fresh


def test_without_a_network_what_is_not_stored_is_told(tmp_path):
    with public(WHEEL) as registry, offline(registry, tmp_path) as downloads:
        missing = failure(downloads, listed(registry, WHEEL))

    assert "Network connectivity is disabled" in missing.causes[0]


def test_what_one_identity_was_given_is_not_remembered_for_another(tmp_path):
    identity = ("user", "secret")
    with private(WHEEL, identity=identity) as registry:
        file = listed(registry, WHEEL, digests=())
        with fetching(registry, tmp_path, identity) as downloads:
            downloads.wheel(file)
        with fetching(registry, tmp_path) as downloads:
            refused = failure(downloads, file)

    assert "Failed to download `lib-a==1.0`" == refused.message


def test_many_wheels_come_in_the_order_of_asking_whatever_comes_first(tmp_path):
    heard = Heard()
    with public(WHEEL, OTHER) as registry, fetching(registry, tmp_path, progress=heard) as downloads:
        found = downloads.wheels([Wanted(listed(registry, one), one.name) for one in (OTHER, WHEEL)])

    assert ["lib-b", "lib-a"] == [one.manifest.name for one in found]
    assert {OTHER.filename, WHEEL.filename} == set(heard.begun) == set(heard.finished)
    assert {one.filename: len(one.body) for one in (OTHER, WHEEL)} == heard.received


def test_wheels_that_are_stored_need_nobody(tmp_path):
    with public(WHEEL) as registry, fetching(registry, tmp_path) as downloads:
        file = listed(registry, WHEEL)
        downloads.wheel(file)
        registry.clear()
        found = downloads.wheels([Wanted(file, "lib-a")])

        assert ([False], []) == ([one.fresh for one in found], asked(registry))


def test_of_many_wheels_the_first_failure_is_told(tmp_path):
    with public(WHEEL) as registry, fetching(registry, tmp_path) as downloads:
        both = [Wanted(listed(registry, one), f"{one.name} as asked") for one in (WHEEL, OTHER)]

        with pytest.raises(DownloadFailed, match="Failed to download `lib-b as asked`"):
            downloads.wheels(both)


def test_of_many_runs_with_one_cache_only_one_fetches_a_wheel(tmp_path):
    with public(WHEEL) as registry, ExitStack() as stack, ThreadPoolExecutor(4) as pool:
        runs = [stack.enter_context(fetching(registry, tmp_path)) for _ in range(4)]
        found = list(pool.map(lambda downloads: downloads.wheel(listed(registry, WHEEL)), runs))

        assert (1, ["200"]) == (len({one.folder for one in found}), asked(registry))


def test_who_fails_does_not_wait_for_the_others(tmp_path):
    with public(WHEEL) as registry, fetching(registry, tmp_path) as downloads:
        registry.fault(Fault(pattern="*lib_a*", drip=(1, 0.05)))
        both = [Wanted(listed(registry, one), one.name) for one in (WHEEL, OTHER)]

        with pytest.raises(DownloadFailed, match="lib-b"):
            downloads.wheels(both)

        assert "Given up" in failure(downloads, listed(registry, WHEEL)).causes[0]


def test_a_stored_wheel_that_somebody_changed_is_fetched_anew(tmp_path):
    lines = []
    with public(WHEEL) as registry, fetching(registry, tmp_path, log=lambda *line: lines.append(line)) as downloads:
        file = listed(registry, WHEEL)
        path = os.path.join(downloads.wheel(file).folder, "lib_a", "__init__.py")
        with open(path, "a") as module:
            module.write("changed = True\n")
        downloads.wheel(file)

        with open(path) as module:
            assert "x = 1\n" == module.read()
    assert [Level.WARN] == [level for level, _ in lines if level == Level.WARN]


def test_a_local_wheel_needs_no_network(tmp_path):
    path = tmp_path / "a b" / WHEEL.filename
    path.parent.mkdir()
    path.write_bytes(WHEEL.body)
    downloads = Downloads(Unasked(), WheelStore(Store(str(tmp_path / "cache"))))

    stored = downloads.wheel(File(WHEEL.filename, parse_url(path.as_uri()).url, None))

    assert ("lib-a", (Digest("sha256", WHEEL.sha256),)) == (stored.manifest.name, stored.manifest.digests)


def test_a_local_wheel_that_is_gone_is_told(tmp_path):
    downloads = Downloads(Unasked(), WheelStore(Store(str(tmp_path / "cache"))))

    missing = failure(downloads, File(WHEEL.filename, parse_url((tmp_path / WHEEL.filename).as_uri()).url, None))

    assert ("Failed to read `lib-a==1.0`", True) == (missing.message, "No such file" in missing.causes[1])


class Unasked:
    """A session that nobody may need."""

    def download(self, request, sink):
        raise AssertionError(request)

    def identity_key(self, index):
        raise AssertionError(index)


class Answers:
    """A session whose answer is given."""

    def __init__(self, head, body):
        self.head, self.body = head, body

    def download(self, request, sink):
        sink.write(self.body)
        return ResponseHead(self.head[0], self.head[1], request.url)

    def identity_key(self, index):
        return "anonymous"


def test_a_body_shorter_than_its_server_promised_is_refused(tmp_path):
    answers = Answers((200, (("content-length", str(len(WHEEL.body) + 1)),)), WHEEL.body)
    file = File(WHEEL.filename, parse_url("https://pkgs.example/lib_a-1.0-py3-none-any.whl").url, None)

    short = failure(Downloads(answers, WheelStore(Store(str(tmp_path)))), file)

    assert "should have" in short.causes[0]


@pytest.mark.parametrize(
    ("url", "path"),
    [("file:///a%20b/c.whl", "/a b/c.whl"), ("file:///C:/a/c.whl", "C:/a/c.whl"), ("file:///a%2520b", "/a%20b")],
)
def test_the_path_of_a_file_url_is_decoded_once(url, path):
    assert path == local_path(parse_url(url).url)
