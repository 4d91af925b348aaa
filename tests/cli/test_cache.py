"""`keyrack cache prune|size|verify`, and who waits for whom."""

import pytest
from inline_snapshot import snapshot

from keyrack.adapters.locks import lock
from keyrack.operations.upkeep import FORMS
from lab.registries.simple import public
from lab.wheels import wheel

LIB = wheel("lib", "1.0", files={"lib/big.py": b"# " + b"x" * 5000})


@pytest.fixture
def warm(run):
    """A cache that an installation has filled."""
    with public(LIB) as index:
        assert 0 == run("pip", "install", "lib", UV_DEFAULT_INDEX=index.index_url()).code
    return run


def test_every_kind_of_entry_is_known(warm):
    """Whoever stores another kind, or another form, adds it to `FORMS`: else it is neither pruned nor verified."""
    warm("pip", "install", "lib", "--offline")

    kinds = {path.name for path in (warm.folder / "cache").iterdir() if path.is_dir()}

    assert kinds <= {f"{kind}-v{form}" for kind, form in FORMS.items()} | {".locks", "tmp"}


def test_nothing_that_an_installation_stored_is_pruned(warm):
    assert str(warm("cache", "prune")) == snapshot("""\
exit 0
--- stdout
--- stderr
Pruning cache at: cache
No unused entries found
""")


def test_what_killed_runs_left_is_pruned(warm):
    for name in ("one", "two"):
        (warm.folder / "cache" / "wheels-v1" / "lib" / f".{name}").write_bytes(bytes(1024))

    assert str(warm("cache", "prune")) == snapshot("""\
exit 0
--- stdout
--- stderr
Pruning cache at: cache
Removed 2 files (2.0KiB)
""")


def test_in_ci_what_came_from_an_index_is_pruned_too(warm):
    gone = warm("cache", "prune", "--ci")

    assert (0, False) == (gone.code, (warm.folder / "cache" / "wheels-v1" / "lib").exists())
    assert next((warm.folder / "cache").glob("answers-v*/lib/*")).exists()
    assert gone.err.splitlines()[1].startswith("Removed 4 files (")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("prune",), (0, "", "No cache found at: cache\n")),
        (("verify",), (0, "", "No cache found at: cache\n")),
        (("size",), (0, "0\n", "")),
        (("size", "-H"), (0, "0B\n", "")),
        (("size", "--output-format", "human"), (0, "0B\n", "")),
        (("size", "--output-format", "machine"), (0, "0\n", "")),
    ],
)
def test_no_cache_is_no_error(run, words, expected):
    assert expected == run("cache", *words)


def test_the_size_is_in_bytes_or_for_people(warm):
    size = int(warm("cache", "size").out)

    assert 5000 < size < 1_000_000
    assert f"{size / 1024:.1f}KiB\n" == warm("cache", "size", "--human").out


def test_an_intact_cache_is_verified(warm):
    printed = warm("cache", "verify")

    assert (0, "") == (printed.code, printed.out)
    assert "Verifying cache at: cache\nVerified 1 wheel and 4 other entries (" in printed.err


def test_what_is_damaged_is_named_and_removed(warm):
    module = next((warm.folder / "cache" / "wheels-v1" / "lib").rglob("big.py"))
    size = module.stat().st_size
    module.unlink()
    module.write_bytes(bytes(size))

    printed = warm("cache", "verify")

    assert (1, "- lib-1.0: `lib/big.py` is not as its RECORD says\n") == (printed.code, printed.out)
    assert printed.err.endswith("Removed 1 damaged entry\n")
    assert [0, 0] == [warm("cache", "verify").code, warm("cache", "prune").code]


def test_what_was_damaged_is_fetched_again(run):
    with public(LIB) as index:
        variables = {"UV_DEFAULT_INDEX": index.index_url()}
        run("pip", "install", "lib", **variables)
        for path in (run.folder / "cache").rglob("*"):
            if path.is_file() and path.name not in (".lock", "CACHEDIR.TAG", ".gitignore"):
                path.unlink()
                path.write_bytes(b"x")

        printed = run("cache", "verify")
        again = run("pip", "install", "--reinstall", "lib", **variables)

    assert (1, True) == (printed.code, printed.err.endswith("Removed 5 damaged entries\n"))
    assert 0 == again.code, again.err


@pytest.mark.parametrize("words", [("prune",), ("clean",), ("clean", "lib")])
def test_whoever_removes_waits_for_those_who_read(warm, words):
    with lock(str(warm.folder / "cache" / ".lock"), shared=True):
        late = warm("cache", *words, UV_LOCK_TIMEOUT="0")
        forced = warm("cache", *words, "--force")

    assert (2, 0) == (late.code, forced.code)
    waiting = "Cache is currently in-use, waiting for other keyrack processes to finish (use `--force` to override)\n"
    assert late.err.startswith(waiting)
    assert "hint: set `UV_LOCK_TIMEOUT` to more seconds to wait longer\n" in late.err


def test_whoever_verifies_reads_beside_others(warm):
    with lock(str(warm.folder / "cache" / ".lock"), shared=True):
        assert 0 == warm("cache", "verify", UV_LOCK_TIMEOUT="0").code
