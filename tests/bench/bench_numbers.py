"""Medians, percentiles, and how numbers are written."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]


def percentile(values: Iterable[float], share: float) -> float:
    """The value that `share` (0 to 1) of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def summary(values: Iterable[float | None]) -> Json | None:
    """Of seconds: count, median, p90, p99 and worst in milliseconds; None where there are none."""
    there = [v * 1e3 for v in values if v is not None]
    if not there:
        return None
    return {
        "n": len(there),
        "median": round(statistics.median(there), 3),
        "p90": round(percentile(there, 0.90), 3),
        "p99": round(percentile(there, 0.99), 3),
        "worst": round(max(there), 3),
    }


def shown(ms: float | None) -> str:
    """Milliseconds as a table shows them: three digits that mean something."""
    if ms is None:
        return "–"
    if ms >= 10_000:
        return f"{ms / 1000:.0f} s"
    if ms >= 1000:
        return f"{ms / 1000:.1f} s"
    return f"{ms:.0f} ms" if ms >= 100 else f"{ms:.1f} ms" if ms >= 10 else f"{ms:.2f} ms"
