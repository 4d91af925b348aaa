import venv

import pytest

from keyrack.errors import InvalidText, KeyrackError
from keyrack.operations.configure import Words
from keyrack.operations.environments import is_set, metadata_of, survey


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "v"
    venv.create(folder, symlinks=True)
    return folder


def words(folder, flags=None, **environment):
    return Words(flags or {}, {"HOME": str(folder), "UV_NO_SYSTEM_CONFIG": "1", "PATH": "", **environment}, str(folder))


def put(site, name):
    (site / f"{name}-1.0.dist-info").mkdir(parents=True)


def test_the_active_environment_is_found_with_what_is_in_it(tmp_path, environment):
    put(next((environment / "lib").glob("python3*")) / "site-packages", "lib")

    found = survey(words(tmp_path, VIRTUAL_ENV=str(environment)))

    assert (str(environment), ["lib"]) == (found.interpreter.prefix, [one.name for one in found.installed])


@pytest.mark.parametrize("key", ["python"])
def test_a_flag_wins_over_the_active_environment(tmp_path, environment, key):
    with pytest.raises(KeyrackError):
        survey(words(tmp_path, {key: "nope"}, VIRTUAL_ENV=str(environment)))


def test_a_target_is_looked_at_in_place_of_the_environment(tmp_path, environment):
    put(tmp_path / "there", "lib")

    found = survey(words(tmp_path, {"target": "there"}, VIRTUAL_ENV=str(environment)))

    assert ((f"{tmp_path}/there",), ["lib"]) == (found.folders, [one.name for one in found.installed])


def test_a_prefix_is_looked_at_where_its_modules_lie(tmp_path, environment):
    (folder,) = survey(words(tmp_path, {"prefix": "there"}, VIRTUAL_ENV=str(environment))).folders

    assert folder.startswith(f"{tmp_path}/there/lib/python3.")


def test_what_was_asked_of_a_python_is_kept_in_the_cache(tmp_path, environment):
    cache = tmp_path / "cache"
    survey(words(tmp_path, UV_CACHE_DIR=str(cache), VIRTUAL_ENV=str(environment)))
    kept = list(cache.glob("interpreters-*/*/*"))
    survey(words(tmp_path, {"no-cache": True}, UV_CACHE_DIR=str(tmp_path / "other"), VIRTUAL_ENV=str(environment)))

    assert 1 == len(kept)
    assert not (tmp_path / "other").exists()


def test_warnings_of_the_configuration_come_along(tmp_path, environment):
    (tmp_path / "pyproject.toml").write_text("[tool.uv]\nnonsense = 1\n", encoding="utf-8")

    assert survey(words(tmp_path, VIRTUAL_ENV=str(environment))).warnings


@pytest.mark.parametrize("text", [None, b"", b"Name: a\n", b"Metadata-Version: 2.1\nName: a\nVersion: not one!\n"])
def test_metadata_that_cannot_be_read_is_none(tmp_path, environment, text):
    put(tmp_path / "there", "a")
    if text is not None:
        (tmp_path / "there" / "a-1.0.dist-info" / "METADATA").write_bytes(text)

    (one,) = survey(words(tmp_path, {"target": "there"}, VIRTUAL_ENV=str(environment))).installed

    assert metadata_of(one) is None


def test_a_variable_is_on_or_off_or_an_error():
    assert [True, False, False] == [is_set({"A": "1"}, "A"), is_set({"A": "off"}, "A"), is_set({}, "A")]
    with pytest.raises(InvalidText):
        is_set({"A": "perhaps"}, "A")
