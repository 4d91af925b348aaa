"""The same feeds behind a lock: which index a locked file is of stands in the lock, and no page is asked to find out."""

# mypy: allow-untyped-defs, allow-untyped-calls
# As in all tests; the rule for them goes by module names, and an issue's number is none.

import re
from urllib.parse import urljoin

import pytest

from lab.client import ask
from lab.registries.azure import azure, uuid_of
from lab.registries.simple import public
from lab.registry import Shelf
from lab.wheels import wheel
from tests.scenarios.using import Place, asked, named, refused, repeated

UI, CORE, TOOLS = ("build", "token of ui"), ("build", "token of core"), ("VssSessionToken", "token of tools")
SHELVES = {
    "ui": Shelf("east/web/ui", (wheel("widgets", "3.0", requires=["gears", "spanner"]),), (UI,)),
    "core": Shelf("east/web/core", (wheel("gears", "0.9", requires=["palette"]),), (CORE,)),
    "tools": Shelf("west/tools", (wheel("spanner", "5.2"),), (TOOLS,)),
}
KEYS = {name: shelf.readers[0] for name, shelf in SHELVES.items()}
PALETTE = wheel("palette", "3.0")
INSTALLED = ["gears-0.9", "palette-3.0", "spanner-5.2", "widgets-3.0"]
HEAD = 'version = 1\nrevision = 5\nrequires-python = ">=3.8"\n'
PACKAGE = """
[[package]]
name = "{name}"
version = "{version}"
source = {{ registry = "{registry}" }}
wheels = [
    {{ url = "{url}", hash = "sha256:{sha256}" }},
]
"""
APP = """
[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [
    { name = "gears" },
    { name = "palette" },
    { name = "spanner" },
    { name = "widgets" },
]
"""


@pytest.fixture
def host():
    with azure(*SHELVES.values()) as host:
        yield host


@pytest.fixture
def open_index():
    with public(PALETTE) as index:
        yield index


def link(page, identity=None):
    """The one file that a page lists."""
    found = re.search(r'(?:href=|"url": ?)"([^"#]+)', ask(page, identity).body.decode())
    assert found is not None
    return urljoin(page, found[1])


def places(host):
    return [Place(name, host.index_url(shelf.name), KEYS[name]) for name, shelf in SHELVES.items()]


@pytest.fixture
def project(user, host, open_index):
    """A project and its lock as it came from the repository: nothing is in the cache, and no page was read."""
    text = HEAD + APP
    for name, shelf in SHELVES.items():
        registry, artifact = host.index_url(shelf.name), shelf.artifacts[0]
        url = link(f"{registry}{artifact.name}/", KEYS[name])
        text += PACKAGE.format(
            name=artifact.name, version=artifact.version, registry=registry, url=url, sha256=artifact.sha256
        )
    page = f"{open_index.index_url()}palette/"
    text += PACKAGE.format(
        name="palette", version="3.0", registry=open_index.index_url(), url=link(page), sha256=PALETTE.sha256
    )
    user.write("uv.lock", text)
    host.clear()
    open_index.clear()
    return user


def configure(user, *tables, options=""):
    project = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.8"\n'
    user.write("pyproject.toml", "\n".join((project, f"[tool.uv]\n{options}", *tables)))


def table(place, url=""):
    return f'[[tool.uv.index]]\nname = "{place.name}"\nurl = "{url or place.url}"\n'


def sync(user, **variables):
    return user.run("sync", "--frozen", "--inexact", "--active", **variables)


def strangers(host):
    """What was asked with another identity than that of the feed it belongs to; the blob host must see none."""
    front, blobs = host.servers
    owners = {f"/_packaging/{part}": KEYS[name] for name in SHELVES for part in (name, uuid_of(SHELVES[name].name))}
    wrong = [str(entry) for entry in blobs.requests() if "authorization" in entry.headers]
    for entry in front.requests():
        owner = next(owner for part, owner in owners.items() if part in entry.path)
        wrong += [str(entry)] if entry.identity != owner else []
    return wrong


def assert_all_went_well(said, user, host):
    assert (0, INSTALLED) == (said.code, user.installed()), said.err
    assert [] == strangers(host)
    assert [] == refused(host.requests())
    assert [] == repeated(host.requests())
    assert [] == asked(host, "*/simple/*")


def test_credentials_by_the_names_of_the_indexes(project, host, open_index):
    found = places(host)
    configure(project, *map(table, found))

    said = sync(project, **{name: value for place in found for name, value in place.variables.items()})

    assert_all_went_well(said, project, host)
    assert [] == asked(open_index, "/simple/*")


def test_credentials_in_the_urls_of_the_indexes(project, host):
    configure(project, *(table(place, place.inline) for place in places(host)))

    assert_all_went_well(sync(project), project, host)


def test_credentials_in_a_keyring(project, host):
    found = places(host)
    program = project.keyring({(place.url, place.identity[0]): place.identity[1] for place in found})
    tables = [table(place, named(place.url, place.identity[0])) for place in found]
    configure(project, *tables, options='keyring-provider = "subprocess"\n')

    said = sync(project, PATH=program.path)

    assert_all_went_well(said, project, host)
    assert sorted(place.url for place in found) == sorted(call[1] for call in program.calls())


@pytest.mark.parametrize("is_configured", [True, False], ids=["configured", "named by the lock alone"])
def test_credentials_by_login(project, host, is_configured):
    found = places(host)
    configure(project, *(map(table, found) if is_configured else ()))
    for place in found:
        user, password = place.identity
        said = project.run("auth", "login", place.url, "--username", user, "--password", password)
        assert 0 == said.code, said.err
    host.clear()

    assert_all_went_well(sync(project), project, host)


def test_one_wrong_token_of_three_names_exactly_that_index(project, host):
    found = places(host)
    configure(project, *map(table, found))
    variables = {name: value for place in found for name, value in place.variables.items()}

    said = sync(project, **{**variables, "UV_INDEX_CORE_PASSWORD": "token of yesterday"})

    assert (2, []) == (said.code, project.installed())
    assert "Index `core` did not accept the credentials for" in said.err
    assert [] == [name for name in ("`ui`", "`tools`") if name in said.err]
    assert "token of" not in said.err


def test_an_index_that_nobody_configured_is_named_with_what_to_add(project, host):
    ui, core, _tools = places(host)
    configure(project, table(ui), table(core))

    said = sync(project, **ui.variables, **core.variables)

    tools = host.index_url(SHELVES["tools"].name)
    assert 2 == said.code
    assert f"The lock names {tools}, which is none of the configured indexes" in said.err
    assert f'add `[[tool.uv.index]]` with `name = "NAME"` and `url = "{tools}"` to `pyproject.toml`' in said.hints
    assert [] == [one for one in strangers(host) if "spanner" not in one]
