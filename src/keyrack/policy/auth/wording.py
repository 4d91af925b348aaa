"""The sentences of refusals, from their facts: what was asked, what came back, whose identity it was, what to type.

No sentence can hold a secret: they are made of `Url`, labels, places and statuses.
"""

from __future__ import annotations

from keyrack.policy.auth.audience import Relation, relation
from keyrack.policy.auth.logins import ambiguous
from keyrack.policy.auth.refusals import (
    About,
    AmbiguousIdentity,
    AuthenticationDisabled,
    AuthRejected,
    AuthRequired,
    BadRedirect,
    ClaimedBy,
    Forbidden,
    ForeignFileOrigin,
    ForwardedElsewhere,
    IdentityIncomplete,
    IndexMoved,
    InsecureLink,
    InsecureRedirect,
    LockedIndexNotConfigured,
    MissingCredentials,
    NoIdentityForLink,
    OutsideScope,
    ProxyRefused,
    RedirectIntoClaim,
    RedirectNeedsAuth,
    SignInPage,
)
from keyrack.values.credentials import Source
from keyrack.values.index import LOCK, Index
from keyrack.values.login import LOGIN_FOR, Login
from keyrack.values.names import environment_stem
from keyrack.values.url import Origin, Url

_PHRASES = {401: "401 Unauthorized", 403: "403 Forbidden", 407: "407 Proxy Authentication Required"}


def auth_rejected(about: About, *, was_proven: bool = False) -> AuthRejected:
    """Credentials were not accepted."""
    history = (
        "They were accepted earlier in this run: they may have expired since, or not reach this far"
        if was_proven
        else "No answer has accepted them in this run"
    )
    message = f"{_who(about)} did not accept the credentials for {about.url}{_status(about)}"
    looked_in = (_looked_in(about),) if about.tried else ()
    causes = (f"The credentials came from {about.where}", *looked_in, history)
    return AuthRejected(message, about, causes=causes, hints=_renew(about))


def one_shot_rejected(about: About) -> AuthRejected:
    """Credentials that are good for one URL were not accepted, and no others are tried there."""
    message = f"{_who(about)} did not accept the credentials for {about.url}{_status(about)}"
    is_of_others = about.where in (Source.LINK.value, Source.REDIRECT.value)
    hints = () if is_of_others else (_correct(about),)
    return AuthRejected(message, about, causes=(f"The credentials came from {about.where}",), hints=hints)


def forbidden(about: About, *, was_proven: bool = False) -> Forbidden:
    """The server knows who asks and does not allow it."""
    causes: tuple[str, ...] = ("The request was made without credentials",)
    if about.where:
        causes = (f"The credentials came from {about.where}",)
        if not was_proven:
            causes += ("No answer has accepted them in this run",)
    hints: tuple[str, ...] = ("check that the URL is right and that these credentials may read it",)
    if not about.where:
        hints = _provide(about) if about.index and _is_at_home(about) else ()
    return Forbidden(
        f"{_who(about)} does not allow access to {about.url}{_status(about)}", about, causes=causes, hints=hints
    )


def locked_index_not_configured(about: About, index: Index) -> LockedIndexNotConfigured:
    """A lock names an index that nobody configured: neither its name is known nor whose credentials would be its."""
    return LockedIndexNotConfigured(
        f"The index of the locked file {about.url} is not configured, and it wants credentials{_status(about)}",
        about,
        causes=(f"The lock names {index.url}, which is none of the configured indexes", _looked_in(about)),
        hints=(
            f'add `[[tool.uv.index]]` with `name = "NAME"` and `url = "{index.url}"` to `pyproject.toml`',
            "set UV_INDEX_NAME_USERNAME and UV_INDEX_NAME_PASSWORD for it",
            f"or keep them in the credentials store: `keyrack auth login {index.url}`",
        ),
    )


def auth_required(about: About, nearby: tuple[Index, ...] = ()) -> AuthRequired:
    """The server wants credentials and none are known."""
    if about.index is not None and about.index.declared_in == LOCK:
        return locked_index_not_configured(about, about.index)
    causes: tuple[str, ...] = (_looked_in(about),)
    if nearby:
        names = ", ".join(f"`{index.label}`" for index in nearby)
        causes += (f"Indexes on this host whose credentials do not go to this URL: {names}",)
    message = f"{_who(about)} wants credentials for {about.url}{_status(about)}, and none are known"
    return AuthRequired(message, about, causes=causes, hints=_provide(about))


def authentication_disabled(about: About) -> AuthenticationDisabled:
    """`authenticate = "never"` met a server that wants credentials."""
    return AuthenticationDisabled(
        f"{_index(about)} wants credentials for {about.url}{_status(about)}",
        about,
        causes=('None were sent, because the index says `authenticate = "never"`',),
        hints=('set `authenticate = "auto"` for the index',),
    )


