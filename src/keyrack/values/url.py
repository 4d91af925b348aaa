"""`Url`, which cannot hold a password, and `Origin`, which says who may hear one (RFC 3986, RFC 6454)."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit

import msgspec

from keyrack.errors import InvalidText
from keyrack.values.late import pattern
from keyrack.values.redaction import redacted
from keyrack.values.secret import MASK, Secret

DEFAULT_PORTS = {"http": 80, "https": 443, "ssh": 22, "ftp": 21}
_WEB = ("http", "https")
# A browser and an HTTP library may disagree on any of these, and then the host that was checked is not the host
# that is called (CVE-2024-47081): such a text is no URL for us.
_FORBIDDEN = pattern(r"[\x00-\x20\x7f\\]")
_HOST = pattern(r"(?:\[[0-9a-f:.]+(?:%25[a-z0-9_.~-]+)?\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\Z")
_NOT_ASCII = pattern(r"[^\x00-\x7f]+")
_UNRESERVED = pattern(r"%(?:4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a]|3[0-9]|2d|2e|5f|7e)", re.IGNORECASE)
# A segment that a server may read in two ways never matches a prefix: encoded slash or backslash.
_AMBIGUOUS = pattern(r"%(?:2f|5c)", re.IGNORECASE)
_ENCODED = pattern(r"%[0-9a-f]{2}", re.IGNORECASE)
# Some registries open a path to whoever knows it. What may be a token in one: a segment longer than a SHA-256 in hex;
# one of 16 letters and digits or more with both cases and a digit; what follows `/t/`; and what stands where others of
# its kind have the word `basic` or `public`. But not what ends as a distribution or its metadata does.
_TOKENS = pattern(
    r"(?<=/)[^/]{65,}(?=/|\Z)"
    r"|(?<=/)(?=[^/]*[a-z])(?=[^/]*[A-Z])(?=[^/]*[0-9])[A-Za-z0-9]{16,}(?=/|\Z)"
    r"|(?<=/t/)[^/]+"
    r"|(?<=\A/)(?!(?:basic|public)/)[^/]{12,}(?=/[^/]+/[^/]+/python(?:/|\Z))"
)
_FILE_NAME = pattern(r"\.(?:whl|egg|zip|tgz|tbz|txz|tlz|tar(?:\.[a-z0-9]{1,4})?)(?:\.metadata)?\Z", re.IGNORECASE)
_UNREADABLE = "Not a valid URL: the host or the port cannot be read"


class Origin(msgspec.Struct, frozen=True, order=True):
    """Scheme, host and effective port: the unit that may hear a credential. Prints as a URL without a path."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        """Write the origin as a URL, without the port where it is the scheme's own."""
        port = "" if DEFAULT_PORTS.get(self.scheme) == self.port else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"

    @property
    def is_loopback(self) -> bool:
        """Whether the host is this machine by its very name, without asking a resolver."""
        return self.host in ("localhost", "[::1]") or bool(re.match(r"127(?:\.\d{1,3}){3}\Z", self.host))


