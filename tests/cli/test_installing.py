"""What `pip install` says before it says what was resolved, and what a time for files hides."""

import pytest

from lab.registries.simple import public
from lab.wheels import wheel

WHEELS = (
    wheel("ok", "1.0", uploaded="2024-01-01T00:00:00Z"),
    wheel("ok", "2.0", uploaded="2024-03-01T00:00:00Z"),
)
NOW = {"UV_INTERNAL__TEST_CURRENT_TIMESTAMP": "2024-04-01T00:00:00Z"}
UNPINNED = (
    "warning: The direct dependency `ok` is unpinned. Consider setting a lower bound when using `--resolution lowest` or"
    " `--resolution lowest-direct` to avoid using outdated versions."
)


@pytest.fixture
def installer(run):
    with public(*WHEELS) as index:
        run.variables["UV_DEFAULT_INDEX"] = index.index_url()
        yield run


def lines(said):
    return " ".join(said.err.replace("\n  ... ", " ").split())


def test_a_missing_bound_is_told_before_what_was_resolved(installer):
    said = lines(installer("pip", "install", "--resolution", "lowest", "ok"))

    assert said.index(UNPINNED) < said.index("Resolved 1 package")


def test_a_missing_bound_is_told_before_a_failure(installer):
    said = lines(installer("pip", "install", "--resolution", "lowest", "ok", "missing"))

    assert said.index(UNPINNED) < said.index("error: No solution found")


@pytest.mark.parametrize(
    ("words", "variables", "version"),
    [
        (["--exclude-newer", "30d"], NOW, "2.0"),
        (["--exclude-newer", "P60D"], NOW, "1.0"),
        (["--exclude-newer", "2024-02-01T00:00:00Z"], {}, "1.0"),
        (["--exclude-newer", "2024-02-01", "--exclude-newer-package", "ok=false"], {}, "2.0"),
        (["--exclude-newer-package", "ok=2024-02-01"], {}, "1.0"),
        ([], {"UV_EXCLUDE_NEWER": "2024-02-01"}, "1.0"),
        (["--exclude-newer", "false"], {"UV_EXCLUDE_NEWER": "2024-02-01"}, "2.0"),
        ([], {"UV_INTERNAL__TEST_AVAILABLE_VERSION_CUTOFF": "2024-02-01T00:00:00Z"}, "1.0"),
    ],
    ids=["span", "iso-span", "instant", "package-false", "package", "variable", "flag-false", "end-of-a-test"],
)
def test_a_time_decides_which_version_is_there(installer, words, variables, version):
    assert f"+ ok=={version}" in installer("pip", "install", "--dry-run", *words, "ok", **variables).err


def test_a_file_without_a_date_is_told_where_one_is_needed(run):
    with public(wheel("ok", "1.0", uploaded="")) as index:
        said = lines(
            run("pip", "install", "--default-index", index.index_url(), "--exclude-newer=2024-02-01T00:00:00Z", "ok")
        )

    assert (
        "warning: `ok-1.0-py3-none-any.whl` is missing an upload date, but user provided: 2024-02-01T00:00:00Z" in said
    )
    assert "The latest version satisfying the requirement is v1.0." in said


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("ok", "Invalid `exclude-newer-package` value `ok`: expected format `PACKAGE=DATE` or `PACKAGE=false`"),
        ("ok=x", "Invalid `exclude-newer-package` value `x`: `x` could not be parsed as a valid exclude-newer value"),
        ("b@d=1d", "Invalid `exclude-newer-package` package name `b@d`: Not a valid package or extra name"),
    ],
    ids=["no-value", "no-time", "no-name"],
)
def test_a_time_for_a_package_that_cannot_be_read_is_told(run, value, told):
    said = run("pip", "install", "--exclude-newer-package", value, "ok")

    assert 2 == said.code
    assert told in lines(said)
