from inline_snapshot import snapshot

HELP = snapshot("""\
Make an environment hold what a `requirements.txt` or `pylock.toml` file lists, and nothing else

Usage: keyrack pip sync [OPTIONS] <SRC_FILE>...

Arguments:
  <SRC_FILE>...  Install what these files list

Options:
  -c, --constraints <CONSTRAINTS>
          Allow only versions that this file allows; repeatable [env: UV_CONSTRAINT=]
  -b, --build-constraints <BUILD_CONSTRAINTS>
          Allow only versions that this file allows where packages are built; repeatable [env:
          UV_BUILD_CONSTRAINT=]
      --extra <EXTRA>
          Install this extra of the file
      --all-extras
          Install all extras of the file
      --group <GROUP>
          Install this dependency group of the file
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
      --allow-empty-requirements
          Take everything out where nothing is listed
      --python-version <PYTHON_VERSION>
          Choose files for another Python
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

Resolver options:
      --exclude-newer <EXCLUDE_NEWER>
          Take only files that were uploaded before this time [env: UV_EXCLUDE_NEWER=]
      --exclude-newer-package <EXCLUDE_NEWER_PACKAGE>
          The same for one package, as `PACKAGE=TIME`
      --no-sources
          Ignore `tool.uv.sources` [env: UV_NO_SOURCES=]
      --no-sources-package <NO_SOURCES_PACKAGE>
          Ignore `tool.uv.sources` for one package [env: UV_NO_SOURCES_PACKAGE=]

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


def test_help_tells_all_flags(run):
    assert HELP == run("pip", "sync", "--help").out
