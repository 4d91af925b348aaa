from datetime import UTC, datetime

import pytest

from keyrack.errors import InvalidText, KeyrackError
from keyrack.formats.index_text import parse_index_text
from keyrack.operations.configure import Words, layers, moment_of, settings
from keyrack.policy.settings import Surroundings
from keyrack.values.layer import LayerKind
from keyrack.values.settings import Network

NOW = datetime(2026, 8, 20, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "work").mkdir()
    return tmp_path


def words(home, flags=None, **environment):
    around = {"XDG_CONFIG_HOME": str(home / "home"), "XDG_CONFIG_DIRS": str(home / "system"), **environment}
    return Words(flags or {}, around, str(home / "work"), NOW)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def read(home, flags=None, **environment):
    return layers(words(home, flags, **environment))


def urls(found):
    return [str(entry.parsed.url) for layer in found for entry in layer.index]


def index(host):
    return f'[[index]]\nurl = "https://{host}.example"\n'


def test_flags_and_variables_are_told(home):
    found = read(home, {"offline": True, "quiet": 1}, UV_LINK_MODE="copy")

    assert [LayerKind.TOLD, LayerKind.TOLD] == [layer.kind for layer in found]
    assert (True, "copy") == (found[0].offline, found[1].link_mode.value)


def test_a_flag_replaces_the_variable_that_says_the_same(home):
    found = read(home, {"index": ["https://a.example"]}, UV_INDEX="https://b.example", UV_OFFLINE="1")

    assert (["https://a.example/"], True) == (urls(found), found[1].offline)


def test_the_project_comes_before_the_user_and_the_system(home):
    write(home / "work/uv.toml", index("project"))
    write(home / "home/uv/uv.toml", index("user"))
    write(home / "system/uv/uv.toml", index("system"))

    assert ["https://project.example/", "https://user.example/", "https://system.example/"] == urls(read(home))


@pytest.mark.parametrize(
    ("flags", "environment", "expected"),
    [
        ({"no-config": True}, {}, []),
        ({}, {"UV_NO_CONFIG": "1"}, []),
        ({}, {"UV_NO_SYSTEM_CONFIG": "1"}, ["https://user.example/"]),
        ({"config-file": "other.toml"}, {}, ["https://other.example/"]),
        ({}, {"UV_CONFIG_FILE": "other.toml"}, ["https://other.example/"]),
    ],
)
def test_files_can_be_left_out_or_named(home, flags, environment, expected):
    write(home / "work/other.toml", index("other"))
    write(home / "home/uv/uv.toml", index("user"))
    write(home / "system/uv/uv.toml", index("system"))

    assert expected == urls(read(home, flags, **environment))


def test_a_named_file_that_is_missing_is_told(home):
    with pytest.raises(KeyrackError) as caught:
        read(home, {"config-file": "nope.toml"})

    assert "nope.toml" in caught.value.message


def test_a_project_file_is_no_configuration_file(home):
    write(home / "work/pyproject.toml", "offline = true")

    found = read(home, {"config-file": "pyproject.toml"})

    assert found[2].warnings[0].startswith("The `--config-file` argument expects to receive a `uv.toml` file")


def test_the_first_folder_upwards_with_settings_is_the_projects(home):
    write(home / "uv.toml", index("above"))
    write(home / "work/pyproject.toml", '[project]\nname = "x"')

    assert ["https://above.example/"] == urls(read(home))


def test_an_empty_table_of_settings_ends_the_search(home):
    write(home / "uv.toml", index("above"))
    write(home / "work/pyproject.toml", "[tool.uv]")

    assert [] == urls(read(home))


def test_a_project_file_that_cannot_be_read_is_passed_over_with_a_warning(home):
    write(home / "uv.toml", index("above"))
    write(home / "work/pyproject.toml", "[tool.uv]\nbogus = 1")

    found = read(home)

    assert ["https://above.example/"] == urls(found)
    assert ["Failed to parse `pyproject.toml` during settings discovery:"] == [
        warning.split("\n")[0] for layer in found for warning in layer.warnings
    ]


