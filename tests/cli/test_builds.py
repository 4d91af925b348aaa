import os
from collections.abc import Iterator

import pytest
from inline_snapshot import snapshot

from lab.registries.simple import public
from tests.cli.building import ALL, PLAIN


@pytest.fixture(scope="module")
def index() -> Iterator[str]:
    with public(*ALL) as served:
        yield served.index_url()


@pytest.fixture
def installer(run, index):
    run.variables["UV_DEFAULT_INDEX"] = index
    run.told = lambda what: next(run.folder.glob(f"v/lib/python3*/site-packages/told/{what}")).read_text()
    return run


def test_a_source_distribution_is_built_with_what_it_and_its_backend_ask_for(installer):
    assert str(installer("pip", "install", "plain")) == snapshot("""\
exit 0
--- stdout
--- stderr
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
   Building plain==1.0
      Built plain==1.0
Prepared 1 package in [TIME]
Installed 1 package in [TIME]
 + plain==1.0
""")


def test_a_wheel_that_was_built_is_not_built_again(installer):
    installer("pip", "install", "plain")

    assert installer("pip", "install", "--reinstall", "plain").err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
Prepared 1 package in [TIME]
Uninstalled 1 package in [TIME]
Installed 1 package in [TIME]
 ~ plain==1.0
""")


def test_requirements_that_only_the_backend_knows_are_installed(installer):
    assert installer("pip", "install", "asking").err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 2 packages in [TIME]
   Building asking==1.0
      Built asking==1.0
Prepared 2 packages in [TIME]
Installed 2 packages in [TIME]
 + asking==1.0
 + ok==2.0.0
""")


def test_what_is_needed_to_build_is_built_too(installer):
    assert installer("pip", "install", "chain").err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
   Building chain==1.0
   Building plain==1.0
      Built plain==1.0
      Built chain==1.0
Prepared 1 package in [TIME]
Installed 1 package in [TIME]
 + chain==1.0
""")


def test_packages_that_need_each_other_to_be_built_are_a_circle(installer):
    printed = installer("pip", "install", "circle")

    assert (printed.code, printed.err) == snapshot(
        (
            1,
            """\
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
   Building circle==1.0
   Building round==1.0
error: Failed to download and build `circle==1.0`
  cause: Failed to install requirements from `build-system.requires`
  cause: Failed to download and build `round==1.0`
  cause: Failed to download and build `circle==1.0`
  cause: Cyclic build dependency detected for `circle`
""",
        )
    )


def test_a_failing_hook_is_shown_with_how_it_ended_and_what_it_said(installer):
    assert str(installer("pip", "install", "broken")) == snapshot("""\
exit 1
--- stdout
--- stderr
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
   Building broken==1.0
error: Failed to download and build `broken==1.0`
  cause: The build backend returned an error
  cause: Call to `backend.build_wheel` failed (exit status: 3)

         [stdout]
         what

         [stderr]
         why

hint: Build failures usually indicate a problem with the package or the build environment
""")


def test_a_missing_module_is_told_with_what_may_help(installer):
    printed = installer("pip", "install", "lacking").err

    assert printed.partition("ModuleNotFoundError: ")[2] == snapshot("""\
No module named 'not_there'

hint: This error likely indicates that `lacking@1.0` depends on `not_there`, but doesn't declare it as a
  ... build dependency. If `lacking` is a first-party package, consider adding `not_there` to its
  ... `build-system.requires`. Otherwise, either add it to your `pyproject.toml` under:

[tool.uv.extra-build-dependencies]
lacking = ["not_there"]

or `keyrack pip install not_there` into the environment and re-run with `--no-build-isolation`.
""")


def test_what_a_backend_prints_does_not_reach_the_terminal_raw(installer):
    printed = installer("pip", "install", "-v", "colourful").err

    assert ("\x1b" in printed, "\x07" in printed, "red" in printed) == (False, False, True)


def test_what_a_build_needs_and_nobody_has_is_told(installer):
    assert str(installer("pip", "install", "open")) == snapshot("""\
exit 1
--- stdout
--- stderr
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
   Building open==1.0
error: Failed to download and build `open==1.0`
  cause: Failed to resolve requirements from `build-system.requires`
  cause: No solution found when resolving: `nowhere`
  cause: Because nowhere was not found in the package registry and you require nowhere, we can conclude
  ... that your requirements are unsatisfiable.
""")


def test_where_nothing_may_be_built_there_is_no_solution(installer):
    assert str(installer("pip", "install", "--no-build", "plain")) == snapshot("""\
exit 1
--- stdout
--- stderr
Using Python [PYTHON] environment at: v
error: No solution found when resolving dependencies
  cause: Because plain==1.0 has no usable wheels and only plain==1.0 is available, we can conclude that
  ... all versions of plain cannot be used.
         And because you require plain, we can conclude that your requirements are unsatisfiable.

hint: Wheels are required for `plain` because building from source is disabled for all packages (i.e.,
  ... with `--no-build`)
