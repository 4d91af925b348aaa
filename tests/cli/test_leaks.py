"""No secret and no signed value comes out: not on a screen, in a log, in the cache or in an environment.

Every kind of run is made with -vv and with secrets that cannot be overlooked; then everything that it said and
everything that it wrote is searched for them as they are, percent-encoded, and as a header holds them.
"""

import base64
from urllib.parse import parse_qsl, quote, quote_plus

import pytest

from lab import answers
from lab.faults import Fault
from lab.pages import HTML, Link, Telling, html_page
from lab.proxy import proxy
from lab.registries.azure import azure
from lab.registries.google import google, key
from lab.registries.simple import Files, Manner, private, public
from lab.registry import Shelf, with_userinfo
from lab.server import Server
from lab.wheels import wheel
from tests.scenarios.using import WAYS, Place, User, by_keyring, by_name, inline, made_fresh, named

PASSWORD = "S3CR3T+of/the=index"
OTHER = "S3CR3T of%others"
ME, YOU = ("me", PASSWORD), ("you", OTHER)
SIGNED = "S1GN4TUR3" * 5
LIB = wheel("lib", "1.0", requires=["dep"])
DEP = wheel("dep", "1.0")
WRITTEN_BY_THE_USER = {"uv.toml", "pyproject.toml", "requirements.txt", "netrc", ".netrc", "keyring-table.json"}


@pytest.fixture(scope="session")
def fresh(tmp_path_factory):
    return made_fresh(tmp_path_factory.mktemp("leaks"))


@pytest.fixture
def user(tmp_path, fresh):
    return User(tmp_path, fresh)


def spellings(secret, names):
    """Every form in which a secret may be met."""
    pairs = [f"{name}:{secret}".encode() for name in names]
    headers = [base64.b64encode(pair).decode().rstrip("=") for pair in pairs]
    return {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), *headers}


def told_apart(registries):
    """Values that open a door to whoever knows them, as the servers saw them: signed queries and path tokens."""
    for registry in registries:
        for entry in registry.requests():
            path, _, query = entry.target.partition("?")
            yield from (value for _, value in parse_qsl(query) if len(value) > 15)
            yield from (part for part in path.split("/") if len(part) > 64 and not part.endswith((".whl", ".metadata")))


def found_in(texts, needles):
    return [(where, needle) for where, text in texts for needle in needles if needle.encode() in text]


def everything_written(user):
    for root in (user.folder, user.environment):
        for path in root.rglob("*"):
            yield f"the name of {path.name}", str(path.relative_to(root)).encode()
            if path.is_file() and not path.is_symlink() and path.name not in WRITTEN_BY_THE_USER:
                yield str(path.relative_to(root)), path.read_bytes()


def assert_nothing_leaks(user, said, *registries, secrets=(PASSWORD, OTHER)):
    """`said` are the runs."""
    names = ("me", "you", "", "_json_key_base64", *secrets)
    needles = {one for secret in secrets for one in spellings(secret, names)} | {SIGNED} | set(told_apart(registries))
    texts = [(f"run {at}", f"{one.out}{one.err}".encode()) for at, one in enumerate(said)]
    assert any(text for _, text in texts)
    assert [] == found_in([*texts, *everything_written(user)], sorted(needles))


@pytest.fixture
def open_index():
    with public(DEP) as index:
        yield index


@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
@pytest.mark.parametrize("way", WAYS)
def test_google_keys_and_download_tokens(user, open_index, way, right):
    mine = key(PASSWORD)
    with google(Shelf("p/one", (LIB,), (mine if right else key("x"),))) as host:
        given = way(user, [Place("one", host.index_url(), mine)], open_index.index_url())

        said = [user.install("-vv", *given.words, "lib", **given.variables) for _ in range(2)]

        assert right == (said[0].code == 0)
        assert_nothing_leaks(user, said, host, open_index, secrets=(PASSWORD, mine[1]))


