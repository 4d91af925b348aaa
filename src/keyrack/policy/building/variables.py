"""Which of the user's variables a build backend sees: none that holds a secret (rule 22 of the safety rules).

A backend runs the code of whoever wrote the package, and it needs no index: everything it asks for is installed for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from keyrack.values.late import pattern

# A word of a name that says that its value is a secret. `GIT_ASKPASS` and `SSH_AUTH_SOCK` name programs and sockets.
_SECRET_WORD = pattern(
    r"(?:\A|_)(?:[A-Z0-9]*(?:PASSWORD|PASSWD|PASSPHRASE|TOKEN|SECRET|APIKEY|CREDENTIAL|COOKIE)S?"
    r"|(?:API|ACCESS|PRIVATE|AUTH|ACCOUNT|ENCRYPTION|SIGNING|SECRET)_?KEY(?:_ID)?|AUTH_CONFIG|AUTHORIZATION"
    r"|CONNECTION_STRING|PASS|PWD_HASH|NETRC|JWT|PAT)(?:_|\Z)|_(?:KEY|AUTH)\Z",
    re.IGNORECASE,
)
_KEY_TEXT = "PRIVATE KEY-----"
# Whatever tells where an index is and who we are to it: pip and uv would read them in a build.
_INDEX = pattern(
    r"(?:UV_INDEX_.+|UV_(?:DEFAULT_INDEX|INDEX|INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS|PUBLISH_.+|CREDENTIALS_DIR)"
    r"|PIP_(?:INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS|PROXY|CERT|CLIENT_CERT)|TWINE_.+|POETRY_HTTP_BASIC_.+"
    r"|SSL_CLIENT_CERT)\Z",
    re.IGNORECASE,
)
# Userinfo of a URL, wherever in the value it stands. A lone name before an ssh host is needed there, and no secret.
_USERINFO = pattern(r"://(?<!ssh://)[^\s/?#@]+@|://[^\s/?#@:]*:[^\s/?#@]+@", re.IGNORECASE)


def is_secret(name: str, value: str) -> bool:
    """Say whether a variable may hold a secret, by its name or by what stands in it."""
    return bool(_SECRET_WORD.search(name) or _INDEX.match(name) or _USERINFO.search(value) or _KEY_TEXT in value)


def hook_variables(
    variables: Mapping[str, str], own: Iterable[tuple[str, str]], root: str, scripts: str, separator: str
) -> dict[str, str]:
    """Give what hooks see: the user's variables without secrets, then what was set for the package, then the place.

    `root` is the environment that the hooks run in, `scripts` its folder of programs; PATH begins with that, then
    comes what `own` says of it.
    """
    found = {name: value for name, value in variables.items() if not is_secret(name, value)}
    given = dict(own)
    paths = (scripts, given.pop("PATH", ""), variables.get("PATH", ""))
    found |= given
    found["PATH"] = separator.join(path for path in paths if path)
    found["VIRTUAL_ENV"] = root
    found["PYTHONIOENCODING"] = "utf-8:backslashreplace"
    return found
