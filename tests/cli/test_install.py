from collections.abc import Iterator

import pytest
from inline_snapshot import snapshot

from lab.registries.simple import private, public
from lab.wheels import wheel

OK1, OK2 = wheel("ok", "1.0.0"), wheel("ok", "2.0.0")
DEP = wheel("dep", "1.0.0", requires=["ok==1.0.0"])
YANKED = wheel("yanked", "1.0", yanked="it bites")
EXTRA = wheel("extra", "1.0", extras={"x": ["ok"]})
ALONE = wheel("alone", "1.0")
BIG = wheel("big", "1.0", files={"big/data.bin": bytes(range(256)) * 5000}, compress=False)


@pytest.fixture(scope="module")
def index() -> Iterator[str]:
    with public(OK1, OK2, DEP, YANKED, EXTRA, BIG) as served:
        yield served.index_url()


@pytest.fixture
def installer(run, index):
    run.variables["UV_DEFAULT_INDEX"] = index
    return run


def test_an_installation_says_what_was_resolved_prepared_and_installed(installer):
    assert str(installer("pip", "install", "dep")) == snapshot("""\
exit 0
--- stdout
--- stderr
Using Python [PYTHON] environment at: v
Resolved 2 packages in [TIME]
Prepared 2 packages in [TIME]
Installed 2 packages in [TIME]
 + dep==1.0.0
 + ok==1.0.0
""")


def test_what_is_there_is_only_checked(installer):
    installer("pip", "install", "ok")

    assert str(installer("pip", "install", "ok")) == snapshot("""\
exit 0
--- stdout
--- stderr
Using Python [PYTHON] environment at: v
Checked 1 package in [TIME]
""")


def test_an_upgrade_removes_and_adds(installer):
    installer("pip", "install", "ok==1.0.0")

    assert installer("pip", "install", "-U", "ok").err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
Prepared 1 package in [TIME]
Uninstalled 1 package in [TIME]
Installed 1 package in [TIME]
 - ok==1.0.0
 + ok==2.0.0
""")


def test_a_reinstalled_package_has_a_sign_of_its_own(installer):
    installer("pip", "install", "ok")

    assert installer("pip", "install", "--reinstall", "ok").err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
Prepared 1 package in [TIME]
Uninstalled 1 package in [TIME]
Installed 1 package in [TIME]
 ~ ok==2.0.0
""")


def test_a_local_wheel_says_where_it_is_from(installer, tmp_path):
    (tmp_path / ALONE.filename).write_bytes(ALONE.body)

    assert installer("pip", "install", f"./{ALONE.filename}").err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
Prepared 1 package in [TIME]
Installed 1 package in [TIME]
 + alone==1.0 (from file://[FOLDER]/alone-1.0-py3-none-any.whl)
""")


def test_a_dry_run_says_what_would_be_done(installer):
    installer("pip", "install", "ok==1.0.0")

    assert installer("pip", "install", "--dry-run", "ok==2.0.0", "extra").err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 2 packages in [TIME]
Would download 2 packages
Would uninstall 1 package
Would install 2 packages
 + extra==1.0
 - ok==1.0.0
 + ok==2.0.0
""")
    assert "ok==1.0.0\n" == installer("pip", "freeze").out


def test_a_dry_run_without_changes_says_so(installer):
    installer("pip", "install", "ok")

    assert installer("pip", "install", "--dry-run", "ok").err == snapshot("""\
Using Python [PYTHON] environment at: v
Checked 1 package in [TIME]
Would make no changes
""")


def test_a_check_fails_where_something_would_have_to_be_done(installer):
    installer("pip", "install", "ok==1.0.0")

    assert str(installer("pip", "install", "--check", "ok>1")) == snapshot("""\
exit 1
--- stdout
--- stderr
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
Would download 1 package
Would uninstall 1 package
Would install 1 package
 - ok==1.0.0
 + ok==2.0.0
""")
    assert 0 == installer("pip", "install", "--check", "ok").code


def test_exact_takes_out_the_rest(installer):
    installer("pip", "install", "extra")

    assert installer("pip", "install", "--exact", "ok").err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
Prepared 1 package in [TIME]
Uninstalled 1 package in [TIME]
Installed 1 package in [TIME]
 - extra==1.0
 + ok==2.0.0
""")


def test_changes_as_json(installer):
    installer("pip", "install", "ok==1.0.0")

    assert installer("pip", "install", "--output-format", "json", "ok>1", "extra").out == snapshot("""\
{
  "schema": {
    "version": "preview"
  },
  "changes": [
    {
      "name": "extra",
      "version": "1.0",
      "action": "installed"
    },
    {
      "name": "ok",
      "version": "1.0.0",
      "action": "uninstalled"
    },
    {
      "name": "ok",
      "version": "2.0.0",
      "action": "installed"
    }
  ],
  "dry_run": false
}
""")


def test_no_solution_is_explained_and_the_exit_code_is_1(installer):
    assert str(installer("pip", "install", "ok==3")) == snapshot("""\
exit 1
--- stdout
--- stderr
Using Python [PYTHON] environment at: v
error: No solution found when resolving dependencies
  cause: Because there is no version of ok==3 and you require ok==3, we can conclude that your
  ... requirements are unsatisfiable.
