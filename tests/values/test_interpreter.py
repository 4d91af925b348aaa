"""What one Python told us about itself."""

from packaging.version import Version

from lab.pythons import a_python


def test_an_interpreters_version_is_that_of_its_markers():
    assert Version("3.12.1") == a_python("3.12.1").python


def test_a_build_from_a_checkout_counts_as_its_release():
    python = a_python("3.13.0")
    python.markers["python_full_version"] = "3.13.0+"

    assert Version("3.13.0") == python.python


def test_an_interpreters_minor_version_has_two_parts():
    assert a_python("3.12.1").minor == "3.12"
