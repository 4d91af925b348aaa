import pytest
from inline_snapshot import snapshot

from keyrack.cli.commands import COMMANDS
from keyrack.cli.context import command_module


def test_every_command_has_a_grammar_of_its_own_words():
    wrong = [each.text for each in COMMANDS if command_module(each).GRAMMAR.words not in (each.text, each.words[-1])]

    assert [] == wrong


def test_no_flag_of_a_command_stands_for_two_things():
    twice = [
        (each.text, name)
        for each in COMMANDS
        for names in [[name for flag in command_module(each).GRAMMAR.flags for name in flag.names]]
        for name in set(names)
        if names.count(name) > 1
    ]

    assert [] == twice


def test_every_flag_that_is_excluded_by_another_is_one_of_the_command():
    wrong = []
    for each in COMMANDS:
        grammar = command_module(each).GRAMMAR
        keys = {flag.key for flag in grammar.flags}
        own = [pair for pair in grammar.exclusive if pair[0] not in ("quiet", "target")]
        wrong += [(each.text, pair) for pair in own if not set(pair) <= keys]

    assert [] == wrong


@pytest.mark.parametrize("words", [("--help",), ("-h",), ("help",)])
def test_help_lists_the_commands(run, words):
    assert run(*words).out == snapshot("""\
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
""")


def test_without_words_the_overview_is_an_error(run):
    asked, bare = run("--help"), run()

    assert (2, "", asked.out) == bare


def test_a_group_lists_its_commands(run):
    assert run("pip", "--help").out.splitlines()[:13] == snapshot(
        [
            "Work on an environment in pip's words",
            "",
            "Usage: keyrack pip [OPTIONS] <COMMAND>",
            "",
            "Commands:",
            "  install    Install packages into an environment",
            "  compile    Pin all that requirements need in a file",
            "  sync       Make an environment hold what files list, and nothing else",
            "  uninstall  Take packages out of an environment",
            "  freeze     List what is installed as a requirements file",
            "  list       List what is installed as a table",
            "  show       Show what is known of installed packages",
            "  tree       Show what is installed as a tree of dependencies",
        ]
    )


def test_a_group_without_a_command_is_an_error(run):
    asked, bare = run("cache", "--help"), run("cache")

    assert (2, "", asked.out) == bare


@pytest.mark.parametrize("words", [("help", "pip", "freeze"), ("pip", "freeze", "--help"), ("-h", "pip", "freeze")])
def test_the_help_of_a_command_is_the_same_however_it_is_asked_for(run, words):
    assert run(*words).out == snapshot("""\
List what is installed as a requirements file

Usage: keyrack pip freeze [OPTIONS]

Options:
      --exclude-editable   Leave out editable packages
      --exclude <EXCLUDE>  Leave out this package; repeatable
      --strict             Look for missing dependencies and other faults afterwards
      --path <PATH>        Look into this folder only; repeatable
      --system             Act on the system's Python, not on an environment [env:
                           UV_SYSTEM_PYTHON=]
  -t, --target <TARGET>    Act on this folder instead of an environment
      --prefix <PREFIX>    Act on an environment's layout below this folder

Python options:
  -p, --python <PYTHON>  The Python or the environment that is meant [env: UV_PYTHON=]

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
""")


def test_help_of_pip_install(run):
    assert run("pip", "install", "--help").out == PIP_INSTALL


def test_help_has_colours_where_they_are_wanted(run):
    assert run("help", "cache", "dir", color=True).out.splitlines()[:4] == snapshot(
        ["Show where the cache lies", "", "\x1b[1;32mUsage:\x1b[0m \x1b[1;36mkeyrack cache dir\x1b[0m [OPTIONS]", ""]
    )


def test_help_of_no_command_names_those_there_are(run):
    assert str(run("help", "pip", "nope")) == snapshot("""\
exit 2
--- stdout
--- stderr
error: There is no command `nope` for `keyrack pip`. Did you mean one of:
    install
    compile
    sync
    uninstall
    freeze
    list
    show
    tree
    check
""")


@pytest.mark.parametrize("alias", ["ls", "list"])
def test_commands_have_other_names(run, alias):
    assert "Usage: keyrack pip list [OPTIONS]" in run("pip", alias, "--help").out


