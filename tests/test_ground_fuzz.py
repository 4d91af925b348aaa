"""The readers that `dev.py fuzz` hunts through: each reads its honest examples, and refuses broken ones in words."""

import pytest

from fuzz.judge import Broken, judge
from fuzz.targets import TARGETS, Target

BODIES = (b"", b"\0", b"\xff\xfe", b"[" * 5000, b"(" * 5000, b"a." * 5000, b"://" * 5000, b'"', b"\x1b[31m", b"<![x")


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_honest_examples_are_read(target):
    for seed in target.seeds:
        judge(target, seed)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_what_is_broken_is_refused_in_words(target):
    for body in BODIES:
        judge(target, body)


def test_any_other_exception_is_a_fall():
    with pytest.raises(ZeroDivisionError):
        judge(Target("bad", lambda _body: 1 / 0, ()), b"")


def test_a_body_may_not_take_much_memory():
    with pytest.raises(Broken, match="of memory"):
        judge(Target("bad", lambda _body: bytes(100 * 1024 * 1024), ()), b"", weigh=True)
