from keyrack.values.interpreter import Paths
from keyrack.values.plan import Scheme


def scheme(purelib, platlib):
    return Scheme(Paths(purelib, platlib, "/v/bin", "/v", "/v/include"), "/v/bin/python")


def test_one_folder_for_both_kinds_of_module_is_searched_once():
    assert ("/v/lib",) == scheme("/v/lib", "/v/lib").roots


def test_two_folders_for_modules_are_searched_pure_ones_first():
    assert ("/v/lib", "/v/lib64") == scheme("/v/lib", "/v/lib64").roots
