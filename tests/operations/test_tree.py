import pytest

from keyrack.errors import KeyrackError
from keyrack.operations.environments import survey_again
from keyrack.operations.tree import tree
from keyrack.policy.environment.tree import TreeOptions
from keyrack.values.interpreter import Interpreter, Paths

PYTHON = Interpreter(
    "/v/bin/python", "/v", "/base", "/base/python", "3.12.1", "cpython", {"python_version": "3.12"}, (),
    Paths("/v/lib", "/v/lib", "/v/bin", "/v", "/v/include"), True, "linux",
)  # fmt: skip


def put(folder, name, *requires):
    place = folder / f"{name}-1.0.dist-info"
    place.mkdir()
    lines = [f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", *(f"Requires-Dist: {each}\n" for each in requires)]
    (place / "METADATA").write_text("".join(lines), encoding="utf-8")
    return place


def test_requirements_of_extras_and_of_other_pythons_are_not_drawn(tmp_path):
    put(tmp_path, "a", "b; python_version > '3'", "c; extra == 'x'", "d; python_version < '3'")
    for name in "bcd":
        put(tmp_path, name)

    assert ("a v1.0", "└── b v1.0", "c v1.0", "d v1.0") == tree(survey_again(PYTHON, (str(tmp_path),)), TreeOptions())


def test_a_distribution_that_cannot_be_read_is_named(tmp_path):
    place = put(tmp_path, "a")
    (place / "METADATA").unlink()

    with pytest.raises(KeyrackError) as caught:
        tree(survey_again(PYTHON, (str(tmp_path),)), TreeOptions())

    assert f"Failed to read metadata from: `{place}`" == caught.value.message