class Url(msgspec.Struct, frozen=True):
    """A URL without credentials: `str` masks whatever may be a token, `exact` is the text for the wire and the disk.

    `host` is lower case, in A-label form, without a trailing dot; `port` is None where it is the scheme's own.
    `user` is only ever the name of an ssh login (`git@`), which is no secret and is needed to reach the server.
    """

    scheme: str
    host: str
    port: int | None
    path: str
    query: str = ""
    fragment: str = ""
    user: str = ""

    @property
    def origin(self) -> Origin:
        """Who would hear a credential that is sent with this URL."""
        port = self.port if self.port is not None else DEFAULT_PORTS.get(self.scheme, 0)
        return Origin(self.scheme, self.host, port)

    @property
    def is_web(self) -> bool:
        """Whether it is asked over HTTP or HTTPS."""
        return self.scheme in _WEB

    @property
    def authority(self) -> str:
        """`host[:port]`, with the login name of ssh URLs."""
        port = "" if self.port is None else f":{self.port}"
        return f"{self.user}@{self.host}{port}" if self.user else f"{self.host}{port}"

    @property
    def bare(self) -> str:
        """The exact text up to the path, without query and fragment."""
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def exact(self) -> str:
        """The whole text, query included, without the fragment: for the wire, and for files that need it."""
        return f"{self.bare}?{self.query}" if self.query else self.bare

    @property
    def tokens(self) -> tuple[str, ...]:
        """Give the segments of the path that may be tokens, and that `str` masks."""
        found = (match.group() for match in _TOKENS.finditer(self.path) if self.is_web)
        return tuple(segment for segment in found if not _FILE_NAME.search(segment))

    @property
    def filename(self) -> str:
        """The last segment of the path, decoded once."""
        return unquote(self.path.rsplit("/", 1)[-1])

    def __str__(self) -> str:
        """Write the URL for people: every value of the query is masked, and what may be a token in the path."""
        # Any text can be taken for a path on this disk, also a URL whose scheme was mistyped.
        path = _TOKENS.sub(_masked, self.path) if self.is_web else redacted(self.path)
        place = f"{self.scheme}://{self.authority}{path}"
        if not self.query:
            return place
        parts = (part.partition("=") for part in self.query.split("&"))
        return f"{place}?" + "&".join(f"{key}={MASK}" if equals else MASK for key, equals, _ in parts)

    def __repr__(self) -> str:
        """As `str`: nothing may print a query value by accident."""
        return f"Url({str(self)!r})"

    def with_path(self, path: str) -> Url:
        """Give the same place with another path, without query and fragment."""
        return msgspec.structs.replace(self, path=path, query="", fragment="")

    def with_suffix(self, suffix: str) -> Url:
        """Append to the path and keep the query: the `.metadata` sibling of a file (PEP 658)."""
        return msgspec.structs.replace(self, path=self.path + suffix, fragment="")

    def with_directory_slash(self) -> Url:
        """Give the same URL ending in `/`, the form in which index roots are joined."""
        return self if self.path.endswith("/") else msgspec.structs.replace(self, path=self.path + "/")


class ParsedUrl(msgspec.Struct, frozen=True):
    """A URL and the userinfo that stood in its text: None where there was none, empty where it was empty."""

    url: Url
    username: str | None = None
    password: Secret | None = None

    def __repr__(self) -> str:
        """Show the URL only: a user name may be a token."""
        return f"ParsedUrl({str(self.url)!r})"


def parse_url(text: str) -> ParsedUrl:
    """Take a URL's text apart; credentials come out beside it. `InvalidText` never repeats the text's userinfo."""
    text = text.strip()
    if _FORBIDDEN.search(text):
        raise InvalidText("Not a valid URL: it holds a space, a control character or a backslash")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        # Not chained: the reason may repeat the userinfo.
        raise InvalidText(_UNREADABLE) from None
    scheme = parts.scheme.lower()
    if not scheme:
        raise InvalidText("Not a valid URL: it has no scheme (such as `https://`)")
    authority = parts.netloc
    userinfo, at, place = authority.rpartition("@")
    host = _host(place) if place else ""
    if not host and scheme in _WEB:
        raise InvalidText(f"Not a valid URL: `{scheme}://` without a host")
    user = ""
    username, password = _userinfo(userinfo) if at else (None, None)
    if username and scheme.rpartition("+")[2] not in _WEB and password is None:
        user, username = username, None
    path = _ascii(parts.path) or ("/" if scheme in _WEB else "")
    port = None if port == DEFAULT_PORTS.get(scheme) else port
    url = Url(scheme, host, port, path, _ascii(parts.query), parts.fragment, user)
    return ParsedUrl(url, username, password)


def join_url(base: Url, reference: str) -> ParsedUrl:
    """Resolve a reference found at `base` (RFC 3986, 5); its own userinfo comes out beside it."""
    try:
        text = urljoin(base.exact, reference.strip())
    except ValueError:
        # Not chained: the reason may repeat the userinfo.
        raise InvalidText(_UNREADABLE) from None
    return parse_url(text)


