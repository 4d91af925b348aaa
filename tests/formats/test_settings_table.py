from datetime import UTC, datetime

import pytest

from keyrack.formats.bad_key import BadKey
from keyrack.formats.cutoff_text import Moment
from keyrack.formats.settings_keys import PIP_KEYS, PROJECT_KEYS, TOP_KEYS
from keyrack.formats.settings_table import READ_KEYS, check_keys, parse_table
from keyrack.values.cutoff import UNLIMITED, Cutoff
from keyrack.values.index import AuthPolicy, CacheControl, FileScope, IndexFormat, IndexStrategy
from keyrack.values.layer import Layer
from keyrack.values.settings import KeyringProvider, LinkMode, PrereleaseMode, ResolutionMode
from keyrack.values.url import Origin

MOMENT = Moment(datetime(2026, 8, 20, 12, tzinfo=UTC), lambda local: local.replace(tzinfo=UTC))


def read(**table):
    return parse_table({key.replace("_", "-"): value for key, value in table.items()}, "/work", "uv.toml", MOMENT)


def fault(**table):
    with pytest.raises(BadKey) as caught:
        read(**table)
    return caught.value.path, caught.value.message


def test_an_empty_table_says_nothing():
    assert Layer(place="uv.toml") == read()


def test_keys_of_other_commands_say_nothing():
    assert Layer(place="uv.toml") == read(managed=True, publish_url=3)


def test_plain_settings_are_taken_over():
    layer = read(
        offline=True,
        keyring_provider="subprocess",
        link_mode="copy",
        resolution="lowest",
        prerelease="if-necessary-or-explicit",
        index_strategy="unsafe-any-match",
        concurrent_downloads=3,
        constraint_dependencies=["six<2"],
    )

    assert (
        True,
        KeyringProvider.SUBPROCESS,
        LinkMode.COPY,
        ResolutionMode.LOWEST,
        PrereleaseMode.IF_NECESSARY,
        IndexStrategy.UNSAFE_FIRST_MATCH,
        3,
        ("six<2",),
    ) == (
        layer.offline,
        layer.keyring_provider,
        layer.link_mode,
        layer.resolution,
        layer.prerelease,
        layer.index_strategy,
        layer.concurrent_downloads,
        layer.constraint_dependencies,
    )


def test_relative_paths_start_at_the_folder():
    layer = read(cache_dir="c", target="/t", prefix="p", find_links=["w"])

    assert ("/work/c", "/t", "/work/p", "file:///work/w") == (
        layer.cache_dir,
        layer.target,
        layer.prefix,
        str(layer.find_links[0].parsed.url),
    )


def test_an_index_has_everything_that_was_said_of_it():
    (entry,) = read(
        index=[
            {
                "name": "Team",
                "url": "https://u:p@a.example/simple",
                "default": True,
                "explicit": True,
                "format": "flat",
                "authenticate": "always",
                "ignore-error-codes": [403],
                "cache-control": {"api": "no-store"},
                "file-origins": ["https://files.example:8443/x"],
                "file-scope": "prefix",
                "exclude-newer": "7 days",
                "publish-url": "https://up.example",
                "some-later-key": 1,
            }
        ]
    ).index

    assert (
        "Team",
        "https://a.example/simple",
        "u",
        True,
        True,
        IndexFormat.FLAT,
        AuthPolicy.ALWAYS,
        {403},
        CacheControl(api="no-store"),
        {Origin("https", "files.example", 8443)},
        FileScope.PREFIX,
        Cutoff("2026-08-13T12:00:00Z", "P7D"),
        "uv.toml",
    ) == (
        entry.name,
        str(entry.parsed.url),
        entry.parsed.username,
        entry.default,
        entry.explicit,
        entry.format,
        entry.authenticate,
        entry.ignore_error_codes,
        entry.cache_control,
        entry.file_origins,
        entry.file_scope,
        entry.exclude_newer,
        entry.place,
    )


def test_indexes_may_be_texts():
    layer = read(
        index=["a=https://a.example"],
        default_index="b",
        index_url="https://c.example",
        extra_index_url=["https://d.example"],
    )

    assert ["https://a.example/", "file:///work/b", "https://c.example/", "https://d.example/"] == [
        str(entry.parsed.url) for entry in (*layer.index, layer.default_index, layer.index_url, *layer.extra_index_url)
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (False, UNLIMITED),
        ("false", UNLIMITED),
        ("2024-01-01T00:00:00Z", Cutoff("2024-01-01T00:00:00Z")),
        ("7 days", Cutoff("2026-08-13T12:00:00Z", "P7D")),
    ],
)
def test_a_cutoff_becomes_an_instant(value, expected):
    assert expected == read(exclude_newer=value).exclude_newer


