"""Which files a process runs of those that it was not known to run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ..sessions.dispatch import PATIENCE
from ..sessions.roster import Member

if TYPE_CHECKING:
    from .documents import Documents


class Asking:
    """Asks; a process that does not answer in time is `overdue` until it does, which `on_late_answer` hears of."""

    def __init__(self, documents: Documents, on_late_answer: Callable[[Member], None]) -> None:
        self._documents = documents
        self._on_late_answer = on_late_answer

    async def ask(self, member: Member, paths: Iterable[str]) -> None:
        """Learn whether a process runs some files; one that ends, or cannot say, runs none of them."""
        unknown = [path for path in paths if path not in member.process.loaded]
        if not unknown or member.overdue:
            return
        spelled = {name for path in unknown for name in (path, self._spelled(path))}
        question = asyncio.ensure_future(member.process.knows(sorted(spelled)))
        answered, _ = await asyncio.wait([question], timeout=PATIENCE)
        if answered:
            question.exception()
            return
        member.overdue = True
        question.add_done_callback(lambda _: self._answered_late(member, question))

    def _answered_late(self, member: Member, question: asyncio.Future[None]) -> None:
        if not question.cancelled():
            question.exception()
            self._on_late_answer(member)

    def _spelled(self, path: str) -> str:
        document = self._documents.of(path)
        return document.spelled if document else path
