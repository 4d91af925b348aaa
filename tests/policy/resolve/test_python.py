"""Whether a Python is new enough: only lower bounds count."""

import pytest
from packaging.version import Version

from keyrack.policy.resolve.python import PythonRequirement
from keyrack.values.points import point


def python(target="3.12.1", installed="3.12.1"):
    return PythonRequirement(Version(target), Version(installed))


@pytest.mark.parametrize(
    ("text", "meets"),
    [
        (None, True), ("", True), (">=3.8", True), (">=3.12.1", True), (">=3.12.2", False), (">=3.14", False),
        (">3.12", True), (">3.12.1", False), ("<3.9", True), ("<=3.8", True), ("!=3.12.*", True), ("==3.12.*", True),
        ("~=3.11", True), ("==3.13.*", False), (">=3.8,<3.10", True), (">=3.13,<4", False),
    ],
)  # fmt: skip
def test_a_python_meets_whatever_begins_before_it(text, meets):
    assert meets is python().meets(text)


@pytest.mark.parametrize(("text", "meets"), [(">=3.6.*", True), (">=3.14.*", False), (">= 3.7.*, <4", True)])
def test_the_older_form_with_a_star_is_understood(text, meets):
    assert meets is python().meets(text)


def test_what_cannot_be_read_is_no_limit():
    assert python().meets("3.8 or so")


def test_a_pre_release_of_python_counts_as_its_release():
    assert python("3.14.0a2").meets(">=3.14")


def test_the_range_is_given_for_messages():
    assert [False, True] == [python().allowed(">=3.14").contains(point(text)) for text in ("3.13", "3.14")]


def test_a_version_is_written_without_the_zeros_at_its_end():
    assert ("3.13", "3") == (python("3.13.0").target, python(installed="3.0.0").installed)


@pytest.mark.parametrize(("target", "same"), [("3.12.1", True), ("3.9.0", False)])
def test_a_target_may_be_another_python_than_the_one_at_hand(target, same):
    assert same is python(target).is_installed