def identity_incomplete(about: About) -> IdentityIncomplete:
    """A user name is known and its password is not."""
    sent = "" if about.status is None else f" ({_PHRASES.get(about.status, str(about.status))})"
    return IdentityIncomplete(
        f"{_index(about)} has a user name without a password; {about.url} was not read{sent}",
        about,
        causes=(f"The user name came from {about.where}", _looked_in(about)),
        hints=_provide(about),
    )


def missing_credentials(about: About) -> MissingCredentials:
    """An index that must not be asked bare has no credentials."""
    return MissingCredentials(
        f"Missing credentials for: {about.url}",
        about,
        causes=(f'{_index(about)} says `authenticate = "always"`', _looked_in(about)),
        hints=_provide(about),
    )


def claimed_by(about: About, claimant: Index) -> ClaimedBy:
    """A listed file lies in another index."""
    return ClaimedBy(
        f"{_index(about)} lists {about.url}, which lies in index `{claimant.label}`{_status(about)}",
        about,
        causes=("The two indexes have different identities, so the file was asked for without credentials",),
        hints=(f"give both indexes the same credentials, or install the package from `{claimant.label}`",),
    )


def redirect_into_claim(about: About, claimant: Index) -> RedirectIntoClaim:
    """A redirect leads into another index."""
    return RedirectIntoClaim(
        f"{_index(about)} redirects to {about.url}, which lies in index `{claimant.label}`{_status(about)}",
        about,
        causes=("The two indexes have different identities, so the redirect was followed without credentials",),
        hints=(f"give both indexes the same credentials, or install the package from `{claimant.label}`",),
    )


def no_identity_for_link(about: About, others: tuple[Index, ...]) -> NoIdentityForLink | LockedIndexNotConfigured:
    """A listed file is refused and its index has no identity."""
    if about.index is not None and about.index.declared_in == LOCK:
        return locked_index_not_configured(about, about.index)
    causes: tuple[str, ...] = (_looked_in(about),)
    if others:
        names = ", ".join(f"`{index.label}`" for index in others)
        causes += (f"Not used, because the file was listed by another index: the credentials of {names}",)
    return NoIdentityForLink(
        f"{_index(about)} lists {about.url}, which wants credentials{_status(about)}, and the index has none",
        about,
        causes=causes,
        hints=_provide(about),
    )


def outside_scope(about: About) -> OutsideScope:
    """A listed file lies outside the index's root."""
    return OutsideScope(
        f"{_index(about)} lists {about.url} outside its own path{_status(about)}",
        about,
        causes=('No credentials were sent, because the index says `file-scope = "prefix"`',),
        hints=('set `file-scope = "origin"` for the index',),
    )


def foreign_file_origin(about: About, moved: Url | None) -> ForeignFileOrigin | IndexMoved:
    """A listed file lies on another origin."""
    if moved is not None and moved.origin == about.url.origin:
        return IndexMoved(
            f"{_index(about)} was redirected to {moved}; {about.url} lies there{_status(about)}",
            about,
            causes=("Credentials of an index do not follow it to another host",),
            hints=(f'set `url = "{_parent(moved)}"` for the index',),
        )
    return ForeignFileOrigin(
        f"{_index(about)} lists {about.url} on another host, which wants credentials{_status(about)}",
        about,
        causes=("Credentials of an index go to its own host only",),
        hints=(
            f'if {about.url.origin} may see them, add `file-origins = ["{about.url.origin}"]` to the index',
            f"add an entry for machine `{about.url.host}` to your netrc file",
        ),
    )


def redirect_needs_auth(about: About, before: Origin) -> RedirectNeedsAuth:
    """A redirect leads to another origin, which wants credentials."""
    return RedirectNeedsAuth(
        f"{before} redirects to {about.url}, which wants credentials{_status(about)}",
        about,
        causes=("Credentials are not carried to another host by a redirect",),
        hints=(
            f'if {about.url.origin} may see them, add `file-origins = ["{about.url.origin}"]` to the index',
            f"add an entry for machine `{about.url.host}` to your netrc file",
        ),
    )


def insecure_link(about: About) -> InsecureLink:
    """An https index lists a file on http."""
    return InsecureLink(
        f"{_index(about)} is read over https and lists {about.url}, which is not",
        about,
        causes=("Whoever listens on the way could see or replace the file; nothing was sent",),
        hints=("let the server write https links (often its own base URL is configured wrongly)",),
    )


def insecure_redirect(about: About, before: Url) -> InsecureRedirect:
    """A redirect leads from https to http."""
    return InsecureRedirect(
        f"{before} redirects from https to {about.url}, which is not followed",
        about,
        causes=("Whoever listens on the way could see or replace the answer",),
        hints=("let the server redirect to https",),
    )