@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
@pytest.mark.parametrize("way", [inline, by_name, by_keyring])
@pytest.mark.parametrize("sign_in", [0, 203])
def test_azure_tokens_and_signatures(user, open_index, way, right, sign_in):
    with azure(Shelf("o/feed", (LIB,), (ME if right else YOU,)), sign_in=sign_in) as host:
        given = way(user, [Place("feed", host.index_url(), ME)], open_index.index_url())

        said = [user.install("-vv", *given.words, "lib", **given.variables)]

        assert right == (said[0].code == 0)
        assert_nothing_leaks(user, said, host, open_index)


@pytest.mark.parametrize("files", list(Files), ids=lambda files: files.value)
def test_every_place_of_files(user, open_index, files):
    with private(LIB, identity=ME, manner=Manner(files=files)) as host:
        words = ("--index", host.index_url("", ME), "--default-index", open_index.index_url())

        said = [user.install("-vv", *words, "lib"), user.install("-vv", *words, "lib", "--reinstall", "--offline")]

        assert_nothing_leaks(user, said, host, open_index)


def test_a_token_in_the_place_of_a_user_name(user, open_index):
    with private(LIB, identity=(PASSWORD, "")) as host:
        words = ("--default-index", named(host.index_url(), PASSWORD), "--find-links", open_index.index_url())

        said = [user.install("-vv", *words, "lib"), user.install("-vv", *words, "nothing-of-that-name")]

        assert_nothing_leaks(user, said, host)


@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
def test_netrc(user, open_index, right):
    user.write("netrc", f'machine 127.0.0.1 login me password "{PASSWORD}"\n')
    with private(LIB, identity=ME if right else YOU) as host:
        words = ("--index", host.index_url(), "--default-index", open_index.index_url())

        said = [user.install("-vv", *words, "lib", NETRC=str(user.folder / "netrc"))]

        assert right == (said[0].code == 0)
        assert_nothing_leaks(user, said, host)


def listing(user_url):
    """A public index whose page holds this link."""

    def answer(request):
        body = html_page("lib", [Link(DEP, user_url)], Telling(sidecars=False))
        return answers.page(request, body, HTML, max_age=600, zipped=False)

    return Server(answer)


@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
def test_userinfo_and_signatures_in_links(user, right):
    with private(DEP, identity=ME if right else YOU, tls=True) as host:
        link = f"{with_userinfo(host.url, ME)}/files/dep/{DEP.filename}?X-Goog-Signature={SIGNED}&token={SIGNED}"
        with listing(link) as index:
            words = ("-vv", "--default-index", f"{index.url}/simple/", "dep")
            trusted = {"SSL_CERT_FILE": str(host.ca_file)}

            said = [user.install(*words, **trusted), user.install(*words, "--reinstall", **trusted)]

            assert right == (said[0].code == 0)
            assert_nothing_leaks(user, said, host)


@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
def test_userinfo_and_signatures_in_redirects(user, right):
    with private(DEP, identity=YOU if right else ME) as away, private(DEP, identity=ME) as host:
        target = f"{with_userinfo(away.url, YOU)}/files/dep/{DEP.filename}?sig={SIGNED}&se=2999-01-01"
        inner = host.server.application
        host.server.application = lambda request: (
            answers.redirect(302, target) if request.path.startswith("/files/") else inner(request)
        )

        said = [user.install("-vv", "--default-index", host.index_url("", ME), "dep")]

        assert right == (said[0].code == 0)
        assert_nothing_leaks(user, said, host, away)


@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
def test_urls_that_the_user_wrote(user, right):
    with private(DEP, identity=ME if right else YOU) as host, public() as index:
        url = f"{with_userinfo(host.url, ME)}/files/dep/{DEP.filename}?token={SIGNED}"
        words = ("-vv", "--default-index", index.index_url())

        said = [
            user.install(*words, f"dep @ {url}"),
            user.install(*words, url),
            user.run("pip", "freeze"),
            user.run("pip", "list"),
            user.run("pip", "show", "-f", "dep"),
            user.run("pip", "tree"),
            user.run("pip", "check"),
            user.run("pip", "uninstall", "-v", "dep"),
        ]

        assert right == (said[0].code == 0)
        assert_nothing_leaks(user, said, host, index)


