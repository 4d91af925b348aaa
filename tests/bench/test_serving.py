import shutil
import socket
import ssl
import subprocess
import sys
import urllib.request

import pytest

from bench.latency import HOST
from bench.plain import Answer, answer
from bench.recording import Recording
from bench.serving import BENCH, Shelf, nginx_config, serving
from bench.universe import ROOTS, write


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    recording = Recording(tmp_path_factory.mktemp("recording"))
    write(recording)
    return recording


@pytest.fixture
def shown(made_up, tmp_path):
    made_up.write_tree(tmp_path / "pages", "https://127.0.0.1:1/files")
    return tmp_path / "pages"


def got(url, authority):
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=str(authority))) as response:
        return response.headers["Cache-Control"], len(response.read())


def test_each_page_of_the_made_up_index_is_there(made_up):
    assert all(made_up.page(name).is_file() for name in ROOTS)


def test_a_page_lives_ten_minutes_and_a_request_is_counted(made_up, tmp_path):
    with serving(made_up, tmp_path / "server", (0,)) as index:
        life, size = got(f"{index.urls[0]}{ROOTS[0]}/", index.authority)
        while not index.requests():
            continue

    assert "max-age=600" == life
    assert size > 1000


def test_a_page_is_served_plain_to_who_wants_it_so(made_up, shown):
    assert shown / "simple/pkg-00/index.json" == answer(shown, made_up.files, "/simple/pkg-00/", zipped=False).path


def test_a_page_is_served_compressed(made_up, shown):
    assert shown / "simple/pkg-00/index.json.gz" == answer(shown, made_up.files, "/simple/pkg-00/", zipped=True).path


def test_a_file_never_changes(made_up, shown):
    path = next(each for each in made_up.files.rglob("*.whl"))

    found = answer(shown, made_up.files, f"/files/{path.relative_to(made_up.files)}", zipped=True)

    assert "immutable" in dict(found.headers)["Cache-Control"]


@pytest.mark.parametrize(
    "target", ["/simple/other/", "/files/none.whl", "/else", "/files/../pages/x", "/files/%2e%2e/x"]
)
def test_nothing_else_is_served(made_up, shown, target):
    assert Answer(404) == answer(shown, made_up.files, target, zipped=True)


def test_nginx_is_told_of_each_shelf(tmp_path):
    config = nginx_config([Shelf(1, tmp_path / "a"), Shelf(2, tmp_path / "b")], tmp_path / "files", tmp_path)

    assert ["listen 127.0.0.1:1 ssl http2;", "listen 127.0.0.1:2 ssl http2;"] == [
        line.strip() for line in config.splitlines() if "listen" in line
    ]


def test_python_serves_where_there_is_no_nginx(made_up, shown, tmp_path):
    with serving(made_up, tmp_path / "server", ()) as index:
        authority = index.authority
    with socket.create_server((HOST, 0)) as found:
        port = found.getsockname()[1]
    log = tmp_path / "requests.log"
    words = (str(port), str(shown), str(made_up.files), str(authority.with_name("server.pem")), str(log))
    with subprocess.Popen((sys.executable, "-m", "bench.plain", *words), cwd=BENCH.parent) as server:
        try:
            _until_it_answers(port)
            life, size = got(f"https://{HOST}:{port}/simple/pkg-00/", authority)
        finally:
            server.terminate()

    assert "max-age=600" == life
    assert (shown / "simple/pkg-00/index.json.gz").stat().st_size == size
    assert "GET /simple/pkg-00/ 200\n" == log.read_text()


def _until_it_answers(port):
    while True:
        try:
            return socket.create_connection((HOST, port)).close()
        except ConnectionRefusedError:
            continue


def test_a_byte_takes_its_time_both_ways_and_a_connection_a_round_trip_more():
    import time  # noqa: PLC0415

    with socket.create_server((HOST, 0)) as far:
        words = (sys.executable, str(BENCH / "latency.py"), str(far.getsockname()[1]), "0.05")
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as proxy:
            port = int(proxy.stdout.readline())
            began = time.monotonic()
            with socket.create_connection((HOST, port)) as client:
                client.sendall(b"ping")
                server, _ = far.accept()
                with server:
                    heard = server.recv(10)
                    server.sendall(heard.upper())
                    answered = client.recv(10)
            took = time.monotonic() - began
            proxy.communicate()

    assert b"PING" == answered
    assert took > 0.19


def test_nginx_is_found_or_python_serves(made_up, tmp_path):
    with serving(made_up, tmp_path / "server", ()) as index:
        assert index.server == ("nginx" if shutil.which("nginx") else "Python")
