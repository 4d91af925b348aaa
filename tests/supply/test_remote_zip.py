"""The metadata of wheels on a server, by ranges where it has them."""

import hashlib
import io
import zipfile

import pytest

from keyrack.errors import InvalidText
from keyrack.formats.requirement_text import parse_requirement
from keyrack.policy.auth.refusals import About, Forbidden
from keyrack.policy.install.hashes import HashMismatch
from keyrack.supply.remote_zip import FARTHEST
from keyrack.supply.statuses import BadStatus
from keyrack.values.artifact import Digest, File
from keyrack.values.exchange import Purpose
from keyrack.values.url import parse_url
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


def test_without_sidecar_the_end_of_the_wheel_is_asked_for(fake):
    scene = fake.Scene(fake.Session(LARGE))

    found = scene.read(file_of(LARGE))

    asked = ["range lib_a-1.0-py3-none-any.whl bytes=-65536"]
    assert (REQUIRES, asked, []) == (found.requires, scene.session.asked, scene.kept)


def test_a_large_directory_costs_one_request_more(fake):
    many = wheel("lib-a", "1.0", requires=["lib-b>=2"], files=MANY)
    scene = fake.Scene(fake.Session(many))

    found = scene.read(file_of(many))

    assert (REQUIRES, 2) == (found.requires, len(scene.session.asked))


def test_metadata_far_from_the_end_is_asked_for_by_itself(fake):
    made = wheel("lib-a", "1.0", requires=["lib-b>=2"])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("lib_a-1.0.dist-info/METADATA", made.metadata)
        archive.writestr("lib_a/x.bin", bytes(FARTHEST + 100_000))
    scene = fake.Scene(fake.Session())
    scene.session.bodies[made.filename] = out.getvalue()

    found = scene.read(file_of(made, digests=()))

    assert (REQUIRES, 2) == (found.requires, len(scene.session.asked))


def test_a_request_for_a_range_asks_for_the_bytes_as_they_are(fake):
    scene = fake.Scene(fake.Session(LARGE))

    scene.read(file_of(LARGE))

    assert ("accept-encoding", "identity") in scene.session.requests[0].headers


def test_a_small_wheel_comes_whole_and_is_kept(fake):
    scene = fake.Scene(fake.Session(SMALL))

    scene.read(file_of(SMALL))

    assert (1, [(SMALL.filename, True)]) == (len(scene.session.asked), scene.kept)


def test_a_whole_wheel_with_another_hash_is_an_error(fake):
    scene = fake.Scene(fake.Session(SMALL))

    with pytest.raises(HashMismatch):
        scene.read(file_of(SMALL, digests=(Digest("sha256", 64 * "0"),)))

    assert [] == scene.kept


def test_a_server_that_ignores_ranges_is_asked_once_and_its_wheel_is_kept(fake):
    scene = fake.Scene(fake.Session(LARGE, manner="whole"))

    found = scene.read(file_of(LARGE))

    warning = "Range requests not supported for `lib_a-1.0-py3-none-any.whl`; streaming wheel"
    assert (REQUIRES, 1, [warning], [(LARGE.filename, True)]) == (
        found.requires,
        len(scene.session.asked),
        scene.warnings,
        scene.kept,
    )


@pytest.mark.parametrize("manner", [400, 405, 416, 501, "lies", "silent", "once"])
def test_a_server_that_cannot_do_ranges_is_asked_for_the_whole_wheel(fake, manner):
    many = wheel("lib-a", "1.0", requires=["lib-b>=2"], files=MANY)
    scene = fake.Scene(fake.Session(many, manner=manner))

    found = scene.read(file_of(many))

    assert (REQUIRES, "file lib_a-1.0-py3-none-any.whl", [(many.filename, True)]) == (
        found.requires,
        scene.session.asked[-1],
        scene.kept,
    )


def test_an_index_that_cannot_do_ranges_is_not_asked_for_one_again(fake):
    other = wheel("lib-c", "1.0")
    scene = fake.Scene(fake.Session(LARGE, other, manner="whole"))

    scene.read(file_of(LARGE))
    scene.read(file_of(other))

    assert "file lib_c-1.0-py3-none-any.whl" == scene.session.asked[-1]


def test_what_one_index_cannot_do_is_still_asked_of_another(fake):
    other = wheel("lib-c", "1.0")
    scene = fake.Scene(fake.Session(LARGE, other, manner="whole"))

    scene.read(file_of(LARGE))
    scene.read(file_of(other, "other"))

    assert "range lib_c-1.0-py3-none-any.whl bytes=-65536" == scene.session.asked[-1]


@pytest.mark.parametrize("manner", ["ranges", "whole"])
def test_a_wheel_that_is_not_there_is_an_error(fake, manner):
    scene = fake.Scene(fake.Session(manner=manner))

    with pytest.raises(BadStatus) as raised:
        scene.read(file_of(LARGE))

    assert 404 == raised.value.status


def test_a_wheel_that_is_not_there_is_an_error_where_no_ranges_are_asked_for(fake):
    other = wheel("lib-c", "1.0")
    scene = fake.Scene(fake.Session(LARGE, manner="whole"))
    scene.read(file_of(LARGE))

    with pytest.raises(BadStatus):
        scene.read(file_of(other))

    assert "file lib_c-1.0-py3-none-any.whl" == scene.session.asked[-1]


def test_a_refusal_is_told_as_it_is(fake):
    scene = fake.Scene(fake.Session())
    scene.session.bodies[LARGE.filename] = Forbidden("no", About(parse_url(BASE).url, None, 403))

    with pytest.raises(Forbidden):
        scene.read(file_of(LARGE))


def test_a_direct_url_is_asked_for_as_such(fake):
    scene = fake.Scene(fake.Session(LARGE))

    scene.read(file_of(LARGE, None))

    assert [(Purpose.DIRECT, None)] == [(request.purpose, request.index) for request in scene.session.requests]


def archive_of(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"lib_a-1.0.dist-info/{name}", content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"no archive", "Failed to read the archive"),
        (wheel("lib-z", "1.0").body, "The wheel is invalid"),
        (archive_of(WHEEL=""), "Missing `lib_a-1.0.dist-info/METADATA`"),
    ],
)
def test_a_wheel_that_is_none_is_an_error_that_names_it(fake, body, cause):
    scene = fake.Scene(fake.Session())
    scene.session.bodies[SMALL.filename] = body

    with pytest.raises(InvalidText) as raised:
        scene.read(file_of(SMALL, digests=()))

    assert ("`lib_a-1.0-py3-none-any.whl` has an invalid package format", cause) == (
        raised.value.message,
        raised.value.causes[0],
    )
