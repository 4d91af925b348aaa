"""Google Artifact Registry: several repositories on one host, each with keys of its own.

index     /PROJECT/REPOSITORY/simple/PACKAGE/           HTML only, the root page is 404
file      /PROJECT/REPOSITORY/PACKAGE/FILE              beside `simple/`, answers 307
download  /artifacts-downloads/namespaces/PROJECT/repositories/REPOSITORY/downloads/TOKEN
          on the same host, outside the repository; the token alone opens it; no ranges

Nobody gets 401, a key of another repository 403, an unknown key 401.
"""

import base64
import hashlib
from urllib.parse import quote

from lab import answers, pages
from lab.registry import Registry, Shelf
from lab.server import Application, Server
from lab.wheels import Artifact
from lab.wire import Identity, Request, Response

CHALLENGE = 'Basic realm="registry"'
TELLING = pages.Telling(sidecars=False, requires_python=True, yanked=False, api_version="1.0")


def key(secret: str) -> Identity:
    """A service account's key as a user passes it: `_json_key_base64` and its base64."""
    return ("_json_key_base64", base64.b64encode(secret.encode()).decode())


def google(*shelves: Shelf, tls: bool = False) -> Registry:
    """A registry whose shelves are named `PROJECT/REPOSITORY`."""
    server = Server(application(shelves), tls=tls)
    return Registry((server,), {shelf.name: f"/{shelf.name}/simple/" for shelf in shelves})


def application(shelves: tuple[Shelf, ...]) -> Application:
    """Answers for these repositories."""
    by_name = {shelf.name: shelf for shelf in shelves}
    known = {reader for shelf in shelves for reader in shelf.readers}
    downloads = {_download_path(shelf, each): each for shelf in shelves for each in shelf.artifacts}

    def answer(request: Request) -> Response:
        if request.path.startswith("/artifacts-downloads/"):
            found = downloads.get(request.path)
            return answers.file(request, found.body, ranges=False) if found else answers.plain(404, "expired")
        parts = request.path.strip("/").split("/")
        shelf = by_name.get("/".join(parts[:2]))
        if shelf is None:
            return answers.plain(404, "no such repository")
        return _refusal(request, shelf, known) or _content(request, shelf, parts[2:])

    return answer


def _refusal(request: Request, shelf: Shelf, known: set[Identity]) -> Response | None:
    if not shelf.readers or request.identity in shelf.readers:
        return None
    if request.identity in known:
        return answers.plain(403, f"Permission denied on repository {shelf.name}")
    return answers.unauthorized(CHALLENGE)


def _content(request: Request, shelf: Shelf, parts: list[str]) -> Response:
    match parts:
        case ["simple", package] if files := shelf.files_of(package):
            links = [pages.Link(each, f"/{shelf.name}/{package}/{quote(each.filename)}") for each in files]
            return answers.page(
                request, pages.html_page(package, links, TELLING), pages.HTML, max_age=None, zipped=False
            )
        case [package, filename]:
            for each in shelf.files_of(package):
                if each.filename == filename:
                    return answers.redirect(307, _download_path(shelf, each))
        case _:
            pass
    return answers.plain(404, "not found")


def _download_path(shelf: Shelf, each: Artifact) -> str:
    project, repository = shelf.name.split("/")
    token = base64.urlsafe_b64encode(hashlib.shake_256(f"{shelf.name} {each.filename}".encode()).digest(480)).decode()
    return f"/artifacts-downloads/namespaces/{project}/repositories/{repository}/downloads/{token}"
