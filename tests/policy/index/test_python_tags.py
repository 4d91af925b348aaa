"""Which wheels a range of Pythons can use at all."""

import pytest
from packaging.specifiers import SpecifierSet

from keyrack.policy.index.python_tags import PythonTag, PythonTags, begins_below, python_tag
from keyrack.policy.index.tags import Mismatch
from keyrack.policy.markers.algebra import Bounds, python_bounds

FITTING = [
    (">=3.9", "py3", "none", True),
    (">=3.9", "py2", "none", False),
    (">=3.9", "py2.py3", "none", True),
    (">=3.9", "none", "none", True),
    (">=3.9", "py37", "none", True),
    ("<3.11", "py311", "none", False),
    ("<3.11", "py310", "none", True),
    (">=3.9", "cp38", "none", False),
    (">=3.9", "cp39", "none", True),
    (">=3.9", "cp27", "none", False),
    (">=3.9", "jy39", "none", False),
    (">=3.9", "cp4", "none", True),
    (">=3.9", "cp38", "cp38", False),
    (">=3.9.2", "cp39", "cp39", True),
    (">=3.9", "cp313", "cp313t", True),
    (">=3.9", "cp27", "cp27mu", False),
    (">=3.9", "cp410", "cp410", True),
    ("<3.12", "cp312", "cp312", False),
    ("<3.12.1", "cp312", "cp312", True),
    ("<=3.12", "cp312", "cp312", True),
    (">=3.9", "cp36", "abi3", True),
    (">=3.9", "cp315", "abi3t", True),
    (">=3.9", "pp39", "pypy39_pp73", True),
    (">=3.9", "pp38", "pypy38_pp73", False),
    (">=3.9", "pp39", "pypy_73", False),
    (">=3.9", "graalpy310", "graalpy240_310_native", True),
    (">=3.9", "pyston38", "pyston_23_x86_64_linux_gnu", True),
    (">=3.9", "cp39", "unheard", False),
    ("", "cp36", "cp36m", True),
]


@pytest.mark.parametrize(("pythons", "python", "abi", "fits"), FITTING)
def test_a_wheel_fits_unless_its_tags_rule_every_python_out(pythons, python, abi, fits):
    tags = PythonTags(python_bounds(SpecifierSet(pythons)))

    assert (0 if fits else Mismatch.PYTHON_VERSION) == tags.fit(python, abi, "any")


@pytest.mark.parametrize(("pythons", "example"), [(">=3.9", "cp39"), (">=3", "cp30"), (">3.10.2", "cp310")])
def test_the_oldest_python_is_the_example_of_what_would_fit(pythons, example):
    tags = PythonTags(python_bounds(SpecifierSet(pythons)))

    assert example == tags.best.abi


def test_without_a_lower_bound_there_is_no_example():
    assert PythonTags(Bounds()).best is None


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("py3", PythonTag("py", 3, None)),
        ("cp312", PythonTag("cp", 3, 12)),
        ("graalpy310", PythonTag("graalpy", 3, 10)),
        ("none", None),
        ("cp", None),
    ],
)
def test_the_python_part_of_a_tag_is_taken_apart(text, tag):
    assert tag == python_tag(text)


BEGINNINGS = [
    ("cp312-cp312-any", "<3.11", False),
    ("cp310-cp310-any", "<3.11", True),
    ("cp312-abi3-any", "<3.11", False),
    ("cp312-cp312-any", "<3.12.3", True),
    ("py3-none-any", "<3", False),
    ("py3-none-any", "<3.1", True),
    ("py2.py3-none-any", "<3", True),
    ("none-none-any", "<3", True),
    ("cp312-cp312-any", ">=3.9", True),
    ("unheard-none-any", "<3.11", False),
]


@pytest.mark.parametrize(("tags", "pythons", "begins"), BEGINNINGS)
def test_a_wheel_is_for_a_fork_if_its_first_python_is_not_above_it(tags, pythons, begins):
    upper = python_bounds(SpecifierSet(pythons)).upper

    assert begins == begins_below(f"lib-1.0-{tags}.whl", upper)
