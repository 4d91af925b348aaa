"""`python -m keyrack`: the same as the console script."""

import os
import sys

# `-m` puts the working folder first on the search path: a `queue.py` there would be imported in place of Python's own.
if not sys.flags.safe_path and sys.path[0] in ("", os.getcwd()):
    del sys.path[0]

from keyrack.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
