"""`python -m keyrack`: the same as the console script."""

import sys

from keyrack.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
