"""A program beside ours that ends what we started, should we be killed before we can (for `processes.py`).

It runs as `python -I -S -B watchman.py` and leads the process group of all that we start. Its standard input ends with
us, however we die, and then it ends the group, itself included (setpgid(2)).
"""

import os
import signal

if __name__ == "__main__":
    while os.read(0, 1):
        pass
    os.killpg(0, signal.SIGKILL)
