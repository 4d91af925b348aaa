from keyrack.formats.python_version_file import parse_python_versions


def test_each_line_is_a_request():
    wanted, _ = parse_python_versions("3.12\n\n  pypy@3.10 # why\n# no\ncpython-3.11.7-linux-x86_64-gnu\r\n")

    assert ["Python 3.12", "PyPy 3.10", "cpython-3.11.7-linux-x86_64-gnu"] == [str(request) for request in wanted]


def test_lines_that_are_no_versions_are_told():
    assert ((), ("junk", "./python")) == parse_python_versions("junk\n./python")