def test_without_a_moment_a_cutoff_stays_as_it_is():
    assert Cutoff("7 days") == parse_table({"exclude-newer": "7 days"}, "/work", "uv.toml").exclude_newer


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Six": "1 day", "seven": False}, (("six", Cutoff("2026-08-19T12:00:00Z", "P1D")), ("seven", UNLIMITED))),
        (["Six=1 day", "seven=false"], (("six", Cutoff("2026-08-19T12:00:00Z", "P1D")), ("seven", UNLIMITED))),
    ],
)
def test_cutoffs_of_packages_are_a_table_or_texts(value, expected):
    assert expected == read(exclude_newer_package=value).exclude_newer_package


def test_prereleases_of_packages_are_a_table():
    assert (("six", PrereleaseMode.ALLOW),) == read(prerelease_package={"six": "allow"}).prerelease_package


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"no_binary": True}, (":all:",)),
        ({"no_binary": False, "no_binary_package": ["Six"]}, ("six",)),
        ({"no_binary": [":none:", "a"], "no_binary_package": ["b"]}, (":none:", "a", "b")),
        ({"no_build": True}, ()),
    ],
)
def test_the_ways_to_refuse_wheels_come_to_one_form(table, expected):
    assert expected == read(**table).no_binary


def test_names_are_normalised():
    layer = read(
        upgrade_package=["Six<2"],
        reinstall_package=["A_b"],
        no_sources_package=["C.d"],
        exclude_dependencies=["E"],
        extra=["X_y"],
    )

    assert (["six<2"], ("a-b",), ("c-d",), ("e",), ("x-y",)) == (
        [f"{one.name}{one.specifier}" for one in layer.upgrade_package],
        layer.reinstall_package,
        layer.no_sources_package,
        layer.exclude_dependencies,
        layer.extra,
    )


def test_proxies_have_their_credentials_beside_them():
    layer = read(http_proxy="u:p@proxy.example:3128", https_proxy="socks5://s.example", no_proxy=["A.example", "b"])

    assert ("http://proxy.example:3128/", "u:****", "socks5://s.example", ("a.example", "b")) == (
        str(layer.http_proxy.url),
        str(layer.http_proxy.credentials),
        str(layer.https_proxy.url),
        layer.no_proxy,
    )


def test_an_override_for_one_package_only_earns_a_warning():
    layer = read(override_dependencies=["six==1", {"package": {"name": "a"}, "dependencies": ["b"]}])

    assert (("six==1",), 1) == (layer.override_dependencies, len(layer.warnings))


def test_a_path_that_might_be_a_name_earns_a_warning():
    layer = read(index=["a=simple", "./other"], default_index="https://a.example")

    assert (
        "Relative paths passed to `--index` or `--default-index` should be disambiguated from index names (use"
        " `./simple`). Support for ambiguous values will be removed in the future",
    ) == layer.warnings


def test_sources_are_one_table_or_several():
    layer = read(
        sources={
            "Six": {"index": "a", "extra": "X", "group": "G"},
            "seven": [
                {"index": "a", "marker": "os_name=='nt'"},
                {"git": "https://x.example", "marker": "os_name=='posix'"},
                {"index": "b", "extra": "y"},
            ],
        }
    )

    assert [
        ("six", "index", "a", "", "x", "g"),
        ("seven", "index", "a", 'os_name == "nt"', None, None),
        ("seven", "git", None, 'os_name == "posix"', None, None),
        ("seven", "index", "b", "", "y", None),
    ] == [(one.name, one.kind, one.index, one.marker, one.extra, one.group) for one in layer.sources]


