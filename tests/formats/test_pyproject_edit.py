"""Edits of pyproject.toml beside what uv 0.13.9 made of the same documents (`pyproject_edits.txt`)."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.errors import InvalidText
from keyrack.formats.dependency_array import Ambiguous, read_written
from keyrack.formats.pyproject_edit import Edit, IndexTable, ListKind, ListName

URL = "https://git.example/simple"
DEV = ListName(ListKind.GROUP, "dev")
OLD_DEV = ListName(ListKind.DEV)
EXTRA = ListName(ListKind.OPTIONAL, "x")
LIST = {"--dev": DEV, "--group": ListName(ListKind.GROUP, "docs-x"), "--optional": EXTRA}
HEAD = '[project]\nname = "w"\nversion = "1"\n'


def goldens():
    document, name = "", ""
    for part in Path(__file__).with_name("pyproject_edits.txt").read_text(encoding="utf-8").split("=== ")[1:]:
        words, _, text = part.partition("\n")
        if words.startswith("document "):
            document, name = text, words.removeprefix("document ")
        else:
            yield pytest.param(document, words.split(" "), text, id=f"{name}: {words}")


def edited(document, words):
    edit = Edit(document, "pyproject.toml")
    match words:
        case ["remove", name]:
            edit.remove(ListName(), name)
        case ["add", name, "@", _]:
            edit.add(ListName(), read_written(name), has_source=True)
            edit.set_source(name, {"git": "https://git.example/a/z", "rev": "main"})
        case ["add", "--index", place, name] if "=" in place:
            edit.add(ListName(), read_written(name), has_source=True)
            edit.set_source(name, {"index": "i"})
            edit.set_index(IndexTable(URL, "i"), lambda url: url == URL)
        case ["add", ("--index" | "--default-index") as flag, _, name]:
            edit.add(ListName(), read_written(name))
            edit.set_index(IndexTable(URL, default=flag == "--default-index"), lambda url: url == URL)
        case ["add", name, flag, *_]:
            edit.add(LIST[flag], read_written(name))
        case _:
            edit.add(ListName(), read_written(words[1]))
    return str(edit)


@pytest.mark.parametrize(("document", "words", "expected"), list(goldens()))
def test_an_edit_writes_what_uv_writes(document, words, expected):
    assert expected == edited(document, words)


def test_a_script_has_its_dependencies_at_the_top():
    edit = Edit('requires-python = ">=3.9"\n', "script.py", is_script=True)

    edit.add(ListName(), read_written("a>1"))

    assert 'requires-python = ">=3.9"\ndependencies = [\n    "a>1",\n]\n' == str(edit)
    assert (ListName(),) == edit.lists_with("A")


def test_a_name_is_found_in_every_list():
    edit = Edit(
        f'{HEAD}dependencies = ["a"]\noptional-dependencies.x = ["a"]\n'
        '[dependency-groups]\ndev = ["a", {include-group = "y"}, "=not one="]\n[tool.uv]\ndev-dependencies = ["A>1"]\n',
        "pyproject.toml",
    )

    assert (ListName(), EXTRA, DEV, OLD_DEV) == edit.lists_with("a")


def test_a_source_stays_as_long_as_a_list_needs_it():
    edit = Edit(f'{HEAD}dependencies = ["a"]\n[dependency-groups]\ndev = ["a"]\n[tool.uv.sources]\na = {{}}\n', "p")

    gone = edit.remove(ListName(), "a")

    assert ("a",) == tuple(map(str, gone))
    assert "[tool.uv.sources]\na = {}\n" in str(edit)
    edit.remove(DEV, "a")
    assert "sources" not in str(edit)


def test_other_sources_stay():
    edit = Edit(f'{HEAD}dependencies = ["a"]\n[tool.uv.sources]\n# why\nA = {{}}\nb = {{}}\n', "p")

    edit.remove(ListName(), "a")

    assert str(edit).endswith("[tool.uv.sources]\nb = {}\n")


@pytest.mark.parametrize("sources", ["[tool.uv.sources.a]\nx = 1\n", "[[tool.uv.sources.a]]\nx = 1\n"])
def test_a_source_with_a_table_of_its_own_goes_as_well(sources):
    edit = Edit(f'{HEAD}dependencies = ["a"]\n{sources}', "p")

    edit.remove(ListName(), "a")

    assert f"{HEAD}dependencies = []\n" == str(edit)


def test_removing_from_a_list_that_is_not_there_does_nothing():
    edit = Edit(HEAD, "p")

    assert () == edit.remove(EXTRA, "a")
    assert HEAD == str(edit)


def test_removing_what_is_not_there_changes_nothing():
    edit = Edit(f'{HEAD}dependencies = ["b" ]\n', "p")

    assert () == edit.remove(ListName(), "a")
    assert f'{HEAD}dependencies = ["b" ]\n' == str(edit)


def test_a_list_can_be_made_empty():
    edit = Edit(HEAD, "p")

    edit.ensure(DEV)
    edit.ensure(DEV)

    assert f"{HEAD}\n[dependency-groups]\ndev = []\n" == str(edit)
    assert edit.has_list(DEV)
    assert not edit.has_list(EXTRA)


def test_a_requirement_gets_a_bound():
    edit = Edit(f'{HEAD}dependencies = ["a ; x", 1]\n', "p")

    edit.replace(ListName(), 0, lambda old: type(old)(old.name, specifier=">=2", marker=old.marker))
    edit.replace(ListName(), 1, lambda old: old)

    assert f'{HEAD}dependencies = ["a>=2 ; x", 1]\n' == str(edit)


def test_two_entries_of_one_name_are_not_told_apart():
    edit = Edit(f'{HEAD}dependencies = ["a>1", "a>2"]\n', "p")

    with pytest.raises(Ambiguous, match=r"found multiple entries for `a`:\n- `a>1`\n- `a>2`"):
        edit.add(ListName(), read_written("a>3"))


def test_what_should_be_an_array_must_be_one():
    with pytest.raises(InvalidText) as caught:
        Edit(f"{HEAD}dependencies = 1\n", "p").add(ListName(), read_written("a"))

    assert ("`project.dependencies` is not an array",) == caught.value.causes


def test_indexes_written_inline_are_left_to_the_user():
    edit = Edit("[tool.uv]\nindex = [{url = 'x'}]\n", "p")

    with pytest.raises(InvalidText) as caught:
        edit.set_index(IndexTable(URL), lambda url: url == URL)

    assert ("Write it as `[[tool.uv.index]]`",) == caught.value.hints


def test_an_index_becomes_the_first_and_keeps_what_else_was_said_of_it():
    edit = Edit(
        "[[tool.uv.index]]\nurl = 'https://o.example'\n\n[[tool.uv.index]]\nname = 'i' # mine\nurl = 'https://old.example'\n"
        "format = 'flat'\nexplicit = true\n\n[tool.other]\nx = 1\n",
        "p",
    )

    edit.set_index(IndexTable(URL, "i"), lambda url: url == URL)

    assert (
        f"[[tool.uv.index]]\nname = 'i' # mine\nurl = \"{URL}\"\nexplicit = true\n\n[[tool.uv.index]]\n"
        "url = 'https://o.example'\n\n[tool.other]\nx = 1\n"
    ) == str(edit)


def test_a_new_index_stands_in_front_of_the_others():
    edit = Edit("[[tool.uv.index]]\nurl = 'https://o.example'\ndefault = true\n", "p")

    edit.set_index(IndexTable(URL, is_flat=True), lambda url: url == URL)

    assert (
        f'\n[[tool.uv.index]]\nurl = "{URL}"\nformat = "flat"\n\n[[tool.uv.index]]\n'
        "url = 'https://o.example'\ndefault = true\n"
    ) == str(edit)


def test_an_index_that_is_there_already_changes_nothing():
    document = f"[[tool.uv.index]]\nurl = '{URL}'\ndefault = true\n"
    edit = Edit(document, "p")

    edit.set_index(IndexTable(URL, default=True), lambda url: url == URL)

    assert document == str(edit)


def test_a_folder_becomes_a_member_of_the_workspace():
    edit = Edit(HEAD, "p")

    edit.add_member("sub")
    edit.add_member("other")

    assert f'{HEAD}\n[tool.uv.workspace]\nmembers = [\n    "sub",\n    "other",\n]\n' == str(edit)


def test_the_version_is_written_in_its_place():
    edit = Edit('[project]\nversion="1" # now\nname = "w"\n', "p")

    edit.set_version("2")

    assert '[project]\nversion="2" # now\nname = "w"\n' == str(edit)


def test_no_toml_is_an_error_with_its_place():
    with pytest.raises(InvalidText) as caught:
        Edit("a = ", "pyproject.toml")

    assert "Failed to parse: pyproject.toml" == caught.value.message


NAMES = st.sampled_from(["a", "b", "c-d", "E.f", "zed"])


@given(st.lists(NAMES, max_size=5, unique=True), NAMES)
def test_what_is_added_can_be_taken_out_again(present, name):
    document = f"{HEAD}dependencies = {present!r}\n\n# end\n[tool.x]\na = 1\n"
    edit = Edit(document, "p")
    edit.remove(ListName(), name)
    without = tomllib.loads(str(edit))

    edit.add(ListName(), read_written(name))
    assert name in tomllib.loads(str(edit))["project"]["dependencies"]
    edit.remove(ListName(), name)

    assert without == tomllib.loads(str(edit))
