"""Versions whose files do not serve all environments, and those that only some Pythons can use."""

import pytest

from lab.catalogue import MemoryCatalogue
from lab.sdists import sdist
from lab.wheels import wheel
from tests.policy.resolve.forking import fork_question, where

LINUX, MAC, WINDOWS = (f"sys_platform == '{name}'" for name in ("linux", "darwin", "win32"))


def test_a_local_version_gives_way_where_only_the_public_one_has_wheels():
    catalogue = MemoryCatalogue(
        [
            wheel("lib", "1", tags="py3-none-any"),
            wheel("lib", "1+cpu", tags="py3-none-manylinux_2_17_x86_64"),
        ]
    )
    cpu = "platform_machine == 'x86_64' and sys_platform == 'linux'"

    assert {
        "lib 1": "platform_machine != 'x86_64' or sys_platform != 'linux'",
        "lib 1+cpu": cpu,
    } == where(fork_question("lib", pythons=">=3.9,<4"), catalogue)


@pytest.mark.parametrize(
    ("root", "version"),
    [
        (f"lib; {WINDOWS}", "lib 1"),
        ("lib; sys_platform == 'linux' and platform_machine == 'x86_64'", "lib 1+cpu"),
        ("lib==1+cpu", "lib 1+cpu"),
    ],
)
def test_a_local_version_is_weighed_within_the_fork_alone(root, version):
    catalogue = MemoryCatalogue(
        [
            wheel("lib", "1", tags="py3-none-any"),
            wheel("lib", "1+cpu", tags="py3-none-manylinux_2_17_x86_64"),
        ]
    )
    begin = (root.partition("; ")[2] or "python_version >= '3'",)

    assert [version] == list(where(fork_question(root, pythons=">=3.9,<4"), catalogue, forks=begin))


def test_a_local_version_with_as_many_wheels_stays():
    catalogue = MemoryCatalogue([wheel("lib", "1"), wheel("lib", "1+cpu")])

    assert {"lib 1+cpu": ""} == where(fork_question("lib"), catalogue)


def test_a_local_version_stays_where_the_public_one_cannot_be_used():
    catalogue = MemoryCatalogue([wheel("lib", "1", yanked="why"), wheel("lib", "1+cpu", tags="py3-none-win32")])

    assert {"lib 1+cpu": ""} == where(fork_question("lib"), catalogue)


def served(*tags, required=(LINUX,), root="lib", **words):
    catalogue = MemoryCatalogue([
        wheel("lib", "1"), sdist("lib", "1"), *(wheel("lib", "2", tags=each) for each in tags)
    ])  # fmt: skip
    return where(fork_question(root, required=required), catalogue, **words)


def test_an_environment_that_must_be_served_is_a_fork_of_its_own_where_it_is_not():
    assert {"lib 1": "sys_platform != 'win32'", "lib 2": WINDOWS} == served("py3-none-win_amd64")


def test_an_environment_that_is_served_makes_no_fork():
    assert {"lib 2": ""} == served("py3-none-win_amd64", "py3-none-manylinux_2_17_x86_64")


def test_an_environment_in_which_nothing_is_needed_need_not_be_served():
    assert {"lib 2": MAC} == served("py3-none-win_amd64", root=f"lib; {MAC}")


def test_a_version_that_cannot_serve_the_fork_at_all_is_out():
    assert {"lib 1": LINUX} == served("py3-none-win_amd64", forks=(LINUX,))


def test_a_wheel_for_later_pythons_alone_is_nothing_for_a_fork_of_older_ones():
    catalogue = MemoryCatalogue([wheel("lib", "1"), sdist("lib", "1"), wheel("lib", "2", tags="cp312-abi3-any")])

    assert {"lib 1": "python_full_version < '3.11'", "lib 2": "python_full_version >= '3.11'"} == where(
        fork_question("lib"), catalogue, forks=("python_version < '3.11'", "python_version >= '3.11'")
    )


def test_a_source_distribution_is_for_all_pythons():
    catalogue = MemoryCatalogue([wheel("lib", "2", tags="cp312-abi3-any"), sdist("lib", "2")])

    assert {"lib 2": "python_full_version < '3.11'"} == where(
        fork_question("lib"), catalogue, forks=("python_version < '3.11'",)
    )


def test_a_version_without_any_file_for_the_pythons_is_out():
    catalogue = MemoryCatalogue([wheel("lib", "1"), wheel("lib", "2", tags="cp38-cp38-any")])

    assert {"lib 1": ""} == where(fork_question("lib"), catalogue)


def test_a_source_distribution_alone_serves_every_environment():
    catalogue = MemoryCatalogue([sdist("lib", "1"), sdist("lib", "1+cpu")])

    assert {"lib 1+cpu": ""} == where(fork_question("lib", required=(LINUX,)), catalogue)
