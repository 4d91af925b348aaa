from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.policy.environment.faults import Present, Python, faults
from keyrack.values.installed import Installed
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName
from keyrack.values.requirement import Requirement

PYTHON = Python("3.12.1", Version("3.12.1"))


def present(name, version="1.0", requires=(), *, requires_python=None, fits=True, readable=True):
    metadata = Metadata(PackageName(name), Version(version), tuple(requires), requires_python)
    place = f"/site/{name}-{version}.dist-info"
    return Present(Installed(PackageName(name), Version(version), "/site", place), metadata if readable else None, fits)


def needs(name, specifier="", marker=None):
    return Requirement(PackageName(name), specifier=SpecifierSet(specifier), marker=marker)


def found(*ones, applies=lambda _marker: True):
    return [fault.message for fault in faults(ones, PYTHON, applies)]


def test_nothing_is_wrong_where_everything_is_met():
    assert [] == found(present("a", requires=[needs("b", ">=1")]), present("b", "1.5rc1", requires=[needs("a")]))


def test_a_missing_requirement_is_a_fault_of_the_one_who_requires_it():
    (fault,) = faults((present("a", requires=[needs("b", ">=1")]),), PYTHON, lambda _marker: True)

    assert "The package `a` requires `b>=1`, but it's not installed" == fault.message
    assert {"a"} == fault.packages


def test_a_wrong_version_concerns_both():
    (fault,) = faults((present("a", requires=[needs("b", ">=2")]), present("b")), PYTHON, lambda _marker: True)

    assert "The package `a` requires `b>=2`, but `1.0` is installed" == fault.message
    assert {"a", "b"} == fault.packages


def test_a_requirement_whose_marker_does_not_hold_counts_nothing():
    marker = Marker("os_name == 'nt'")

    assert [] == found(present("a", requires=[needs("b", marker=marker)]), applies=lambda given: given is None)


def test_a_package_that_is_there_twice_is_one_fault_and_meets_no_question():
    assert [
        "The package `a` has multiple installed distributions: \n  - /site/a-1.0.dist-info\n  - /site/a-2.0.dist-info"
    ] == found(
        present("a", "2.0"), present("a", "1.0", requires=[needs("gone")]), present("b", requires=[needs("a", ">9")])
    )


def test_a_python_that_is_too_old_is_a_fault():
    (message,) = found(present("a", requires_python=SpecifierSet("<4,>=3.13")))

    assert "The package `a` requires Python >=3.13,<4, but `3.12.1` is installed" == message


def test_a_wheel_for_another_platform_is_a_fault():
    assert ["The package `a` was built for a different platform"] == found(present("a", fits=False))


def test_what_cannot_be_read_is_broken():
    broken = "is broken or incomplete (unable to read"
    advice = "Consider recreating the virtualenv, or removing the package directory at:"

    assert [
        f"The package `a` {broken} `METADATA`). {advice} /site/a-1.0.dist-info.",
        f"The package `b` {broken} `WHEEL` file). {advice} /site/b-1.0.dist-info.",
    ] == found(present("b", fits=None), present("a", readable=False))
