"""What git is told of credentials and certificates: all of it in its environment."""

import subprocess

import pytest

from keyrack.adapters.git import Git, GitFailed, GitSettings
from keyrack.adapters.processes import run
from keyrack.values.credentials import Basic
from keyrack.values.requirement import FromGit
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url
from lab.repositories import ENVIRONMENT, HAS_GIT

pytestmark = pytest.mark.skipif(not HAS_GIT, reason="there is no git program here")


class Watched:
    """Runs programs, and remembers with what."""

    def __init__(self):
        """Start with none."""
        self.programs = []

    def __call__(self, program):
        self.programs.append(program)
        return run(program)


@pytest.fixture
def database(tmp_path):
    return str(tmp_path / "cache" / "db")


def test_password_is_in_no_argument_and_no_file(tmp_path, database):
    watched = Watched()
    git = Git(GitSettings(ENVIRONMENT | {"GIT_ALLOW_PROTOCOL": "https"}), run=watched)
    source = FromGit(parse_url("https://127.0.0.1:9/a.git").url, credentials=Basic("me", Secret("hunter2")))

    with pytest.raises(GitFailed) as caught:
        git.fetch(database, source)

    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    said = "\n".join((caught.value.message, *caught.value.causes))
    assert not any(b"hunter2" in text for text in written)
    assert not any("hunter2" in word for program in watched.programs for word in program.arguments)
    assert "hunter2" not in said


def ask_helper(tmp_path, source, url, environment=ENVIRONMENT):
    """Ask git for the credentials that it would use for a URL while it works for a source."""
    watched = Watched()
    git = Git(GitSettings(environment), run=watched)
    with pytest.raises(GitFailed):
        git.fetch(str(tmp_path / "db"), source)
    seen = next(program.environment for program in watched.programs if "fetch" in program.arguments)
    outcome = subprocess.run(
        ["git", "credential", "fill"],
        input=f"url={url}\n\n",
        env=seen | {"GIT_ASKPASS": "false"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    return dict(line.split("=", 1) for line in outcome.stdout.splitlines() if "=" in line)


def private(username="me", password="hunter2"):
    return FromGit(parse_url("https://127.0.0.1:9/a.git").url, credentials=Basic(username, Secret(password)))


def test_password_answers_for_its_own_server(tmp_path):
    answer = ask_helper(tmp_path, private(), "https://127.0.0.1:9/b.git")

    assert ("me", "hunter2") == (answer["username"], answer["password"])


def test_password_is_not_for_another_port(tmp_path):
    assert "password" not in ask_helper(tmp_path, private(), "https://127.0.0.1:10/a.git")


def test_password_of_the_url_comes_before_a_helper(tmp_path):
    environment = ENVIRONMENT | {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "credential.helper",
        "GIT_CONFIG_VALUE_0": "!f() { echo username=other; echo password=other; }; f",
    }

    answer = ask_helper(tmp_path, private(), "https://127.0.0.1:9/a.git", environment)

    assert ("me", "hunter2") == (answer["username"], answer["password"])


def test_lone_user_name_leaves_the_password_to_a_helper(tmp_path):
    environment = ENVIRONMENT | {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "credential.helper",
        "GIT_CONFIG_VALUE_0": "!f() { echo password=kept; }; f",
    }

    answer = ask_helper(tmp_path, private(password=""), "https://127.0.0.1:9/a.git", environment)

    assert ("me", "kept") == (answer["username"], answer["password"])


def test_name_of_an_ssh_login_stays_in_the_url(database):
    watched = Watched()
    git = Git(GitSettings(ENVIRONMENT | {"GIT_ALLOW_PROTOCOL": "file"}), run=watched)
    source = FromGit(parse_url("ssh://git.example.test/a").url, credentials=Basic("git", Secret("hunter2")))

    with pytest.raises(GitFailed):
        git.fetch(database, source)

    assert "ssh://git@git.example.test/a" in watched.programs[-1].arguments


def test_certificate_is_not_checked_where_the_user_says_so(database):
    watched = Watched()
    git = Git(GitSettings(ENVIRONMENT, is_insecure=lambda url: url.host == "127.0.0.1"), run=watched)

    with pytest.raises(GitFailed):
        git.fetch(database, FromGit(parse_url("https://127.0.0.1:9/a.git").url))

    assert watched.programs[-1].environment["GIT_SSL_NO_VERIFY"] == "true"
