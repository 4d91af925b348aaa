"""Source distributions at a URL, and on this disk."""

import hashlib
import io
import json
import tarfile

import pytest
from inline_snapshot import snapshot

from lab.answers import file
from lab.sdists import sdist, tar_gz
from lab.server import Server
from lab.wire import Response

LIB = sdist("lib", "1.0")
SHA256 = hashlib.sha256(LIB.body).hexdigest()


def nested():
    """Make an archive as hosts of repositories do: named after a branch, with a tree below its top folder."""
    with tarfile.open(fileobj=io.BytesIO(LIB.body)) as archive:
        found = [(each.name.partition("/")[2], archive.extractfile(each).read()) for each in archive]
    return tar_gz([("repo-main/README", b""), *((f"repo-main/sub/{name}", content) for name, content in found)])


@pytest.fixture
def server():
    bodies = {
        "/lib-1.0.tar.gz": LIB.body,
        "/team/archive/lib-1.9.tar.gz": nested(),
        "/lib-2.0.zip": b"no archive",
    }

    def answer(request):
        body = bodies.get(request.path)
        return Response(404) if body is None else file(request, body)

    with Server(answer) as served:
        yield served


def direct_url(run):
    path = next(run.folder.glob("v/lib/python3*/site-packages/lib-1.0.dist-info/direct_url.json"))
    return json.loads(path.read_text())


def test_a_source_distribution_at_a_url_is_built(run, server):
    printed = run("pip", "install", f"{server.url}/lib-1.0.tar.gz")

    assert printed.err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
   Building lib @ http://127.0.0.1:[PORT]/lib-1.0.tar.gz
      Built lib @ http://127.0.0.1:[PORT]/lib-1.0.tar.gz
Prepared 1 package in [TIME]
Installed 1 package in [TIME]
 + lib==1.0 (from http://127.0.0.1:[PORT]/lib-1.0.tar.gz)
""")
    assert f"{server.url}/lib-1.0.tar.gz" == direct_url(run)["url"]


def test_what_came_from_that_url_is_there(run, server):
    run("pip", "install", f"{server.url}/lib-1.0.tar.gz")

    assert run("pip", "install", f"{server.url}/lib-1.0.tar.gz").err == snapshot("""\
Using Python [PYTHON] environment at: v
Checked 1 package in [TIME]
""")


def test_an_archive_that_has_not_changed_is_neither_sent_nor_built_again(run, server):
    words = ("pip", "install", f"lib @ {server.url}/lib-1.0.tar.gz")
    run(*words)
    run("pip", "uninstall", "lib")
    server.clear()

    assert run(*words).err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
Installed 1 package in [TIME]
 + lib==1.0 (from http://127.0.0.1:[PORT]/lib-1.0.tar.gz)
""")
    assert [304] == [entry.status for entry in server.requests()]


def test_an_archive_whose_hash_is_known_is_not_even_asked_for(run, server):
    words = ("pip", "install", f"lib @ {server.url}/lib-1.0.tar.gz#sha256={SHA256}")
    run(*words)
    run("pip", "uninstall", "lib")
    server.clear()

    assert (0, ()) == (run(*words).code, server.requests())


def test_the_name_of_a_branch_is_no_name_of_a_package(run, server):
    printed = run("pip", "install", f"{server.url}/team/archive/lib-1.9.tar.gz#subdirectory=sub")

    assert printed.err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
   Building lib @ http://127.0.0.1:[PORT]/team/archive/lib-1.9.tar.gz#subdirectory=sub
      Built lib @ http://127.0.0.1:[PORT]/team/archive/lib-1.9.tar.gz#subdirectory=sub
Prepared 1 package in [TIME]
Installed 1 package in [TIME]
 + lib==1.0 (from http://127.0.0.1:[PORT]/team/archive/lib-1.9.tar.gz#subdirectory=sub)
""")
    assert "sub" == direct_url(run)["subdirectory"]
    assert run("pip", "freeze").out == snapshot(
        "lib @ http://127.0.0.1:[PORT]/team/archive/lib-1.9.tar.gz#subdirectory=sub\n"
    )


def test_another_hash_is_refused(run, server):
    printed = run("pip", "install", f"lib @ {server.url}/lib-1.0.tar.gz#sha256={64 * '0'}")

    assert printed.err.replace(SHA256, "[SHA256]") == snapshot("""\
Using Python [PYTHON] environment at: v
error: Hash mismatch for `lib-1.0.tar.gz`

Expected:
  sha256:0000000000000000000000000000000000000000000000000000000000000000

Computed:
  sha256:[SHA256]
""")


def test_what_is_not_there_is_told(run, server):
    assert run("pip", "install", f"{server.url}/gone-1.0.tar.gz").err == snapshot("""\
Using Python [PYTHON] environment at: v
error: Failed to fetch: http://127.0.0.1:[PORT]/gone-1.0.tar.gz
  cause: HTTP status client error (404 Not Found) for url (http://127.0.0.1:[PORT]/gone-1.0.tar.gz)
""")


def test_what_is_no_archive_is_told(run, server):
    assert run("pip", "install", f"{server.url}/lib-2.0.zip").err == snapshot("""\
Using Python [PYTHON] environment at: v
error: Failed to download and build `lib @ http://127.0.0.1:[PORT]/lib-2.0.zip`
  cause: Failed to read the archive
  cause: It has no end of central directory: it is no ZIP archive, or cut off
""")


def test_a_source_distribution_on_this_disk_is_built_and_then_left_alone(run):
    (run.folder / "lib-1.0.tar.gz").write_bytes(LIB.body)

    assert run("pip", "install", "./lib-1.0.tar.gz").err == snapshot("""\
Using Python [PYTHON] environment at: v
Resolved 1 package in [TIME]
   Building lib @ file://[FOLDER]/lib-1.0.tar.gz
      Built lib @ file://[FOLDER]/lib-1.0.tar.gz
Prepared 1 package in [TIME]
Installed 1 package in [TIME]
 + lib==1.0 (from file://[FOLDER]/lib-1.0.tar.gz)
""")
    assert run("pip", "install", "./lib-1.0.tar.gz").err == snapshot("""\
Using Python [PYTHON] environment at: v
Checked 1 package in [TIME]
""")


def test_a_source_distribution_on_this_disk_that_changed_is_built_anew(run):
    path = run.folder / "lib-1.0.tar.gz"
    path.write_bytes(LIB.body)
    run("pip", "install", "./lib-1.0.tar.gz")
    path.write_bytes(sdist("lib", "1.0", requires=["lib"]).body)

    assert " ~ lib==1.0" in run("pip", "install", "./lib-1.0.tar.gz").err
