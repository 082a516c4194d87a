"""PyTorch: a compiled graph has the code of every function that was called while it was traced, frozen in it."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.work import Work


class TorchGraphs:
    """What `torch.compile` has compiled; values are looked at by guards of its own with each call."""

    library = "torch._dynamo"
    tested = "2.13"

    def settle(self, work: Work) -> None:
        """Forget all graphs, as nobody tells what was traced into which: the next call compiles."""
        if work.swapped() or work.functions or work.classes:
            dynamo: Any = sys.modules["torch._dynamo"]
            dynamo.reset_code_caches()


ADAPTER = TorchGraphs()