""")


def test_settings_reach_the_backend(installer):
    installer("pip", "install", "-C", "a=1", "-C", "a=2", "--config-settings-package", "telling:b=3", "telling")

    assert '{"a": ["1", "2"], "b": "3"}' == installer.told("settings")


def test_settings_of_other_packages_do_not_reach_the_backend(installer):
    installer("pip", "install", "--config-settings-package", "other:b=3", "telling")

    assert "{}" == installer.told("settings")


def test_other_settings_make_another_wheel(installer):
    installer("pip", "install", "-C", "a=1", "telling")
    printed = installer("pip", "install", "--reinstall", "-C", "a=2", "telling")

    assert ('{"a": "2"}', True) == (installer.told("settings"), "Built telling==1.0" in printed.err)


def test_no_secret_reaches_a_backend(installer):
    secrets = {
        "UV_INDEX_CORP_PASSWORD": "s3cr3t",
        "UV_EXTRA_INDEX_URL": "",
        "API_TOKEN": "s3cr3t",
        "HTTPS_PROXY_OF_MINE": "http://me:s3cr3t@proxy.example",
        "PLAIN": "seen",
    }

    installer("pip", "install", "telling", **secrets)

    variables = installer.told("variables")
    assert (False, True) == ("s3cr3t" in variables, '"PLAIN": "seen"' in variables)


def test_constraints_of_builds_do_not_touch_what_is_installed(installer, tmp_path):
    (tmp_path / "constraints.txt").write_text("tool<2\nok<1\n")

    installer("pip", "install", "-b", "constraints.txt", "telling", "ok")

    assert ("1.0", "ok==2.0.0") == (installer.told("tool"), installer("pip", "freeze").out.splitlines()[0])


def test_without_constraints_builds_take_the_newest(installer):
    installer("pip", "install", "telling")

    assert "2.0" == installer.told("tool")


def test_what_a_package_needs_and_does_not_name_can_be_added(installer, tmp_path):
    (tmp_path / "uv.toml").write_text('[extra-build-dependencies]\ntelling = ["late"]\n')

    installer("pip", "install", "telling")

    assert "1.0" == installer.told("late")


def test_what_is_added_may_be_in_the_version_that_will_run(installer, tmp_path):
    (tmp_path / "uv.toml").write_text(
        '[extra-build-dependencies]\ntelling = [{ requirement = "ok", match-runtime = true }]\n'
    )

    installer("pip", "install", "telling", "ok<2")

    assert "1.0.0" == installer.told("ok")


def test_the_version_that_will_run_is_not_known_before_a_package_says_what_it_requires(installer, tmp_path):
    (tmp_path / "uv.toml").write_text(
        '[extra-build-dependencies]\nasking = [{ requirement = "ok", match-runtime = true }]\n'
    )

    assert installer("pip", "install", "asking").err == snapshot("""\
Using Python [PYTHON] environment at: v
error: Failed to build `asking==1.0`
  cause: Extra build requirement `ok` was declared with `match-runtime = true`, but `asking` does not
  ... declare static metadata, making runtime-matching impossible
""")


def test_variables_can_be_set_for_one_package(installer, tmp_path):
    (tmp_path / "uv.toml").write_text('[extra-build-variables]\ntelling = { FLAVOUR = "sweet" }\n')

    installer("pip", "install", "telling")

    assert '"FLAVOUR": "sweet"' in installer.told("variables")


def test_without_isolation_the_environment_itself_must_have_what_builds_need(installer):
    installer("pip", "install", "tool<2")
    installer("pip", "install", "--no-build-isolation", "telling")

    assert "1.0" == installer.told("tool")


def test_one_package_can_be_built_without_isolation(installer):
    installer("pip", "install", "tool<2")
    installer("pip", "install", "--no-build-isolation-package", "telling", "telling")

    assert "1.0" == installer.told("tool")


def test_nothing_of_a_build_stays_in_the_temporary_folder(installer, tmp_path):
    installer("pip", "install", "plain", "asking")
    installer("pip", "install", "broken")

    assert [] == os.listdir(tmp_path / "cache" / "tmp")


def test_a_source_distribution_must_have_the_hash_that_is_asked_for(installer, tmp_path):
    (tmp_path / "r.txt").write_text(f"plain==1.0 --hash=sha256:{'0' * 64}\n")

    printed = installer("pip", "install", "--require-hashes", "-r", "r.txt")

    assert (1, True) == (printed.code, "Hash mismatch for `plain==1.0`" in printed.err)


def test_with_the_right_hash_it_is_built(installer, tmp_path):
    (tmp_path / "r.txt").write_text(f"plain==1.0 --hash=sha256:{PLAIN.sha256}\n")

    assert 0 == installer("pip", "install", "--require-hashes", "-r", "r.txt").code


def test_tests_may_switch_the_lines_of_builds_off(installer):
    printed = installer("pip", "install", "plain", UV_INTERNAL__TEST_NO_CLI_PROGRESS="1").err

    assert ("Building" in printed, "Built" in printed, " + plain==1.0" in printed) == (False, False, True)
