"""The variables with which uv's own tests switch uv: honoured, so that they can judge us as well."""

from __future__ import annotations

from collections.abc import Mapping

from keyrack.errors import InvalidText
from keyrack.formats.uv_environment import switch
from keyrack.values.switches import Switches

_PREFIX = "UV_INTERNAL__TEST_"


def parse_switches(environment: Mapping[str, str]) -> Switches:
    """Read the switches; whatever is set to anything but a false word counts as set."""
    return Switches(
        no_progress=_is_set(environment, f"{_PREFIX}NO_CLI_PROGRESS"),
        now=environment.get(f"{_PREFIX}CURRENT_TIMESTAMP", ""),
        version_cutoff=environment.get(f"{_PREFIX}AVAILABLE_VERSION_CUTOFF", ""),
        no_retry_delay=_is_set(environment, f"{_PREFIX}NO_HTTP_RETRY_DELAY"),
        shows_resolution=_is_set(environment, "UV_SHOW_RESOLUTION"),
    )


def _is_set(environment: Mapping[str, str], name: str) -> bool:
    try:
        return bool(switch(environment, name))
    except InvalidText:
        return True
