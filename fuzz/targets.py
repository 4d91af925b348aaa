"""Every reader of foreign text or bytes, with an honest example of what it reads."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

from keyrack.adapters.archives import Limits, read_entries, read_member
from keyrack.adapters.gunzip import decode
from keyrack.adapters.zip_tail import list_members
from keyrack.adapters.zip_tail import read_member as read_tail
from keyrack.formats.core_metadata import parse_metadata
from keyrack.formats.credentials_toml import parse_logins, parse_service
from keyrack.formats.cutoff_text import Moment
from keyrack.formats.direct_url import parse_direct_url
from keyrack.formats.marker_text import parse_marker
from keyrack.formats.netrc_text import parse_netrc
from keyrack.formats.plain_html import read_plainly
from keyrack.formats.pylock import parse_pylock
from keyrack.formats.pylock_text import write_pylock
from keyrack.formats.pyproject import Place, parse_pyproject
from keyrack.formats.requirement_text import parse_requirement
from keyrack.formats.requirements_txt import Folders, decode_requirements, parse_requirements
from keyrack.formats.settings_toml import SettingsText, parse_project_settings, parse_uv_toml
from keyrack.formats.simple_html import page_of, parse_html_page
from keyrack.formats.simple_json import parse_json_page
from keyrack.formats.specifier_text import parse_requires_python
from keyrack.formats.text_fault import Fault
from keyrack.formats.unnamed_requirement import is_unnamed, parse_unnamed
from keyrack.formats.wheel_files import parse_entry_points, parse_record, parse_wheel
from keyrack.policy.index.choose import FileRules
from keyrack.policy.index.files import to_file
from keyrack.policy.index.listing import Listing
from keyrack.policy.index.tags import Tags
from keyrack.values.artifact import Page
from keyrack.values.index import IndexId
from keyrack.values.names import PackageName
from keyrack.values.url import join_url, parse_url

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes that a body may unpack to here: enough to see that there is a bound."""
_BASE = parse_url("https://pkgs.example/team/simple/ok/").url
_INDEX = IndexId("team")
_MOMENT = Moment(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), lambda written: written.replace(tzinfo=UTC))
_RULES = FileRules(Tags((("py3", "none", ("any",)),)), exclude_newer=_MOMENT.now)


class Target(NamedTuple):
    """A reader: what it is called, what runs it on a body, and bodies that it reads well."""

    name: str
    run: Callable[[bytes], object]
    seeds: tuple[bytes, ...]


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _links(page: Page) -> None:
    listing = Listing(PackageName("ok"), (page,), _RULES)
    for version in (*listing.versions, *listing.visible()):
        listing.choice(version)
    for link in page.links:
        to_file(page, link)


def _html(body: bytes) -> None:
    _links(parse_html_page(body, _BASE, _INDEX))


def _plain_html(body: bytes) -> None:
    _links(page_of(read_plainly(_text(body)), _BASE, _INDEX))


def _json(body: bytes) -> None:
    _links(parse_json_page(body, _BASE, _INDEX))


def _requirement(body: bytes) -> None:
    text = _text(body)
    str((parse_unnamed if is_unnamed(text) else parse_requirement)(text, "a file", "/project"))


def _marker(body: bytes) -> None:
    with suppress(Fault):  # whoever knows the whole text makes the error of it
        parse_marker(_text(body))


def _requirements(body: bytes) -> None:
    text = decode_requirements(body, "requirements.txt")
    parse_requirements(text, "requirements.txt", Folders("/run", "/own"), {"NAME": "value"})


def _uv_toml(body: bytes) -> None:
    parse_uv_toml(SettingsText(_text(body), "/project", "uv.toml", _MOMENT), "0.13.9")


def _pyproject(body: bytes) -> None:
    parse_project_settings(SettingsText(_text(body), "/project", "pyproject.toml", _MOMENT), "0.13.9")
    parse_pyproject(_text(body), Place("pyproject.toml", "/project"))


def _pylock(body: bytes) -> None:
    write_pylock(parse_pylock(_text(body), "pylock.toml"))


def _archive(body: bytes) -> None:
    for entry in read_entries(body, Limits(total=LARGEST_BODY, free=1024 * 1024)):
        read_member(body, entry)


def _tail(body: bytes) -> None:
    def read(start: int, end: int) -> bytes:
        return body[start:end]

    for member in list_members(read, len(body)):
        read_tail(read, member, LARGEST_BODY)


def _url(body: bytes) -> None:
    text = _text(body)
    str(parse_url(text).url)
    join_url(_BASE, text)


def _body(body: bytes) -> None:
    encodings = ("gzip", "deflate", "gzip, deflate", "identity", "br")[body[0] % 5] if body else "gzip"
    decode(body[1:], encodings, LARGEST_BODY)


def _zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ok/__init__.py", "x = 1\n" * 20)
        archive.writestr("ok-1.0.dist-info/METADATA", _METADATA)
        archive.writestr("ok-1.0.dist-info/RECORD", "ok/__init__.py,,\n", zipfile.ZIP_STORED)
    return stream.getvalue()


