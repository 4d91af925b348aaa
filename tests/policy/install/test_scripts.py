import shutil
import subprocess
import sys

import pytest

from keyrack.policy.install.scripts import first_line, launcher_text, rewritten, windowed
from keyrack.values.wheel import EntryPoint


def test_a_launcher_calls_what_the_entry_point_names():
    text = launcher_text(EntryPoint("run", "pkg.mod", "Program.main"), "/v/bin/python")

    expected = """#!/v/bin/python
# -*- coding: utf-8 -*-
import sys
from pkg.mod import Program
if __name__ == "__main__":
    sys.exit(Program.main())
"""
    assert expected == text.decode()


@pytest.mark.parametrize("folder", ["plain", "with space", "it's", "long" * 40])
def test_a_script_starts_with_whatever_path_its_python_has(folder, tmp_path):
    python = tmp_path / folder / "python"
    python.parent.mkdir()
    python.symlink_to(shutil.which("python3", path=sys.exec_prefix + "/bin") or sys.executable)
    script = tmp_path / "script"
    script.write_bytes(first_line(str(python)) + b"import sys; print(sys.argv[1:])\n")
    script.chmod(0o755)

    found = subprocess.run([script, "a b", "c"], capture_output=True, text=True, check=True).stdout

    assert "['a b', 'c']\n" == found


@pytest.mark.parametrize(("length", "direct"), [(124, True), (125, False)])
def test_a_first_line_is_as_long_as_kernels_take(length, direct):
    assert direct == first_line("/" + "p" * (length - 1)).startswith(b"#!/p")


def test_the_first_line_of_a_shipped_script_is_replaced():
    assert b"#!/v/bin/python\nrest\n#!python\n" == rewritten(b"#!python -O\r\nrest\n#!python\n", "/v/bin/python")


@pytest.mark.parametrize(
    ("line", "program"), [(b"#!python", rb"C:\v\python.exe"), (b"#!pythonw", rb"C:\v\pythonw.exe")]
)
def test_on_windows_a_shipped_script_may_ask_for_no_console(line, program):
    assert b"#!" + program + b"\r\nrest" == rewritten(line + b"\nrest", r"C:\v\python.exe", windows=True)


def test_only_the_program_gets_another_name():
    assert r"C:\python\pythonw.exe" == windowed(r"C:\python\python.exe", gui=True)
