"""Wheels that came as a whole for their metadata."""

import hashlib

from keyrack.adapters.store import Store
from keyrack.adapters.wheels import WheelStore
from keyrack.supply.keeping import Keeper
from keyrack.values.artifact import Digest, File
from keyrack.values.url import parse_url
from lab.wheels import wheel


def keep(tmp_path, body, lines):
    made = wheel("lib-a", "1.0")
    path = tmp_path / "archive"
    path.write_bytes(body)
    digests = (Digest("sha256", hashlib.sha256(body).hexdigest()),)
    store = WheelStore(Store(str(tmp_path / "cache")))
    file = File(made.filename, parse_url(f"https://pkgs.example/{made.filename}").url, "team")

    Keeper(store, lambda _, line: lines.append(line))(file, str(path), digests)

    return store.find("lib-a", digests[0].value)


def test_a_wheel_that_came_as_a_whole_is_found_by_who_installs_it(tmp_path):
    found = keep(tmp_path, wheel("lib-a", "1.0").body, [])

    assert "lib_a-1.0" == found.manifest.stem


def test_a_wheel_that_cannot_be_stored_is_no_error_yet(tmp_path):
    lines = []

    found = keep(tmp_path, b"no archive", lines)

    assert (None, ["The wheel `lib_a-1.0-py3-none-any.whl` was not kept: Failed to read the archive"]) == (found, lines)
