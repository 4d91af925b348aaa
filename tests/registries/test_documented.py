"""What docs/registries.md says of each registry is what its server in the lab does."""

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from lab.kinds import IN_PATH, KINDS, identity, registry
from lab.registry import Shelf

TEXT = Path(__file__).resolve().parents[2].joinpath("docs/registries.md").read_text(encoding="utf-8")
# What no vendor sells.
MADE_UP = {
    "json", "html", "relative", "uuid", "other-host", "redirect", "redirect-away", "no-ranges", "denies-with-404", "lacks-with-403",
}  # fmt: skip


class Row(NamedTuple):
    url: str
    names: str
    kind: str


def rows():
    table = TEXT.partition("## Each registry")[2]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:2] == "| "]
    return [Row(cell[1], cell[2], kind) for cell in cells[1:] for kind in re.findall("`([^`]+)`", cell[4])]


@pytest.mark.parametrize("row", rows(), ids=[row.kind for row in rows()])
def test_an_index_url_has_the_shape_that_is_written(row):
    who = identity(row.kind, "TheSecret")
    with registry(row.kind, Shelf("team/one", (), (who,))) as host:
        path = urlsplit(host.index_url("team/one", who)).path

    shapes = [urlsplit(shape).path for shape in re.findall("`(https://[^`]+)`", row.url)]
    patterns = [re.sub(r"[A-Z]{2,}", "[^/]+", re.escape(shape)) for shape in shapes]
    patterns += [pattern.replace("/[^/]+/_packaging", "/_packaging") for pattern in patterns]
    # A reverse proxy may put pypiserver and the portal below a path, and the name of a distribution may hold slashes.
    patterns += ["(/pypi)?/[^/]+/[^/]+/simple/"] if row.kind.startswith(("pypiserver", "portal", "pulp")) else []
    assert any(re.fullmatch(pattern, path) for pattern in patterns), (patterns, path)


@pytest.mark.parametrize("row", rows(), ids=[row.kind for row in rows()])
def test_user_names_are_those_that_are_written(row):
    name, password = identity(row.kind, "TheSecret")

    if row.kind in IN_PATH:
        assert "none" == row.names
    elif name == "":
        assert "an empty name: a JWT" in row.names
    elif password == "":
        assert "a token: nothing" == row.names
    else:
        assert f"`{name}`" in row.names or re.search("yours|any|as (for|the)", row.names)


def test_every_registry_of_the_lab_has_its_row():
    assert sorted(set(KINDS) - MADE_UP) == sorted(row.kind for row in rows())
