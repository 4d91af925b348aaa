import re
from collections.abc import Iterator

import pytest
from inline_snapshot import snapshot

from lab.registries.simple import private, public, simple
from lab.registry import Shelf
from lab.sdists import sdist
from lab.wheels import wheel
from lab.wire import Response

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


def locked(run, *names):
    """Compile a lock of packages."""
    write(run, "".join(f"{name}\n" for name in names), "r.in")
    printed = run("pip", "compile", "-q", "r.in", "-o", "pylock.toml", "--no-deps")
    assert 0 == printed.code, printed.err
    return (run.folder / "pylock.toml").read_text()


def test_a_lock_is_installed_as_it_stands(syncer):
    locked(syncer, "a==1.0", "source")
    write(syncer, "b\n")
    syncer("pip", "sync", "r.txt")

    assert str(syncer("pip", "sync", "pylock.toml")) == snapshot("""\
exit 0
--- stdout
--- stderr
Using Python [PYTHON] environment at: v
   Building source==1.0
      Built source==1.0
Prepared 2 packages in [TIME]
Uninstalled 1 package in [TIME]
Installed 2 packages in [TIME]
 + a==1.0
 - b==1.0
 + source==1.0
""")
    assert syncer("pip", "sync", "pylock.toml").err == snapshot("""\
Using Python [PYTHON] environment at: v
Checked 2 packages in [TIME]
""")


def test_a_lock_may_be_added_to_an_environment(syncer):
    locked(syncer, "a==1.0")
    write(syncer, "b\n")
    syncer("pip", "sync", "r.txt")

    assert syncer("pip", "install", "-r", "pylock.toml").err == snapshot("""\
Using Python [PYTHON] environment at: v
Prepared 1 package in [TIME]
Installed 1 package in [TIME]
 + a==1.0
""")
    assert "a==1.0\nb==1.0\n" == syncer("pip", "freeze").out


def test_a_file_with_another_hash_is_refused_and_nothing_is_changed(syncer):
    text = locked(syncer, "a==1.0")
    write(syncer, text.replace(A1.sha256, "0" * 64), "pylock.toml")

    printed = syncer("pip", "sync", "pylock.toml")

    assert 1 == printed.code
    assert "Failed to download `a==1.0`" in printed.err
    assert "" == syncer("pip", "freeze").out


def test_a_lock_that_cannot_be_read_is_told_with_its_line(syncer):
    write(
        syncer, 'lock-version = "1.0"\ncreated-by = "me"\n\n[[packages]]\nname = "a"\nversion = "one"\n', "pylock.toml"
    )

    assert str(syncer("pip", "sync", "pylock.toml")) == snapshot("""\
exit 2
--- stdout
--- stderr
error: Not a valid `pylock.toml` file: pylock.toml
  cause: TOML parse error at line 6, column 11
           |
         6 | version = "one"
           |           ^^^^^
         expected a version, found `one`
""")


EXTRAS = """\
lock-version = "1.0"
created-by = "me"
extras = ["x"]
dependency-groups = ["dev", "test"]
default-groups = ["dev"]

[[packages]]
name = "plain"
wheels = [{ path = "plain-1.0-py3-none-any.whl", hashes = {} }]

[[packages]]
name = "of-x"
marker = "'x' in extras"
wheels = [{ path = "of_x-1.0-py3-none-any.whl", hashes = {} }]

[[packages]]
name = "of-dev"
marker = "'dev' in dependency_groups"
wheels = [{ path = "of_dev-1.0-py3-none-any.whl", hashes = {} }]

[[packages]]
name = "of-test"
marker = "'test' in dependency_groups"
wheels = [{ path = "of_test-1.0-py3-none-any.whl", hashes = {} }]
"""


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ((), "of-dev plain"),
        (("--extra", "x"), "of-dev of-x plain"),
        (("--all-extras",), "of-dev of-x plain"),
        (("--group", "test"), "of-dev of-test plain"),
    ],
    ids=["defaults", "extra", "all extras", "group"],
)
def test_extras_and_groups_of_a_lock_are_chosen(run, words, names):
    for name in ("plain", "of_x", "of_dev", "of_test"):
        made = wheel(name, "1.0")
        (run.folder / made.filename).write_bytes(made.body)
    write(run, EXTRAS, "pylock.toml")

    printed = run("pip", "sync", "pylock.toml", *words, "--offline")

    assert (0, names) == (printed.code, " ".join(re.findall(r"^ \+ (\S+)==", printed.err, re.MULTILINE)))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("pylock.toml", "r.txt"), "Cannot specify additional requirements alongside a `pylock.toml` file"),
        (("pylock.toml", "-c", "r.txt"), "Cannot specify constraints with a `pylock.toml` file"),
        (("pylock.toml", "pylock.x.toml"), "Multiple `pylock.toml` files specified: `pylock.toml` vs. `pylock.x.toml`"),
        (
            ("pylock.toml", "--group", "pyproject.toml:dev"),
            "Cannot specify paths for groups with a `pylock.toml` file; all groups must refer to the `pylock.toml` file",
        ),
        (("gone/pylock.toml",), "File not found: gone/pylock.toml"),
    ],
    ids=["requirements", "constraints", "two", "groups", "gone"],
)
def test_nothing_goes_with_a_lock_but_extras_and_groups(run, words, why):
    for name in ("pylock.toml", "pylock.x.toml"):
        write(run, EXTRAS, name)
    write(run, "b\n")

    printed = run("pip", "sync", *words)

    assert (2, f"error: {why}\n") == (printed.code, printed.err)


