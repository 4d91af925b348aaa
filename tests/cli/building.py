"""Source distributions with backends of their own, for tests of builds."""

from lab.sdists import sdist
from lab.wheels import wheel

TELLING_BACKEND = """
import base64, hashlib, importlib.metadata, json, os, zipfile

FOLDER = "telling-1.0.dist-info"


def version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    files = {
        FOLDER + "/METADATA": "Metadata-Version: 2.1\\nName: telling\\nVersion: 1.0\\n",
        FOLDER + "/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        "told/settings": json.dumps(config_settings),
        "told/variables": json.dumps(dict(os.environ)),
        **{"told/" + name: version(name) for name in ("tool", "late", "ok")},
    }
    rows = [
        path + ",sha256=" + base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=") + ","
        for path, text in files.items()
    ]
    files[FOLDER + "/RECORD"] = "\\n".join([*rows, FOLDER + "/RECORD,,", ""])
    name = "telling-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return name
"""
TOOL = wheel("tool", "1.0")
TOOL2 = wheel("tool", "2.0")
TELLING = sdist("telling", "1.0", build_requires=["tool"], extra_members={"backend.py": TELLING_BACKEND})
LYING = sdist("lying", "1.0", extra_members={"backend.py": TELLING_BACKEND})
LACKING = sdist("lacking", "1.0", extra_members={"backend.py": "import not_there\n"})
LATE = wheel("late", "1.0")
OK = wheel("ok", "1.0.0")
OK2 = wheel("ok", "2.0.0")
PLAIN = sdist("plain", "1.0", build_requires=["tool"], late_requires=["late>=1"])
ASKING = sdist("asking", "1.0", requires=["ok"], dynamic=["Requires-Dist"])
FAILING = "import sys\ndef build_wheel(*_more, **_most):\n    print({!r}); print('why', file=sys.stderr); sys.exit(3)\n"
BROKEN = sdist("broken", "1.0", extra_members={"backend.py": FAILING.format("what")})
NEEDING = wheel("needing", "1.0", requires=["broken"])
COLOURFUL = sdist("colourful", "1.0", extra_members={"backend.py": FAILING.format("\x1b[31mred\x07")})
OPEN = sdist("open", "1.0", build_requires=["nowhere"])
CIRCLE = sdist("circle", "1.0", build_requires=["round"])
ROUND = sdist("round", "1.0", build_requires=["circle"])
CHAIN = sdist("chain", "1.0", build_requires=["plain"])
ALL = (
    LYING,
    ASKING,
    BROKEN,
    CHAIN,
    CIRCLE,
    COLOURFUL,
    LACKING,
    LATE,
    NEEDING,
    OK,
    OK2,
    OPEN,
    PLAIN,
    ROUND,
    TELLING,
    TOOL,
    TOOL2,
)