LINK_MODES = "`clone`, `copy`, `hardlink`, `symlink`"
NO_PROXY = "expected a host behind one of `http`, `https`, `socks5`, `socks5h`"
NO_MARKER = (
    "When multiple sources are provided, each source must include a platform marker (e.g., `marker = "
    "\"sys_platform == 'linux'\"`)"
)
NO_OPERATOR = (
    "Failed to parse: `os_name`\nExpected a valid marker operator (such as `>=` or `not in`), found ``\n"
    "os_name\n       ^"
)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"offline": 1}, (("offline",), "invalid type: expected `bool`, got `int`")),
        ({"link_mode": "x"}, (("link-mode",), "unknown variant `x`, expected one of " + LINK_MODES)),
        (
            {"index_strategy": "x"},
            (
                ("index-strategy",),
                "unknown variant `x`, expected one of `first-index`, `unsafe-first-match`, `unsafe-best-match`",
            ),
        ),
        (
            {"prerelease_package": {"six": "x"}},
            (
                ("prerelease-package", "six"),
                "unknown variant `x`, expected one of `disallow`, `allow`, `if-necessary`, `explicit`",
            ),
        ),
        ({"prerelease_package": ["six"]}, (("prerelease-package",), "`six` has no `=`: expected `PACKAGE=VALUE`")),
        ({"index": [{"url": "a", "name": "b"}, {"name": "a"}]}, (("index", 1), "missing field `url`")),
        (
            {"index": [{"url": "https://a.example", "authenticate": "x"}]},
            (("index", 0, "authenticate"), "unknown variant `x`, expected one of `auto`, `always`, `never`"),
        ),
        (
            {"index": [{"url": "https://a.example", "name": "a b"}]},
            (("index", 0, "name"), "Not a valid index name: 'a b'\nOnly ASCII letters, digits, `-`, `_`, `.`"),
        ),
        (
            {"index": [{"url": "https://u:secret@a b.example"}]},
            (("index", 0, "url"), "Not a valid URL: it holds a space, a control character or a backslash"),
        ),
        (
            {"index": [{"url": "https://u:p@a.example", "explicit": True}]},
            (("index", 0), "An index with `explicit = true` requires a `name`: https://a.example/"),
        ),
        (
            {"index": [{"url": "https://a.example", "ignore-error-codes": [404, 4040]}]},
            (("index", 0, "ignore-error-codes"), "4040 is not a valid HTTP status code"),
        ),
        (
            {"index": [{"url": "https://a.example", "file-origins": ["x"]}]},
            (("index", 0, "file-origins"), "Not a valid URL: it has no scheme (such as `https://`)"),
        ),
        ({"exclude_newer": True}, (("exclude-newer",), "expected false to disable exclude-newer, got true")),
        ({"exclude_newer": "2024-1-1"}, (("exclude-newer",), "`2024-1-1` could not be parsed as a valid date")),
        (
            {"upgrade_package": ["six", "x =="]},
            (
                ("upgrade-package", 1),
                "Failed to parse: `x ==`\nUnexpected end of version specifier, expected version\nx ==\n  ^^",
            ),
        ),
        ({"no_sources_package": ["a b"]}, None),
        ({"sources": {"a b": {"index": "a"}}}, None),
        ({"sources": {"six": {"indx": "a"}}}, (("sources",), "unknown field `indx`")),
        (
            {"sources": {"six": {}}},
            (("sources", "six"), "expected one source, found none of `git`, `url`, `path`, `index`, `workspace`"),
        ),
        (
            {"sources": {"six": {"index": "a", "git": "b"}}},
            (("sources", "six"), "expected one source, found both `index` and `git`"),
        ),
        (
            {"sources": {"six": [{"index": "a"}, {"index": "b", "marker": "os_name == 'nt'"}]}},
            (
                ("sources", "six"),
                NO_MARKER,
            ),
        ),
        (
            {"sources": {"six": {"index": "a", "marker": "os_name"}}},
            (
                ("sources", "six"),
                NO_OPERATOR,
            ),
        ),
        ({"http_proxy": "ftp://u:p@x"}, (("http-proxy",), "Invalid proxy URL in uv.toml\n" + NO_PROXY)),
    ],
)
def test_what_cannot_be_read_is_told_with_the_way_to_it(table, expected):
    found = fault(**table)

    assert expected in (found, None)


def test_an_unknown_key_is_told_with_what_may_be_meant():
    with pytest.raises(BadKey) as caught:
        check_keys({"index-urll": 1}, TOP_KEYS, ("pip",))

    assert (("pip", "index-urll"), "unknown field `index-urll`; did you mean `index-url`?", True) == (
        caught.value.path,
        caught.value.message,
        caught.value.of_key,
    )


def test_an_unknown_key_like_no_other_is_told_alone():
    with pytest.raises(BadKey) as caught:
        check_keys({"zzz": 1}, TOP_KEYS)

    assert "unknown field `zzz`" == caught.value.message


def test_known_keys_pass():
    check_keys({"index-url": 1, "offline": 2}, TOP_KEYS)


def test_every_key_that_is_read_is_one_of_uv_or_of_the_command_line():
    flags_only = {"default-index", "refresh", "refresh-package"}

    assert READ_KEYS == READ_KEYS & (TOP_KEYS | PIP_KEYS | PROJECT_KEYS | flags_only)


@pytest.mark.parametrize(
    "words",
    [
        {"prerelease": "if-necessary-or-explicit"},
        {"prerelease_package": {"six": "if-necessary-or-explicit"}},
        {"prerelease_package": ["six=if-necessary-or-explicit"]},
    ],
    ids=["all", "table", "texts"],
)
def test_an_old_mode_is_read_with_a_warning(words):
    (told,) = read(**words).warnings

    assert "The `if-necessary-or-explicit` pre-release mode is deprecated" in told


def test_todays_modes_are_read_without_a_warning():
    assert () == read(prerelease="allow", prerelease_package={"six": "allow"}).warnings
