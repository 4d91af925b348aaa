import json

import pytest
from inline_snapshot import snapshot

from keyrack.values.version import SPEAKS, VERSION
from lab.registries.simple import public
from lab.wheels import wheel


@pytest.mark.parametrize("words", [("self", "version"), ("-q", "--version"), ("--version", "-q")])
def test_the_version_is_told(run, words):
    assert (0, f"keyrack {VERSION} (speaks uv {SPEAKS})\n", "") == run(*words, "--no-cache")


def test_the_number_of_the_version_alone(run):
    assert f"{VERSION}\n" == run("self", "version", "--short").out


def test_the_version_as_json(run):
    assert {"package_name": "keyrack", "version": VERSION, "speaks": SPEAKS} == json.loads(
        run("self", "version", "--output-format", "json").out
    )


def test_where_the_cache_lies(run):
    assert "[FOLDER]/cache\n" == run("cache", "dir").out
    assert "[FOLDER]/other\n" == run("cache", "dir", "--cache-dir", "other").out


def test_the_cache_lies_where_a_file_says(run):
    del run.variables["UV_CACHE_DIR"]
    (run.folder / "uv.toml").write_text('cache-dir = "from-file"\n', encoding="utf-8")

    assert "[FOLDER]/from-file\n" == run("cache", "dir").out


def test_no_cache_is_no_error(run):
    assert str(run("cache", "clean")) == snapshot("""\
exit 0
--- stdout
--- stderr
No cache found at: cache
""")


def test_a_cache_is_emptied(run):
    (run.folder / "cache" / "pages-v1" / "lib").mkdir(parents=True)
    (run.folder / "cache" / "pages-v1" / "lib" / "one").write_bytes(bytes(2048))

    assert str(run("cache", "clean")) == snapshot("""\
exit 0
--- stdout
--- stderr
Clearing cache at: cache
Removed 2 files (2.0KiB)
""")
    assert not (run.folder / "cache" / "pages-v1").exists()


def test_entries_of_some_packages_are_removed(run):
    for name in ("lib-a", "lib-b"):
        (run.folder / "cache" / "pages-v1" / name).mkdir(parents=True)
        (run.folder / "cache" / "pages-v1" / name / "one").touch()

    assert str(run("cache", "clean", "Lib_A")) == snapshot("""\
exit 0
--- stdout
--- stderr
Removed 1 file
""")
    assert str(run("cache", "clear", "lib-a", "--force")) == snapshot("""\
exit 0
--- stdout
--- stderr
No cache entries found
""")
    assert ["lib-b"] == [path.name for path in (run.folder / "cache" / "pages-v1").iterdir()]


def test_a_package_that_was_installed_can_be_cleaned(run):
    lib = wheel("lib", "1.0")
    with public(lib) as index:
        run("pip", "install", "lib", UV_DEFAULT_INDEX=index.index_url())

    assert run("cache", "clean", "lib").err.startswith("Removed ")
    assert "No cache entries found\n" == run("cache", "clean", "lib").err


def test_an_identity_is_explained_without_its_secret(run):
    words = ["--index", "team=https://reader:s3cret@pkgs.example/team/simple/", "--default-index", "https://x.test/"]

    printed = run("auth", "explain", "lib", *words)

    assert "s3cret" not in printed.out + printed.err
    assert printed.out.splitlines()[0] == snapshot("https://pkgs.example/team/simple/lib/ (a page of index `team`)")
    assert str(run("auth", "explain", "ftp://pkgs.example/x")) == snapshot("""\
exit 2
--- stdout
--- stderr
error: Not a URL that is asked for over HTTP: ftp://pkgs.example/x
""")


