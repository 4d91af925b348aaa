import pytest
from packaging.version import Version

from keyrack.errors import InvalidText
from keyrack.policy.index.built_fit import check_built
from keyrack.values.names import package_name
from keyrack.values.requirement import FromIndex
from keyrack.values.source_tree import SourceTree
from lab.pythons import a_python

PYTHON = a_python("3.12.1")
LIB = package_name("lib-a")


def check(filename, name=LIB, version="1.0"):
    tree = SourceTree("/tree", "lib-a==1.0", FromIndex(), name=name, version=Version(version) if version else None)
    check_built(filename, tree, PYTHON)


@pytest.mark.parametrize(
    ("filename", "known"),
    [
        ("lib_a-1.0-py3-none-any.whl", {}),
        ("Lib.A-1.0.0-py2.py3-none-any.whl", {}),
        ("lib_a-1.0+gpu-py3-none-any.whl", {}),
        ("lib_a-7.0-py3-none-any.whl", {"version": ""}),
        ("other-1.0-py3-none-any.whl", {"name": None}),
    ],
    ids=["plain", "other spelling", "local version", "version not known", "name not known"],
)
def test_the_wheel_that_was_meant_is_taken(filename, known):
    check(filename, **known)


@pytest.mark.parametrize(
    ("filename", "message"),
    [
        ("lib_a.zip", "Built wheel has an invalid filename"),
        ("lib_a-wild-py3-none-any.whl", "Built wheel has an invalid filename"),
        ("other-1.0-py3-none-any.whl", "Package metadata name `other` does not match given name `lib-a`"),
        ("lib_a-2.0-py3-none-any.whl", "Package metadata version `2.0` does not match given version `1.0`"),
        ("lib_a-1.0+gpu-cp27-none-any.whl", "is not compatible with the current Python 3.12 on "),
        ("lib_a-1.0-py3-none-win32.whl", "is not compatible with the current Python 3.12 on "),
    ],
    ids=["no wheel", "no version", "other package", "other version", "other Python", "other platform"],
)
def test_any_other_is_refused(filename, message):
    with pytest.raises(InvalidText) as raised:
        check(filename)

    assert message in raised.value.message
