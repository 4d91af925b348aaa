import sys
import venv

import msgspec
import pytest

from keyrack.adapters.processes import run_text
from keyrack.operations.configure import Words
from keyrack.operations.pythons import NoEnvironment, Pythons
from keyrack.operations.targets import Choice, ExternallyManaged, choose, refuse_managed, told


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "v"
    venv.create(folder, symlinks=True)
    return folder


@pytest.fixture
def pythons(tmp_path):
    return Pythons({"PATH": "", "TMPDIR": str(tmp_path / "tmp")}, str(tmp_path), run_text)


def test_an_environment_is_locked_in_itself(pythons, environment):
    acted = choose(pythons, Choice(python=str(environment)))

    assert (f"{environment}/.lock", False, f"{environment}/bin") == (
        acted.lock, acted.is_folder, acted.scheme.paths.scripts
    )  # fmt: skip


def test_a_system_is_locked_where_everybody_may_write(pythons, tmp_path):
    acted = choose(pythons, Choice(python=sys._base_executable))

    assert acted.lock.startswith(f"{tmp_path}/tmp/keyrack-")


def test_a_target_is_one_folder_for_everything(pythons, environment, tmp_path):
    acted = choose(pythons, Choice(python=str(environment), target="there"))

    paths = acted.scheme.paths
    assert (True, f"{tmp_path}/there/.lock") == (acted.is_folder, acted.lock)
    assert [f"{tmp_path}/there{end}" for end in ("", "", "/bin", "", "/include")] == [
        paths.purelib, paths.platlib, paths.scripts, paths.data, paths.include
    ]  # fmt: skip


def test_a_prefix_is_laid_out_as_an_environment(pythons, environment, tmp_path):
    paths = choose(pythons, Choice(python=str(environment), prefix="there")).scheme.paths

    minor = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    assert f"{tmp_path}/there/lib/{minor}/site-packages" == paths.purelib
    assert f"{tmp_path}/there/include/site/{minor}" == paths.include


def test_nothing_is_chosen_where_there_is_no_environment(pythons):
    with pytest.raises(NoEnvironment):
        choose(pythons, Choice())


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Use apt.\n\nReally.", "externally managed, and indicates the following:\n\n  Use apt.\n\n  Really.\n"),
        ("", "externally managed and cannot be modified."),
    ],
)
def test_a_managed_python_is_not_changed(pythons, environment, message, expected):
    acted = choose(pythons, Choice(python=str(environment)))
    python = msgspec.structs.replace(acted.interpreter, externally_managed=message, is_virtual=False)

    with pytest.raises(ExternallyManaged) as caught:
        refuse_managed(msgspec.structs.replace(acted, interpreter=python), Choice())

    assert f"The interpreter at {environment} is {expected}" == caught.value.message


@pytest.mark.parametrize("change", [{"may_break": True}, {"target": "there"}, {}])
def test_a_managed_python_may_be_changed_on_demand_and_beside_itself(pythons, environment, change):
    choice = Choice(python=str(environment), **change)
    acted = choose(pythons, choice)
    python = msgspec.structs.replace(acted.interpreter, externally_managed="no", is_virtual=not change)

    refuse_managed(msgspec.structs.replace(acted, interpreter=python), choice)


def test_flags_variables_and_files_say_what_is_meant(tmp_path):
    (tmp_path / "uv.toml").write_text("[pip]\nbreak-system-packages = true\n", encoding="utf-8")
    words = Words(
        {"target": "there"}, {"UV_PYTHON": "3.12", "UV_SYSTEM_PYTHON": "1", "UV_NO_SYSTEM_CONFIG": "1"}, str(tmp_path)
    )

    assert Choice("3.12", system=True, target=f"{tmp_path}/there", may_break=True) == told(words)
