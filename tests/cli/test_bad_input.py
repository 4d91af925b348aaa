"""Every input of every command, malformed: one clear error with its place, uv's exit code, and nothing is changed."""

import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import pytest

from keyrack.adapters.unfinished import PREFIX
from lab.faults import Fault
from lab.pages import HTML, SIMPLE_JSON
from lab.registries.simple import public
from lab.wheels import BREAKS, artifact, wheel

EVIL = "\x1b]0;taken\x07\x9b31m\u202e"
"""What a terminal would obey: a title, a colour, letters from right to left."""
DEEP = "(" * 20_000 + "python_version > '3'" + ")" * 20_000
NESTED = "[" * 20_000 + "]" * 20_000
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
NOT_TEXT = b"\xff\x00\x1b[31m"
INSTALL = ("pip", "install", "--no-index")
TOML = "TOML parse error at line 1, column"
SITE = "SITE"
"""Stands for the environment's site-packages."""


class Case(NamedTuple):
    """Files to write and words to run; what the error must name; the exit code; variables."""

    files: Mapping[str, str | bytes]
    words: tuple[str, ...]
    place: str
    code: int = 2
    variables: Mapping[str, str] = MappingProxyType({})


def requirement(text, place="Failed to parse: `lib"):
    return Case({}, (*INSTALL, text), place)


def listed(text, place, flag="-r", name="r.txt"):
    first = () if flag == "-r" else ("lib",)
    return Case({name: text}, (*INSTALL, *first, flag, name), place)


def settings(*words):
    return Case({"uv.toml": "a = \n"}, words, "Failed to parse: uv.toml")


def holding(words, place, code=2, **files):
    base = {
        "METADATA": "Metadata-Version: 2.1\nName: lib\nVersion: 1.0\n",
        "RECORD": "lib.py,,\nlib-1.0.dist-info/RECORD,,\n",
        "direct_url.json": '{"url": "https://pkgs.example/lib.zip", "archive_info": {}}',
    }
    base |= {name.replace("_json", ".json"): text for name, text in files.items()}
    inside = {f"{SITE}/lib-1.0.dist-info/{name}": text for name, text in base.items()}
    return Case({**inside, f"{SITE}/lib.py": ""}, words, place, code)


def logins(text, *words):
    return Case({"keys/credentials.toml": text}, ("auth", *words), "keys/credentials.toml`")


def variable(name, value, place="", words=(*INSTALL, "lib")):
    return Case({}, words, place or f"`{name}`", variables={name: value})