_METADATA = b"Metadata-Version: 2.1\nName: ok\nVersion: 1.0\nRequires-Dist: a[b]>=1; python_version<'3.9'\nRequires-Python: >=3.8\nProvides-Extra: b\n\nText\n"  # noqa: E501 - one text
_HTML = b'<!DOCTYPE html><meta name="pypi:repository-version" content="1.0"><base href="/x/"><a href="ok-1.0-py3-none-any.whl#sha256=00" data-requires-python="&gt;=3.8" data-yanked="no" data-core-metadata="sha256=00">ok</a>'  # noqa: E501 - one text
_JSON = b'{"meta":{"api-version":"1.1"},"name":"ok","versions":["1.0"],"files":[{"filename":"ok-1.0-py3-none-any.whl","url":"f/ok.whl","hashes":{"sha256":"00"},"requires-python":">=3.8","yanked":"no","core-metadata":{"sha256":"00"},"size":3,"upload-time":"2024-01-02T03:04:05Z"}]}'  # noqa: E501 - one text
_MARKER = b"(python_version >= '3.8' and os_name == 'nt') or extra == 'x' and 'a' in platform_version"
_LINES = b"--index-url https://u:p@pkgs.example/simple\n-r b.txt\n-e ./here\na[b]==1.0 ; os_name=='nt' \\\n  --hash=sha256:00\nb @ https://pkgs.example/b-1.0.zip#egg=b\n./c.whl\n"  # noqa: E501 - one text
_SETTINGS = b'required-version = ">=0.5"\nexclude-newer = "2024-01-02"\n[[index]]\nname = "team"\nurl = "https://pkgs.example/simple"\ndefault = true\n[pip]\npython = "3.12"\n'  # noqa: E501 - one text
_PROJECT = b'[project]\nname = "ok"\nversion = "1.0"\ndependencies = ["a>1"]\n[project.optional-dependencies]\nx = ["b"]\n[dependency-groups]\ndev = ["c", {include-group = "d"}]\nd = []\n[tool.uv]\nindex-strategy = "first-index"\n[tool.uv.sources]\na = {index = "team"}\n'  # noqa: E501 - one text
_PYLOCK = b'lock-version = "1.0"\ncreated-by = "x"\nrequires-python = ">=3.9"\nextras = ["x"]\n[[packages]]\nname = "ok"\nversion = "1.0"\nmarker = "\'x\' in extras"\nindex = "https://u:p@pkgs.example/simple"\nsdist = { url = "https://u:p@pkgs.example/ok-1.0.tar.gz", upload-time = 2024-01-02T03:04:05Z, size = 3, hashes = { sha256 = "00" } }\n[[packages]]\nname = "b"\nvcs = { type = "git", path = "b", commit-id = "1" }\n'  # noqa: E501 - one text
_NETRC = b'machine pkgs.example login u password p\nmacdef x\ny\n\ndefault login "a b" password c # d\n'
_LOGINS = b'[[credential]]\nservice = "https://pkgs.example/"\nusername = "u"\nscheme = "basic"\npassword = "p"\n'

TARGETS = (
    Target("html", _html, (_HTML,)),
    Target("plain-html", _plain_html, (_HTML,)),
    Target("json", _json, (_JSON,)),
    Target("metadata", parse_metadata, (_METADATA,)),
    Target(
        "requirement", _requirement, (b"a[b,c]>=1,<2; os_name=='nt'", b"a @ https://u:p@pkgs.example/a-1.zip", b"./a")
    ),
    Target("marker", _marker, (_MARKER,)),
    Target("specifier", lambda body: parse_requires_python(_text(body)), (b">=3.8,!=3.9.*,<4", b"~=1.0.post1")),
    Target("requirements", _requirements, (_LINES,)),
    Target("uv-toml", _uv_toml, (_SETTINGS,)),
    Target("pyproject", _pyproject, (_PROJECT,)),
    Target("pylock", _pylock, (_PYLOCK,)),
    Target("netrc", lambda body: parse_netrc(_text(body)), (_NETRC,)),
    Target("credentials", lambda body: parse_logins(_text(body), "credentials.toml"), (_LOGINS,)),
    Target("service", lambda body: parse_service(_text(body)), (b"https://u@pkgs.example/a/simple", b"pkgs.example")),
    Target(
        "wheel",
        lambda body: parse_wheel(_text(body)),
        (b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",),
    ),
    Target("record", lambda body: parse_record(_text(body)), (b'a.py,sha256=AA,3\n"b,c",,\n',)),
    Target("entry-points", lambda body: parse_entry_points(_text(body)), (b"[console_scripts]\nok = ok.a:b.c [x]\n",)),
    Target(
        "direct-url",
        parse_direct_url,
        (b'{"url":"https://pkgs.example/a.zip","archive_info":{"hashes":{"sha256":"00"}}}',),
    ),
    Target("archive", _archive, (_zip(),)),
    Target("tail", _tail, (_zip(),)),
    Target("url", _url, (b"https://u:p@pkgs.example:443/a/%2e%2e/b?c=d#e", b"http://[::1%25eth0]/", b"file:///a")),
    Target("body", _body, (b"\0" + bytes.fromhex("1f8b0800000000000203cbc8e402007a7a6fed03000000"),)),
)


def named(name: str) -> Target:
    """Find a target by its name."""
    return next(target for target in TARGETS if target.name == name)
