"""The real program on a disk that is really full: the old environment stays, and the next run is clean."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from lab.wheels import wheel

SMALL = wheel("big", "1.0", files={"big/m.py": "1"})
LARGE = {
    "one large file": wheel("big", "2.0", files={"big/m.py": "2", "big/data": bytes(range(256)) * 12_000}),
    "many small ones": wheel("big", "2.0", files={f"big/m{at}.py": "2" for at in range(900)}),
}
"""The first is seen not to fit beforehand; a disk that rounds up to its blocks is full of the second in the middle."""
SCRIPT = """
set -e
mount -t tmpfs -o size=2m tmpfs "$1"
cp -a "$2/." "$1"
shift 2
"$@" install --no-index big-1.0-py3-none-any.whl
set +e
"$@" install --no-index big-2.0-py3-none-any.whl
echo "ended with $?" >&2
"$@" list
ls -A "$VIRTUAL_ENV"/lib/python3*/site-packages | sort
mount -o remount,size=20m "$VIRTUAL_ENV"
"$@" install --no-index big-2.0-py3-none-any.whl
"$@" list
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount")
@pytest.mark.parametrize("large", LARGE)
def test_an_upgrade_that_does_not_fit_leaves_the_old_version_whole_and_a_later_one_goes_through(tmp_path, large):
    venv.create(tmp_path / "v", symlinks=True)
    (tmp_path / "full").mkdir()
    for one in (SMALL, LARGE[large]):
        (tmp_path / one.filename).write_bytes(one.body)
    variables = {
        **{name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
        "HOME": str(tmp_path),
        "UV_CACHE_DIR": str(tmp_path / "cache"),
        "UV_LINK_MODE": "copy",
        "UV_NO_SYSTEM_CONFIG": "1",
        "VIRTUAL_ENV": str(tmp_path / "full"),
    }
    words = ("unshare", "-m", "sh", "-c", SCRIPT, "sh", str(tmp_path / "full"), str(tmp_path / "v"))
    program = (sys.executable, "-m", "keyrack", "pip")

    try:
        done = subprocess.run((*words, *program), cwd=tmp_path, env=variables, capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("no namespaces here")
    if "mount:" in done.stderr or "unshare:" in done.stderr:
        pytest.skip("no mounts here")

    lines = [line.split() for line in done.stdout.splitlines() if line.startswith("big")]
    assert [["big", "1.0"], ["big"], ["big-1.0.dist-info"], ["big", "2.0"]] == lines, done.stderr
    assert "ended with 2" in done.stderr
    assert "No space left on device" in done.stderr
    assert (large == "one large file") == ("There is not enough room in" in done.stderr)
    assert not Path(tmp_path / "full" / "lib").exists()
