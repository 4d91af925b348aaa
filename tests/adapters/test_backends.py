import os
import sys

import msgspec
import pytest

from keyrack.adapters.backends import Backend, HookEnvironment, HookFailed
from keyrack.adapters.processes import Children
from keyrack.errors import InvalidText
from keyrack.values.build_system import BuildSystem

SYSTEM = BuildSystem((), "be", (".",))
WHOLE = """
import json, os, sys, warnings

def get_requires_for_build_wheel(config_settings=None):
    warnings.warn("this is old")
    return ["wheel"]

def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    os.mkdir(os.path.join(metadata_directory, "a-1.dist-info"))
    return "a-1.dist-info"

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    with open(os.path.join(wheel_directory, "a-1-py3-none-any.whl"), "w") as file:
        json.dump([config_settings, metadata_directory, os.environ.get("MINE"), os.getcwd()], file)
    return "a-1-py3-none-any.whl"

def build_sdist(sdist_directory, config_settings=None):
    open(os.path.join(sdist_directory, "a-1.tar.gz"), "w").close()
    return "a-1.tar.gz"
"""


@pytest.fixture
def children():
    made = Children()
    yield made
    made.end()


@pytest.fixture
def backend(tmp_path, children):
    def make(text, system=SYSTEM):
        tree = tmp_path / "tree"
        tree.mkdir()
        (tree / "be.py").write_text(text)
        return Backend(str(tree), system, HookEnvironment(sys.executable, {"MINE": "1"}), children)

    return make


def failure(call):
    with pytest.raises(HookFailed) as raised:
        call()
    return raised.value


def test_a_backend_says_what_it_needs_and_its_warnings_stay_its_own(backend):
    assert ("wheel",) == backend(WHOLE).requires("wheel", {})


@pytest.mark.parametrize("kind", ["wheel", "editable", "sdist"])
def test_a_backend_that_needs_nothing_need_not_say_so(backend, kind):
    assert () == backend("").requires(kind, {})


def test_a_backend_writes_metadata(backend, tmp_path):
    assert "a-1.dist-info" == backend(WHOLE).metadata("wheel", str(tmp_path), {})


@pytest.mark.parametrize("kind", ["wheel", "editable"])
def test_a_backend_without_that_hook_leaves_it_to_a_build(backend, tmp_path, kind):
    made = backend("def build_editable(*_more): ...")

    assert made.metadata(kind, str(tmp_path), {}) is None


def test_a_hook_gets_its_settings_and_runs_in_the_tree(backend, tmp_path):
    name = backend(WHOLE).build("wheel", str(tmp_path), {"k": ["1", "2"]}, str(tmp_path / "m"))

    told = msgspec.json.decode((tmp_path / name).read_bytes())
    assert [{"k": ["1", "2"]}, str(tmp_path / "m"), "1", str(tmp_path / "tree")] == told


def test_a_backend_writes_a_source_distribution(backend, tmp_path):
    assert "a-1.tar.gz" == backend(WHOLE).build("sdist", str(tmp_path), {})


def test_what_a_hook_printed_is_kept(backend):
    made = backend("def get_requires_for_build_wheel(_settings): print('said'); return []")

    made.requires("wheel", {})

    assert "said\n" == made.said


def test_before_the_first_hook_nothing_was_printed(backend):
    assert "" == backend("").said


def test_a_hook_that_fails_is_told_with_how_it_ended(backend):
    failed = failure(lambda: backend("import sys; sys.exit(3)").requires("wheel", {}))

    assert ("be.get_requires_for_build_wheel", 3) == (failed.hook, failed.outcome.code)


@pytest.mark.parametrize("answer", ["None", "[1]", "'wheel'"])
def test_requirements_that_are_no_list_of_texts_are_refused(backend, answer):
    failed = failure(
        lambda: backend(f"def get_requires_for_build_wheel(_settings): return {answer}").requires("wheel", {})
    )

    assert "it gave no list of texts" == failed.why


@pytest.mark.parametrize("answer", ["None", "''", "'..'", "'missing.whl'", "'../tree/be.py'", "'/etc/passwd'"])
def test_a_wheel_that_is_not_there_or_lies_elsewhere_is_refused(backend, tmp_path, answer):
    failed = failure(lambda: backend(f"def build_wheel(*_more): return {answer}").build("wheel", str(tmp_path), {}))

    assert "it named nothing that it wrote" == failed.why


def test_a_backend_that_cannot_be_imported_is_told_with_its_traceback(backend):
    failed = failure(lambda: backend("import not_there").requires("wheel", {}))

    assert "No module named 'not_there'" in failed.why


def test_a_backend_that_is_not_in_its_path_is_told(backend):
    system = msgspec.structs.replace(SYSTEM, backend="other")

    assert "other" in failure(lambda: backend("", system).requires("wheel", {})).why


@pytest.mark.parametrize("kind", ["editable", "sdist"])
def test_a_backend_that_cannot_build_a_kind_is_told(backend, tmp_path, kind):
    text = "class UnsupportedOperation(Exception): ...\ndef build_sdist(*_more): raise UnsupportedOperation"

    assert "the backend cannot do that" == failure(lambda: backend(text).build(kind, str(tmp_path), {})).why


def test_a_python_that_is_not_there_is_told(tmp_path, children):
    (tmp_path / "be.py").write_text(WHOLE)
    made = Backend(str(tmp_path), SYSTEM, HookEnvironment(str(tmp_path / "python"), {}), children)

    assert None is failure(lambda: made.requires("wheel", {})).outcome


def test_a_hook_that_answers_nothing_is_told(backend):
    failed = failure(lambda: backend("import os; os._exit(0)").requires("wheel", {}))

    assert 0 == failed.outcome.code


@pytest.mark.parametrize("path", ["..", "/", "../tree-evil", "link"])
def test_a_backend_path_that_leaves_the_tree_is_refused(backend, tmp_path, path):
    (tmp_path / "tree-evil").mkdir()
    made = lambda: backend("", BuildSystem((), "be", (path,)))  # noqa: E731
    if path == "link":
        (tmp_path / "tree").mkdir()
        os.symlink(tmp_path / "tree-evil", tmp_path / "tree" / "link")
        made = lambda: Backend(str(tmp_path / "tree"), BuildSystem((), "be", (path,)), None, None)  # noqa: E731

    with pytest.raises(InvalidText, match="must be a relative path within the source tree"):
        made()


def test_a_backend_path_that_is_not_there_is_refused(backend):
    with pytest.raises(InvalidText, match="does not exist or is not a directory"):
        backend("", BuildSystem((), "be", ("missing",)))


@pytest.mark.parametrize(
    "answer",
    ["", "[", "[]", "{}", '{"return_val": 1}', "[" * 100_000],
    ids=["empty", "cut off", "list", "bare", "number", "deep"],
)
def test_an_answer_that_is_none_is_told(backend, answer):
    text = f"""
import os, sys
with open(os.path.join(sys.argv[2], "output.json"), "w") as file:
    file.write({answer!r})
os._exit(0)
"""
    assert failure(lambda: backend(text).requires("wheel", {})).why
