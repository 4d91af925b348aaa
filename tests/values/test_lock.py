from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.values.lock import Lock, LockedId, LockedPackage, LockedRegistry, LockedTree
from keyrack.values.names import package_name

TREE = LockedPackage(LockedId(package_name("app"), None, LockedTree(".")))
OLD = LockedPackage(LockedId(package_name("a"), Version("1"), LockedRegistry(path="wheels")))
NEW = LockedPackage(LockedId(package_name("a"), Version("2"), LockedRegistry(path="wheels")))


def test_packages_of_a_name_come_in_the_locks_order():
    lock = Lock(SpecifierSet(">=3.9"), (OLD, NEW, TREE))

    assert (OLD, NEW) == lock.named(package_name("A"))


def test_a_package_is_called_by_name_and_version():
    assert ["a==1", "app"] == [str(OLD.id), str(TREE.id)]