def test_a_warning_is_kept_where_no_settings_are_found(home):
    write(home / "work/pyproject.toml", "[tool.uv")

    assert 1 == sum(len(layer.warnings) for layer in read(home))


def test_a_uv_toml_stands_before_the_table_beside_it(home):
    write(home / "work/uv.toml", index("file"))
    write(
        home / "work/pyproject.toml",
        '[tool.uv]\noffline = true\npackage = false\n[tool.uv.sources]\nsix = { index = "a" }',
    )

    (layer,) = read(home)[2:]

    assert (None, ["six"]) == (layer.offline, [source.name for source in layer.sources])
    assert (
        "Found both a `uv.toml` file and a `[tool.uv]` section in an adjacent `pyproject.toml`. The following fields"
        " from `[tool.uv]` will be ignored in favor of the `uv.toml` file:\n- offline",
    ) == layer.warnings


def test_a_table_without_settings_beside_a_uv_toml_is_no_warning(home):
    write(home / "work/uv.toml", "")
    write(home / "work/pyproject.toml", "[tool.uv]\npackage = false")

    assert () == read(home)[2].warnings


@pytest.mark.parametrize(("flags", "environment"), [({"project": "sub"}, {}), ({}, {"UV_PROJECT": "sub"})])
def test_the_project_may_lie_elsewhere(home, flags, environment):
    write(home / "work/sub/uv.toml", index("sub"))

    assert ["https://sub.example/"] == urls(read(home, flags, **environment))


@pytest.mark.parametrize(
    ("flags", "environment", "expected"),
    [
        (
            {"exclude-newer": "P1M"},
            {},
            "invalid value 'P1M' for '--exclude-newer <EXCLUDE_NEWER>': Duration `P1M` uses 'months' which is not allowed;"
            " use days instead, e.g., `30 days`.",
        ),
        ({"offline": 1}, {}, "invalid value for '--offline <OFFLINE>': invalid type: expected `bool`, got `int`"),
        (
            {},
            {"UV_LINK_MODE": "x"},
            "Failed to parse environment variable `UV_LINK_MODE`: unknown variant `x`, expected one of `clone`, `copy`,"
            " `hardlink`, `symlink`",
        ),
        (
            {},
            {"UV_INDEX": "https://u:secret@a\\b.example"},
            "Failed to parse environment variable `UV_INDEX`: Invalid index URL in the environment\nNot a valid URL: it"
            " holds a space, a control character or a backslash",
        ),
    ],
)
def test_what_was_told_and_cannot_be_read_names_the_flag_or_variable(home, flags, environment, expected):
    with pytest.raises(InvalidText) as caught:
        read(home, flags, **environment)

    assert expected == caught.value.message


def test_spans_count_back_from_now(home):
    assert "2026-08-13T12:00:00Z" == read(home, {"exclude-newer": "7 days"})[0].exclude_newer.instant


def test_a_test_may_set_the_time(home):
    moment = moment_of(words(home, UV_INTERNAL__TEST_CURRENT_TIMESTAMP="2024-01-01T02:00:00+02:00"))

    assert datetime(2024, 1, 1, tzinfo=UTC) == moment.now


def test_a_time_that_is_none_is_refused(home):
    with pytest.raises(InvalidText):
        moment_of(words(home, UV_INTERNAL__TEST_CURRENT_TIMESTAMP="soon"))


def test_without_a_given_time_the_clock_is_asked():
    assert abs(moment_of(Words({}, {}, "/")).now.timestamp() - datetime.now(UTC).timestamp()) < 60


def test_settings_are_weighed_from_all_layers(home):
    write(home / "work/uv.toml", "offline = true")
    surroundings = Surroundings(parse_index_text("https://public.example", "/", "the build"), "/cache", Network())

    found = settings(words(home, {"cache-dir": "c"}), surroundings, lambda _entry: None)

    assert (True, f"{home}/work/c") == (found.network.offline, found.cache.folder)
