import msgspec
import pytest

from bench.recorder import Recorder, metadata_in
from bench.recording import Recording
from lab.wheels import wheel
from lab.wire import Request

LIB = wheel("lib", "1.0")
PATH = f"/packages/{LIB.filename}"
UPSTREAM = "https://pkgs.example/simple/"
ABOVE = {
    "https://pkgs.example/simple/lib/": msgspec.json.encode(
        {"name": "lib", "files": [{"filename": LIB.filename, "url": f"https://files.example{PATH}"}]}
    ),
    f"https://files.example{PATH}": LIB.body,
}


@pytest.fixture
def asked():
    return []


@pytest.fixture
def recorder(tmp_path, asked):
    def fetch(url, accept):
        asked.append(url)
        return url, ABOVE[url]

    made = Recorder(Recording(tmp_path), UPSTREAM, fetch)
    made.base = "http://127.0.0.1:1"
    return made


def ask(recorder, target):
    return recorder.answer(Request("GET", target, {}))


def test_a_page_names_files_of_the_recorder(recorder):
    page = msgspec.json.decode(ask(recorder, "/simple/lib/").body)

    assert f"http://127.0.0.1:1/files{PATH}" == page["files"][0]["url"]


def test_a_file_comes_from_where_its_page_said(recorder):
    ask(recorder, "/simple/lib/")

    assert LIB.body == ask(recorder, f"/files{PATH}").body


def test_metadata_comes_out_of_the_wheel(recorder):
    ask(recorder, "/simple/lib/")

    assert LIB.metadata == ask(recorder, f"/files{PATH}.metadata").body


def test_nothing_is_asked_for_twice(recorder, asked):
    for _ in range(2):
        ask(recorder, "/simple/lib/")
        ask(recorder, f"/files{PATH}")

    assert list(ABOVE) == asked


@pytest.mark.parametrize("target", ["/simple/other/", "/files/packages/other.whl", "/files/%2e%2e/%2e%2e/x", "/else"])
def test_what_is_not_above_is_not_found(recorder, target):
    assert 404 == ask(recorder, target).status


def test_where_pages_came_from_is_told(recorder):
    ask(recorder, "/simple/lib/")

    assert {"lib": "https://pkgs.example/simple/lib/"} == recorder.pages


def test_a_wheel_without_metadata_has_none():
    with pytest.raises(KeyError):
        metadata_in(wheel("lib", "1.0", broken=["no-metadata"]).body)
