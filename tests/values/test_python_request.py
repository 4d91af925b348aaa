import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.values.python_request import PythonRequest, PythonRequestKind, key_of, parse_python_request
from lab.pythons import a_python

ANY, VERSION, PATH, NAME = PythonRequestKind


def threaded(python):
    return msgspec.structs.replace(python, gil_disabled=True)


def implemented(name, version="3.10.1"):
    return msgspec.structs.replace(a_python(version), implementation=name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (ANY, "any Python")),
        (" Any ", (ANY, "any Python")),
        ("default", (ANY, "any Python")),
        ("3", (VERSION, "Python 3")),
        ("3.12", (VERSION, "Python 3.12")),
        ("312", (VERSION, "Python 3.12")),
        ("3.12.1", (VERSION, "Python 3.12.1")),
        ("3.13rc1", (VERSION, "Python 3.13rc1")),
        ("3.13t", (VERSION, "Python 3.13+freethreaded")),
        ("3.13+freethreaded", (VERSION, "Python 3.13+freethreaded")),
        ("python3.8", (VERSION, "Python 3.8")),
        ("python@3.8", (VERSION, "Python 3.8")),
        (">=3.9,<3.12", (VERSION, "Python >=3.9, <3.12")),
        ("cpython", (VERSION, "CPython")),
        ("cp312", (VERSION, "CPython 3.12")),
        ("pypy@3.10", (VERSION, "PyPy 3.10")),
        ("PyPy3.10", (VERSION, "PyPy 3.10")),
        ("graalpy>=3.11", (VERSION, "GraalPy >=3.11")),
        ("cpython-3.12.1-linux-x86_64-gnu", (VERSION, "cpython-3.12.1-linux-x86_64-gnu")),
        ("cpython-3.12", (VERSION, "CPython 3.12")),
        ("./python", (PATH, "path `./python`")),
        ("/usr/bin/python", (PATH, "path `/usr/bin/python`")),
        (".venv", (PATH, "path `.venv`")),
        (r"C:\Python\python.exe", (PATH, r"path `C:\Python\python.exe`")),
        ("python", (NAME, "executable name `python`")),
        ("nopython", (NAME, "executable name `nopython`")),
        ("latest", (NAME, "executable name `latest`")),
        ("3.x", (NAME, "executable name `3.x`")),
    ],
)
def test_a_request_is_read_in_all_its_forms(text, expected):
    request = parse_python_request(text)

    assert expected == (request.kind, str(request))


@pytest.mark.parametrize(
    ("text", "fits", "fails"),
    [
        ("any", ["3.8.0", "3.13.1"], []),
        ("3", ["3.8.0", "3.13.1"], []),
        ("3.12", ["3.12.0", "3.12.9", "3.12.0rc1"], ["3.11.9", "3.13.0"]),
        ("312", ["3.12.1"], ["3.1.2"]),
        ("3.12.1", ["3.12.1"], ["3.12.2"]),
        ("3.13rc1", ["3.13.0rc1"], ["3.13.0"]),
        (">=3.9,<3.12", ["3.9.0", "3.11.7"], ["3.8.1", "3.12.0"]),
        ("pypy", [], ["3.10.1"]),
        ("cpython@3.10", ["3.10.1"], ["3.11.0"]),
        ("3.13t", [], ["3.13.0"]),
        ("cpython-3.12.1-linux-x86_64-gnu", ["3.12.1"], ["3.12.2"]),
        ("cpython-3.12-macos", [], ["3.12.2"]),
        ("cpython-3.12-linux-aarch64", [], ["3.12.2"]),
        ("cpython-3.12-linux-x86_64-musl", [], ["3.12.2"]),
        ("./somewhere", ["3.8.0"], []),
        ("python", ["3.8.0"], []),
    ],
)
def test_a_request_fits_some_pythons(text, fits, fails):
    request = parse_python_request(text)

    assert (fits, []) == (
        [version for version in fits if request.is_met_by(a_python(version))],
        [version for version in fails if request.is_met_by(a_python(version))],
    )


def test_an_implementation_is_told_from_others():
    assert [True, False] == [parse_python_request("pp310").is_met_by(implemented(name)) for name in ("pypy", "cpython")]


@pytest.mark.parametrize(
    ("text", "version", "expected"),
    [("3.13", "3.13.0", False), ("3.13t", "3.13.0", True), ("3.14", "3.14.0", True), ("3.14", "3.14.0b1", True)],
)
def test_a_free_threaded_python_must_be_asked_for_before_it_is_like_any_other(text, version, expected):
    assert expected == parse_python_request(text).is_met_by(threaded(a_python(version)))


@pytest.mark.parametrize(
    ("python", "expected"),
    [
        (a_python("3.12.1"), "cpython-3.12.1-linux-x86_64-gnu"),
        (threaded(a_python("3.13.0")), "cpython-3.13.0+freethreaded-linux-x86_64-gnu"),
        (a_python("3.12.1", "musllinux_1_2_x86_64"), "cpython-3.12.1-linux-x86_64-musl"),
        (a_python("3.12.1", "macosx_14_0_arm64"), "cpython-3.12.1-macos-aarch64-none"),
        (a_python("3.12.1", "win_amd64"), "cpython-3.12.1-windows-x86_64-none"),
        (implemented("pypy"), "pypy-3.10.1-linux-x86_64-gnu"),
    ],
)
def test_a_python_has_a_key(python, expected):
    assert expected == key_of(python)


@given(
    st.sampled_from(["3.8.1", "3.12.1", "3.13.0"]),
    st.sampled_from(["manylinux_2_36_x86_64", "win_amd64"]),
    st.booleans(),
)
def test_the_key_of_a_python_asks_for_that_very_python(version, platform, is_threaded):
    python = msgspec.structs.replace(a_python(version, platform), gil_disabled=is_threaded)

    assert parse_python_request(key_of(python)).is_met_by(python)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("any", ("python", "python3")),
        ("3", ("python3", "python")),
        ("3.12", ("python3.12", "python3", "python")),
        ("3.12.1", ("python3.12", "python3", "python")),
        ("3.13t", ("python3.13t", "python3", "python")),
        (">=3.9", ("python3", "python")),
        ("pypy3.10", ("pypy3.10", "pypy3", "pypy")),
        ("cpython", ("python", "python3")),
        (">=3.13t", ("python3", "python")),
    ],
)
def test_a_request_knows_likely_names(text, expected):
    assert expected == parse_python_request(text).names


@given(st.text(max_size=20))
def test_any_text_is_some_request(text):
    assert isinstance(parse_python_request(text), PythonRequest)
