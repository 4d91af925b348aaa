"""Which hashes the user's requirements ask for."""

import msgspec
import pytest

from keyrack.policy.resolve.environment import Environment
from keyrack.policy.resolve.hashes import Hashes, HashesRequired, unhashed, wanted_hashes
from keyrack.values.artifact import Digest
from keyrack.values.names import package_name
from keyrack.values.points import point
from tests.policy.resolve.asking import PYTHON, parsed

A, B, C = (Digest("sha256", letter * 64) for letter in "abc")
MD5 = Digest("md5", "0" * 32)
LIB = package_name("lib")


def with_digests(text, *digests):
    return msgspec.structs.replace(parsed(text)[0], digests=digests)


def wanted(*requirements, constraints=(), required=False):
    return wanted_hashes(requirements, constraints, Environment(PYTHON.markers), required=required)


def test_a_pin_asks_for_its_hashes():
    assert {(LIB, point("1.0")): (A, B)} == wanted(with_digests("lib==1.0", A, B)).versions


def test_a_url_asks_for_its_hashes():
    url = "https://pkgs.example/lib-1.0-py3-none-any.whl"

    assert {url: (A,)} == wanted(with_digests(f"lib @ {url}", A)).urls


@pytest.mark.parametrize(
    "text", ["lib>=1.0", "lib", "lib==1.*", "lib==1.0,>0", "lib===1.0", "lib @ git+https://pkgs.example/lib"]
)
def test_hashes_of_what_is_no_pin_say_nothing_of_any_version(text):
    assert Hashes() == wanted(with_digests(text, A))


def test_requirements_for_other_environments_do_not_count():
    assert Hashes() == wanted(
        with_digests("lib==1.0; sys_platform == 'win32'", A),
        constraints=[with_digests("lib==1.0; sys_platform == 'win32'", A)],
    )


def test_hashes_of_a_constraint_stand_in_for_those_of_the_requirement():
    assert {(LIB, point("1.0")): (A,)} == wanted(
        *parsed("lib==1.0"), constraints=[with_digests("lib==1.0", A)], required=True
    ).versions


def test_a_constraint_alone_asks_for_hashes_too():
    assert {(LIB, point("1.0")): (A,)} == wanted(constraints=[with_digests("lib==1.0", A)]).versions


def test_a_pin_without_hashes_asks_for_none():
    assert Hashes() == wanted(*parsed("lib==1.0"))


def test_a_constraint_without_hashes_asks_for_none():
    assert Hashes() == wanted(constraints=parsed("lib==1.0", "dep>1"))


def test_requirement_and_constraint_must_agree_on_a_hash():
    assert {(LIB, point("1.0")): (B,)} == wanted(
        with_digests("lib==1.0", A, B), constraints=[with_digests("lib==1.0", B, C)]
    ).versions


@pytest.mark.parametrize(("required", "mode"), [(True, "require"), (False, "verify")])
def test_requirement_and_constraint_that_share_no_hash_are_refused(required, mode):
    with pytest.raises(HashesRequired) as caught:
        wanted(with_digests("lib==1.0", A), constraints=[with_digests("lib==1.0", B)], required=required)

    assert (
        f"In `--{mode}-hashes` mode, all requirements must have a hash, but there were no overlapping hashes between the"
        " requirements and constraints for: lib==1.0"
    ) == caught.value.message


def test_hashes_of_two_requirements_on_one_version_are_put_together():
    assert {(LIB, point("1.0")): (A, B)} == wanted(with_digests("lib==1.0", A), with_digests("lib==1.0", B)).versions


@pytest.mark.parametrize(
    ("requirement", "message"),
    [
        (
            with_digests("lib>1", A),
            "In `--require-hashes` mode, all requirements must have their versions pinned with `==`, but found: lib>1",
        ),
        (
            with_digests("lib[fast]==1.0; python_version > '3'"),
            "In `--require-hashes` mode, all requirements must have a hash, but none were provided for:"
            ' lib[fast]==1.0 ; python_version > "3"',
        ),
        (
            with_digests("lib @ https://pkgs.example/lib-1.0-py3-none-any.whl"),
            "In `--require-hashes` mode, all requirements must have a hash, but none were provided for:"
            " lib @ https://pkgs.example/lib-1.0-py3-none-any.whl",
        ),
        (
            with_digests("lib @ git+https://git.example/lib"),
            "In `--require-hashes` mode, all requirements must have a hash, but none were provided for:"
            " lib @ git+https://git.example/lib",
        ),
        (
            with_digests("lib==1.0", MD5),
            "`md5` hashes are insecure and cannot be used with `--require-hashes` but no other hashes are available for:"
            " lib==1.0",
        ),
    ],
)
def test_a_requirement_without_a_usable_hash_is_refused_where_hashes_are_required(requirement, message):
    with pytest.raises(HashesRequired) as caught:
        wanted(requirement, required=True)

    assert message == caught.value.message


def test_an_insecure_hash_beside_a_secure_one_is_passed_over():
    assert {(LIB, point("1.0")): (A,)} == wanted(with_digests("lib==1.0", MD5, A), required=True).versions


def test_an_insecure_hash_counts_where_hashes_are_only_verified():
    assert {(LIB, point("1.0")): (MD5,)} == wanted(with_digests("lib==1.0", MD5)).versions


def test_a_package_that_nobody_pinned_is_named():
    error = unhashed(LIB)

    assert (1, "Hash-checking is required, but no trusted hash was provided for: `lib`") == (
        error.exit_code,
        error.message,
    )
