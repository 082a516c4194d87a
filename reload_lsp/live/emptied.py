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
        """Empty a cache, if it is one; also one that holds nothing yet may be filled by what the batch runs."""
        if is_cache(cache):
            # What is computed while the batch runs was never anybody's: only the first time counts.
            self._counts.setdefault(id(cache), (cache, cache.cache_info().currsize))
            cache.cache_clear()

    def empty_again(self) -> None:
        """The batch is taken back, and with it what its new code computed."""
        for cache, _ in self._counts.values():
            cache.cache_clear()

    def __iter__(self) -> Iterator[tuple[Any, int]]:
        return iter([found for found in self._counts.values() if found[1]])


def is_cache(value: Any) -> bool:
    """Is this what `lru_cache` made of a function?"""
    return type(value).__name__ == "_lru_cache_wrapper"


def is_filled(value: Any) -> bool:
    """Is this an `lru_cache` with results in it?"""
    return is_cache(value) and value.cache_info().currsize > 0
