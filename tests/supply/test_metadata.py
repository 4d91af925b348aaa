"""The metadata of files, the cheapest way first."""

import hashlib
import io
import re
import zipfile

import pytest
from packaging.version import Version

from keyrack.adapters.store import Entry
from keyrack.errors import InvalidText, KeyrackError
from keyrack.formats.requirement_text import parse_requirement
from keyrack.policy.auth.refusals import About, AuthRequired, Forbidden
from keyrack.policy.install.hashes import HashMismatch
from keyrack.policy.resolve.catalogue import NeedsBuild, OfflineMetadata
from keyrack.supply.metadata import MetadataReader, Reading
from keyrack.supply.remote_zip import FARTHEST
from keyrack.supply.statuses import BadStatus
from keyrack.supply.wire import Offline
from keyrack.values.artifact import Digest, File
from keyrack.values.credentials import Basic
from keyrack.values.exchange import Purpose, Response, ResponseHead
from keyrack.values.log import Level
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url
from lab.sdists import sdist
from lab.wheels import wheel

SMALL = wheel("lib-a", "1.0", requires=["lib-b>=2"])
LARGE = wheel("lib-a", "1.0", requires=["lib-b>=2"], files={"lib_a/x.bin": bytes(range(256)) * 800}, compress=False)
MANY = {f"lib_a/{number}.py": b"" for number in range(2000)}
REQUIRES = (parse_requirement("lib-b>=2"),)
BASE = "https://pkgs.example/files/"


def sha(body):
    return Digest("sha256", hashlib.sha256(body).hexdigest())


def file_of(made, origin="team", **told):
    told = {"digests": (sha(made.body),), **told}
    return File(made.filename, parse_url(BASE + made.filename).url, origin, **told)


class FakeSession:
    """Serves bodies by file name; notes each request as `purpose name range`. `manner` says how ranges are treated."""

    def __init__(self, *artifacts, manner="ranges", **answers):
        self.bodies = {made.filename: made.body for made in artifacts}
        self.manner = manner
        self.answers = answers
        self.requests = []

    @property
    def asked(self):
        return [
            " ".join(
                [
                    request.purpose.value,
                    request.url.filename,
                    *(value for key, value in request.headers if key == "range"),
                ]
            )
            for request in self.requests
        ]

    def _answer(self, request):
        self.requests.append(request)
        body = self.bodies.get(request.url.filename)
        wanted = dict(request.headers).get("range")
        if isinstance(body, Exception):
            raise body
        if body is None:
            return 404, (), b"no such file"
        if wanted is None or self.manner == "whole":
            return 200, (), body
        if isinstance(self.manner, int):
            return self.manner, (), b"cannot"
        start, end = re.fullmatch(r"bytes=(\d*)-(\d+)", wanted).groups()
        first, last = (int(start), int(end)) if start else (max(0, len(body) - int(end)), len(body) - 1)
        told = f"bytes {first}-{last}/{len(body)}"
        told = {"lies": f"bytes {first + 1}-{last}/{len(body)}", "silent": ""}.get(self.manner, told)
        if self.manner == "once" and start:
            return 200, (), body
        return 206, (("content-range", told),), body[first : last + 1]

    def fetch(self, request):
        status, headers, body = self._answer(request)
        return Response(ResponseHead(status, headers, request.url), body)

    def download(self, request, sink):
        status, headers, body = self._answer(request)
        if status in (200, 206):
            sink.write(body[:100])
            sink.restart()
            for start in range(0, len(body), 50_000):
                sink.write(body[start : start + 50_000])
        return ResponseHead(status, headers, request.url)


class FakeBucket:
    def __init__(self):
        self.entries = {}

    def find(self, key, package):
        return self.entries.get((key, package))

    def keep(self, key, entry, package):
        self.entries[key, package] = entry
        return True


