"""All of keyrack's own modules, and what they import late: imported at once, for a run that may replace them."""

from __future__ import annotations

import pkgutil
from contextlib import suppress

import keyrack
from keyrack.values.late import import_all_late


def import_all() -> None:
    """Import all there is; what cannot be imported here (it is for another system) no run here needs."""
    for module in pkgutil.walk_packages(keyrack.__path__, "keyrack."):
        with suppress(ImportError):
            __import__(module.name)
    import_all_late()