""")


def test_yanked_versions_and_missing_extras_are_warned_of(installer):
    assert installer("pip", "install", "yanked==1.0", "extra[y]").err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 2 packages in [TIME]
Prepared 2 packages in [TIME]
Installed 2 packages in [TIME]
 + extra==1.0
 + yanked==1.0
warning: The package `extra==1.0` does not have an extra named `y`
warning: `yanked==1.0` is yanked (reason: "it bites")
""")


def test_strict_warns_of_what_the_environment_lacks(installer):
    assert installer("pip", "install", "--no-deps", "--strict", "dep").err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
Prepared 1 package in [TIME]
Installed 1 package in [TIME]
 + dep==1.0.0
warning: The package `dep` requires `ok==1.0.0`, but it's not installed
""")


def test_a_large_download_has_lines_where_nothing_is_drawn(installer):
    assert installer("pip", "install", "big").err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
Downloading big (1.2MiB)
 Downloaded big
Prepared 1 package in [TIME]
Installed 1 package in [TIME]
 + big==1.0
""")


def test_a_quiet_installation_says_nothing(installer):
    assert (0, "", "") == installer("pip", "install", "-q", "ok")


def test_a_quiet_failure_says_why(installer):
    assert "error: No solution found when resolving dependencies" in installer("pip", "install", "-q", "ok==3").err
    assert (1, "", "") == installer("pip", "install", "-qq", "ok==3")


def test_a_verbose_installation_tells_its_decisions(installer):
    lines = installer("pip", "install", "-v", "ok").err.splitlines()

    assert "DEBUG Selecting: ok==2.0.0 [compatible] (ok-2.0.0-py3-none-any.whl)" in lines


def test_a_target_needs_no_environment(installer):
    printed = installer("pip", "install", "ok", "--target", "there")

    assert printed.err == snapshot("""\
Using CPython [PYTHON] interpreter at: v/bin/python
Resolved 1 package in [TIME]
Prepared 1 package in [TIME]
Installed 1 package in [TIME]
 + ok==2.0.0
""")
    assert (installer.folder / "there" / "ok-2.0.0.dist-info").is_dir()
    assert "ok==2.0.0\n" == installer("pip", "freeze", "--target", "there").out


def test_a_prefix_is_laid_out_as_an_environment(installer):
    installer("pip", "install", "ok", "--prefix", "there")

    assert "ok==2.0.0\n" == installer("pip", "freeze", "--prefix", "there").out


def test_without_an_environment_nothing_is_changed(installer):
    del installer.variables["VIRTUAL_ENV"]

    assert str(installer("pip", "install", "ok")) == snapshot("""\
exit 2
--- stdout
--- stderr
error: No virtual environment found; run `keyrack venv` to create an environment, or pass `--system` to
  ... install into a non-virtual environment
""")


def test_a_missing_file_is_named(installer):
    assert str(installer("pip", "install", "-r", "nope.txt")) == snapshot("""\
exit 2
--- stdout
--- stderr
error: File not found: nope.txt
""")


def test_an_empty_file_is_warned_of(installer, tmp_path):
    (tmp_path / "empty.txt").write_text("# nothing\n", encoding="utf-8")

    assert installer("pip", "install", "-r", "empty.txt").err == snapshot("""\
warning: Requirements file `empty.txt` does not contain any dependencies
Using Python [PYTHON] environment at: v
Checked in [TIME]
""")


def test_constraints_come_from_the_environment_as_well(installer, tmp_path):
    (tmp_path / "limits.txt").write_text("ok<2\n", encoding="utf-8")

    installer("pip", "install", "ok", UV_CONSTRAINT="limits.txt")

    assert "ok==1.0.0\n" == installer("pip", "freeze").out


def test_a_hash_that_does_not_match_is_shown(installer, tmp_path):
    (tmp_path / "r.txt").write_text(f"ok==2.0.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")

    assert str(installer("pip", "install", "-r", "r.txt")) == snapshot("""\
exit 1
--- stdout
--- stderr
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
error: Failed to download `ok==2.0.0`
  cause: Hash mismatch for `ok==2.0.0`

         Expected:
           sha256:0000000000000000000000000000000000000000000000000000000000000000

         Computed:
           sha256:1b14f97e449c3f00a011d0d142ad5df7929c5474400102aa08ec51771c9b595c
""")


def test_pips_user_scheme_is_refused(installer):
    assert str(installer("pip", "install", "--user", "ok")) == snapshot("""\
exit 2
--- stdout
--- stderr
error: pip's `--user` is unsupported (use a virtual environment instead)
""")


def test_a_refused_index_is_named_and_no_secret_is_printed(run):
    with private(ALONE, identity=("reader", "right")) as index:
        url = index.index_url("", ("reader", "s3cret-wrong"))
        printed = run("pip", "install", "alone", "-vv", "--default-index", url)

    assert 1 == printed.code
    assert "s3cret-wrong" not in printed.out + printed.err
    assert printed.err[printed.err.index("error:") :] == snapshot("""\
error: Failed to look up `alone`
  cause: Index `http://127.0.0.1:[PORT]/simple/` did not accept the credentials for
  ... http://127.0.0.1:[PORT]/simple/alone/ (401 Unauthorized)
  cause: The credentials came from the index URL
  cause: No answer has accepted them in this run

hint: correct the credentials in the index URL

hint: name the index (`--index NAME=http://127.0.0.1:[PORT]/simple/`) and set UV_INDEX_NAME_USERNAME and
  ... UV_INDEX_NAME_PASSWORD
""")
