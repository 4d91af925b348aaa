from collections.abc import Iterator

import pytest
from inline_snapshot import snapshot

from lab.registries.simple import public
from lab.sdists import sdist
from lab.wheels import wheel

A1, A2 = wheel("a", "1.0", requires=["b"]), wheel("a", "2.0", requires=["b"])
B = wheel("b", "1.0")
SOURCE = sdist("source", "1.0")
ONE, TWO = ("me", "S3CR3T-one"), ("me", "S3CR3T-two")


@pytest.fixture(scope="module")
def index() -> Iterator[str]:
    with public(A1, A2, B, SOURCE) as served:
        yield served.index_url()


@pytest.fixture
def syncer(run, index):
    run.variables["UV_DEFAULT_INDEX"] = index
    return run


def write(run, text, name="r.txt"):
    (run.folder / name).write_text(text)


def test_an_environment_is_made_equal_to_a_file(syncer):
    write(syncer, "b\n")
    syncer("pip", "sync", "r.txt")
    write(syncer, "a==1.0\n")

    assert str(syncer("pip", "sync", "r.txt")) == snapshot("""\
exit 0
--- stdout
--- stderr
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
Prepared 1 package in [TIME]
Uninstalled 1 package in [TIME]
Installed 1 package in [TIME]
 + a==1.0
 - b==1.0
""")
    assert "a==1.0\n" == syncer("pip", "freeze").out


def test_where_nothing_differs_nothing_is_done(syncer):
    write(syncer, "a\n")
    syncer("pip", "sync", "r.txt")

    assert syncer("pip", "sync", "r.txt").err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
Checked 1 package in [TIME]
""")


def test_what_is_installed_and_in_range_stays(syncer):
    write(syncer, "a==1.0\n")
    syncer("pip", "sync", "r.txt")
    write(syncer, "a\n")
    syncer("pip", "sync", "r.txt")

    assert "a==1.0\n" == syncer("pip", "freeze").out


def test_nothing_at_all_is_taken_for_a_mistake(syncer):
    write(syncer, "a\n")
    syncer("pip", "sync", "r.txt")
    write(syncer, "")

    assert str(syncer("pip", "sync", "r.txt")) == snapshot("""\
exit 0
--- stdout
--- stderr
warning: Requirements file `r.txt` does not contain any dependencies
No requirements found (hint: use `--allow-empty-requirements` to clear the environment)
""")
    assert str(syncer("pip", "sync", "r.txt", "--allow-empty-requirements")) == snapshot("""\
exit 0
--- stdout
--- stderr
warning: Requirements file `r.txt` does not contain any dependencies
Using Python [PYTHON] environment at: v
Resolved in [TIME]
Uninstalled 1 package in [TIME]
 - a==2.0
""")


def test_a_dry_run_and_a_check_change_nothing(syncer):
    write(syncer, "a\n")

    dry, check = (syncer("pip", "sync", "r.txt", flag) for flag in ("--dry-run", "--check"))

    assert (0, 1) == (dry.code, check.code)
    assert (
        dry.err
        == check.err
        == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
Would download 1 package
Would install 1 package
 + a==2.0
""")
    )
    assert "" == syncer("pip", "freeze").out


def test_what_is_missing_is_told_where_that_is_asked_for(syncer):
    write(syncer, "a\n")

    assert syncer("pip", "sync", "r.txt", "--strict").err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
Prepared 1 package in [TIME]
Installed 1 package in [TIME]
 + a==2.0
warning: The package `a` requires `b`, but it's not installed
""")


def test_constraints_count(syncer):
    write(syncer, "a\n")
    write(syncer, "a<2\n", "c.txt")
    syncer("pip", "sync", "r.txt", "-c", "c.txt")

    assert "a==1.0\n" == syncer("pip", "freeze").out


def test_hashes_are_asked_for(syncer):
    write(syncer, "a==1.0\n")

    assert str(syncer("pip", "sync", "r.txt", "--require-hashes")) == snapshot("""\
exit 2
--- stdout
--- stderr
Using Python [PYTHON] environment at: v
error: In `--require-hashes` mode, all requirements must have a hash, but none were provided for: a==1.0
""")


def test_a_folder_may_be_filled(syncer):
    write(syncer, "b\n")

    printed = syncer("pip", "sync", "r.txt", "--target", "t")

    assert 0 == printed.code
    assert (syncer.folder / "t" / "b-1.0.dist-info").is_dir()


@pytest.mark.parametrize("flag", ["--ask", "--user", "--config=x", "--pip-args=x", "--torch-backend=cpu"])
def test_flags_of_pip_tools_are_refused(syncer, flag):
    write(syncer, "b\n")
    printed = syncer("pip", "sync", "r.txt", flag)

    assert (2, True) == (printed.code, "supported" in printed.err)


def test_a_sync_takes_out_what_was_put_there_with_the_environment_unless_it_is_a_tool_of_it(syncer):
    tools = [wheel("pip", "99.0"), wheel("other", "1.0")]
    with public(*tools) as served:
        syncer("pip", "install", "pip", "other", UV_DEFAULT_INDEX=served.index_url())
    write(syncer, "b\n")

    err = syncer("pip", "sync", "r.txt").err

    assert [" + b==1.0", " - other==1.0"] == [line for line in err.splitlines() if line.startswith((" - o", " + b"))]
    assert "pip==99.0" in syncer("pip", "freeze").out