REQUIREMENTS = {
    "no version": requirement("lib =="),
    "control characters": requirement(f"lib{EVIL}==1"),
    "half a marker": requirement("lib; python_version >"),
    "deep marker": requirement(f"lib; {DEEP}", "The marker nests more than"),
    "unknown variable": requirement("lib; colour == 'red'", "valid marker name, found `colour`"),
    "open extras": requirement("lib[a"),
    "bad extra": requirement("lib[-]"),
    "bad URL": requirement("lib @ https://[::1"),
    "bad URL with a secret": requirement("lib @ https://u:hush@[::1"),
    "to uninstall": Case({}, ("pip", "uninstall", "lib =="), "Failed to parse: `lib"),
    "to show": Case({}, ("pip", "show", f"lib{EVIL}"), "invalid value"),
    "to prune": Case({}, ("cache", "clean", f"lib{EVIL}"), "invalid value"),
    "to exclude": Case({}, ("pip", "freeze", "--exclude", "_"), "--exclude"),
}
FILES = {
    "requirement": listed("ok\nlib ==\n", "r.txt` at line 2"),
    "control characters": listed(f"lib{EVIL} ==\n", "r.txt` at line 1"),
    "deep marker": listed(f"lib; {DEEP}\n", "r.txt` at line 1"),
    "no text": listed(b"lib\xff\xfa\n", "r.txt"),
    "half of UTF-16": listed(b"\xff\xfe\x00\xd8\x00", "r.txt"),
    "not there": Case({}, (*INSTALL, "-r", "r.txt"), "File not found: r.txt"),
    "folder": Case({"r.txt/x": ""}, (*INSTALL, "-r", "r.txt"), "r.txt"),
    "unknown option": listed("lib\n--frobnicate\n", "r.txt:2"),
    "short hash": listed("lib==1 --hash=sha256:00\n", "r.txt:1"),
    "unknown hash": listed("lib==1 --hash=crc:00\n", "r.txt:1"),
    "index": listed("-i http://u:hush@[::1\nlib\n", "r.txt:1"),
    "to uninstall": Case({"r.txt": "ok\nlib ==\n"}, ("pip", "uninstall", "-r", "r.txt"), "r.txt` at line 2"),
    "constraint": listed("ok\nlib ==\n", "c.txt` at line 2", "-c", "c.txt"),
    "constraint not there": Case({}, (*INSTALL, "lib", "-c", "c.txt"), "File not found: c.txt"),
    "override": listed("lib ==\n", "c.txt` at line 1", "--override", "c.txt"),
    "exclude": listed("lib ==\n", "c.txt` at line 1", "--exclude", "c.txt"),
    "build constraint": listed("lib ==\n", "c.txt` at line 1", "-b", "c.txt"),
    "project, TOML": listed("[project\n", "pyproject.toml", name="pyproject.toml"),
    "project, name": listed("[project]\nname = 3\n", "$.project.name", name="pyproject.toml"),
    "project, dependency": listed(
        "[project]\nname = 'a'\nversion = '1'\ndependencies = ['lib ==']\n",
        "Failed to parse: pyproject.toml",
        name="pyproject.toml",
    ),
    "group": Case({"pyproject.toml": "[dependency-groups]\ng = ['lib ==']\n"}, (*INSTALL, "--group", "g"), "groups"),
    "group in itself": Case(
        {"pyproject.toml": "[dependency-groups]\ng = [{include-group = 'g'}]\n"}, (*INSTALL, "--group", "g"), "cycle"
    ),
    "pylock, TOML": listed("lock-version = \n", f"{TOML} 16", name="pylock.toml"),
    "pylock, version": listed("lock-version = '9'\n", f"{TOML} 16", name="pylock.toml"),
    "pylock, package": listed(
        "lock-version = '1.0'\ncreated-by = 'x'\n[[packages]]\n", "pylock.toml", name="pylock.toml"
    ),
    "script, TOML": listed("# /// script\n# dependencies = [\n# ///\n", "Failed to parse: s.py", name="s.py"),
    "script, requirement": listed("# /// script\n# dependencies = ['lib ==']\n# ///\n", "s.py", name="s.py"),
    "script, two blocks": listed("# /// script\n# ///\n#\n# /// script\n# ///\n", "s.py", name="s.py"),
    "script, open": listed("# /// script\n# dependencies = []\n", "s.py", name="s.py"),
}
EVERY = {
    ("pip", "list"),
    ("pip", "freeze"),
    ("pip", "show", "lib"),
    ("pip", "check"),
    ("pip", "tree"),
    ("pip", "uninstall", "lib"),
    (*INSTALL, "lib"),
    ("venv", "w"),
    ("cache", "dir"),
    ("cache", "prune"),
    ("cache", "clean"),
    ("cache", "size"),
    ("cache", "verify"),
    ("python", "find"),
    ("python", "list"),
    ("python", "pin", "3.11"),
    ("auth", "explain", "https://pkgs.example/simple/"),
}
SETTINGS = {f"for {' '.join(words)}": settings(*words) for words in sorted(EVERY)} | {
    "unknown key": Case({"uv.toml": "frob = 1\n"}, ("pip", "list"), f"{TOML} 1"),
    "wrong type": Case({"uv.toml": "offline = 'x'\n"}, ("pip", "list"), f"{TOML} 11"),
    "control characters": Case({"uv.toml": 'link-mode = "a\\u001b[31m\\u202e"\n'}, ("pip", "list"), f"{TOML} 13"),
    "index": Case({"uv.toml": "[[index]]\nurl = 'http://u:hush@[::1'\n"}, ("pip", "list"), "line 2, column 7"),
    "no text": Case({"uv.toml": NOT_TEXT}, ("pip", "list"), "uv.toml"),
    "named file": Case({"c.toml": "a = \n"}, ("pip", "list", "--config-file", "c.toml"), "Failed to parse: c.toml"),
    "named file not there": Case({}, ("pip", "list", "--config-file", "c.toml"), "`c.toml`"),
    "user's own": Case({".config/uv/uv.toml": "a = \n"}, ("pip", "list"), ".config/uv/uv.toml"),
}
KEYS = {
    "token": logins("[[credential\n", "token", "https://pkgs.example"),
    "logout": logins("[[credential\n", "logout", "https://pkgs.example"),
    "login": logins("[[credential\n", "login", "https://pkgs.example", "--token", "t"),
    "shape": logins("[[credential]]\nservice = 3\n", "token", "https://pkgs.example"),
    "no text": logins(NOT_TEXT, "token", "https://pkgs.example"),
    "for an index": Case(
        {"keys/credentials.toml": "[[credential\npassword = 'hush'\n"},
        ("pip", "install", "--index-url", "http://127.0.0.1:9/simple", "lib"),
        "keys/credentials.toml`",
    ),
    "service": Case({}, ("auth", "token", "https://u:hush@[::1"), "invalid value"),
    "service with control characters": Case({}, ("auth", "token", f"https://a{EVIL}/"), "invalid value"),
}
PYTHONS = {
    "file of versions": Case({".python-version": NOT_TEXT}, ("python", "find"), ".python-version`"),
    "file of versions to pin": Case({".python-version": NOT_TEXT}, ("python", "pin"), ".python-version`"),
    "file of versions for a venv": Case({".python-version": NOT_TEXT}, ("venv", "w"), ".python-version`"),
    "name": Case({}, ("pip", "list", "--python", f"a{EVIL}"), "executable name"),
    "name to pin": Case({}, ("python", "pin", f"a{EVIL}"), "arbitrary names"),
    "venv over a folder": Case({"w/x": ""}, ("venv", "w", "--python", sys.executable), "already exists at: w"),
    "venv over a file": Case({"w": ""}, ("venv", "w", "--python", sys.executable), "`w`"),
}
PRESENT = {
    "RECORD to uninstall": holding(("pip", "uninstall", "lib"), "RECORD of `lib`", RECORD='a,b,c,d,e\n"'),
    "RECORD to show": holding(("pip", "show", "-f", "lib"), "RECORD", RECORD='a,b,c,d,e\n"'),
    "METADATA for a tree": holding(("pip", "tree"), "lib-1.0.dist-info", METADATA=NOT_TEXT),
    "requirement for a tree": holding(
        ("pip", "tree"), "lib-1.0.dist-info", METADATA=f"Name: lib\nVersion: 1.0\nRequires-Dist: {EVIL} ==\n"
    ),
    "direct_url.json to list": holding(("pip", "list"), "lib-1.0.dist-info/direct_url.json`", direct_url_json="{"),
    "direct_url.json to freeze": holding(
        ("pip", "freeze"), "lib-1.0.dist-info/direct_url.json`", direct_url_json='{"url": 3}'
    ),
    "direct_url.json, deep": holding(("pip", "freeze"), "direct_url.json`", direct_url_json=NESTED),
}
VARIABLES = {
    "UV_HTTP_TIMEOUT": variable("UV_HTTP_TIMEOUT", "soon"),
    "UV_HTTP_RETRIES": variable("UV_HTTP_RETRIES", f"1{EVIL}".replace("\x00", "")),
    "UV_INDEX": variable("UV_INDEX", "http://u:hush@[::1"),
    "UV_DEFAULT_INDEX": variable("UV_DEFAULT_INDEX", "http://u:hush@[::1"),
    "UV_EXTRA_INDEX_URL": variable("UV_EXTRA_INDEX_URL", "http://u:hush@[::1"),
    "UV_FIND_LINKS": variable("UV_FIND_LINKS", "http://u:hush@[::1"),
    "UV_LINK_MODE": variable("UV_LINK_MODE", f"x{EVIL}", "--link-mode"),
    "UV_CONCURRENT_DOWNLOADS": variable("UV_CONCURRENT_DOWNLOADS", "0"),
    "UV_OFFLINE": variable("UV_OFFLINE", "perhaps"),
    "UV_EXCLUDE_NEWER": variable("UV_EXCLUDE_NEWER", "perhaps"),
    "UV_PYTHON": variable("UV_PYTHON", f"a{EVIL}", "executable name", ("pip", "list")),
    "UV_LOCK_TIMEOUT": variable("UV_LOCK_TIMEOUT", "x"),
    "UV_CACHE_DIR": Case({"c": ""}, (*INSTALL, "lib"), "c/", variables={"UV_CACHE_DIR": "c"}),
    "HTTP_PROXY": variable("HTTP_PROXY", "http://u:hush@[::1"),
    "--index": Case({}, (*INSTALL, "lib", "--index", "http://u:hush@[::1"), "--index"),
    "--find-links": Case({}, (*INSTALL, "lib", "--find-links", "nope"), "nope"),
    "--find-links, page": Case({"f.html": NOT_TEXT}, (*INSTALL, "lib", "--find-links", "f.html"), "f.html"),
}
TABLE = {
    f"{kind}: {name}": case
    for kind, cases in {
        "requirement": REQUIREMENTS,
        "file": FILES,
        "settings": SETTINGS,
        "keys": KEYS,
        "python": PYTHONS,
        "installed": PRESENT,
        "variable": VARIABLES,
    }.items()
    for name, case in cases.items()
}


