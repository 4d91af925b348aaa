"""The benchmarks: `python3 dev.py bench [startup | packages ...]`; without a word, the start-up times."""

import sys

from bench import packages, startup

WORD, *REST = [*sys.argv[1:], "startup"][: max(len(sys.argv) - 1, 1)]
if WORD == "packages":
    sys.exit(packages.main(REST))
startup.main()
