"""What is far longer or deeper than anything real: no crash, and an answer in reasonable time."""

import pytest
from packaging.markers import Marker

from keyrack.formats.requirement_text import parse_requirement
from keyrack.operations.resolve import NoSolutionFound, ResolveRequest, resolve
from keyrack.policy.markers.algebra import diagram, holds, text
from lab.catalogue import MemoryCatalogue
from lab.pythons import a_python
from lab.wheels import wheel

PYTHON = a_python()
LENGTH = 600


def chain(last, *versions, length=LENGTH):
    """Packages that each require the next one."""
    return [
        wheel(f"p{number}", version, requires=[f"p{number + 1}>={version}" if number + 1 < length else last])
        for number in range(length)
        for version in versions
    ]


def solved(artifacts, *requirements):
    request = ResolveRequest(requirements=tuple(map(parse_requirement, requirements)), interpreter=PYTHON)
    return {str(pin.name): str(pin.version) for pin in resolve(request, MemoryCatalogue(artifacts)).pins}


def test_a_chain_of_hundreds_of_dependencies_is_resolved():
    found = solved([*chain("end", "1.0", "2.0"), wheel("end", "1.0")], "p0")

    assert LENGTH + 1 == len(found)
    assert {"2.0"} == {found[f"p{number}"] for number in range(LENGTH)}


def test_a_chain_of_hundreds_of_dependencies_that_ends_nowhere_is_refused_in_words():
    with pytest.raises(NoSolutionFound) as caught:
        solved(chain("nowhere", "1.0"), "p0")

    assert "nowhere was not found" in caught.value.causes[0]
    assert caught.value.causes[0].endswith("we can conclude that your requirements are unsatisfiable.")


def test_a_chain_that_contradicts_its_beginning_is_refused():
    with pytest.raises(NoSolutionFound):
        solved([*chain("p0>=3", "1.0"), wheel("p0", "3.0")], "p0<3")


def test_a_refusal_that_takes_thousands_of_steps_is_told_to_its_end():
    with pytest.raises(NoSolutionFound) as caught:
        solved(chain("nowhere", "1.0", "2.0", length=60), "p0")

    assert 100_000 < len(caught.value.causes[0])  # as long as uv's


def test_a_package_with_hundreds_of_versions_that_all_fail_is_refused():
    broken = [wheel("lib", f"{number}.0", requires=["missing"]) for number in range(300)]

    with pytest.raises(NoSolutionFound) as caught:
        solved(broken, "lib")

    assert "all versions of lib depend on missing" in caught.value.causes[0]


def test_a_marker_of_thousands_of_alternatives_is_judged():
    many = " or ".join(f"sys_platform == 'p{number}'" for number in range(5000))

    found = solved([wheel("lib", "1.0")], f"lib; {many} or python_version > '3'")

    assert {"lib": "1.0"} == found
    assert holds(diagram(Marker(many)), {"sys_platform": "p4999"})


def test_a_marker_of_thousands_of_values_has_a_text():
    many = diagram(Marker(" or ".join(f"sys_platform == 'p{number}'" for number in range(3000))))

    assert many is diagram(Marker(text(many)))
