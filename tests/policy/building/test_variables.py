import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.policy.building.variables import hook_variables, is_secret

SECRET = "s3cr3t"


@pytest.mark.parametrize(
    "name",
    [
        "UV_INDEX_CORP_PASSWORD",
        "UV_INDEX_CORP_USERNAME",
        "UV_INDEX_URL",
        "UV_EXTRA_INDEX_URL",
        "UV_DEFAULT_INDEX",
        "UV_INDEX",
        "UV_PUBLISH_TOKEN",
        "UV_CREDENTIALS_DIR",
        "PIP_INDEX_URL",
        "pip_extra_index_url",
        "TWINE_PASSWORD",
        "POETRY_HTTP_BASIC_CORP_PASSWORD",
        "HF_TOKEN",
        "GITHUB_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "CI_JOB_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SESSION_TOKEN",
        "OPENAI_API_KEY",
        "SSH_KEY_PASSPHRASE",
        "DB_PASS",
        "PGPASSWORD",
        "MYSQL_PASSWD",
        "NETRC",
        "SSL_CLIENT_CERT",
        "CLIENT_SECRET",
        "MY_CREDENTIALS",
        "SIGNING_KEY",
        "GITLAB_PAT",
        "DOCKER_AUTH_CONFIG",
        "REGISTRY_AUTH",
        "STORAGE_CONNECTION_STRING",
        "APP_KEY",
        "SESSION_COOKIE",
    ],
)
def test_what_is_named_like_a_secret_is_one(name):
    assert is_secret(name, SECRET)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PATH", "/bin"),
        ("HOME", "/home/me"),
        ("PWD", "/tree"),
        ("CC", "gcc"),
        ("CFLAGS", "-O2 -I/usr/include"),
        ("SSH_AUTH_SOCK", "/run/agent"),
        ("GIT_ASKPASS", "/bin/ask"),
        ("PASSAGE", "north"),
        ("COMPASS", "north"),
        ("KEYBOARD", "qwerty"),
        ("XAUTHORITY", "/home/me/.Xauthority"),
        ("SETUPTOOLS_SCM_PRETEND_VERSION", "1.0"),
        ("HTTPS_PROXY", "http://proxy.example:3128"),
        ("REPOSITORY", "git@host.example:team/repo.git"),
        ("REPOSITORY", "ssh://git@host.example/team/repo.git"),
        ("REPOSITORY", "git+ssh://git@host.example/team/repo.git"),
        ("MAIL", "me@host.example"),
        ("UV_CACHE_DIR", "/cache"),
    ],
)
def test_what_is_no_secret_stays(name, value):
    assert not is_secret(name, value)


@pytest.mark.parametrize(
    "value",
    [
        f"https://me:{SECRET}@host.example/simple/",
        f"https://{SECRET}@host.example/simple/",
        f"--flag=https://{SECRET}@host.example/ --other",
        f"git+https://{SECRET}@host.example/repo.git",
        f"ssh://git:{SECRET}@host.example/repo.git",
        f"http://me:{SECRET}@proxy.example:3128",
        f"-----BEGIN RSA PRIVATE KEY-----\n{SECRET}",
    ],
)
def test_a_value_that_shows_a_secret_is_one_whatever_it_is_called(value):
    assert is_secret("ANYTHING", value)


def test_hooks_see_the_place_that_they_run_in_first():
    found = hook_variables({"PATH": "/bin", "A": "1"}, (("B", "2"),), "/v", "/v/bin", ":")

    assert {
        "A": "1",
        "B": "2",
        "PATH": "/v/bin:/bin",
        "VIRTUAL_ENV": "/v",
        "PYTHONIOENCODING": "utf-8:backslashreplace",
    } == found


def test_a_path_that_was_set_for_the_package_comes_before_the_users():
    found = hook_variables({"PATH": "/bin"}, (("PATH", "/own"),), "/v", "/v/bin", ":")

    assert "/v/bin:/own:/bin" == found["PATH"]


def test_what_was_set_for_the_package_itself_is_handed_over():
    found = hook_variables({"API_TOKEN": SECRET}, (("API_TOKEN", "mine"),), "/v", "/v/bin", ":")

    assert ("mine", "/v/bin") == (found["API_TOKEN"], found["PATH"])


WORDS = st.sampled_from(["PASSWORD", "TOKEN", "SECRET", "CREDENTIALS", "API_KEY", "PASSPHRASE"])
NAMES = st.from_regex(r"[A-Z][A-Z0-9]{0,8}", fullmatch=True)


@given(before=NAMES, word=WORDS, after=st.none() | NAMES)
def test_a_name_with_the_word_for_a_secret_in_it_never_reaches_a_backend(before, word, after):
    name = "_".join(filter(None, (before, word, after)))

    assert SECRET not in hook_variables({name: SECRET}, (), "/v", "/v/bin", ":").values()
