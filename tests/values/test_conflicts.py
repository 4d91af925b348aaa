"""What may not be asked for together."""

import pytest

from keyrack.values.conflicts import ConflictItem
from keyrack.values.names import extra_name, group_name, package_name

PROJECT = package_name("project")
CASES = [
    pytest.param(ConflictItem(PROJECT, extra_name("cpu")), "extra-7-project-cpu", "project[cpu]", id="extra"),
    pytest.param(ConflictItem(PROJECT, group=group_name("dev")), "group-7-project-dev", "project:dev", id="group"),
    pytest.param(ConflictItem(PROJECT), "project-7-project", "project", id="project"),
]


@pytest.mark.parametrize(("item", "atom", "text"), CASES)
def test_an_item_has_an_extra_that_stands_for_it_and_a_text_for_people(item, atom, text):
    assert (atom, text) == (item.atom, str(item))
