import venv

import pytest

from keyrack.errors import InvalidText
from keyrack.operations.answered import look
from keyrack.operations.configure import Words
from keyrack.operations.inputs import InputRequest


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "v"
    venv.create(folder, symlinks=True)
    site = next((folder / "lib").glob("python3*")) / "site-packages"
    for name, requires in (("lib", "Requires-Dist: needs\n"), ("needs", ""), ("broken", "Requires-Dist: gone\n")):
        place = site / f"{name}-1.0.dist-info"
        place.mkdir()
        (place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{requires}")
        (place / "RECORD").write_text("a.py,,\n")
    return folder


@pytest.fixture
def ask(tmp_path, environment):
    def asking(*packages, flags=None, **inputs):
        variables = {"VIRTUAL_ENV": str(environment), "HOME": str(tmp_path), "UV_NO_SYSTEM_CONFIG": "1"}
        words = Words(flags or {}, variables, str(tmp_path))
        looked = look(words, InputRequest(folder=str(tmp_path), packages=packages, **inputs), list)
        return looked if looked and looked.is_answer else None

    return asking


def test_what_is_there_with_all_that_it_requires_is_answered(ask, environment):
    found = ask("lib>=1", "needs")

    assert (2, str(environment)) == (len(found.inputs.requirements), found.acted.interpreter.prefix)


@pytest.mark.parametrize("packages", [("lib>1",), ("nope",), ("broken",), ("lib[x]", "nope")])
def test_what_is_missing_is_not(ask, packages):
    assert ask(*packages) is None


@pytest.mark.parametrize(
    "flags",
    [{"upgrade": True}, {"reinstall": True}, {"upgrade-package": ["lib"]}, {"reinstall-package": ["needs"]}],
)
def test_what_is_upgraded_or_reinstalled_is_never_there_already(ask, flags):
    assert ask("lib", flags=flags) is None


def test_without_dependencies_only_what_is_named_counts(ask):
    assert ask("broken", flags={"no-deps": True})


def test_constraints_count(ask, tmp_path):
    (tmp_path / "c.txt").write_text("needs>1\n", encoding="utf-8")

    assert ask("lib", constraint_files=("c.txt",)) is None


def test_overrides_are_left_to_the_resolver(ask, tmp_path):
    (tmp_path / "o.txt").write_text("needs\n", encoding="utf-8")

    assert ask("lib", override_files=("o.txt",)) is None


@pytest.mark.parametrize("place", ["-", "https://pkgs.example/r.txt"])
def test_what_does_not_lie_on_this_disk_is_left_to_the_whole_run(ask, place):
    assert ask("lib", requirement_files=(place,)) is None


def test_a_file_that_includes_one_from_the_web_is_left_as_well(ask, tmp_path):
    (tmp_path / "r.txt").write_text("-r https://pkgs.example/r.txt\n", encoding="utf-8")

    assert ask(requirement_files=("r.txt",)) is None


def test_a_missing_file_is_an_error_at_once(ask):
    with pytest.raises(InvalidText):
        ask(requirement_files=("nope.txt",))


def test_what_the_files_are_warned_of_is_told(ask, tmp_path):
    (tmp_path / "r.txt").write_text("# nothing\n", encoding="utf-8")

    assert ("Requirements file `r.txt` does not contain any dependencies",) == ask(
        requirement_files=("r.txt",)
    ).warnings