class Scene:
    """A reader with its session, cache, log and the wheels that were kept."""

    def __init__(self, session, *, cached=None, offline=False, bucket=None):
        self.session, self.cached, self.bucket = session, cached or FakeSession(), bucket or FakeBucket()
        self.lines, self.kept = [], []
        reading = Reading(offline=offline, keep=self.keep)
        self.reader = MetadataReader(session, self.cached, self.bucket, reading, lambda *line: self.lines.append(line))

    def keep(self, file, path, digests):
        with open(path, "rb") as archive:
            self.kept.append((file.filename, sha(archive.read()) in digests))

    def read(self, file):
        return self.reader.read(file)

    @property
    def warnings(self):
        return [line for level, line in self.lines if level >= Level.WARN]


# The sidecar.


def sidecar_of(made, text=None):
    served = FakeSession(made)
    served.bodies[f"{made.filename}.metadata"] = made.metadata if text is None else text
    return served


def test_a_sidecar_is_read_where_the_page_offers_one():
    scene = Scene(sidecar_of(SMALL))

    found = scene.read(file_of(SMALL, core_metadata=(sha(SMALL.metadata),)))

    assert (REQUIRES, ["metadata lib_a-1.0-py3-none-any.whl.metadata"]) == (found.requires, scene.session.asked)


def test_a_sidecar_without_hash_comes_through_the_cache_that_ages():
    scene = Scene(FakeSession(), cached=sidecar_of(SMALL))

    found = scene.read(file_of(SMALL, core_metadata=()))

    assert (REQUIRES, [], 1) == (found.requires, scene.session.asked, len(scene.cached.asked))


def test_a_sidecar_is_asked_for_as_its_file_is():
    scene = Scene(sidecar_of(SMALL))
    credentials = Basic("me", Secret("pw"))
    url = parse_url(f"{BASE}{SMALL.filename}?sig=1").url

    scene.read(File(SMALL.filename, url, "team", core_metadata=(sha(SMALL.metadata),), credentials=credentials))

    (request,) = scene.session.requests
    assert (f"{BASE}{SMALL.filename}.metadata?sig=1", "team", credentials, True) == (
        request.url.exact,
        request.index,
        request.link_credentials,
        request.has_hash,
    )


@pytest.mark.parametrize("status", [None, 401, 403])
def test_a_sidecar_that_is_not_there_or_refused_is_passed_over_in_silence(status):
    scene = Scene(FakeSession(SMALL))
    if status:
        scene.session.bodies[f"{SMALL.filename}.metadata"] = AuthRequired(
            "no", About(parse_url(BASE).url, None, status)
        )

    found = scene.read(file_of(SMALL, core_metadata=(sha(SMALL.metadata),)))

    assert (REQUIRES, []) == (found.requires, scene.warnings)


def test_a_sidecar_with_another_hash_is_not_believed():
    scene = Scene(sidecar_of(SMALL, b"Name: lib-a\nVersion: 1.0\nRequires-Dist: evil\n"))

    found = scene.read(file_of(SMALL, core_metadata=(sha(SMALL.metadata),)))

    expected = ["The metadata file beside `lib_a-1.0-py3-none-any.whl` is not the one that its index lists"]
    assert (REQUIRES, expected) == (found.requires, scene.warnings)


def test_a_hash_of_an_unknown_kind_says_nothing():
    scene = Scene(sidecar_of(SMALL))

    scene.read(file_of(SMALL, core_metadata=(Digest("odd", "00"),)))

    assert [] == scene.warnings


def test_a_failure_on_the_way_to_the_sidecar_ends_the_run():
    scene = Scene(FakeSession(SMALL))
    scene.session.bodies[f"{SMALL.filename}.metadata"] = KeyrackError("reset")

    with pytest.raises(KeyrackError, match="reset"):
        scene.read(file_of(SMALL, core_metadata=(sha(SMALL.metadata),)))


