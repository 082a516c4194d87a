"""What ends a batch that cannot be finished."""

from __future__ import annotations

from ..source.statement import Statement


class Failed(Exception):
    """User code raised while the batch ran it: everything is rolled back."""

    def __init__(self, error: BaseException, path: str, statement: Statement | None, hook: str = "") -> None:
        super().__init__(str(error))
        self.hook = hook
        self.error = error
        self.path = path
        self.statement = statement
