import io
import zipfile

import pytest

from keyrack.adapters.launchers import windows_launcher
from keyrack.values.wheel import EntryPoint


@pytest.mark.parametrize(
    ("gui", "machine", "program"),
    [(False, "AMD64", rb"C:\v\python.exe"), (True, "ARM64", rb"C:\v\pythonw.exe"), (False, "odd", rb"C:\v\python.exe")],
)
def test_a_windows_launcher_is_a_program_with_the_script_behind_it(gui, machine, program):
    found = windows_launcher(EntryPoint("run", "pkg.mod", "main", gui), r"C:\v\python.exe", machine)

    with zipfile.ZipFile(io.BytesIO(found)) as archive:
        script = archive.read("__main__.py").decode()
    assert (b"MZ", True) == (found[:2], b"#!" + program + b"\n" in found)
    assert "from pkg.mod import main" in script


def test_each_processor_has_its_own_launcher():
    made = {windows_launcher(EntryPoint("run", "p", "m"), "python.exe", one) for one in ("AMD64", "x86", "ARM64")}

    assert 3 == len(made)
