"""Hashes in requirements files: each is for what its own line pins, and what no line vouches for does not come in."""

import pytest

from lab.registries.simple import Manner, public
from lab.wheels import wheel

OLD, NEW, TOP = wheel("lib", "1.0"), wheel("lib", "2.0"), wheel("top", "1.0", requires=["lib"])


@pytest.fixture(params=[("sha256",), ()], ids=["listed", "unlisted"])
def index(request):
    with public(OLD, NEW, TOP, manner=Manner(hashes=request.param)) as index:
        yield index


def line(text, *artifacts):
    return f"{text} {' '.join(f'--hash=sha256:{artifact.sha256}' for artifact in artifacts)}\n"


def install(user, index, *lines, more=(), **files):
    for name, text in files.items():
        user.write(f"{name}.txt", text)
    user.write("requirements.txt", "".join(lines))
    return user.install("--default-index", index.index_url(), "-r", "requirements.txt", *more)


REQUIRED = ("--require-hashes",)


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("more", [REQUIRED, ()], ids=["required", "given"])
def test_of_two_lines_only_the_one_that_applies_counts(user, index, order, more):
    lines = [line('lib==1.0 ; python_version < "3"', OLD), line('lib==2.0 ; python_version > "3"', NEW)]

    said = install(user, index, *lines[::order], more=more)

    assert (0, ["lib-2.0"]) == (said.code, user.installed()), said.err


@pytest.mark.parametrize("more", [REQUIRED, ()], ids=["required", "given"])
def test_the_hash_of_another_version_is_refused(user, index, more):
    said = install(user, index, line("lib==1.0", NEW), more=more)

    assert (1, []) == (said.code, user.installed())
    assert "Hash mismatch for `lib==1.0`" in said.err


def test_the_hash_of_another_version_is_refused_though_that_version_is_in_the_cache(user, index):
    install(user, index, line("lib==2.0", NEW), more=REQUIRED)

    said = install(user, index, line("lib==1.0", NEW), more=REQUIRED)

    assert (1, ["lib-2.0"]) == (said.code, user.installed())
    assert "Hash mismatch for `lib==1.0`" in said.err


def test_a_hash_beside_a_range_is_for_no_version(user, index):
    said = install(user, index, line("lib>=1.0", OLD))

    assert (0, ["lib-2.0"]) == (said.code, user.installed()), said.err


def test_the_hash_of_a_constraint_counts(user, index):
    said = install(user, index, "lib\n", more=("-c", "c.txt"), c=line("lib==2.0", OLD))

    assert (1, []) == (said.code, user.installed())
    assert "Hash mismatch for `lib==2.0`" in said.err


def test_the_hash_of_an_override_counts(user, index):
    said = install(user, index, "top==1.0\n", more=("--overrides", "o.txt"), o=line("lib==1.0", NEW))

    assert (1, []) == (said.code, user.installed())
    assert "Hash mismatch for `lib==1.0`" in said.err


def test_hashes_can_be_left_unverified(user, index):
    said = install(user, index, line("lib==1.0", NEW), more=("--no-verify-hashes",))

    assert (0, ["lib-1.0"]) == (said.code, user.installed()), said.err


def test_one_of_several_hashes_suffices(user, index):
    said = install(user, index, line("lib==1.0", NEW, OLD), more=REQUIRED)

    assert (0, ["lib-1.0"]) == (said.code, user.installed()), said.err


def test_what_is_needed_and_has_no_hash_is_named(user, index):
    said = install(user, index, line("top==1.0", TOP), more=REQUIRED)

    assert (1, []) == (said.code, user.installed())
    assert "no trusted hash was provided for: `lib`" in said.err


@pytest.mark.parametrize("hashes", [(NEW, OLD), (OLD, NEW)], ids=["second", "first"])
def test_one_of_several_hashes_of_a_url_suffices(user, index, hashes):
    url = f"{index.url}/files/lib/{OLD.filename}"

    said = install(user, index, line(f"lib @ {url}", *hashes), more=REQUIRED)

    assert (0, ["lib-1.0"]) == (said.code, user.installed()), said.err


def test_the_wrong_hash_of_a_url_is_refused(user, index):
    url = f"{index.url}/files/lib/{OLD.filename}"

    said = install(user, index, line(f"lib @ {url}", NEW))

    assert (1, []) == (said.code, user.installed())
    assert "Hash mismatch" in said.err
