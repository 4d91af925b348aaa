import sys

import pytest

from keyrack.adapters.bytecode import CannotCompile, compile_modules


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")


def compiled(folder):
    return {path.name.partition(".")[0] for path in folder.rglob("*.pyc")}


def test_every_module_is_compiled_once(tmp_path):
    put(tmp_path, "a.py", "pkg/b.py", "pkg/text.txt")

    assert (2, {"a", "b"}) == (compile_modules(sys.executable, [str(tmp_path), str(tmp_path)], 1), compiled(tmp_path))


def test_a_module_that_cannot_be_compiled_stops_nothing(tmp_path):
    put(tmp_path, "a.py", "c.py")
    (tmp_path / "b.py").write_text("this is no module\n")

    assert (3, {"a", "c"}) == (compile_modules(sys.executable, [str(tmp_path)], 1), compiled(tmp_path))


def test_where_there_are_no_modules_no_python_is_started(tmp_path):
    assert 0 == compile_modules("no such python", [str(tmp_path), str(tmp_path / "missing")])


def test_a_python_that_does_not_start_is_told(tmp_path):
    put(tmp_path, "a.py")

    with pytest.raises(CannotCompile, match="Failed to compile bytecode with `/no/such/python`"):
        compile_modules("/no/such/python", [str(tmp_path)])
