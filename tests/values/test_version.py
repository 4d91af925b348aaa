import tomllib
from pathlib import Path

from packaging.version import Version

from keyrack.values.version import SPEAKS, VERSION

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_our_version_is_that_of_the_package():
    assert tomllib.loads(PYPROJECT.read_text())["project"]["version"] == VERSION


def test_the_uv_that_we_speak_has_a_version():
    assert SPEAKS == str(Version(SPEAKS))
