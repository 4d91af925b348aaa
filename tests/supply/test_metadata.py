"""The metadata of files, the cheapest way first: sidecars, source distributions, cache, this disk."""

import hashlib

import pytest
from packaging.version import Version

from keyrack.adapters.store import Entry
from keyrack.errors import InvalidText, KeyrackError
from keyrack.formats.requirement_text import parse_requirement
from keyrack.policy.auth.refusals import About, AuthRequired
from keyrack.policy.resolve.catalogue import NeedsBuild, OfflineMetadata
from keyrack.supply.wire import Offline
from keyrack.values.artifact import Digest, File
from keyrack.values.credentials import Basic
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url
from lab.sdists import sdist
from lab.wheels import wheel

SMALL = wheel("lib-a", "1.0", requires=["lib-b>=2"])
LARGE = wheel("lib-a", "1.0", requires=["lib-b>=2"], files={"lib_a/x.bin": bytes(range(256)) * 800}, compress=False)
REQUIRES = (parse_requirement("lib-b>=2"),)
BASE = "https://pkgs.example/files/"


def sha(body):
    return Digest("sha256", hashlib.sha256(body).hexdigest())


def file_of(made, origin="team", **told):
    told = {"digests": (sha(made.body),), **told}
    return File(made.filename, parse_url(BASE + made.filename).url, origin, **told)


# The sidecar.


def test_a_sidecar_is_read_where_the_page_offers_one(fake):
    scene = fake.Scene(fake.sidecar_of(SMALL))

    found = scene.read(file_of(SMALL, core_metadata=(sha(SMALL.metadata),)))

    assert (REQUIRES, ["metadata lib_a-1.0-py3-none-any.whl.metadata"]) == (found.requires, scene.session.asked)


def test_a_sidecar_without_hash_comes_through_the_cache_that_ages(fake):
    scene = fake.Scene(fake.Session(), cached=fake.sidecar_of(SMALL))

    found = scene.read(file_of(SMALL, core_metadata=()))

    assert (REQUIRES, [], 1) == (found.requires, scene.session.asked, len(scene.cached.asked))


def test_a_sidecar_is_asked_for_as_its_file_is(fake):
    scene = fake.Scene(fake.sidecar_of(SMALL))
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
def test_a_sidecar_that_is_not_there_or_refused_is_passed_over_in_silence(fake, status):
    scene = fake.Scene(fake.Session(SMALL))
    if status:
        scene.session.bodies[f"{SMALL.filename}.metadata"] = AuthRequired(
            "no", About(parse_url(BASE).url, None, status)
        )

    found = scene.read(file_of(SMALL, core_metadata=(sha(SMALL.metadata),)))

    assert (REQUIRES, []) == (found.requires, scene.warnings)


def test_a_sidecar_with_another_hash_is_not_believed(fake):
    scene = fake.Scene(fake.sidecar_of(SMALL, b"Name: lib-a\nVersion: 1.0\nRequires-Dist: evil\n"))

    found = scene.read(file_of(SMALL, core_metadata=(sha(SMALL.metadata),)))

    expected = ["The metadata file beside `lib_a-1.0-py3-none-any.whl` is not the one that its index lists"]
    assert (REQUIRES, expected) == (found.requires, scene.warnings)


def test_a_hash_of_an_unknown_kind_says_nothing(fake):
    scene = fake.Scene(fake.sidecar_of(SMALL))

    scene.read(file_of(SMALL, core_metadata=(Digest("odd", "00"),)))

    assert [] == scene.warnings


def test_a_failure_on_the_way_to_the_sidecar_ends_the_run(fake):
    scene = fake.Scene(fake.Session(SMALL))
    scene.session.bodies[f"{SMALL.filename}.metadata"] = KeyrackError("reset")

    with pytest.raises(KeyrackError, match="reset"):
        scene.read(file_of(SMALL, core_metadata=(sha(SMALL.metadata),)))


def test_a_sidecar_of_another_package_is_an_error(fake):
    text = b"Name: lib-x\nVersion: 1.0\n"
    scene = fake.Scene(fake.sidecar_of(SMALL, text))

    with pytest.raises(InvalidText) as raised:
        scene.read(file_of(SMALL, core_metadata=(sha(text),)))

    assert ("Package metadata name `lib-x` does not match given name `lib-a`",) == raised.value.causes


# Source distributions.


def test_an_sdist_that_promises_is_read(fake):
    made = sdist("lib-a", "1.0", requires=["lib-b>=2"])
    scene = fake.Scene(fake.Session(made))

    found = scene.read(file_of(made))

    assert (REQUIRES, Version("1.0"), [f"file {made.filename}"]) == (
        found.requires,
        found.version,
        scene.session.asked,
    )


def test_an_sdist_that_does_not_promise_needs_a_build(fake):
    made = sdist("lib-a", "1.0", requires=["lib-b>=2"], dynamic=["Requires-Dist"])
    scene = fake.Scene(fake.Session(made))

    with pytest.raises(NeedsBuild) as raised:
        scene.read(file_of(made))

    assert f"What `{made.filename}` requires can only be told by building it" == raised.value.message