def write(run, files):
    site = next((run.folder / "v" / "lib").glob("python3*")) / "site-packages"
    for name, text in files.items():
        path = site / name.removeprefix(f"{SITE}/") if name.startswith(SITE) else run.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def tree(run):
    """Give what is there; locks and the cache are nobody's contents."""
    found = {}
    for folder, folders, names in os.walk(run.folder):
        folders[:] = [name for name in folders if name != "cache"]
        for name in (*folders, *names):
            path = os.path.join(folder, name)
            if not name.endswith(".lock"):
                found[path] = os.lstat(path).st_mtime_ns if name in names else None
    return found


def judge(run, said, case, before):
    shown = said.err + said.out
    assert case.code == said.code, shown
    assert 1 == len(re.findall(r"^error: ", said.err, re.MULTILINE)), shown
    assert case.place in " ".join(said.err.replace("\n  ... ", " ").split()), shown
    for word in ("Traceback", "Something unforeseen", "hush"):
        assert word not in shown, shown
    assert not CONTROL.search(shown), repr(shown)
    assert len(shown) < 5000, shown[:500]
    assert before == tree(run)


@pytest.mark.parametrize("name", TABLE)
def test_a_malformed_input_gets_one_error_with_its_place_and_nothing_is_changed(run, name):
    case = TABLE[name]
    write(run, case.files)
    before = tree(run)

    said = run(*case.words, UV_CREDENTIALS_DIR=str(run.folder / "keys"), **case.variables)

    judge(run, said, case, before)


