"""The guard of conftest.py must catch what it is there to catch: each case runs under it in a pytest of its own."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

# 192.0.2.0/24 is for documentation (RFC 5737): nobody answers there, should the guard fail.
CASES = """
import contextlib, http.server, socket, threading
import pycurl

def curl(url):
    handle = pycurl.Curl()
    handle.reset()
    handle.setopt(pycurl.URL, url)
    handle.setopt(pycurl.CONNECTTIMEOUT_MS, 300)
    handle.setopt(pycurl.WRITEFUNCTION, len)
    with contextlib.suppress(pycurl.error):
        handle.perform()
    return handle.getinfo(pycurl.RESPONSE_CODE)

@contextlib.contextmanager
def served():
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(204)
            self.end_headers()
        def log_message(self, *words):
            pass
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever).start()
        yield server.server_port
        server.shutdown()

def test_connects():
    with contextlib.suppress(Exception), socket.socket() as sock:
        sock.settimeout(0.3)
        sock.connect(("192.0.2.1", 9))

def test_sends_a_datagram():
    with contextlib.suppress(Exception), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"x", ("192.0.2.1", 9))

def test_asks_for_a_name():
    with contextlib.suppress(Exception):
        socket.getaddrinfo("pkgs.example", 443)

def test_curls():
    curl("http://192.0.2.1:9/")

def test_curls_on_loopback():
    with served() as port:
        assert 204 == curl(f"http://127.0.0.1:{port}/")

def test_connects_on_loopback():
    with served() as port:
        socket.create_connection(("localhost", port), timeout=3).close()
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guarded")
    shutil.copy(Path(__file__).with_name("conftest.py"), folder)
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_cases.py").write_text(CASES)
    words = [sys.executable, "-m", "pytest", "-q", "--tb=no", "-rA", "-p", "no:cacheprovider", "-p", "no:randomly"]
    wide = os.environ | {"COLUMNS": "300"}

    ran = subprocess.run(words, cwd=folder, env=wide, capture_output=True, text=True, check=False, timeout=60)

    found = re.findall(r"^(PASSED|ERROR|FAILED) test_cases\.py::(\w+)(.*)$", ran.stdout, re.MULTILINE)
    return {name: (verdict, why) for verdict, name, why in sorted(found, key=lambda row: row[0] != "PASSED")}


@pytest.mark.parametrize(
    ("case", "departure"),
    [
        ("test_connects", "socket.connect to `192.0.2.1`"),
        ("test_sends_a_datagram", "socket.sendto to `192.0.2.1`"),
        ("test_asks_for_a_name", "socket.getaddrinfo to `pkgs.example`"),
        ("test_curls", "curl to `192.0.2.1`"),
    ],
)
def test_a_test_that_leaves_loopback_fails_even_if_it_swallows_the_error(outcomes, case, departure):
    assert ("ERROR", f" - Failed: left loopback: {departure}") == outcomes[case]


@pytest.mark.parametrize("case", ["test_curls_on_loopback", "test_connects_on_loopback"])
def test_a_test_that_stays_on_loopback_passes(outcomes, case):
    verdict, _ = outcomes[case]

    assert "PASSED" == verdict


def test_programs_started_by_a_test_have_no_way_out():
    if ["lo"] != [name for _, name in socket.if_nameindex()]:
        pytest.skip("not run by `dev.py test` in a network namespace of its own")
    attempt = "import socket; socket.create_connection(('192.0.2.1', 9), timeout=3)"

    ran = subprocess.run([sys.executable, "-c", attempt], capture_output=True, text=True, check=False)

    assert "Network is unreachable" in ran.stderr
