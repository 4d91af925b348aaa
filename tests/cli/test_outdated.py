import pytest
from inline_snapshot import snapshot

from lab.registries.simple import public
from lab.sdists import sdist
from lab.wheels import wheel

SHELF = [
    wheel("old", "1.0", requires=["fresh"]),
    wheel("old", "2.0"),
    wheel("old", "3.0", requires_python=">=3.99"),
    wheel("old", "4.0b1"),
    wheel("fresh", "1.0"),
    wheel("built", "1.0"),
    sdist("built", "2.0"),
    wheel("private", "1.0"),
]


@pytest.fixture
def filled(run):
    with public(*SHELF) as index:
        run.variables["UV_DEFAULT_INDEX"] = index.index_url()
        assert 0 == run("pip", "install", "old==1.0", "built==1.0", "private").code
    with public(*SHELF[:-1]) as index:
        run.variables["UV_DEFAULT_INDEX"] = index.index_url()
        yield run


def test_only_packages_with_a_newer_version_that_fits_are_listed(filled):
    assert str(filled("pip", "list", "--outdated")) == snapshot("""\
exit 0
--- stdout
Package Version Latest Type
------- ------- ------ -----
built   1.0     2.0    sdist
old     1.0     2.0    wheel
--- stderr
Using Python [PYTHON] environment at: v
""")


def test_newer_versions_as_json(filled):
    assert filled("pip", "list", "--outdated", "--format", "json", "--exclude", "built").out == snapshot(
        '[{"name":"old","version":"1.0","latest_version":"2.0","latest_filetype":"wheel"}]\n'
    )


def test_newer_versions_cannot_be_told_in_a_requirements_file(filled):
    assert str(filled("pip", "list", "--outdated", "--format", "freeze")) == snapshot("""\
exit 2
--- stdout
--- stderr
error: `--outdated` cannot be used with `--format freeze`
""")


def test_a_tree_tells_newer_versions(filled):
    assert filled("pip", "tree", "--outdated").out == snapshot("""\
built v1.0 (latest: v2.0)
old v1.0 (latest: v2.0)
└── fresh v1.0
private v1.0
""")