GOOD = wheel("lib", "1.0")
FINE = GOOD.metadata.decode()
PAGES = {
    "JSON, cut off": (SIMPLE_JSON, b'{"meta": {"api-version": "1.0"}, "name": "lib", "files": ['),
    "JSON, a list": (SIMPLE_JSON, b"[]"),
    "JSON, types": (SIMPLE_JSON, b'{"meta": 3, "name": [], "files": {}}'),
    "JSON, deep": (SIMPLE_JSON, NESTED.encode()),
    "JSON, version": (SIMPLE_JSON, b'{"meta": {"api-version": "9.0"}, "name": "lib", "files": []}'),
    "JSON, no text": (SIMPLE_JSON, NOT_TEXT),
    "HTML, no text": (HTML, NOT_TEXT),
    "HTML, base": (HTML, b"<!DOCTYPE html><base href='http://[::1'><a href='lib-1.0-py3-none-any.whl'>x</a>"),
    "HTML, version": (
        HTML,
        b"<!DOCTYPE html><meta name='pypi:repository-version' content='9.0'><a href='lib-1.0-py3-none-any.whl'>x</a>",
    ),
    "a picture": ("image/png", b"\x89PNG\r\n\x1a\n\x00"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_malformed_page_is_an_error_that_names_it(run, name):
    media_type, body = PAGES[name]
    with public(GOOD) as index:
        index.fault(Fault(pattern="*/lib/", status=200, body=body, headers=(("Content-Type", media_type),)))
        before = tree(run)

        said = run("pip", "install", "--default-index", index.index_url(), "lib")

    judge(run, said, Case({}, (), "/simple/lib/"), before)


METADATA = {
    "no text": NOT_TEXT,
    "no name": b"Metadata-Version: 2.1\nVersion: 1.0\n",
    "no version": b"Metadata-Version: 2.1\nName: lib\n",
    "another name": FINE.replace("Name: lib", "Name: bil").encode(),
    "another version": FINE.replace("Version: 1.0", "Version: 2.0").encode(),
    "requirement": f"{FINE.strip()}\nRequires-Dist: a{EVIL} ==\n".encode(),
    "marker": f"{FINE.strip()}\nRequires-Dist: a; {DEEP}\n".encode(),
    "Python": f"{FINE.strip()}\nRequires-Python: {EVIL}\n".encode(),
}


def rezipped(changes):
    """Give the good wheel with other contents of some files; None takes one out. RECORD lists none of them."""
    body = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD.body)) as old, zipfile.ZipFile(body, "w") as new:
        for name in old.namelist():
            text = changes.get(name.rpartition("/")[2], old.read(name))
            if text is not None:
                new.writestr(name, text)
    return body.getvalue()


