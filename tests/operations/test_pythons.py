import os

import msgspec
import pytest

from keyrack.errors import KeyrackError
from keyrack.operations.pythons import (
    BrokenPython,
    NoEnvironment,
    NoPython,
    Pythons,
    active_environment,
    all_pythons,
    environment_for,
    find,
)
from keyrack.values.log import Level
from keyrack.values.python_request import parse_python_request
from lab.pythons import a_python


class Machine:
    """A folder of made-up Pythons: files whose text is their version, answered for by `run`."""

    def __init__(self, root):
        self.root = root
        self.path = []
        self.environment = {}
        self.folder = self._folder("work")
        self.lines = []

    def _folder(self, name):
        (self.root / name).mkdir(parents=True, exist_ok=True)
        return str(self.root / name)

    def python(self, where, version, name="python"):
        path = self.root / where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(version)
        path.chmod(0o755)
        return str(path)

    def on_path(self, where, version, *names):
        for name in names or ("python",):
            self.python(where, version, name)
        self.path.append(str(self.root / where))

    def environment_at(self, where, version):
        self.python(f"{where}/bin", version)
        (self.root / where / "pyvenv.cfg").touch()
        return str(self.root / where)

    def run(self, arguments):
        path = arguments[0]
        with open(path, encoding="utf-8") as stream:
            version = stream.read()
        if version == "broken":
            return 3, "", "it is broken"
        folder = os.path.dirname(os.path.dirname(path))
        is_virtual = os.path.exists(os.path.join(folder, "pyvenv.cfg"))
        found = msgspec.structs.replace(a_python(version), executable=path, prefix=folder, is_virtual=is_virtual)
        return 0, msgspec.json.encode(found).decode(), ""

    @property
    def pythons(self):
        around = {"PATH": os.pathsep.join(self.path), **self.environment}
        return Pythons(around, self.folder, self.run, None, lambda level, line: self.lines.append((level, line)))

    def shown(self, python):
        return os.path.relpath(python.executable, self.root)


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def environment(machine, request=None, *, system=False, or_system=False):
    return machine.shown(environment_for(machine.pythons, request, system=system, or_system=or_system))


def found(machine, request=""):
    return machine.shown(find(machine.pythons, parse_python_request(request)))


def complaint(call, *words, **more):
    with pytest.raises(KeyrackError) as caught:
        call(*words, **more)
    cause = caught.value.__cause__
    return caught.value.message, *((cause.message,) if isinstance(cause, KeyrackError) else ())


def test_the_active_environment_comes_first(machine):
    machine.environment["VIRTUAL_ENV"] = machine.environment_at("active", "3.12.1")
    machine.environment["CONDA_PREFIX"] = machine.environment_at("conda", "3.12.1")
    machine.environment_at("work/.venv", "3.12.1")

    assert "active/bin/python" == environment(machine)


def test_an_active_environment_may_be_named_relative_to_the_folder(machine):
    machine.environment_at("work/mine", "3.12.1")
    machine.environment["VIRTUAL_ENV"] = "mine"

    assert "work/mine/bin/python" == environment(machine)


def test_an_active_environment_that_is_gone_is_passed_over(machine):
    machine.environment["VIRTUAL_ENV"] = "/nowhere/at/all"
    machine.environment_at("work/.venv", "3.12.1")

    assert "work/.venv/bin/python" == environment(machine)
    assert (Level.DEBUG, "Ignoring `VIRTUAL_ENV=/nowhere/at/all`: it is no virtual environment") in machine.lines


@pytest.mark.parametrize(
    ("name", "expected"),
    [("mine", "conda/bin/python"), ("base", "work/.venv/bin/python"), ("root", "work/.venv/bin/python")],
)
def test_an_environment_of_conda_counts_unless_it_is_the_base(machine, name, expected):
    machine.python("conda/bin", "3.12.1")
    machine.environment |= {"CONDA_PREFIX": str(machine.root / "conda"), "CONDA_DEFAULT_ENV": name}
    machine.environment_at("work/.venv", "3.12.1")

    assert expected == environment(machine)


def test_the_nearest_environment_upwards_counts(machine):
    machine.environment_at(".venv", "3.11.1")

    assert ".venv/bin/python" == environment(machine)


def test_an_environment_whose_python_is_gone_is_an_error(machine):
    os.unlink(machine.environment_at("work/.venv", "3.12.1") + "/bin/python")

    assert (
        "Failed to inspect Python interpreter from virtual environment at `.venv/bin/python`",
        f"Python interpreter not found at `{machine.root}/work/.venv/bin/python`",
    ) == complaint(environment, machine)


def test_a_version_is_answered_by_an_environment_that_fits(machine):
    machine.environment["VIRTUAL_ENV"] = machine.environment_at("active", "3.11.1")
    machine.environment_at("work/.venv", "3.12.1")
    machine.on_path("system/bin", "3.12.1", "python3.12")

    assert "work/.venv/bin/python" == environment(machine, "3.12")


def test_an_environment_on_the_search_path_fits_as_well(machine):
    machine.environment_at("other", "3.12.1")
    machine.path.append(str(machine.root / "other/bin"))

    assert "other/bin/python" == environment(machine, "3.12")


def test_the_system_is_not_changed_unless_that_is_said(machine):
    machine.on_path("system/bin", "3.12.1")

    assert (
        "No virtual environment found for Python 3.12; run `keyrack venv` to create an environment, or pass `--system` to"
        " install into a non-virtual environment",
    ) == complaint(environment, machine, "3.12")


def test_without_an_environment_there_is_a_hint(machine):
    with pytest.raises(NoEnvironment) as caught:
        environment(machine)

    assert (
        "No virtual environment found; run `keyrack venv` to create an environment, or pass `--system` to install into a"
        " non-virtual environment"
    ) == caught.value.message


