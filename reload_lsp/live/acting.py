"""Why methods act otherwise than before, and how whoever calls them is told."""

from __future__ import annotations

from ..values import dataclass
from .batch import Batch
from .loaded import LoadedModule
from .view import View


@dataclass(frozen=True, slots=True)
class Acting:
    """Why methods act otherwise: `code` where they, or what they call, were edited; else they read another value."""

    why: str
    code: bool = True

    def mark(self, batch: Batch, view: View, index: int) -> None:
        batch.mark(view, index, "called" if self.code else "derived", self.why)

    def tell(self, batch: Batch, module: LoadedModule, name: str) -> None:
        """Whoever calls `name` is to look again."""
        (batch.code_changed if self.code else batch.result_changed)(module, name, self.why)
