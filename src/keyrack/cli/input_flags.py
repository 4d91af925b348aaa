"""The flags for files that say more about requirements, and for hashes, which several commands take alike."""

from __future__ import annotations

from keyrack.cli.flags import separated, several, switch

CONSTRAINTS = separated(
    several(
        "--constraints -c --constraint",
        "constraints",
        "Allow only versions that this file allows; repeatable",
        "UV_CONSTRAINT",
    ),
    " ",
)
OVERRIDES = separated(
    several("--overrides --override", "overrides", "Replace requirements of packages by this file's", "UV_OVERRIDE"),
    " ",
)
EXCLUDES = separated(
    several("--excludes --exclude", "excludes", "Leave out the packages of this file", "UV_EXCLUDE"), " "
)
BUILD_CONSTRAINTS = separated(
    several(
        "--build-constraints -b --build-constraint",
        "build-constraints",
        "Allow only versions that this file allows where packages are built; repeatable",
        "UV_BUILD_CONSTRAINT",
    ),
    " ",
)
BUILD_HASHES = switch(
    "--require-build-hashes",
    "require-build-hashes",
    "Refuse what has no hash where packages are built",
    "UV_REQUIRE_BUILD_HASHES",
)
HASHES = (
    switch("--require-hashes", "require-hashes", "Refuse whatever has no hash", "UV_REQUIRE_HASHES"),
    switch("--no-require-hashes", "require-hashes", kind="no"),
    switch(
        "--no-verify-hashes",
        "verify-hashes",
        "Ignore the hashes of requirements files",
        "UV_NO_VERIFY_HASHES",
        kind="no",
    ),
    switch("--verify-hashes", "verify-hashes"),
    BUILD_HASHES,
)
FORMATS = (
    switch("--no-build", "no-build", "Use wheels only"),
    switch("--build", "no-build", kind="no"),
    separated(
        several("--no-binary", "no-binary", "Use no wheel of this package, or of :all:", check="format control"), ","
    ),
    separated(
        several("--only-binary", "only-binary", "Use only wheels of this package, or of :all:", check="format control"),
        ",",
    ),
)
