import msgspec
import pytest

from keyrack.operations.check import check, faults_of
from keyrack.operations.environments import Surveyed, survey_again
from keyrack.values.interpreter import Interpreter, Paths
from keyrack.values.names import PackageName

MARKERS = {
    "implementation_name": "cpython", "implementation_version": "3.12.1", "os_name": "posix",
    "platform_machine": "x86_64", "platform_python_implementation": "CPython", "platform_release": "",
    "platform_system": "Linux", "platform_version": "", "python_full_version": "3.12.1", "python_version": "3.12",
    "sys_platform": "linux",
}  # fmt: skip
PYTHON = Interpreter(
    "/v/bin/python", "/v", "/base", "/base/python", "3.12.1", "cpython", MARKERS, ("cp312-cp312-linux", "py3-none-any"),
    Paths("/v/lib", "/v/lib", "/v/bin", "/v", "/v/include"), True, "manylinux_2_28_x86_64",
)  # fmt: skip


def put(folder, name, *requires, wheel="Wheel-Version: 1.0\nTag: py3-none-any\n"):
    place = folder / f"{name}-1.0.dist-info"
    place.mkdir()
    lines = [f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", *(f"Requires-Dist: {each}\n" for each in requires)]
    (place / "METADATA").write_text("".join(lines), encoding="utf-8")
    if wheel is not None:
        (place / "WHEEL").write_text(wheel, encoding="utf-8")


def surveyed(folder) -> Surveyed:
    return survey_again(PYTHON, (str(folder),))


def messages(folder, **target):
    return [fault.message for fault in check(surveyed(folder), **target).faults]


def test_everything_is_counted(tmp_path):
    put(tmp_path, "a", "b")
    put(tmp_path, "b")

    found = check(surveyed(tmp_path))

    assert (2, ()) == (found.count, found.faults)
    assert found.seconds >= 0


@pytest.mark.parametrize(
    ("wheel", "expected"),
    [
        ("Wheel-Version: 1.0\nTag: py2-none-any\nTag: py3-none-any\n", []),
        ("Wheel-Version: 1.0\nTag: cp312-cp312-win_amd64\n", ["The package `a` was built for a different platform"]),
        ("Wheel-Version: 1.0\n", []),
        ("Wheel-Version: 1.0\nTag: odd\n", []),
    ],
)
def test_one_fitting_tag_of_a_wheel_is_enough(tmp_path, wheel, expected):
    put(tmp_path, "a", wheel=wheel)

    assert expected == messages(tmp_path)


@pytest.mark.parametrize("wheel", [None, "no WHEEL at all"])
def test_a_wheel_file_that_cannot_be_read_is_a_fault(tmp_path, wheel):
    put(tmp_path, "a", wheel=wheel)

    (message,) = messages(tmp_path)
    assert message.startswith("The package `a` is broken or incomplete (unable to read `WHEEL` file).")


def test_legacy_distributions_have_no_wheel_to_read(tmp_path):
    (tmp_path / "a-1.0.egg-info").mkdir()
    (tmp_path / "a-1.0.egg-info" / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: a\nVersion: 1.0\n")

    assert [] == messages(tmp_path)


def test_another_target_has_other_markers_and_tags(tmp_path):
    put(tmp_path, "a", "b; sys_platform == 'win32'", "c; python_version >= '3.14'")

    assert [] == messages(tmp_path)
    assert [
        "The package `a` requires `b ; sys_platform == 'win32'`, but it's not installed",
        "The package `a` requires `c ; python_full_version >= '3.14'`, but it's not installed",
    ] == messages(tmp_path, python_version="3.14", python_platform="windows")


def test_only_what_concerns_some_packages_is_told(tmp_path):
    put(tmp_path, "a", "b")
    put(tmp_path, "b", "gone")
    put(tmp_path, "other", "also-gone")

    (fault,) = faults_of(surveyed(tmp_path), [PackageName("a"), PackageName("nope")])

    assert "The package `b` requires `gone`, but it's not installed" == fault.message


def test_a_free_threaded_python_asks_for_wheels_of_its_own(tmp_path):
    put(tmp_path, "a", wheel="Wheel-Version: 1.0\nTag: cp312-cp312-linux\n")
    python = msgspec.structs.replace(PYTHON, gil_disabled=True)

    (fault,) = check(Surveyed(python, (), surveyed(tmp_path).installed)).faults

    assert "The package `a` was built for a different platform" == fault.message
