import pytest

from keyrack.policy.lock.conflicting import conflict_words
from keyrack.policy.lock.groups import GroupChoice
from keyrack.values.conflicts import ConflictItem
from keyrack.values.names import ExtraName, GroupName, PackageName

CPU, GPU = ConflictItem(PackageName("app"), ExtraName("cpu")), ConflictItem(PackageName("app"), ExtraName("gpu"))
DEV, DOCS = (
    ConflictItem(PackageName("app"), group=GroupName("dev")),
    ConflictItem(PackageName("app"), group=GroupName("docs")),
)
ITSELF = ConflictItem(PackageName("app"))
WORDS = {
    "two extras": (
        (CPU, GPU),
        "Extras `cpu` and `gpu` are incompatible with the declared conflicts: {`app[cpu]`, `app[gpu]`}",
    ),
    "two groups": (
        (DEV, DOCS),
        "Groups `dev` (enabled by default) and `docs` are incompatible with the conflicts: {`app:dev`, `app:docs`}",
    ),
    "an extra and a group": (
        (CPU, DOCS),
        "Extra `cpu` and group `docs` are incompatible with the declared conflicts: {`app[cpu]`, `app:docs`}",
    ),
    "a project and a group": (
        (ITSELF, DOCS),
        "Package `app` and group `docs` are incompatible with the declared conflicts: {app, `app:docs`}",
    ),
}


@pytest.mark.parametrize(("items", "expected"), WORDS.values(), ids=WORDS)
def test_what_excludes_itself_is_named(items, expected):
    assert expected == conflict_words(items, items, GroupChoice(frozenset({"docs"})))
