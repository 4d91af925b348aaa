import pytest
from inline_snapshot import snapshot

from lab.registries.simple import public
from lab.wheels import wheel

ALONE = wheel("alone", "1.0")


@pytest.fixture
def installer(run):
    with public(wheel("ok", "1.0.0"), wheel("ok", "2.0.0"), wheel("dep", "1.0.0", requires=["ok==1.0.0"])) as index:
        run.variables["UV_DEFAULT_INDEX"] = index.index_url()
        yield run


def test_uninstalling_says_what_went_and_what_was_not_there(installer):
    installer("pip", "install", "dep")

    assert str(installer("pip", "uninstall", "nope", "dep", "ok")) == snapshot("""\
exit 0
--- stdout
--- stderr
Using Python [PYTHON] environment at: v
warning: Skipping nope as it is not installed
Uninstalled 2 packages in [TIME]
 - dep==1.0.0
 - ok==1.0.0
""")
    assert "" == installer("pip", "freeze").out


def test_uninstalling_nothing_is_a_warning(installer):
    assert str(installer("pip", "uninstall", "nope")) == snapshot("""\
exit 0
--- stdout
--- stderr
Using Python [PYTHON] environment at: v
warning: Skipping nope as it is not installed
warning: No packages to uninstall
""")


def test_a_dry_run_uninstalls_nothing(installer):
    installer("pip", "install", "ok")

    assert installer("pip", "uninstall", "--dry-run", "ok", "nope").err == snapshot("""\
Using Python [PYTHON] environment at: v
Would uninstall 1 package
 - ok==2.0.0
""")
    assert installer("pip", "uninstall", "--dry-run", "nope").err == snapshot("""\
Using Python [PYTHON] environment at: v
Would make no changes
""")
    assert "ok==2.0.0\n" == installer("pip", "freeze").out


def test_what_a_file_lists_is_uninstalled(installer, tmp_path):
    (tmp_path / "r.txt").write_text("ok>=1\n", encoding="utf-8")
    installer("pip", "install", "-r", "r.txt")

    assert installer("pip", "uninstall", "-r", "r.txt").err == snapshot("""\
Using Python [PYTHON] environment at: v
Uninstalled 1 package in [TIME]
 - ok==2.0.0
""")


def test_a_direct_installation_is_uninstalled_by_its_path(installer, tmp_path):
    (tmp_path / ALONE.filename).write_bytes(ALONE.body)
    installer("pip", "install", f"./{ALONE.filename}")

    assert installer("pip", "uninstall", f"./{ALONE.filename}", "./other.whl").err == snapshot("""\
Using Python [PYTHON] environment at: v
warning: Skipping `file://[FOLDER]/other.whl` as it is not installed
Uninstalled 1 package in [TIME]
 - alone==1.0 (from file://[FOLDER]/alone-1.0-py3-none-any.whl)
""")