def test_direct_url_json_holds_no_credentials(user):
    with private(DEP, identity=ME) as host, public() as index:
        url = f"{with_userinfo(host.url, ME)}/files/dep/{DEP.filename}?token={SIGNED}"

        said = user.install("--default-index", index.index_url(), f"dep @ {url}")

        (written,) = user.environment.rglob("direct_url.json")
        assert 0 == said.code, said.err
        assert f"{host.url}/files/dep/{DEP.filename}" in written.read_text()
        assert_nothing_leaks(user, [said], host, index)


def test_places_of_links_and_flat_indexes(user):
    with private(LIB, DEP, identity=ME) as host, public() as index:
        flat = f"{with_userinfo(host.url, ME)}/simple/dep/?token={SIGNED}"
        user.write("uv.toml", f'[[index]]\nurl = "{flat}"\nformat = "flat"\n')

        said = [
            user.install("-vv", "--default-index", index.index_url(), "--find-links", flat, "dep"),
            user.install("-vv", "--no-index", "--find-links", flat.replace("dep", "nope"), "dep", "--reinstall"),
        ]

        assert_nothing_leaks(user, said, host, index)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500),
        Fault(status=404, body=b"no"),
        Fault(pattern="*.whl*", cut=10),
        Fault(silent=True),
        Fault(status=302, headers=(("Location", f"http://me:{quote(PASSWORD, safe='')}@[bad/?sig={SIGNED}"),)),
        Fault(status=302, headers=(("Location", f"ftp://me:{quote(PASSWORD, safe='')}@127.0.0.1/?sig={SIGNED}"),)),
        Fault(status=200, headers=(("Content-Type", "application/vnd.pypi.simple.v1+json"),), body=b"{"),
        Fault(status=200, headers=(("Content-Type", "text/plain"),), body=b"{"),
    ],
    ids=["500", "404", "cut", "silent", "no-url", "ftp", "broken", "text"],
)
def test_failures_of_servers(user, fault):
    with private(LIB, identity=ME) as host:
        host.fault(fault)

        said = [user.install("-vv", "--default-index", host.index_url("", ME), "lib", UV_HTTP_RETRIES="0")]

        assert 0 != said[0].code
        assert_nothing_leaks(user, said, host)


def test_a_server_that_is_not_there(user):
    with private(LIB, identity=ME) as host:
        url = host.index_url("", ME)

    said = [user.install("-vv", "--default-index", url, "lib", UV_HTTP_RETRIES="0")]

    assert 2 == said[0].code
    assert_nothing_leaks(user, said)


@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
def test_proxies(user, right):
    with private(LIB, DEP, identity=ME) as host, proxy({"pkgs.test:80": host.server}, identity=YOU) as way:
        door = with_userinfo(way.url, YOU if right else ("you", PASSWORD))
        url = with_userinfo("http://pkgs.test/simple/", ME)

        said = [user.install("-vv", "--default-index", url, "lib", HTTP_PROXY=door, UV_HTTP_RETRIES="0")]

        assert right == (said[0].code == 0), said[0].err
        assert_nothing_leaks(user, said, host)


def test_explanations(user, open_index):
    with private(LIB, identity=ME) as host:
        words = ("--index", f"corp={host.index_url('', ME)}", "--default-index", open_index.index_url())

        said = [
            user.run("auth", "explain", "-vv", *words, "lib"),
            user.run("auth", "explain", "-vv", *words, f"{with_userinfo(host.url, YOU)}/files/x.whl?sig={SIGNED}"),
        ]

        assert_nothing_leaks(user, said, host)


