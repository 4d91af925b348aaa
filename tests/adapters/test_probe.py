import json
import subprocess
import sys
import sysconfig

import pytest
from packaging.markers import default_environment

from keyrack.adapters.interpreters import PROBE
from keyrack.adapters.probe import _linux_platform, _mac_platform, _managed_message, _musl_loader


def described(executable, *words):
    ran = subprocess.run([executable, "-I", "-S", "-B", PROBE, *words], capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)


def test_the_answer_is_that_of_the_python_itself():
    found = described(sys.executable)

    assert (sysconfig.get_path("purelib"), sysconfig.get_path("scripts"), sys.base_prefix) == (
        found["paths"]["purelib"],
        found["paths"]["scripts"],
        found["base_prefix"],
    )


def test_markers_are_those_of_the_standard():
    assert dict(default_environment()) == described(sys.executable)["markers"]


def test_the_base_of_an_environment_is_not_virtual(tmp_path):
    base = described(sys.executable)["base_executable"]

    found = described(base)

    assert (False, sys.base_prefix) == (found["is_virtual"], found["prefix"])


def test_an_environment_is_recognised_without_its_site(tmp_path):
    base = described(sys.executable)["base_executable"]
    subprocess.run([base, "-m", "venv", "--without-pip", str(tmp_path / "env")], check=True)

    found = described(str(tmp_path / "env/bin/python"))

    assert (True, str(tmp_path / "env"), base) == (found["is_virtual"], found["prefix"], found["base_executable"])
    assert found["paths"]["purelib"].startswith(str(tmp_path / "env/lib/python"))
    assert str(tmp_path / "env/bin") == found["paths"]["scripts"]


def test_no_file_of_the_environment_is_run(tmp_path):
    base = described(sys.executable)["base_executable"]
    subprocess.run([base, "-m", "venv", "--without-pip", str(tmp_path / "env")], check=True)
    (site,) = (tmp_path / "env/lib").glob("python*/site-packages")
    (site / "evil.pth").write_text(f"import os; open({str(tmp_path / 'touched')!r}, 'w')")
    (site / "sitecustomize.py").write_text(f"open({str(tmp_path / 'touched')!r}, 'w')")

    described(str(tmp_path / "env/bin/python"))

    assert not (tmp_path / "touched").exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("[externally-managed]\n", ""),
        ("[externally-managed]\nError=Use apt", "Use apt"),
        (
            "[externally-managed]\nerror = Use apt\n  or pipx\n\n  or venv\nError-de=Nimm apt\n",
            "Use apt\nor pipx\n\nor venv",
        ),
        ("[externally-managed]\nError-de=Nimm apt\nError=Use = signs", "Use = signs"),
        ("[externally-managed]\nError=\n  Below", "Below"),
    ],
)
def test_the_message_of_a_managed_python_is_read(text, expected):
    assert expected == _managed_message(text)


@pytest.mark.parametrize(
    ("release", "machine", "expected"),
    [("14.2.1", "arm64", "macosx_14_2_arm64"), ("15", "x86_64", "macosx_15_0_x86_64")],
)
def test_a_mac_is_named_by_its_release(release, machine, expected):
    assert expected == _mac_platform(release, machine)


@pytest.mark.parametrize(
    ("machine", "bits", "glibc", "loader", "expected"),
    [
        ("x86_64", 64, "2.36", "", "manylinux_2_36_x86_64"),
        ("x86_64", 32, "2.36", "", "manylinux_2_36_i686"),
        ("aarch64", 32, "2.36", "", "manylinux_2_36_armv8l"),
        ("armv7l", 32, "2.36", "", "manylinux_2_36_armv7l"),
        ("x86_64", 64, "", "/lib/ld-musl-x86_64.so.1", "musl:/lib/ld-musl-x86_64.so.1:x86_64"),
        ("riscv64", 64, "", "", "linux_riscv64"),
    ],
)
def test_a_linux_is_named_by_its_c_library(machine, bits, glibc, loader, expected):
    assert expected == _linux_platform(machine, bits, glibc, loader)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"\x7fELF....\0/lib/ld-musl-aarch64.so.1\0....", "/lib/ld-musl-aarch64.so.1"),
        (b"\x7fELF....\0/lib64/ld-linux-x86-64.so.2\0", ""),
    ],
)
def test_an_executable_names_its_loader(tmp_path, body, expected):
    (tmp_path / "python").write_bytes(body)

    assert expected == _musl_loader(str(tmp_path / "python"))


def test_an_executable_that_cannot_be_read_names_none(tmp_path):
    assert "" == _musl_loader(str(tmp_path / "none"))
