"""`Switches`: what uv's own tests switch in uv, and so in us (`UV_INTERNAL__TEST_*`, `UV_SHOW_RESOLUTION`)."""

from __future__ import annotations

import msgspec


class Switches(msgspec.Struct, frozen=True):
    """Instants are RFC 3339 in UTC, "" where they are not set."""

    no_progress: bool = False
    """No lines and bars about downloads."""
    now: str = ""
    """Stands in for the clock where a span is counted back."""
    version_cutoff: str = ""
    """Files uploaded at or after it do not exist, not even in explanations."""
    no_retry_delay: bool = False
    shows_resolution: bool = False