PIP_INSTALL = snapshot("""\
Install packages into an environment

Usage: keyrack pip install [OPTIONS] <PACKAGE|--requirements <REQUIREMENTS>|--editable <EDITABLE>|--group <GROUP>>

Arguments:
  [PACKAGE]...  The packages to install

Options:
  -r, --requirements <REQUIREMENTS>
          Install what this file lists; repeatable
  -e, --editable <EDITABLE>
          Install this source tree so that changes in it take effect
      --no-editable
          Install trees as they are now, also those of `-e` [env: UV_NO_EDITABLE=]
      --no-editable-package <NO_EDITABLE_PACKAGE>
          Install this tree as it is now
  -c, --constraints <CONSTRAINTS>
          Allow only versions that this file allows; repeatable [env: UV_CONSTRAINT=]
      --overrides <OVERRIDES>
          Replace requirements of packages by this file's [env: UV_OVERRIDE=]
      --excludes <EXCLUDES>
          Leave out the packages of this file [env: UV_EXCLUDE=]
  -b, --build-constraints <BUILD_CONSTRAINTS>
          Allow only versions that this file allows where packages are built; repeatable [env:
          UV_BUILD_CONSTRAINT=]
      --extra <EXTRA>
          Install this extra of the project in `-r`
      --all-extras
          Install all extras of the project in `-r`
      --group <GROUP>
          Install this dependency group, as `[PATH:]NAME`
      --no-deps
          Install what is named and nothing that it requires
      --require-hashes
          Refuse whatever has no hash [env: UV_REQUIRE_HASHES=]
      --no-verify-hashes
          Ignore the hashes of requirements files [env: UV_NO_VERIFY_HASHES=]
      --require-build-hashes
          Refuse what has no hash where packages are built [env: UV_REQUIRE_BUILD_HASHES=]
      --system
          Act on the system's Python, not on an environment [env: UV_SYSTEM_PYTHON=]
      --break-system-packages
          Change a Python that says it is managed by other means [env: UV_BREAK_SYSTEM_PACKAGES=]
  -t, --target <TARGET>
          Act on this folder instead of an environment
      --prefix <PREFIX>
          Act on an environment's layout below this folder
      --no-build
          Use wheels only
      --no-binary <NO_BINARY>
          Use no wheel of this package, or of :all:
      --only-binary <ONLY_BINARY>
          Use only wheels of this package, or of :all:
      --python-version <PYTHON_VERSION>
          Choose versions for another Python
      --python-platform <PYTHON_PLATFORM>
          Choose files for another platform [possible values: windows, linux, macos,
          x86_64-pc-windows-msvc, aarch64-pc-windows-msvc, i686-pc-windows-msvc,
          x86_64-unknown-linux-gnu, aarch64-apple-darwin, x86_64-apple-darwin,
          aarch64-unknown-linux-gnu, aarch64-unknown-linux-musl, x86_64-unknown-linux-musl,
          riscv64-unknown-linux, x86_64-manylinux2014, x86_64-manylinux_2_17, x86_64-manylinux_2_28,
          x86_64-manylinux_2_31, x86_64-manylinux_2_32, x86_64-manylinux_2_33,
          x86_64-manylinux_2_34, x86_64-manylinux_2_35, x86_64-manylinux_2_36,
          x86_64-manylinux_2_37, x86_64-manylinux_2_38, x86_64-manylinux_2_39,
          x86_64-manylinux_2_40, aarch64-manylinux2014, aarch64-manylinux_2_17,
          aarch64-manylinux_2_28, aarch64-manylinux_2_31, aarch64-manylinux_2_32,
          aarch64-manylinux_2_33, aarch64-manylinux_2_34, aarch64-manylinux_2_35,
          aarch64-manylinux_2_36, aarch64-manylinux_2_37, aarch64-manylinux_2_38,
          aarch64-manylinux_2_39, aarch64-manylinux_2_40, aarch64-linux-android,
          x86_64-linux-android, wasm32-pyodide2024, wasm32-pyodide2025, arm64-apple-ios,
          arm64-apple-ios-simulator, x86_64-apple-ios-simulator]
      --exact
          Take out whatever else is installed
      --strict
          Look for missing dependencies and other faults afterwards
      --dry-run
          Say what would be done, and do nothing
      --check
          Do nothing, and end with 1 if anything would have to be done
      --output-format <OUTPUT_FORMAT>
          The form of the result [default: text] [possible values: text, json]

Index options:
      --index <INDEX>
          An index `[NAME=]URL` that is searched before the default one; repeatable [env: UV_INDEX=]
      --default-index <DEFAULT_INDEX>
          The index that is searched last, in place of the public one [env: UV_DEFAULT_INDEX=]
  -i, --index-url <INDEX_URL>
          As `--default-index`, in pip's words [env: UV_INDEX_URL=]
      --extra-index-url <EXTRA_INDEX_URL>
          As `--index`, in pip's words [env: UV_EXTRA_INDEX_URL=]
  -f, --find-links <FIND_LINKS>
          A folder or a page of files that are candidates too [env: UV_FIND_LINKS=]
      --no-index
          Search no index, only `--find-links` and direct URLs
      --index-strategy <INDEX_STRATEGY>
          Which of the indexes that have a package may answer for it [env: UV_INDEX_STRATEGY=]
          [possible values: first-index, unsafe-first-match, unsafe-best-match]
      --keyring-provider <KEYRING_PROVIDER>
          Whether the `keyring` program is asked for credentials [env: UV_KEYRING_PROVIDER=]
          [possible values: disabled, subprocess]

Resolver options:
  -U, --upgrade
          Take the newest versions, whatever is installed; implies `--refresh`
  -P, --upgrade-package <UPGRADE_PACKAGE>
          Take the newest version of one package
      --resolution <RESOLUTION>
          Which versions are preferred [env: UV_RESOLUTION=] [possible values: highest, lowest,
          lowest-direct]
      --prerelease <PRERELEASE>
          When pre-releases are taken [env: UV_PRERELEASE=] [possible values: disallow, allow,
          if-necessary, explicit, if-necessary-or-explicit]
      --prerelease-package <PRERELEASE_PACKAGE>
          When pre-releases of one package are taken, as `PACKAGE=MODE`
      --fork-strategy <FORK_STRATEGY>
          Whether versions are as few as possible, or the newest for each Python [env:
          UV_FORK_STRATEGY=] [possible values: fewest, requires-python]
      --exclude-newer <EXCLUDE_NEWER>
          Take only files that were uploaded before this time [env: UV_EXCLUDE_NEWER=]
      --exclude-newer-package <EXCLUDE_NEWER_PACKAGE>
          The same for one package, as `PACKAGE=TIME`
      --no-sources
          Ignore `tool.uv.sources` [env: UV_NO_SOURCES=]
      --no-sources-package <NO_SOURCES_PACKAGE>
          Ignore `tool.uv.sources` for one package [env: UV_NO_SOURCES_PACKAGE=]

Installer options:
      --reinstall
          Install anew what is installed already; implies `--refresh`
      --reinstall-package <REINSTALL_PACKAGE>
          Install one package anew
      --link-mode <LINK_MODE>
          How files come from the cache into the environment [env: UV_LINK_MODE=] [possible values:
          clone, copy, hardlink, symlink]
      --compile-bytecode
          Compile the installed Python files [env: UV_COMPILE_BYTECODE=]

Build options:
  -C, --config-setting <CONFIG_SETTING>
          Hand a setting `KEY=VALUE` to build backends
      --config-settings-package <CONFIG_SETTINGS_PACKAGE>
          Hand a setting to one package's build backend, as `PACKAGE:KEY=VALUE`
      --no-build-isolation
          Build in the environment itself: it must hold all that builds need [env:
          UV_NO_BUILD_ISOLATION=]
      --no-build-isolation-package <NO_BUILD_ISOLATION_PACKAGE>
          Build one package in the environment itself

Cache options:
  -n, --no-cache                           Use an empty cache for this run only [env: UV_NO_CACHE=]
      --cache-dir <CACHE_DIR>              Where the cache lies [env: UV_CACHE_DIR=]
      --refresh                            Ask again about everything that the cache holds
      --refresh-package <REFRESH_PACKAGE>  Ask again about one package

Python options:
  -p, --python <PYTHON>  The Python or the environment that is meant [env: UV_PYTHON=]

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
""")