@lru_cache(maxsize=4096)
def path_segments(path: str) -> tuple[str, ...] | None:
    """Split a path into normalised segments; None where servers may disagree on what it means.

    Unreserved characters are decoded; empty segments do not count, as most servers merge slashes.
    """
    segments = segments_as_written(path)
    return None if any(part in (".", "..") or _AMBIGUOUS.search(part) for part in segments) else segments


@lru_cache(maxsize=4096)
def segments_as_written(path: str) -> tuple[str, ...]:
    """Split a path into normalised segments in which an encoded slash stays one, as in GitLab's `team%2Fproject`."""
    decoded = _UNRESERVED.sub(lambda found: chr(int(found.group()[1:], 16)), path)
    return tuple(_ENCODED.sub(lambda found: found.group().upper(), part) for part in decoded.split("/") if part)


def is_under(url: Url, root: Url) -> bool:
    """Say whether `url` lies at or below `root`: same origin, and whole segments of the path.

    What servers may read in different ways is below nothing, but for an encoded slash that `root` itself is written
    with: the user wrote it, and its server reads it in one way.
    """
    if url.origin != root.origin:
        return False
    inner, outer = segments_as_written(url.path), segments_as_written(root.path)
    if inner[: len(outer)] != outer or _holds_dots(outer):
        return False
    return path_segments("/".join(inner[len(outer) :])) is not None


def is_under_as_written(url: Url, root: Url) -> bool:
    """Say the same of two URLs that the user wrote: an encoded slash in either is meant as it stands."""
    inner, outer = segments_as_written(url.path), segments_as_written(root.path)
    return url.origin == root.origin and inner[: len(outer)] == outer and not _holds_dots(inner)


def _holds_dots(segments: tuple[str, ...]) -> bool:
    """Say whether a segment leads elsewhere, by itself or once an encoded slash or backslash in it is decoded."""
    return any(part in (".", "..") for segment in segments for part in re.split(r"%2F|%5C", segment))


def canonical(url: Url) -> str:
    """Write the URL so that two spellings of one index are equal: no trailing slash, query or fragment."""
    return url.bare.rstrip("/")


def local_path(url: Url) -> str:
    """Give the path on this disk that a `file:` URL names (RFC 8089), with `/` between its parts on every system."""
    path = unquote(url.path)
    if re.match(r"/[A-Za-z]:(?:/|\Z)", path):
        return path[1:]
    return f"//{url.host}{path}" if url.host not in ("", "localhost") else path


def _masked(found: re.Match[str]) -> str:
    segment = found.group()
    return segment if _FILE_NAME.search(segment) else MASK


def _ascii(text: str) -> str:
    """Percent-encode what is not ASCII, as browsers do (RFC 3987, 3.1), and leave the rest as it was written."""
    return text if text.isascii() else _NOT_ASCII.sub(lambda found: quote(found.group()), text)


def _host(place: str) -> str:
    # Of an address in brackets, `urlsplit` looks at the part inside: what follows must be a port or nothing.
    name = place.rpartition(":")[0] if re.search(r":[0-9]*\Z", place) and not place.endswith("]") else place
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise InvalidText("Not a valid URL: the host's name cannot be written in ASCII") from error
    name = name.lower().removesuffix(".")
    if not _HOST.match(name):
        raise InvalidText("Not a valid URL: the host holds a character that no host name has")
    return name


def _userinfo(text: str) -> tuple[str, Secret | None]:
    username, colon, password = text.partition(":")
    try:
        # A `+` stays what it is: keys in base64 hold it, and userinfo is no form (RFC 3986, 3.2.1).
        name = unquote(username, errors="strict")
        return name, Secret(unquote(password, errors="strict")) if colon else None
    except UnicodeDecodeError:
        # Not chained: the reason holds the bytes.
        raise InvalidText("Not a valid URL: its user name or password is not UTF-8") from None
