"""Ways that are followed beside the others: what is told meanwhile keeps nobody from being told of it for certain later."""

from __future__ import annotations

from .batch import Batch
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Aside:
    """While it lasts, statements are marked where `only` allows it, and the changes that are told are forgotten after it."""

    def __init__(self, batch: Batch, only: Callable[[Batch, View, int], bool]) -> None:
        self._batch = batch
        self._only = only
        self._outer = batch.changes, batch.told, batch.users, batch.followed, batch.only

    def __enter__(self) -> None:
        batch = self._batch
        changes, told, _, followed, _ = self._outer
        batch.changes, batch.told, batch.users, batch.followed = dict(changes), dict(told), {}, set(followed)
        batch.only = self._only

    def __exit__(self, *_: object) -> None:
        batch = self._batch
        batch.changes, batch.told, batch.users, batch.followed, batch.only = self._outer