def forwarded_elsewhere(about: About, other: Index) -> ForwardedElsewhere:
    """An index forwards to another one that is configured too."""
    return ForwardedElsewhere(f"{_index(about)} forwards to {about.url}, a page of index `{other.label}`", about)


def bad_redirect(about: About, reason: str) -> BadRedirect:
    """A redirect leads nowhere."""
    return BadRedirect(f"{about.url} answered with a redirect that cannot be followed", about, causes=(reason,))


def sign_in_page(about: About) -> SignInPage:
    """A sign-in page came in place of an index page."""
    who = f"The credentials came from {about.where}" if about.where else "The request was made without credentials"
    return SignInPage(
        f"{_index(about)} answered with a page to sign in, at {about.url}, in place of an index page",
        about,
        causes=(who,),
        hints=_renew(about) if about.where else _provide(about),
    )


def ambiguous_identity(about: About, owners: tuple[Index, ...]) -> AmbiguousIdentity:
    """Two indexes lay the same claim to a URL."""
    names = " and ".join(f"`{index.label}`" for index in owners)
    return AmbiguousIdentity(
        f"Indexes {names} have the same root above {about.url} and different credentials",
        about,
        causes=("Nothing was sent: either identity could be the wrong one",),
        hints=("give both indexes the same credentials, or write the credentials into the URL",),
    )


def ambiguous_login(about: About, found: tuple[Login, ...]) -> AmbiguousIdentity:
    """Several users are logged in to what lies above a URL."""
    error = ambiguous(about.url, found)
    return AmbiguousIdentity(error.message, about, causes=error.causes, hints=error.hints)


def proxy_refused(about: About) -> ProxyRefused:
    """The proxy wants credentials."""
    return ProxyRefused(
        f"The proxy refused the request for {about.url}{_status(about)}",
        about,
        hints=("write the user name and password into HTTPS_PROXY, HTTP_PROXY or ALL_PROXY",),
    )


def _parent(page: Url) -> Url:
    """The index URL of which `page` is a package's page."""
    return page.with_path(page.path.rstrip("/").rpartition("/")[0] + "/")


def _index(about: About) -> str:
    return f"Index `{about.index.label}`" if about.index else f"`{about.url.host}`"


def _who(about: About) -> str:
    """Who answered: the index, or a host that is none of its own."""
    return f"Index `{about.index.label}`" if about.index and _is_at_home(about) else f"`{about.url.host}`"


def _is_at_home(about: About) -> bool:
    return about.index is not None and relation(about.url, about.index) is not Relation.FOREIGN


def _status(about: About) -> str:
    return "" if about.status is None else f" ({_PHRASES.get(about.status, about.status)})"


def _looked_in(about: About) -> str:
    return f"Looked in: {', '.join(about.tried)}" if about.tried else "No place was asked for credentials"


def _variables(index: Index) -> str:
    if index.name is None:
        return f"name the index (`--index NAME={index.url}`) and set UV_INDEX_NAME_USERNAME and UV_INDEX_NAME_PASSWORD"
    stem = f"UV_INDEX_{environment_stem(index.name)}"
    return f"set {stem}_USERNAME and {stem}_PASSWORD"


def _provide(about: About) -> tuple[str, ...]:
    if about.index is None:
        return (
            f"write the credentials into the URL, or add an entry for machine `{about.url.host}` to your netrc file",
        )
    # Where a token stands in the path, the registry takes it in no other place.
    hints: tuple[str, ...] = ("correct the token in the path of the index URL",) if about.index.url.tokens else ()
    hints += (_variables(about.index),)
    if any(place.startswith(Source.STORE.value) for place in about.tried):
        hints += (f"keep them in the credentials store: `keyrack auth login {about.index.url}`",)
    keyring = next((place for place in about.tried if place.startswith("keyring")), None)
    if keyring is None:
        hints += ("keep the password in a keyring and pass `--keyring-provider subprocess`",)
    elif "no user name" in keyring:
        hints += (f"write a user name into the index URL (`{_with_user(about.index.url)}`): keyring needs one",)
    return hints


def _with_user(url: Url) -> str:
    return str(url).replace("://", "://USERNAME@", 1)


def _correct(about: About) -> str:
    """Say where credentials that were not accepted are put right."""
    login, service = about.where.partition(LOGIN_FOR)[1:]
    return f"log in again with `keyrack auth login {service}`" if login else f"correct the credentials in {about.where}"


def _renew(about: About) -> tuple[str, ...]:
    hints: tuple[str, ...] = (_correct(about),)
    if about.where.startswith("keyring"):
        hints += (f"keep a new password with `keyring set {about.index.url if about.index else about.url} USERNAME`",)
    provide = _provide(about)[0]
    # Where they came from these very variables, it is said already.
    return hints if about.where in provide else (*hints, provide)
