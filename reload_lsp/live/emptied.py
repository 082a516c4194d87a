"""The `lru_cache`s that a batch empties as soon as what they hold was made by functions that act otherwise now.

A statement that is made again after that (`TOTAL = fib(10)`) gets what the new code gives.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class Emptied:
    """Caches with the number of results that they held."""

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: dict[int, tuple[Any, int]] = {}

    def empty(self, cache: Any) -> None:
        """Empty a cache, if it is one and holds anything."""
        if is_filled(cache):
            before = self._counts.get(id(cache), (cache, 0))[1]
            # What is computed while the batch runs was never anybody's: only the first time counts.
            self._counts[id(cache)] = cache, before or cache.cache_info().currsize
            cache.cache_clear()

    def __iter__(self) -> Iterator[tuple[Any, int]]:
        return iter(self._counts.values())


def is_filled(cache: Any) -> bool:
    """Is this an `lru_cache` with results in it?"""
    return type(cache).__name__ == "_lru_cache_wrapper" and cache.cache_info().currsize > 0
