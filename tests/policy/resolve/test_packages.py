"""What the solver decides on."""

import pytest

from keyrack.formats.requirement_text import parse_requirement
from keyrack.policy.resolve.packages import PYTHON, ROOT, Package, bound_by, packages_of
from keyrack.values.names import extra_name, package_name

LIB = package_name("lib")
FAST = extra_name("fast")


def test_a_requirement_without_extras_is_on_the_package():
    assert (Package(LIB),) == packages_of(parse_requirement("lib>=1"))


def test_a_requirement_with_extras_is_on_a_proxy_for_each():
    proxies = (Package(LIB, FAST, is_proxy=True), Package(LIB, extra_name("slow"), is_proxy=True))

    assert proxies == packages_of(parse_requirement("lib[slow,fast]"))


def test_a_proxy_binds_the_package_and_its_extra():
    assert (Package(LIB), Package(LIB, FAST)) == bound_by(Package(LIB, FAST, is_proxy=True))


@pytest.mark.parametrize(
    ("package", "text"), [(ROOT, "root"), (PYTHON, "Python"), (Package(LIB), "lib"), (Package(LIB, FAST), "lib[fast]")]
)
def test_a_package_is_written_as_in_a_requirement(package, text):
    assert text == str(package)