@pytest.mark.parametrize("request_text", [None, "3.12", "python"])
def test_the_system_is_acted_on_where_that_is_said(machine, request_text):
    machine.environment["VIRTUAL_ENV"] = machine.environment_at("active", "3.12.1")
    machine.path.append(str(machine.root / "active/bin"))
    machine.on_path("system/bin", "3.12.1")

    assert "system/bin/python" == environment(machine, request_text, system=True)


def test_without_a_system_python_nothing_is_acted_on(machine):
    assert ("No system Python installation found for Python 3.12",) == complaint(
        environment, machine, "3.12", system=True
    )


@pytest.mark.parametrize(("request_text", "expected"), [(None, "system/bin/python"), ("3.11", "system/bin/python3.11")])
def test_reading_commands_take_the_system_where_there_is_no_environment(machine, request_text, expected):
    machine.on_path("system/bin", "3.12.1", "python")
    machine.python("system/bin", "3.11.1", "python3.11")

    assert expected == environment(machine, request_text, or_system=True)


def test_reading_commands_tell_that_there_is_nothing_at_all(machine):
    assert (
        "No virtual environment or system Python installation found for Python 3.9; run `keyrack venv` to create an"
        " environment",
    ) == complaint(environment, machine, "3.9", or_system=True)


@pytest.mark.parametrize("request_text", ["./mine", "mine", "mine/bin/python", "~/work/mine"])
def test_an_environment_may_be_named_by_its_place(machine, request_text):
    machine.environment_at("work/mine", "3.12.1")
    request = request_text.replace("~", str(machine.root))

    assert "work/mine/bin/python" == environment(machine, request)


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        (
            "./nope",
            "No virtual environment or system Python installation found for path `./nope`; run `keyrack venv` to create an"
            " environment",
        ),
        (
            "empty",
            "No virtual environment or system Python installation found for directory `empty`; run `keyrack venv` to"
            " create an environment",
        ),
        (
            "nope",
            "No virtual environment found for executable name `nope`; run `keyrack venv` to create an environment, or pass"
            " `--system` to install into a non-virtual environment",
        ),
        ("./broken", "Failed to inspect Python interpreter from provided path at `./broken`"),
    ],
)
def test_a_place_without_a_working_python_is_told(machine, request_text, expected):
    (machine.root / "work/empty").mkdir()
    machine.python("work", "broken", "broken")

    assert expected == complaint(environment, machine, request_text)[0]


def test_a_new_environment_is_made_from_the_first_python_of_the_system(machine):
    machine.environment_at("active", "3.12.1")
    machine.path.append(str(machine.root / "active/bin"))
    machine.on_path("a", "3.11.1", "python3")
    machine.on_path("b", "3.12.1")

    assert ["a/python3", "b/python"] == [found(machine), found(machine, "3.12")]


def test_a_version_is_looked_for_by_its_name_first(machine):
    machine.on_path("a", "3.12.1", "python", "python3", "python3.12")

    assert ["a/python3.12", "a/python"] == [found(machine, "3.12"), found(machine)]


def test_a_python_that_does_not_work_is_passed_over(machine):
    machine.on_path("shims", "broken", "python", "python3")
    machine.on_path("b", "3.12.1")

    assert "b/python" == found(machine)
    assert f"Skipping `{machine.root}/shims/python`: Querying" in "\n".join(line for _, line in machine.lines)


@pytest.mark.parametrize("request_text", ["/python", "./b", "python3.11x"])
def test_a_python_may_be_named_by_place_or_name(machine, request_text):
    machine.on_path("b", "3.11.1", "python3.11x")
    machine.python("work/b/bin", "3.12.1")
    request = f"{machine.root}/b/python3.11x" if request_text == "/python" else request_text

    assert ("work/b/bin/python" if request_text == "./b" else "b/python3.11x") == found(machine, request)


def test_the_search_path_may_be_replaced(machine):
    machine.on_path("a", "3.11.1")
    machine.python("b", "3.12.1")
    machine.environment["UV_PYTHON_SEARCH_PATH"] = str(machine.root / "b")

    assert "b/python" == found(machine)


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        ("", "No interpreter found in search path"),
        ("3.99", "No interpreter found for Python 3.99 in search path"),
        ("nope", "No interpreter found for executable name `nope` in search path"),
        ("./nope", "No interpreter found at path `./nope`"),
        (".", "No interpreter found in directory `.`"),
    ],
)
def test_a_python_that_is_nowhere_is_told(machine, request_text, expected):
    with pytest.raises(NoPython) as caught:
        found(machine, request_text)

    assert expected == caught.value.message


def test_the_very_python_that_was_named_must_work(machine):
    machine.python("work", "broken", "broken")

    with pytest.raises(BrokenPython):
        found(machine, "./broken")


def test_every_python_is_given_once(machine):
    machine.on_path("a", "3.11.1")
    os.symlink("python", machine.root / "a/python3")
    machine.on_path("b", "3.12.1", "python", "python3.12")
    os.unlink(machine.root / "b/python")
    os.symlink("python3.12", machine.root / "b/python")

    assert ["a/python", "b/python"] == [machine.shown(python) for python in all_pythons(machine.pythons)]


def test_each_python_that_was_found_is_logged(machine):
    machine.environment_at("work/.venv", "3.12.1")

    active_environment(machine.pythons)

    assert [
        (
            Level.DEBUG,
            f"Found `cpython-3.12.1-linux-x86_64-gnu` at `{machine.root}/work/.venv/bin/python` (virtual environment)",
        )
    ] == machine.lines
