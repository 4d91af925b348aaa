"""The names of trees as their files tell them."""

import pytest

from keyrack.formats.static_name import static_name

PKG_INFO = b"Metadata-Version: 2.1\nName: From-Info\nVersion: 1\n"
PROJECT = b'[project]\nname = "From.Project"\n'
POETRY = b'[tool.poetry]\nname = "from-poetry"\n'
SETUP = b"[metadata]\nname = from_setup\n"


@pytest.mark.parametrize(
    ("files", "name"),
    [
        pytest.param({"PKG-INFO": PKG_INFO, "pyproject.toml": PROJECT, "setup.cfg": SETUP}, "from-info", id="all"),
        pytest.param({"pyproject.toml": PROJECT, "setup.cfg": SETUP}, "from-project", id="project"),
        pytest.param({"pyproject.toml": POETRY}, "from-poetry", id="poetry"),
        pytest.param({"pyproject.toml": b"[build-system]\n", "setup.cfg": SETUP}, "from-setup", id="setup.cfg"),
        pytest.param({"PKG-INFO": b"nothing", "pyproject.toml": b"[", "setup.cfg": SETUP}, "from-setup", id="broken"),
        pytest.param({"setup.cfg": b"[metadata]\nname = attr: a.b\n"}, None, id="told by a module"),
        pytest.param({"setup.cfg": b"name = a\n"}, None, id="no section"),
        pytest.param({"setup.cfg": b"[other]\n"}, None, id="no metadata"),
        pytest.param({"setup.cfg": b"[metadata]\nname = \xff\n"}, None, id="no UTF-8"),
        pytest.param({"pyproject.toml": b"[project]\nname = 3\n"}, None, id="no text"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_the_first_file_that_tells_a_name_is_believed(files, name):
    assert name == static_name(files)