MISNAMED = {
    ("lits",): snapshot("""\
error: unrecognized subcommand 'lits'

Usage: keyrack [OPTIONS] <COMMAND>

For more information, try '--help'.
"""),
    ("pip", "lst"): snapshot("""\
error: unrecognized subcommand 'lst'

  tip: some similar subcommands exist: 'ls', 'list'

Usage: keyrack pip [OPTIONS] <COMMAND>

For more information, try '--help'.
"""),
    ("pip", "nope", "x"): snapshot("""\
error: unrecognized subcommand 'nope'

Usage: keyrack pip [OPTIONS] <COMMAND>

For more information, try '--help'.
"""),
    ("--bogus", "pip", "list"): snapshot("""\
error: unexpected argument '--bogus' found

Usage: keyrack [OPTIONS] <COMMAND>

For more information, try '--help'.
"""),
    ("pip", "--bogus"): snapshot("""\
error: unexpected argument '--bogus' found

Usage: keyrack pip [OPTIONS] <COMMAND>

For more information, try '--help'.
"""),
    ("-q", "-v"): snapshot("""\
keyrack installs Python packages, each from its own index with that index's own key

Usage: keyrack [OPTIONS] <COMMAND>

Commands:
  auth     Look into authentication
  pip      Work on an environment in pip's words
  tree     Show what a project's lock holds as a tree of dependencies
  init     Begin a project
  lock     Write down which versions of everything a project gets
  add      Add requirements to the project
  remove   Take requirements out of the project
  export   Write what a project's lock holds in another form
  run      Run a command in the project's environment
  sync     Make the project's environment hold what its lock says
  build    Make a source distribution and a wheel of a project
  venv     Create a virtual environment
  tool     Install and run tools, each in an environment of its own
  python   Look into the Pythons of this machine
  cache    Look after keyrack's cache
  version  Show or raise the version of the project
  self     Look after keyrack itself
  help     Show the help of a command

Cache options:
  -n, --no-cache               Use an empty cache for this run only [env: UV_NO_CACHE=]
      --cache-dir <CACHE_DIR>  Where the cache lies [env: UV_CACHE_DIR=]

Global options:
  -q, --quiet...
          Say less; given twice, say nothing
  -v, --verbose...
          Tell each decision with its reason; given twice, tell more
      --color <COLOR_CHOICE>
          Whether the output has colours [possible values: auto, always, never]
      --offline
          Never use the network [env: UV_OFFLINE=]
      --allow-insecure-host <ALLOW_INSECURE_HOST>
          A host whose certificate is not checked, and that may be asked without TLS [env:
          UV_INSECURE_HOST=]
      --no-progress
          Draw no progress [env: UV_NO_PROGRESS=]
      --directory <DIRECTORY>
          Go to this folder before anything else [env: UV_WORKING_DIR=]
      --project <PROJECT>
          Look for the project in this folder [env: UV_PROJECT=]
      --config-file <CONFIG_FILE>
          Read this `uv.toml` and no other [env: UV_CONFIG_FILE=]
      --no-config
          Read no `pyproject.toml` and no `uv.toml` [env: UV_NO_CONFIG=]
  -h, --help
          Show this help
  -V, --version
          Show the version of keyrack

Use `keyrack help` for more details.
"""),
}


@pytest.mark.parametrize("words", MISNAMED)
def test_words_that_name_no_command_are_an_error(run, words):
    assert (2, "", MISNAMED[words]) == run(*words)


def test_an_error_has_colours_where_they_are_wanted(run):
    assert run("pip", "list", "--bogus", color=True).err.splitlines()[0] == snapshot(
        "\x1b[1;31merror\x1b[0m: unexpected argument '--bogus' found"
    )


def test_a_bad_configuration_is_an_error_of_every_command(run):
    (run.folder / "uv.toml").write_text("nonsense = 1\n", encoding="utf-8")

    assert {2} == {run(*words).code for words in (("pip", "list"), ("cache", "dir"), ("pip", "install", "lib"))}


def test_a_folder_that_may_not_be_read_is_an_error(run):
    (run.folder / "limits").mkdir()

    assert 2 == run("pip", "install", "-c", "limits", "lib").code