def test_that_an_sdist_needs_a_build_is_remembered(fake):
    made = sdist("lib-a", "1.0", requires=["lib-b>=2"], dynamic=["Requires-Dist"])
    scene = fake.Scene(fake.Session(made))
    for _ in range(2):
        with pytest.raises(NeedsBuild):
            scene.read(file_of(made))

    assert 1 == len(scene.session.asked)


def test_a_damaged_sdist_is_an_error_that_names_it(fake):
    made = sdist("lib-a", "1.0")
    scene = fake.Scene(fake.Session())
    scene.session.bodies[made.filename] = b"no archive"

    with pytest.raises(InvalidText) as raised:
        scene.read(file_of(made, digests=()))

    assert f"`{made.filename}` has an invalid package format" == raised.value.message


# The cache.


@pytest.mark.parametrize("made", [SMALL, LARGE, sdist("lib-a", "1.0", requires=["lib-b>=2"])])
def test_what_was_read_once_is_not_asked_for_again(fake, made):
    bucket = fake.Bucket()
    first = fake.Scene(fake.Session(made), bucket=bucket)
    again = fake.Scene(fake.Session(), bucket=bucket)
    first.read(file_of(made))

    found = again.read(file_of(made))

    assert (REQUIRES, []) == (found.requires, again.session.asked)


def test_what_is_kept_belongs_to_its_package(fake):
    scene = fake.Scene(fake.Session(SMALL))

    scene.read(file_of(SMALL))

    assert ["lib-a"] == [package for _, package in scene.bucket.entries]


def test_what_is_kept_does_not_hold_the_description(fake):
    made = wheel("lib-a", "1.0", description="a long story")
    scene = fake.Scene(fake.Session(made))

    scene.read(file_of(made))

    assert not any(b"a long story" in entry.body for entry in scene.bucket.entries.values())


def test_a_file_without_hash_is_read_anew(fake):
    bucket = fake.Bucket()
    fake.Scene(fake.Session(SMALL), bucket=bucket).read(file_of(SMALL, digests=()))

    assert {} == bucket.entries


def test_no_index_says_what_a_file_of_another_one_requires(fake):
    bucket = fake.Bucket()
    evil = wheel("lib-a", "1.0", requires=["evil"], files={"x.bin": bytes(200_000)}, compress=False)
    claimed = (sha(LARGE.body),)
    fake.Scene(fake.Session(evil), bucket=bucket).read(file_of(evil, "public", digests=claimed))

    found = fake.Scene(fake.Session(LARGE), bucket=bucket).read(file_of(LARGE, "team"))

    assert REQUIRES == found.requires


def test_a_damaged_entry_of_the_cache_does_no_harm(fake):
    bucket = fake.Bucket()
    fake.Scene(fake.Session(SMALL), bucket=bucket).read(file_of(SMALL))
    for key in bucket.entries:
        bucket.entries[key] = Entry(b"", b"\xff")

    assert REQUIRES == fake.Scene(fake.Session(SMALL), bucket=bucket).read(file_of(SMALL)).requires


# Without network.


def test_without_network_the_cache_answers(fake):
    bucket = fake.Bucket()
    fake.Scene(fake.Session(SMALL), bucket=bucket).read(file_of(SMALL))

    assert REQUIRES == fake.Scene(fake.Session(), bucket=bucket, offline=True).read(file_of(SMALL)).requires


@pytest.mark.parametrize("told", [{}, {"core_metadata": ()}, {"core_metadata": (Digest("sha256", 64 * "0"),)}])
def test_without_network_nothing_is_asked_for(fake, told):
    cached = fake.Session()
    cached.bodies[f"{SMALL.filename}.metadata"] = Offline("off")
    scene = fake.Scene(fake.Session(SMALL), cached=cached, offline=True)

    with pytest.raises(OfflineMetadata):
        scene.read(file_of(SMALL, **told))

    assert [] == scene.session.asked


# This disk.


def test_a_wheel_on_this_disk_is_read_in_place(fake, tmp_path):
    (tmp_path / SMALL.filename).write_bytes(SMALL.body)
    scene = fake.Scene(fake.Session())

    found = scene.read(File(SMALL.filename, parse_url(f"file://{tmp_path}/{SMALL.filename}").url, "disk"))

    assert REQUIRES == found.requires


def test_an_sdist_on_this_disk_is_read_in_place(fake, tmp_path):
    made = sdist("lib-a", "1.0", requires=["lib-b>=2"])
    (tmp_path / made.filename).write_bytes(made.body)

    found = fake.Scene(fake.Session()).read(
        File(made.filename, parse_url(f"file://{tmp_path}/{made.filename}").url, "disk")
    )

    assert REQUIRES == found.requires


def test_a_file_that_is_not_on_this_disk_is_an_error(fake, tmp_path):
    with pytest.raises(KeyrackError) as raised:
        fake.Scene(fake.Session()).read(
            File(SMALL.filename, parse_url(f"file://{tmp_path}/{SMALL.filename}").url, "disk")
        )

    assert f"Distribution not found at: `{tmp_path}/{SMALL.filename}`" == raised.value.message
