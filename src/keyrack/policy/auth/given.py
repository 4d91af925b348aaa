"""What the configuration itself says of an index's credentials, weighed once when it is read (D31).

`UV_INDEX_<NAME>_USERNAME` and `_PASSWORD` come before the index URL's own userinfo, and a credential counts as a
whole, except that a user name in the URL and a password in the environment make one where no user name is set there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from keyrack.errors import KeyrackError
from keyrack.values.credentials import Basic, Credentials, Held, Source, Username
from keyrack.values.index import AuthPolicy
from keyrack.values.names import IndexName, environment_stem
from keyrack.values.secret import Secret


class ConfigurationAmbiguous(KeyrackError):
    """The configuration says two things about one index's credentials, or half a thing."""


def resolve_given(
    name: IndexName | None,
    inline: Credentials | None,
    variables: Mapping[str, str],
    *,
    label: str,
    policy: AuthPolicy = AuthPolicy.AUTO,
) -> Held | None:
    """Give what is configured for an index: both halves, a user name, or None.

    `inline` stood in its URL; `variables` are the environment; `label` is what messages call it. Raises
    `ConfigurationAmbiguous`.
    """
    from_environment = _in_environment(name, inline, variables, label)
    held = from_environment or (Held(inline, Source.INLINE) if inline else None)
    if held is not None and policy is AuthPolicy.NEVER:
        raise ConfigurationAmbiguous(
            f"Index `{label}` has credentials and must not use any",
            causes=(f"They came from {held.where}", 'The index says `authenticate = "never"`'),
            hints=('remove the credentials, or set `authenticate = "auto"`',),
        )
    return held


def check_names(names: Iterable[IndexName], variables: Mapping[str, str]) -> None:
    """Raise `ConfigurationAmbiguous` where a variable that is set would speak for two indexes (`my-idx`, `my_idx`)."""
    seen: dict[str, IndexName] = {}
    for name in names:
        stem = environment_stem(name)
        other = seen.setdefault(stem, name)
        is_set = next((variable for variable in _pair(stem) if variable in variables), None)
        if other != name and is_set:
            raise ConfigurationAmbiguous(
                f"{is_set} speaks for two indexes: `{other}` and `{name}`",
                causes=("In a variable's name, every character but letters and digits is `_`",),
                hints=("rename one of the indexes",),
            )


def _in_environment(
    name: IndexName | None, inline: Credentials | None, variables: Mapping[str, str], label: str
) -> Held | None:
    if name is None:
        return None
    for_username, for_password = _pair(environment_stem(name))
    username, password = variables.get(for_username), variables.get(for_password)
    if username is not None and password is not None:
        return Held(Basic(username, Secret(password)), Source.ENVIRONMENT, f"{for_username} and {for_password}")
    if password is not None:
        return _with_name_of(inline, Secret(password), (for_username, for_password), label)
    return _with_name_only(username or "", inline, for_username, label)


def _with_name_of(inline: Credentials | None, password: Secret, variables: tuple[str, str], label: str) -> Held:
    for_username, for_password = variables
    if isinstance(inline, Basic | Username):
        return Held(Basic(inline.username, password), Source.ENVIRONMENT, f"the index URL and {for_password}")
    raise ConfigurationAmbiguous(
        f"Index `{label}` has a password without a user name",
        causes=(f"{for_password} is set, {for_username} is not, and the index URL holds no user name",),
        hints=(f"set {for_username}; where the server reads the password only, any name does, even an empty one",),
    )


def _with_name_only(username: str, inline: Credentials | None, variable: str, label: str) -> Held | None:
    if not username:
        return None
    if not isinstance(inline, Basic):
        return Held(Username(username), Source.ENVIRONMENT, variable)
    if inline.username == username:
        return None
    raise ConfigurationAmbiguous(
        f"Index `{label}` has two user names",
        causes=(f"{variable} names one without a password, and the index URL another with its password",),
        hints=(f"set {variable.removesuffix('USERNAME')}PASSWORD as well, or unset {variable}",),
    )


def _pair(stem: str) -> tuple[str, str]:
    return f"UV_INDEX_{stem}_USERNAME", f"UV_INDEX_{stem}_PASSWORD"
