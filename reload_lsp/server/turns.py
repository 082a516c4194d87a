"""Long work in the event loop, which never keeps a request waiting: done in slices."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

SLICE = 0.010  # seconds

T = TypeVar("T")


async def in_turns(items: Iterable[T]) -> AsyncIterator[T]:
    """`items`; after each `SLICE` of work on them the event loop has its turn. A short work is done in one go."""
    end = time.monotonic() + SLICE
    for item in items:
        yield item
        if time.monotonic() > end:
            await asyncio.sleep(0)
            end = time.monotonic() + SLICE