def test_a_sidecar_of_another_package_is_an_error():
    text = b"Name: lib-x\nVersion: 1.0\n"
    scene = Scene(sidecar_of(SMALL, text))

    with pytest.raises(InvalidText) as raised:
        scene.read(file_of(SMALL, core_metadata=(sha(text),)))

    assert ("Package metadata name `lib-x` does not match given name `lib-a`",) == raised.value.causes


# Ranges.


def test_without_sidecar_the_end_of_the_wheel_is_asked_for():
    scene = Scene(FakeSession(LARGE))

    found = scene.read(file_of(LARGE))

    asked = ["range lib_a-1.0-py3-none-any.whl bytes=-65536"]
    assert (REQUIRES, asked, []) == (found.requires, scene.session.asked, scene.kept)


def test_a_large_directory_costs_one_request_more():
    many = wheel("lib-a", "1.0", requires=["lib-b>=2"], files=MANY)
    scene = Scene(FakeSession(many))

    found = scene.read(file_of(many))

    assert (REQUIRES, 2) == (found.requires, len(scene.session.asked))


def test_metadata_far_from_the_end_is_asked_for_by_itself():
    made = wheel("lib-a", "1.0", requires=["lib-b>=2"])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("lib_a-1.0.dist-info/METADATA", made.metadata)
        archive.writestr("lib_a/x.bin", bytes(FARTHEST + 100_000))
    scene = Scene(FakeSession())
    scene.session.bodies[made.filename] = out.getvalue()

    found = scene.read(file_of(made, digests=()))

    assert (REQUIRES, 2) == (found.requires, len(scene.session.asked))


def test_a_request_for_a_range_asks_for_the_bytes_as_they_are():
    scene = Scene(FakeSession(LARGE))

    scene.read(file_of(LARGE))

    assert ("accept-encoding", "identity") in scene.session.requests[0].headers


def test_a_small_wheel_comes_whole_and_is_kept():
    scene = Scene(FakeSession(SMALL))

    scene.read(file_of(SMALL))

    assert (1, [(SMALL.filename, True)]) == (len(scene.session.asked), scene.kept)


def test_a_whole_wheel_with_another_hash_is_an_error():
    scene = Scene(FakeSession(SMALL))

    with pytest.raises(HashMismatch):
        scene.read(file_of(SMALL, digests=(Digest("sha256", 64 * "0"),)))

    assert [] == scene.kept


def test_a_server_that_ignores_ranges_is_asked_once_and_its_wheel_is_kept():
    scene = Scene(FakeSession(LARGE, manner="whole"))

    found = scene.read(file_of(LARGE))

    warning = "Range requests not supported for `lib_a-1.0-py3-none-any.whl`; streaming wheel"
    assert (REQUIRES, 1, [warning], [(LARGE.filename, True)]) == (
        found.requires,
        len(scene.session.asked),
        scene.warnings,
        scene.kept,
    )


@pytest.mark.parametrize("manner", [400, 405, 416, 501, "lies", "silent", "once"])
def test_a_server_that_cannot_do_ranges_is_asked_for_the_whole_wheel(manner):
    many = wheel("lib-a", "1.0", requires=["lib-b>=2"], files=MANY)
    scene = Scene(FakeSession(many, manner=manner))

    found = scene.read(file_of(many))

    assert (REQUIRES, "file lib_a-1.0-py3-none-any.whl", [(many.filename, True)]) == (
        found.requires,
        scene.session.asked[-1],
        scene.kept,
    )


def test_an_index_that_cannot_do_ranges_is_not_asked_for_one_again():
    other = wheel("lib-c", "1.0")
    scene = Scene(FakeSession(LARGE, other, manner="whole"))

    scene.read(file_of(LARGE))
    scene.read(file_of(other))

    assert "file lib_c-1.0-py3-none-any.whl" == scene.session.asked[-1]


