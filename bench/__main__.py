"""The benchmarks: `python3 dev.py bench [startup | local | packages ...]`; without a word, start-up and local."""

import sys

from bench import local, packages, startup

WORD, *REST = sys.argv[1:] or [""]
if WORD == "packages":
    sys.exit(packages.main(REST))
if WORD in ("startup", ""):
    startup.main()
if WORD in ("local", ""):
    sys.exit(local.main(REST))
if WORD not in ("startup", "local", ""):
    sys.exit(f"no such benchmark: `{WORD}`; there are startup, local and packages")
