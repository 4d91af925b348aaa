"""A page of somebody else that names a private file, at every kind of registry: nobody's identity goes there."""

import json

import pytest

from lab import answers
from lab.kinds import IN_PATH, KINDS
from lab.pages import SIMPLE_JSON
from lab.server import Server
from lab.wire import Response

# Whoever knows a path with a token in it needs no more; and 403 for what is missing ends the search before the lure.
HERE = [kind for kind in KINDS if kind not in IN_PATH and kind != "lacks-with-403"]
LURE = "lure-1.0-py3-none-any.whl"


def lure(url, target=""):
    """An index whose one package has a file that lies somewhere else; its own path redirects to `target`."""
    page = json.dumps(
        {"meta": {"api-version": "1.0"}, "name": "lure", "files": [{"filename": LURE, "url": url, "hashes": {}}]}
    ).encode()

    def answer(request):
        if request.path == f"/{LURE}":
            return answers.redirect(302, target)
        if request.path == "/simple/lure/":
            return Response(200, page, (("Content-Type", SIMPLE_JSON),))
        return answers.plain(404, "not here")

    return Server(answer)


def install_lure(team, user, server):
    words = [f"--index={name}={team.url(name, who)}" for name, who in team.identities.items()]
    return user.install(*words, "--default-index", f"{server.url}/simple/", "lure", NETRC=str(user.folder / "netrc"))


def seen_at(team, url):
    """Who asked for a URL."""
    return {entry.identity for entry in team.host.requests() if f"{entry.origin}{entry.target}" == url}


@pytest.mark.parametrize("kind", HERE)
def test_a_link_brings_no_identity(teams, user, kind):
    team = teams(kind)
    url = team.files_of("two")[0]
    team.clear()

    with lure(url) as server:
        said = install_lure(team, user, server)

    assert ({None}, []) == (seen_at(team, url), user.installed()), said.err


@pytest.mark.parametrize("kind", HERE)
def test_a_redirect_brings_no_identity(teams, user, kind):
    team = teams(kind)
    url = team.files_of("two")[0]
    team.clear()

    with lure(f"/{LURE}", url) as server:
        said = install_lure(team, user, server)

    assert ({None}, []) == (seen_at(team, url), user.installed()), said.err
