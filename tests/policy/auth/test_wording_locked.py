import pytest

from keyrack.policy.auth.refusals import About, LockedIndexNotConfigured
from keyrack.policy.auth.wording import auth_required, no_identity_for_link
from keyrack.values.index import LOCK, Index, index_id
from keyrack.values.url import parse_url

URL = parse_url("https://pkgs.example/team/simple/").url
FILE = parse_url("https://pkgs.example/files/a-1.0.whl").url
ABOUT = About(FILE, Index(index_id(URL, None), URL, declared_in=LOCK), 401, tried=("netrc",))


@pytest.mark.parametrize(
    "refuse", [auth_required, lambda about: no_identity_for_link(about, ())], ids=["its own files", "files elsewhere"]
)
def test_an_index_that_nobody_configured_is_told_with_what_to_add(refuse):
    refusal = refuse(ABOUT)

    assert LockedIndexNotConfigured is type(refusal)
    assert (
        "The index of the locked file https://pkgs.example/files/a-1.0.whl is not configured, and it wants credentials"
        " (401 Unauthorized)"
    ) == refusal.message
    assert (
        "The lock names https://pkgs.example/team/simple/, which is none of the configured indexes",
        "Looked in: netrc",
    ) == refusal.causes
    assert (
        'add `[[tool.uv.index]]` with `name = "NAME"` and `url = "https://pkgs.example/team/simple/"` to'
        " `pyproject.toml`",
        "set UV_INDEX_NAME_USERNAME and UV_INDEX_NAME_PASSWORD for it",
        "or keep them in the credentials store: `keyrack auth login https://pkgs.example/team/simple/`",
    ) == refusal.hints