def test_what_one_index_cannot_do_is_still_asked_of_another():
    other = wheel("lib-c", "1.0")
    scene = Scene(FakeSession(LARGE, other, manner="whole"))

    scene.read(file_of(LARGE))
    scene.read(file_of(other, "other"))

    assert "range lib_c-1.0-py3-none-any.whl bytes=-65536" == scene.session.asked[-1]


@pytest.mark.parametrize("manner", ["ranges", "whole"])
def test_a_wheel_that_is_not_there_is_an_error(manner):
    scene = Scene(FakeSession(manner=manner))

    with pytest.raises(BadStatus) as raised:
        scene.read(file_of(LARGE))

    assert 404 == raised.value.status


def test_a_wheel_that_vanishes_after_the_first_request_is_an_error():
    scene = Scene(FakeSession(LARGE, manner=501))
    scene.session.bodies[LARGE.filename] = LARGE.body
    scene.reader._without_ranges.add(("team", parse_url(BASE).url.origin))
    del scene.session.bodies[LARGE.filename]

    with pytest.raises(BadStatus):
        scene.read(file_of(LARGE))


def test_a_refusal_is_told_as_it_is():
    scene = Scene(FakeSession())
    scene.session.bodies[LARGE.filename] = Forbidden("no", About(parse_url(BASE).url, None, 403))

    with pytest.raises(Forbidden):
        scene.read(file_of(LARGE))


def test_a_direct_url_is_asked_for_as_such():
    scene = Scene(FakeSession(LARGE))

    scene.read(file_of(LARGE, None))

    assert [(Purpose.DIRECT, None)] == [(request.purpose, request.index) for request in scene.session.requests]


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"no archive", "Failed to read the archive"),
        (wheel("lib-z", "1.0").body, "The wheel is invalid"),
    ],
)
def test_a_wheel_that_is_none_is_an_error_that_names_it(body, cause):
    scene = Scene(FakeSession())
    scene.session.bodies[SMALL.filename] = body

    with pytest.raises(InvalidText) as raised:
        scene.read(file_of(SMALL, digests=()))

    assert ("`lib_a-1.0-py3-none-any.whl` has an invalid package format", cause) == (
        raised.value.message,
        raised.value.causes[0],
    )


# Source distributions.


def test_an_sdist_that_promises_is_read():
    made = sdist("lib-a", "1.0", requires=["lib-b>=2"])
    scene = Scene(FakeSession(made))

    found = scene.read(file_of(made))

    assert (REQUIRES, Version("1.0"), ["file lib-a-1.0.tar.gz".replace("-a-", "_a-")]) == (
        found.requires,
        found.version,
        scene.session.asked,
    )


def test_an_sdist_that_does_not_promise_needs_a_build():
    made = sdist("lib-a", "1.0", requires=["lib-b>=2"], dynamic=["Requires-Dist"])
    scene = Scene(FakeSession(made))

    with pytest.raises(NeedsBuild) as raised:
        scene.read(file_of(made))

    assert f"What `{made.filename}` requires can only be told by building it" == raised.value.message


def test_that_an_sdist_needs_a_build_is_remembered():
    made = sdist("lib-a", "1.0", requires=["lib-b>=2"], dynamic=["Requires-Dist"])
    scene = Scene(FakeSession(made))
    for _ in range(2):
        with pytest.raises(NeedsBuild):
            scene.read(file_of(made))

    assert 1 == len(scene.session.asked)


def test_a_damaged_sdist_is_an_error_that_names_it():
    made = sdist("lib-a", "1.0")
    scene = Scene(FakeSession())
    scene.session.bodies[made.filename] = b"no archive"

    with pytest.raises(InvalidText) as raised:
        scene.read(file_of(made, digests=()))

    assert f"`{made.filename}` has an invalid package format" == raised.value.message


# The cache.


