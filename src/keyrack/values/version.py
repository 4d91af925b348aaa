"""Our own version, and the version of uv whose language we speak."""

VERSION = "0.1.0"
SPEAKS = "0.13.9"
"""uv's version: its commands, flags, files and messages are the ones meant here; `required-version` is about it."""
