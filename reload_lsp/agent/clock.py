"""The time that passes, whatever the program makes of `time`: tests freeze it, and set it forth and back (freezegun and others).

They replace what modules have under a name of their own, so the clock is kept in a place that has none.
"""

from __future__ import annotations

import time

_KEPT = (time.monotonic,)


def monotonic() -> float:
    """Seconds since some moment, never fewer than before."""
    return _KEPT[0]()
