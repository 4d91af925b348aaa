"""A plain web server over static trees, as people put wheels behind nginx or into a bucket.

Folders answer with their `index.html`, a folder without its slash with 301, files with ranges; the
pages have no life time. `missing=403` is a bucket that tells nobody what it lacks.
"""

import msgspec

from lab import answers
from lab.registry import Registry
from lab.server import Application, Server
from lab.trees import Links, Looks, Tree, flat_tree, simple_tree
from lab.wheels import Artifact
from lab.wire import Identity, Request, Response


def static(
    *artifacts: Artifact,
    looks: Looks = Looks(),  # noqa: B008 - frozen
    identity: Identity | None = None,
    missing: int = 404,
    tls: bool = False,
) -> Registry:
    """A simple tree and a flat page of the same files: `index_url()` and `index_url("flat")`."""
    server = Server(tls=tls)
    looks = msgspec.structs.replace(looks, origin=looks.origin or server.url)
    # A flat page lies one folder less deep: where the simple pages climb, it names the path.
    flat_looks = msgspec.structs.replace(looks, links=Links.PATH) if looks.links is Links.UP else looks
    tree = {**simple_tree(artifacts, looks), **flat_tree(artifacts, flat_looks)}
    server.application = application(tree, looks.prefix, (identity,) if identity else (), missing)
    return Registry((server,), {"": f"{looks.prefix}/simple/", "flat": f"{looks.prefix}/flat/"})


def application(tree: Tree, prefix: str = "", readers: tuple[Identity, ...] = (), missing: int = 404) -> Application:
    """Answers with what lies in the tree."""
    folders = {path.rpartition("/")[0] for path in tree if path.endswith("/index.html")}

    def answer(request: Request) -> Response:
        if readers and request.identity not in readers:
            return answers.unauthorized('Basic realm="files"')
        path = request.path.removeprefix(prefix).strip("/")
        if path in folders and not request.path.endswith("/"):
            return answers.redirect(301, request.target.partition("?")[0] + "/")
        if path in folders:
            return answers.page(request, tree[f"{path}/index.html"], "text/html", max_age=0, zipped=True)
        if path in tree:
            return answers.file(request, tree[path])
        return answers.plain(missing, "not here")

    return answer