BAD = [
    "https://me:{}@[bad/simple/",
    "https://me:{}@pkgs.example:port/simple/",
    "https://me:{}@pkgs .example/simple/",
    "https://me:{}@/simple/",
    "htps://me:{}@pkgs.example/simple/",
    "me:{}@pkgs.example/simple/",
    "//me:{}@pkgs.example/simple/",
    "corp=https://me:{}@[bad",
    "co rp=https://me:{}@pkgs.example/",
    "=https://me:{}@pkgs.example/",
    "https://me%ff:{}@pkgs.example/",
    "https:/me:{}@pkgs.example/",
]
SAFE = "S3CR3T-of-a-typo"


def every_typo(user, word):
    """Run once for each mistyped URL, which stands in the place of `{}` in the word."""
    return [user.install("-vv", "--no-index", "--offline", *words(word, text), "lib") for text in BAD]


def words(word, text):
    """The flag and its value, in one word or in two."""
    return [part.format(text.format(SAFE)) for part in word.split(" ", 1)]


@pytest.mark.parametrize(
    "word", ["--index {}", "--default-index={}", "--extra-index-url {}", "-i{}", "-f {}", "--indx {}", "--index-url={}"]
)
def test_bad_command_lines(user, word):
    said = every_typo(user, word)

    assert_nothing_leaks(user, said, secrets=(SAFE,))


@pytest.mark.parametrize("word", ["{}", "lib @ {}", "-e {}", "-r{}", "-c {}", "--prefix {}"])
def test_bad_requirements(user, word):
    said = every_typo(user, word)

    assert_nothing_leaks(user, said, secrets=(SAFE,))


@pytest.mark.parametrize("variable", ["UV_INDEX", "UV_DEFAULT_INDEX", "UV_FIND_LINKS", "HTTPS_PROXY", "UV_INDEX_URL"])
def test_bad_variables(user, variable):
    said = [user.install("-vv", "--no-index", "lib", "--offline", **{variable: text.format(SAFE)}) for text in BAD]

    assert_nothing_leaks(user, said, secrets=(SAFE,))


@pytest.mark.parametrize(
    "line",
    [
        "{}",
        "lib @ {}",
        "lib@{}",
        "lib=={}",
        "-e {}",
        "--index-url {}",
        "--extra-index-url={}",
        "--find-links {}",
        "-r {}",
        "-c {}",
        "--hash=sha256:{}",
        "--no-such-option {}",
        "lib ; python_version == '{}'",
    ],
)
def test_bad_requirement_lines(user, line):
    said = []
    for text in BAD:
        user.write("requirements.txt", line.format(text.format(SAFE)) + "\n")
        said.append(user.install("-vv", "--no-index", "-r", "requirements.txt", "--offline"))

    assert_nothing_leaks(user, said, secrets=(SAFE,))


@pytest.mark.parametrize(
    "table",
    [
        '[[index]]\nurl = "{}"\n',
        '[[index]]\nurl = "{}\n',
        '[[index]]\nurl = ["{}"]\n',
        '[[index]]\nurl = "{}"\nname = "{}"\n',
        '[[index]]\nurl = "{}"\nauthenticate = "{}"\n',
        '[[index]]\nurl = "{}"\nno-such-key = 1\n',
        'index-url = "{}"\n',
        'extra-index-url = "{}"\n',
        'find-links = ["{}"]\n',
        'https-proxy = "{}"\n',
        "index-url = {}\n",
        'required-version = "{}"\n',
        'no-such-key = "{}"\n',
    ],
)
def test_bad_configuration_files(user, table):
    said = []
    for text in BAD:
        user.write("uv.toml", table.replace("{}", text.format(SAFE)))
        said.append(user.install("-vv", "lib", "--offline", "--default-index", "http://127.0.0.1:9/simple/"))

    assert_nothing_leaks(user, said, secrets=(SAFE,))


def test_the_search_would_find_what_is_written(user, open_index):
    said = user.install("-vv", "--default-index", open_index.index_url(), "dep")

    found = found_in([("run 0", said.err.encode()), *everything_written(user)], [DEP.filename, DEP.sha256, "dep-1.0"])

    places = " ".join(place for place, _ in found)
    assert [] == [place for place in ("run 0", "answers-", "RECORD", "the name of") if place not in places]
