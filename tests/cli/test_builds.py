from collections.abc import Iterator

import pytest
from inline_snapshot import snapshot

from lab.registries.simple import public
from lab.sdists import sdist
from lab.wheels import wheel

TOOL = wheel("tool", "1.0")
LATE = wheel("late", "1.0")
OK = wheel("ok", "1.0.0")
PLAIN = sdist("plain", "1.0", build_requires=["tool"], late_requires=["late>=1"])
ASKING = sdist("asking", "1.0", requires=["ok"], dynamic=["Requires-Dist"])
BROKEN = sdist("broken", "1.0", build_fails=True)
OPEN = sdist("open", "1.0", build_requires=["nowhere"])
CIRCLE = sdist("circle", "1.0", build_requires=["round"])
ROUND = sdist("round", "1.0", build_requires=["circle"])
CHAIN = sdist("chain", "1.0", build_requires=["plain"])


@pytest.fixture(scope="module")
def index() -> Iterator[str]:
    with public(TOOL, LATE, OK, PLAIN, ASKING, BROKEN, OPEN, CIRCLE, ROUND, CHAIN) as served:
        yield served.index_url()


@pytest.fixture
def installer(run, index):
    run.variables["UV_DEFAULT_INDEX"] = index
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
 + ok==1.0.0
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


def test_a_failing_hook_is_shown_with_its_output(installer):
    printed = installer("pip", "install", "broken")

    assert (printed.code, printed.err.splitlines()[-1]) == (
        1,
        "hint: Build failures usually indicate a problem with the package or the build environment",
    )


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
error: Failed to build `circle==1.0`
  cause: Failed to install requirements from `build-system.requires`
  cause: Failed to build `round==1.0`
  cause: Failed to build `circle==1.0`
  cause: Cyclic build dependency detected for `circle`
""",
        )
    )
