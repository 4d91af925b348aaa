import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.policy.lock.changes import changes_of
from keyrack.values.lock import Lock, LockedId, LockedPackage, LockedRegistry


def lock(**versions):
    packages = [
        LockedPackage(LockedId(name, None if one == "?" else Version(one), LockedRegistry(path="w")))
        for name, texts in versions.items()
        for one in texts.split()
    ]
    return Lock(SpecifierSet(">=3.9"), tuple(packages))


CASES = {
    "a first lock": (None, {"b": "1", "a": "2"}, ["Added a v2", "Added b v1"]),
    "nothing": ({"a": "1"}, {"a": "1"}, []),
    "another version": ({"a": "1"}, {"a": "2"}, ["Updated a v1 -> v2"]),
    "one version more": ({"a": "1"}, {"a": "1 2"}, ["Updated a v1 -> v1, v2"]),
    "gone": ({"a": "1"}, {}, ["Removed a v1"]),
    "dynamic now": ({"a": "1"}, {"a": "?"}, ["Updated a v1 -> (dynamic)"]),
}


@pytest.mark.parametrize(("before", "after", "expected"), CASES.values(), ids=CASES)
def test_what_changed_is_told_by_name(before, after, expected):
    found = changes_of(None if before is None else lock(**before), lock(**after))

    assert expected == [f"{one.kind.value} {one.name} {one.words()}" for one in found]
