"""An index behind a single sign-on: those who may not read it are sent to a page for people on another host, 200.

index  /[SHELF/]simple/PACKAGE/     as an index should be, for those with a good password
login  /sign-in?return_to=...       on the host of the sign-in; HTML with a form
"""

from lab import answers, pages
from lab.registries.site import Layout, Manner, Site
from lab.registry import Registry, Shelf
from lab.server import Server
from lab.wire import Request, Response

PAGE = b"""<!DOCTYPE html><html><head><title>Sign in</title></head><body>
<form method="post" action="/session"><input name="user"><input name="password" type="password"></form></body></html>"""


def portal(*shelves: Shelf, tls: bool = False) -> Registry:
    """A registry with one index for each shelf; the second server is that of the sign-in."""
    front, login = Server(tls=tls), Server(tls=tls)
    layout = Layout(index=lambda name: f"/{name}/simple/", file=lambda name, each: f"/{name}/files/{each.filename}")
    front.application = Site(shelves, Manner(refused=401, sign_in=f"{login.url}/sign-in"), layout).answer
    login.application = sign_in
    return Registry((front, login), {shelf.name: layout.index(shelf.name) for shelf in shelves})


def sign_in(request: Request) -> Response:
    """A form for whoever comes."""
    return answers.page(request, PAGE, pages.HTML, max_age=None, zipped=True)
