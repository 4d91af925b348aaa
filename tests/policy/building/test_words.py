import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from keyrack.policy.building.words import build_failed, ended, hint_of, hook_failure
from keyrack.values.names import package_name

NAME, VERSION = package_name("x"), Version("1")
PLAIN = "Build failures usually indicate a problem with the package or the build environment"


def test_a_failed_build_says_what_was_built_and_why_not():
    failed = build_failed("x==1", "why", "more", hints=("help",))

    assert ("Failed to build `x==1`", ("why", "more"), ("help",), 1) == (
        failed.message,
        failed.causes,
        failed.hints,
        failed.exit_code,
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [(3, "exit status: 3"), (-9, "signal: 9 (SIGKILL)"), (-99, "signal: 99")],
    ids=["status", "signal", "unknown signal"],
)
def test_it_is_said_how_a_hook_ended(code, expected):
    assert expected == ended(code, ((9, "SIGKILL"),))


@pytest.mark.parametrize(
    ("stdout", "stderr", "expected"),
    [
        ("", " \n", "Call to `be.build_wheel` failed (exit status: 1)"),
        ("out\n", "", "Call to `be.build_wheel` failed (exit status: 1)\n\n[stdout]\nout"),
        ("a\nb\n\n", "e", "Call to `be.build_wheel` failed (exit status: 1)\n\n[stdout]\na\nb\n\n[stderr]\ne"),
    ],
    ids=["silent", "output", "both"],
)
def test_what_a_hook_said_stands_below_its_name(stdout, stderr, expected):
    assert expected == hook_failure("be.build_wheel", "exit status: 1", stdout, stderr)


@pytest.mark.parametrize(
    ("line", "part"),
    [
        (
            "a/b_wrap.c:3020:10: fatal error: graphviz/cgraph.h: No such file or directory",
            'that provides "graphviz/cgraph.h" for `x@1`',
        ),
        (
            "a/b_wrap.c:3020:10: fatal error: 'graphviz/cgraph.h' file not found",
            'that provides "graphviz/cgraph.h" for `x@1`',
        ),
        (
            "b.c(30): fatal error C1083: Cannot open include file: 'a/c.h': No such file or directory",
            'that provides "a/c.h" for `x@1`',
        ),
        (
            "/usr/bin/ld: cannot find -lncurses: No such file or directory",
            "`ncurses` for `x@1` (e.g., `libncurses-dev`)",
        ),
        ("error: invalid command 'bdist_wheel'", "`x@1` depends on `wheel`, but doesn't declare it"),
        ("ModuleNotFoundError: No module named 'numpy'", '[tool.uv.extra-build-dependencies]\nx = ["numpy"]'),
        ("ModuleNotFoundError: No module named 'yaml'", "`x@1` depends on `pyyaml`"),
        ("ModuleNotFoundError: No module named 'distutils.core'", "Consider adding a constraint (like `x >1`)"),
        ("RuntimeError: anything else", PLAIN),
    ],
    ids=["gcc", "clang", "msvc", "linker", "bdist_wheel", "module", "other name", "distutils", "other"],
)
def test_the_last_lines_of_a_backend_tell_what_may_help(line, part):
    assert part in hint_of(f"Traceback\n  {line}\nthe end\n", NAME, VERSION)


def test_lines_far_from_the_end_tell_nothing():
    assert PLAIN == hint_of("ModuleNotFoundError: No module named 'numpy'\n" + "line\n" * 10, NAME, VERSION)


@pytest.mark.parametrize(
    ("line", "name", "part"),
    [
        ("No module named 'numpy'", None, "that a package depends on `numpy`"),
        ("No module named 'numpy'", NAME, "that `x` depends on `numpy`"),
        ("No module named 'distutils'", NAME, "avoid building a package that depends on `distutils`."),
    ],
    ids=["nothing known", "no version", "removed"],
)
def test_a_hint_says_no_more_than_is_known(line, name, part):
    assert part in hint_of(f"ModuleNotFoundError: {line}", name, None)


@given(st.text(max_size=200), st.none() | st.just(NAME), st.none() | st.just(VERSION))
def test_whatever_a_backend_says_there_is_a_hint(said, name, version):
    assert hint_of(said, name, version)
