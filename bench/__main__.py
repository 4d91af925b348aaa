"""The benchmarks: `python3 dev.py bench`."""

from bench import startup

startup.main()