def test_overrides_do_not_go_with_a_lock(run):
    write(run, EXTRAS, "pylock.toml")
    write(run, "b\n")

    printed = run("pip", "install", "-r", "pylock.toml", "--overrides", "r.txt")

    assert (2, "error: Cannot specify overrides with a `pylock.toml` file\n") == (printed.code, printed.err)


def test_two_indexes_of_one_host_get_each_its_own_key_from_a_lock(run):
    """The lock names the index of each package, and that index's identity and no other goes with its files."""
    with simple(Shelf("one", (A1,), (ONE,)), Shelf("two", (B,), (TWO,))) as host:
        write(
            run,
            f'[[index]]\nname = "one"\nurl = "{host.index_url("one")}"\n'
            f'[[index]]\nname = "two"\nurl = "{host.index_url("two")}"\ndefault = true\n',
            "uv.toml",
        )
        run.variables.update(
            {f"UV_INDEX_{name}_{what}": value
             for name, (user, password) in {"ONE": ONE, "TWO": TWO}.items()
             for what, value in (("USERNAME", user), ("PASSWORD", password))}
        )  # fmt: skip
        text = locked(run, "a", "b")
        run.variables["UV_CACHE_DIR"] = str(run.folder / "another cache")
        host.clear()

        printed = run("pip", "sync", "pylock.toml")

        asked = {(entry.path.rsplit("/", 1)[-1], entry.user, entry.password, entry.status) for entry in host.requests()}

    assert 0 == printed.code, printed.err
    assert {(A1.filename, *ONE, 200), (B.filename, *TWO, 200)} == asked
    assert "S3CR3T" not in text


def test_an_index_that_only_the_lock_knows_gets_no_key_of_another(run):
    with simple(Shelf("one", (A1,), (ONE,)), Shelf("two", (B,), (TWO,))) as host:
        run.variables["UV_DEFAULT_INDEX"] = host.index_url("two", TWO)
        text = locked(run, "b")
        write(run, text.replace("/two/", "/one/").replace("/b/", "/a/").replace('"b"', '"a"'), "pylock.toml")
        host.clear()

        printed = run("pip", "sync", "pylock.toml", "--no-cache")

        users = {entry.user for entry in host.requests()}

    assert printed.code
    assert {None} == users


def test_a_lock_of_the_web_may_not_name_what_lies_here(run):
    with private(B, identity=ONE) as host:
        (run.folder / "plain-1.0-py3-none-any.whl").write_bytes(wheel("plain", "1.0").body)
        host.server.application = lambda _request: _served(EXTRAS)

        printed = run("pip", "sync", f"{host.url}/pylock.toml")

    assert str(printed) == snapshot("""\
exit 2
--- stdout
--- stderr
Using Python [PYTHON] environment at: v
error: The lock file names `plain-1.0-py3-none-any.whl`, a path on this disk
  cause: A lock file that comes from the web may not name what lies on this disk

hint: Download the lock file, look at what it names, and give its path
""")


def _served(text):
    return Response(200, text.encode())
