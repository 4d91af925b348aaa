import posixpath

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.policy.install.layout import environment_scheme, lay_out, prefix_scheme, relative, target_scheme
from keyrack.values.interpreter import Interpreter, Paths
from keyrack.values.names import package_name
from keyrack.values.plan import Scheme
from keyrack.values.wheel import EntryPoint, Manifest, Member, WheelFacts

PATHS = Paths("/v/lib/site", "/v/lib64/site", "/v/bin", "/v", "/v/include/site/python3.12")
SCHEME = Scheme(PATHS, "/v/bin/python")
WINDOWS = Scheme(PATHS, r"C:\v\python.exe", windows=True)
PYTHON = Interpreter(
    executable="/v/bin/python",
    prefix="/v",
    base_prefix="/usr",
    base_executable="/usr/bin/python3.12",
    version="3.12.1",
    implementation="cpython",
    markers={"platform_machine": "x86_64"},
    tags=(),
    paths=PATHS,
    is_virtual=True,
    platform="linux",
)
SEGMENTS = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=4).map(lambda parts: "/v/" + "/".join(parts))


def manifest(*paths, pure=True, points=(), placeholders=()):
    folders = sorted({folder for path in paths for folder in parents(path)})
    return Manifest(
        package_name("lib-a"),
        "1.0",
        "lib_a-1.0",
        WheelFacts((1, 0), pure),
        tuple(folders),
        tuple(Member(path, 1, "sha256=x") for path in sorted(paths)),
        points,
        placeholders,
    )


def parents(path):
    while path := posixpath.dirname(path):
        yield path


def targets(places):
    return {place.member.path.partition(".data/")[2]: (place.target, place.row) for place in places}


@pytest.mark.parametrize(("pure", "root"), [(True, "/v/lib/site"), (False, "/v/lib64/site")])
def test_modules_go_where_the_wheel_says_that_they_belong(pure, root):
    found = lay_out(manifest("lib_a/x.py", "top.py", pure=pure), SCHEME)

    assert (root, (root, f"{root}/lib_a")) == (found.root, found.folders)
    assert ["lib_a/x.py", "top.py"] == [member.path for member in found.plain]


def test_the_files_of_the_dist_info_folder_are_kept_apart():
    found = lay_out(manifest("lib_a-1.0.dist-info/METADATA", "lib_a-1.0.dist-info/sub/LICENSE"), SCHEME)

    assert ((), ("/v/lib/site",)) == (found.plain, found.folders)
    assert ["METADATA", "sub/LICENSE"] == [member.path.partition("/")[2] for member in found.own]


def test_each_kind_of_data_goes_to_its_folder():
    paths = ("purelib/p.py", "platlib/q.so", "headers/h.h", "data/share/x/y", "scripts/run")

    found = lay_out(manifest(*(f"lib_a-1.0.data/{path}" for path in paths)), SCHEME)

    expected = {
        "purelib/p.py": ("/v/lib/site/p.py", "p.py"),
        "platlib/q.so": ("/v/lib64/site/q.so", "../../lib64/site/q.so"),
        "headers/h.h": ("/v/include/site/python3.12/lib-a/h.h", "../../include/site/python3.12/lib-a/h.h"),
        "data/share/x/y": ("/v/share/x/y", "../../share/x/y"),
    }
    assert expected == targets(found.moved)
    assert {"scripts/run": ("/v/bin/run", "../../bin/run")} == targets(found.scripts)
    assert ("/v/lib/site",) == found.folders


def test_scripts_that_ask_for_the_right_python_are_marked():
    path = "lib_a-1.0.data/scripts/run"

    assert frozenset({path}) == lay_out(manifest(path, placeholders=(path,)), SCHEME).rewritten


@pytest.mark.parametrize("name", ["run", "run.exe", "run-script.py", "run.pya"])
def test_a_launcher_takes_the_place_of_a_shipped_script(name):
    wheel = manifest(f"lib_a-1.0.data/scripts/{name}", points=(EntryPoint("run", "lib_a", "main"),))

    assert () == lay_out(wheel, SCHEME).scripts


@pytest.mark.parametrize(
    ("scheme", "name", "target"),
    [
        (SCHEME, "run", "/v/bin/run"),
        (SCHEME, "run.py", "/v/bin/run.py"),
        (WINDOWS, "run", "/v/bin/run.exe"),
        (WINDOWS, "run.py", "/v/bin/run.exe"),
    ],
)
def test_a_launcher_has_the_name_that_its_system_starts(scheme, name, target):
    found = lay_out(manifest(points=(EntryPoint(name, "lib_a", "main"),)), scheme)

    assert [(target, "../.." + target[2:])] == [(one.target, one.row) for one in found.launchers]


def test_an_environment_is_laid_out_as_its_python_says():
    assert Scheme(PATHS, "/v/bin/python", windows=False, machine="x86_64") == environment_scheme(PYTHON)


def test_a_target_folder_is_flat_with_its_scripts_below():
    expected = Paths("/t", "/t", "/t/bin", "/t", "/t/include")

    assert (expected, "/v/bin/python") == (target_scheme(PYTHON, "/t").paths, target_scheme(PYTHON, "/t").executable)


@pytest.mark.parametrize(
    ("changed", "site", "scripts", "include"),
    [
        ({}, "/p/lib/python3.12/site-packages", "/p/bin", "/p/include/site/python3.12"),
        ({"gil_disabled": True}, "/p/lib/python3.12t/site-packages", "/p/bin", "/p/include/site/python3.12t"),
        ({"implementation": "pypy"}, "/p/lib/pypy3.12/site-packages", "/p/bin", "/p/include/site/pypy3.12"),
        ({"platform": "win32"}, "/p/Lib/site-packages", "/p/Scripts", "/p/Include"),
    ],
)
def test_a_prefix_has_the_folders_of_a_virtual_environment(changed, site, scripts, include):
    found = prefix_scheme(msgspec.structs.replace(PYTHON, **changed), "/p")

    assert Paths(site, site, scripts, "/p", include) == found.paths


@given(SEGMENTS, SEGMENTS)
def test_a_relative_path_leads_back_to_where_it_was(path, start):
    assert posixpath.relpath(path, start) == relative(path, start) or path == start


def test_two_drives_have_no_relative_path():
    assert "D:/bin/run" == relative("D:\\bin\\run", "C:\\lib")