@pytest.mark.parametrize("made", [SMALL, LARGE, sdist("lib-a", "1.0", requires=["lib-b>=2"])])
def test_what_was_read_once_is_not_asked_for_again(made):
    bucket = FakeBucket()
    first = Scene(FakeSession(made), bucket=bucket)
    again = Scene(FakeSession(), bucket=bucket)
    first.read(file_of(made))

    found = again.read(file_of(made))

    assert (REQUIRES, []) == (found.requires, again.session.asked)


def test_what_is_kept_belongs_to_its_package():
    scene = Scene(FakeSession(SMALL))

    scene.read(file_of(SMALL))

    assert ["lib-a"] == [package for _, package in scene.bucket.entries]


def test_what_is_kept_does_not_hold_the_description():
    made = wheel("lib-a", "1.0", description="a long story")
    scene = Scene(FakeSession(made))

    scene.read(file_of(made))

    assert not any(b"a long story" in entry.body for entry in scene.bucket.entries.values())


def test_a_file_without_hash_is_read_anew():
    bucket = FakeBucket()
    Scene(FakeSession(SMALL), bucket=bucket).read(file_of(SMALL, digests=()))

    assert {} == bucket.entries


def test_no_index_says_what_a_file_of_another_one_requires():
    bucket = FakeBucket()
    evil = wheel("lib-a", "1.0", requires=["evil"], files={"x.bin": bytes(200_000)}, compress=False)
    claimed = (sha(LARGE.body),)
    Scene(FakeSession(evil), bucket=bucket).read(file_of(evil, "public", digests=claimed))

    found = Scene(FakeSession(LARGE), bucket=bucket).read(file_of(LARGE, "team"))

    assert REQUIRES == found.requires


def test_a_damaged_entry_of_the_cache_does_no_harm():
    bucket = FakeBucket()
    Scene(FakeSession(SMALL), bucket=bucket).read(file_of(SMALL))
    for key in bucket.entries:
        bucket.entries[key] = Entry(b"", b"\xff")

    assert REQUIRES == Scene(FakeSession(SMALL), bucket=bucket).read(file_of(SMALL)).requires


# Without network.


def test_without_network_the_cache_answers():
    bucket = FakeBucket()
    Scene(FakeSession(SMALL), bucket=bucket).read(file_of(SMALL))

    assert REQUIRES == Scene(FakeSession(), bucket=bucket, offline=True).read(file_of(SMALL)).requires


@pytest.mark.parametrize("told", [{}, {"core_metadata": ()}, {"core_metadata": (Digest("sha256", 64 * "0"),)}])
def test_without_network_nothing_is_asked_for(told):
    cached = FakeSession()
    cached.bodies[f"{SMALL.filename}.metadata"] = Offline("off")
    scene = Scene(FakeSession(SMALL), cached=cached, offline=True)

    with pytest.raises(OfflineMetadata):
        scene.read(file_of(SMALL, **told))

    assert [] == scene.session.asked


# This disk.


def test_a_wheel_on_this_disk_is_read_in_place(tmp_path):
    (tmp_path / SMALL.filename).write_bytes(SMALL.body)
    scene = Scene(FakeSession())

    found = scene.read(File(SMALL.filename, parse_url(f"file://{tmp_path}/{SMALL.filename}").url, "disk"))

    assert REQUIRES == found.requires


def test_an_sdist_on_this_disk_is_read_in_place(tmp_path):
    made = sdist("lib-a", "1.0", requires=["lib-b>=2"])
    (tmp_path / made.filename).write_bytes(made.body)

    found = Scene(FakeSession()).read(File(made.filename, parse_url(f"file://{tmp_path}/{made.filename}").url, "disk"))

    assert REQUIRES == found.requires


def test_a_file_that_is_not_on_this_disk_is_an_error(tmp_path):
    with pytest.raises(KeyrackError) as raised:
        Scene(FakeSession()).read(File(SMALL.filename, parse_url(f"file://{tmp_path}/{SMALL.filename}").url, "disk"))

    assert f"Distribution not found at: `{tmp_path}/{SMALL.filename}`" == raised.value.message
