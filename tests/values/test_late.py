import re
import sys

from keyrack.values.late import LateModule, pattern


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
