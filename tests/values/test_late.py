import re
import sys

from keyrack.values.late import NEEDED_AFTERWARDS, LateModule, LateObject, import_all_late, import_the_rest, pattern


def test_a_late_pattern_does_what_a_compiled_one_does():
    late, bytes_too = pattern(r"(?P<a>a+)b", re.IGNORECASE), pattern(rb"x")

    assert "AA" == late.match("AAb")["a"]
    assert "-c" == late.sub("-", "aabc")
    assert bytes_too.search(b"axb")
    assert late.match is late.match
    assert late.pattern == r"(?P<a>a+)b"


def test_a_late_module_is_imported_when_it_is_used():
    name = "tests_only_module_of_no_use"
    late = LateModule("wave" if "wave" not in sys.modules else name)

    before = "wave" in sys.modules
    mode = late.WAVE_FORMAT_PCM

    assert (False, True, 1) == (before, "wave" in sys.modules, mode)


def test_what_is_needed_after_a_change_is_imported_before():
    import_the_rest()

    assert set() == set(NEEDED_AFTERWARDS) - set(sys.modules)


def test_all_late_modules_are_imported_at_once_and_one_that_is_not_there_stays_away():
    LateModule("tests_only_module_that_is_not_there")
    LateModule("tabnanny")

    import_all_late()

    assert "tabnanny" in sys.modules


def test_a_late_object_is_made_once_and_only_when_it_is_needed():
    made = []
    late = LateObject(lambda: made.append("made") or "text")

    assert [] == made
    assert ("TEXT", 1) == (late.upper(), late.count("x"))
    assert ["made"] == made
