"""Why a fork has no solution, in words."""

from keyrack.policy.resolve.python import PythonFrom
from keyrack.values.names import package_name
from lab.catalogue import MemoryCatalogue
from lab.wheels import wheel
from tests.policy.resolve.asking import PYTHON, stock
from tests.policy.resolve.forking import fork_question, fork_refusal

LINUX, MAC, WINDOWS = (f"sys_platform == '{name}'" for name in ("linux", "darwin", "win32"))
NEWER = "python_version >= '3.13'"


def test_markers_stand_behind_names():
    catalogue = stock({"lib 1": [], "lib 2": []})

    assert (
        "",
        f"Because you require lib{{{LINUX}}}>=2 and lib{{{LINUX}}}<2, we can conclude that your requirements are"
        " unsatisfiable.",
        (),
    ) == fork_refusal(fork_question(f"lib>=2; {LINUX}", f"lib<2; {LINUX}"), catalogue)


def test_pythons_that_go_without_saying_are_left_out_of_markers():
    catalogue = stock({"lib 1": [], "lib 2": []})
    old = "python_version >= '3.8'"

    _, text, _ = fork_refusal(fork_question(f"lib>=2; {old}", f"lib<2; {old}"), catalogue)

    assert "Because you require lib>=2 and lib<2, we can conclude that your requirements are unsatisfiable." == text


def test_one_project_speaks_for_itself():
    catalogue = MemoryCatalogue([wheel("app", "1", requires=["lib>=2"]), wheel("lib", "1")])
    members = frozenset((package_name("app"),))

    _, text, _ = fork_refusal(fork_question("app", fork={"members": members}), catalogue)

    assert (
        "Because only lib==1 is available and your project depends on lib>=2, we can conclude that your project's"
        " requirements are unsatisfiable."
    ) == text


def test_of_several_projects_each_is_told_by_name():
    catalogue = MemoryCatalogue([
        wheel("app", "1", requires=["lib>=2"]), wheel("tool", "1", requires=["lib<2"]), wheel("lib", "1"),
        wheel("lib", "2"),
    ])  # fmt: skip
    members = frozenset(map(package_name, ("app", "tool")))

    _, text, _ = fork_refusal(fork_question("app", "tool", fork={"members": members}), catalogue)

    assert (
        "Because tool depends on lib<2 and app depends on lib>=2, we can conclude that app and tool are incompatible."
        "\nAnd because your workspace requires app and tool, we can conclude that your workspace's requirements are"
        " unsatisfiable."
    ) == text


def test_one_project_without_versions_in_range_is_told_as_your_project():
    catalogue = stock({"lib 1": []})
    members = frozenset((package_name("app"),))

    _, text, _ = fork_refusal(fork_question("lib>=2", fork={"members": members}), catalogue)

    assert (
        "Because only lib==1 is available and your project requires lib>=2, we can conclude that your project's"
        " requirements are unsatisfiable."
    ) == text


def test_a_fork_of_another_python_than_the_one_at_hand_says_so():
    catalogue = stock({"lib 1": {"requires_python": ">=3.8"}})

    fork, _, hints = fork_refusal(fork_question(f"lib>=2; {NEWER}", "lib; python_version < '3.13'"), catalogue)

    assert "split (markers: python_full_version >= '3.13')" == fork
    assert (
        "While the active Python version is 3.12, the resolution failed for other Python versions supported by your"
        " project. Consider limiting your project's supported Python versions using `requires-python`.",
    ) == hints


def test_a_fork_of_another_platform_than_the_one_at_hand_says_so():
    catalogue = stock({"lib 1": []})

    fork, _, hints = fork_refusal(fork_question(f"lib>=2; {MAC}", f"lib; {WINDOWS}"), catalogue)

    assert "split (markers: sys_platform == 'darwin')" == fork
    assert (
        "The resolution failed for an environment that is not the current one, consider limiting the environments with"
        " `tool.uv.environments`.",
    ) == hints


def test_the_fork_of_the_environment_at_hand_says_nothing_more():
    catalogue = stock({"lib 1": []})

    assert () == fork_refusal(fork_question("lib>=2"), catalogue, PYTHON.markers, forks=(LINUX,))[2]


def of_python(said_by):
    catalogue = stock({"lib 1": {"requires_python": ">=3.10"}})
    asked = fork_question("lib", fork={"said_by": said_by})
    return fork_refusal(asked, catalogue)


def test_the_range_of_pythons_is_told_as_a_whole():
    _, text, _ = of_python(PythonFrom.REQUIRES_PYTHON)

    assert text.startswith(
        "Because the requested Python version (>=3.9) does not satisfy Python>=3.10 and lib==1 depends"
    )


def test_hints_on_pythons_tell_what_to_change():
    ends = [of_python(said_by)[2][-1].rpartition("). ")[2] for said_by in PythonFrom]

    assert [
        "Consider using a higher `--python-version` value.",
        "Consider using a more restrictive `requires-python` value (like >=3.10).",
        "Consider passing a `--python-version` value to raise the minimum supported version.",
    ] == ends


def test_an_environment_that_no_wheel_serves_is_told():
    catalogue = MemoryCatalogue([wheel("lib", "1", tags="py3-none-win_amd64")])
    odd = "sys_platform == 'linux' and platform_machine == 'riscv64'"

    texts = [
        fork_refusal(fork_question("lib", required=(each,)), catalogue, forks=(each,))[1].partition(" and ")[0]
        for each in (LINUX, odd)
    ]

    assert [
        "Because lib==1 has no Linux-compatible wheels",
        "Because lib==1 has no `platform_machine == 'riscv64'",
    ] == texts


def test_wheels_for_other_pythons_are_told():
    catalogue = MemoryCatalogue([wheel("lib", "1", tags="cp38-cp38-any")])

    _, text, hints = fork_refusal(fork_question("lib"), catalogue)

    assert text.startswith("Because lib==1 has no wheels with a matching Python version tag (e.g., `cp39`)")
    assert (
        "You require CPython 3.9 (`cp39`), but we only found wheels for `lib` (v1) with the following Python ABI"
        " tag: `cp38`",
    ) == hints