@pytest.mark.parametrize("name", METADATA)
def test_malformed_metadata_of_an_index_is_an_error_that_names_the_file(run, name):
    body = rezipped({"METADATA": METADATA[name]})
    bad = artifact(GOOD.filename, body, "lib", "1.0", metadata=METADATA[name])
    with public(bad) as index:
        before = tree(run)

        said = run("pip", "install", "--default-index", index.index_url(), "lib")

    judge(run, said, Case({}, (), "lib", said.code), before)
    assert said.code in (1, 2)


ARCHIVES = {
    "nothing": b"",
    "no archive": b"<html>sign in</html>",
    "cut off": GOOD.body[:-30],
    "something before": b"#!/bin/sh\n" + GOOD.body,
    "something behind": GOOD.body + b"PK",
    "RECORD": rezipped({"RECORD": 'a,b,c,d,e\n"'}),
    "RECORD, no text": rezipped({"RECORD": NOT_TEXT}),
    "WHEEL": rezipped({"WHEEL": "Wheel-Version\n"}),
    "WHEEL, no text": rezipped({"WHEEL": NOT_TEXT}),
    "METADATA": rezipped({"METADATA": f"Name{EVIL}"}),
    "METADATA, no text": rezipped({"METADATA": NOT_TEXT}),
    "entry points": wheel(
        "lib", "1.0", files={"lib.py": "", "lib-1.0.dist-info/entry_points.txt": "[console_scripts\n"}
    ).body,
    "entry point that leaves": wheel("lib", "1.0", console={"../../x": "lib:main"}).body,
    "entry point with control characters": wheel("lib", "1.0", console={f"x{EVIL}": "lib:main"}).body,
    "path with control characters": wheel("lib", "1.0", files={f"lib{EVIL}.py": ""}).body,
    "data of no scheme": wheel("lib", "1.0", data={"nowhere/x": ""}).body,
    **{f"broken: {kind}": wheel("lib", "1.0", broken=[kind]).body for kind in BREAKS if kind != "record-names-no-file"},
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_malformed_archive_is_an_error_that_names_it(run, name):
    write(run, {"lib-1.0-py3-none-any.whl": ARCHIVES[name]})
    before = tree(run)

    said = run(*INSTALL, "--find-links", ".", "lib")

    judge(run, said, Case({}, (), "lib", said.code), before)
    assert said.code in (1, 2)
    assert not any(PREFIX in path for path in tree(run))


REDIRECTS = {"JSON": json.dumps({"message": EVIL}).encode(), "text": EVIL.encode()}


@pytest.mark.parametrize("name", REDIRECTS)
def test_what_an_index_says_when_it_refuses_is_shown_without_control_characters(run, name):
    with public(GOOD) as index:
        media_type = "application/problem+json" if name == "JSON" else "text/plain"
        index.fault(Fault(pattern="*/lib/", status=403, body=REDIRECTS[name], headers=(("Content-Type", media_type),)))
        before = tree(run)

        said = run("pip", "install", "--default-index", index.index_url(), "lib")

    judge(run, said, Case({}, (), "/simple/lib/", said.code), before)
    assert said.code in (1, 2)
