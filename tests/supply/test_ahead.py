"""Pages and metadata, fetched ahead."""

from threading import Barrier, Event, Lock, Thread, current_thread, main_thread

import pytest
from packaging.version import Version

from keyrack.errors import KeyrackError
from keyrack.policy.resolve.catalogue import FoundPages
from keyrack.supply.ahead import Ahead, Closed, Job, Pool
from keyrack.values.artifact import File
from keyrack.values.metadata import Metadata
from keyrack.values.url import parse_url

PATIENCE = 30


class World:
    """Indexes and a reader that note what is asked of them; `before` runs first, on the thread that asks."""

    def __init__(self, before=lambda _: None):
        self.before = before
        self.asked = []
        self._lock = Lock()

    def _note(self, what):
        with self._lock:
            self.asked.append(what)
        self.before(what)

    def pages(self, name, pinned=None):
        self._note((name, pinned))
        return FoundPages(offline=name == "offline")

    def read(self, file):
        self._note(file.filename)
        return Metadata("a", Version("1"))


def file_of(name, origin="team"):
    return File(name, parse_url(f"https://pkgs.example/{name}").url, origin)


def ahead_of(world, at_once=4):
    return Ahead(world, world, at_once)


def test_pages_are_given_to_whoever_asks():
    with ahead_of(World()) as ahead:
        assert FoundPages(offline=True) == ahead.pages("offline")


def test_metadata_is_given_to_whoever_asks():
    with ahead_of(World()) as ahead:
        assert Metadata("a", Version("1")) == ahead.metadata(file_of("a-1.whl"))


def test_every_key_is_fetched_once():
    world = World()
    with ahead_of(world) as ahead:
        for _ in range(3):
            ahead.expect("a")
            ahead.pages("a")
            ahead.expect_metadata(file_of("a-1.whl"))
            ahead.metadata(file_of("a-1.whl"))

    assert sorted([("a", None), "a-1.whl"], key=str) == sorted(world.asked, key=str)


def test_a_pinned_name_is_another_key():
    world = World()
    with ahead_of(world) as ahead:
        ahead.pages("a")
        ahead.pages("a", "team")

    assert [("a", None), ("a", "team")] == world.asked


def test_the_same_file_from_another_index_is_another_key():
    world = World()
    with ahead_of(world) as ahead:
        ahead.metadata(file_of("a-1.whl", "team"))
        ahead.metadata(file_of("a-1.whl", "other"))

    assert ["a-1.whl", "a-1.whl"] == world.asked


def test_what_is_expected_is_fetched_before_anybody_asks():
    begun = Event()
    with ahead_of(World(lambda _: begun.set())) as ahead:
        ahead.expect("a")

        assert begun.wait(PATIENCE)


def test_many_are_fetched_at_the_same_time():
    together = Barrier(4, timeout=PATIENCE)
    with ahead_of(World(lambda _: together.wait()), at_once=4) as ahead:
        for name in "abcd":
            ahead.expect(name)

        assert 4 * [FoundPages()] == [ahead.pages(name) for name in "abcd"]


def test_no_more_are_fetched_at_once_than_allowed():
    most, now, lock = [0], [0], Lock()

    def count(what):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        with lock:
            now[0] -= 1

    with ahead_of(World(count), at_once=2) as ahead:
        for number in range(50):
            ahead.expect(f"a{number}")
        for number in reversed(range(50)):
            ahead._pages[f"a{number}", None].future.result(PATIENCE)

    assert most[0] <= 2


def test_what_is_asked_for_while_it_waits_in_the_queue_is_fetched_at_once():
    release, fetched = Event(), {}

    def before(what):
        fetched[what[0]] = current_thread()
        if what[0] == "slow":
            release.wait(PATIENCE)

    with ahead_of(World(before), at_once=1) as ahead:
        ahead.expect("slow")
        ahead.expect("wanted")
        ahead.pages("wanted")
        release.set()

        assert fetched["wanted"] is main_thread()


def test_a_failure_is_kept_and_raised_to_each_who_asks():
    failure = KeyrackError("no")

    def fail(what):
        raise failure

    world = World(fail)
    with ahead_of(world) as ahead:
        ahead.expect("a")
        for _ in range(2):
            with pytest.raises(KeyrackError) as raised:
                ahead.pages("a")
            assert failure is raised.value

    assert 1 == len(world.asked)


def test_who_expects_pages_hears_of_them():
    heard, told = [], Event()
    with ahead_of(World()) as ahead:
        ahead.expect("offline", then=lambda found: (heard.append(found), told.set()))
        told.wait(PATIENCE)

    assert [FoundPages(offline=True)] == heard


def test_who_expects_pages_that_are_there_hears_of_them_at_once():
    heard = []
    with ahead_of(World()) as ahead:
        ahead.pages("a")
        ahead.expect("a", then=heard.append)

    assert [FoundPages()] == heard


def test_who_expects_pages_that_fail_hears_nothing():
    def fail(what):
        raise KeyrackError("no")

    heard = []
    with ahead_of(World(fail)) as ahead:
        ahead.expect("a", then=heard.append)
        with pytest.raises(KeyrackError):
            ahead.pages("a")

    assert [] == heard


def test_metadata_can_be_expected_from_what_a_page_tells():
    world, read = World(), Event()
    world.before = lambda what: what == "a-1.whl" and read.set()
    with ahead_of(world) as ahead:
        ahead.expect("a", then=lambda _: ahead.expect_metadata(file_of("a-1.whl")))

        assert read.wait(PATIENCE)


def test_what_cannot_be_done_early_harms_nobody():
    def cannot(found):
        raise KeyrackError("too early")

    with ahead_of(World()) as ahead:
        ahead.expect("a", then=cannot)

        assert FoundPages() == ahead.pages("a")


def test_closing_does_not_wait_for_a_silent_server():
    begun, release = Event(), Event()

    def silent(what):
        begun.set()
        release.wait(PATIENCE)

    ahead = ahead_of(World(silent), at_once=1)
    ahead.expect("a")
    begun.wait(PATIENCE)
    ahead.close()

    assert not release.is_set()
    release.set()


def test_closing_drops_what_has_not_begun():
    begun, release = Event(), Event()

    def silent(what):
        begun.set()
        release.wait(PATIENCE)

    world = World(silent)
    ahead = ahead_of(world, at_once=1)
    ahead.expect("a")
    begun.wait(PATIENCE)
    ahead.expect("b")
    ahead.close()
    release.set()

    with pytest.raises(Closed):
        ahead.pages("b")


def test_after_closing_nothing_is_begun():
    world = World()
    ahead = ahead_of(world)
    ahead.close()
    ahead.expect("a")

    with pytest.raises(Closed):
        ahead.pages("a")


def test_a_job_that_is_interrupted_tells_who_waits_and_whoever_interrupted():
    def interrupted():
        raise KeyboardInterrupt

    job = Job(interrupted)

    with pytest.raises(KeyboardInterrupt):
        job.result()
    assert isinstance(job.future.exception(), KeyboardInterrupt)


def test_a_job_is_done_by_one_thread_only():
    calls = []
    job = Job(lambda: calls.append(1))
    threads = [Thread(target=job.result) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [1] == calls


def test_a_claimed_job_cannot_be_abandoned():
    job = Job(lambda: 1)
    job.claim()
    job.abandon()
    job.run()

    assert 1 == job.future.result()


def test_closing_ends_the_threads():
    pool, done = Pool(2), Event()
    job = Job(done.set)
    pool.add(job)
    job.future.result(PATIENCE)
    pool.close()

    pool.close()

    assert done.is_set()
