"""The engine's own rooms, imported before the first batch needs them: a few modules at a time, what every batch needs first."""

from __future__ import annotations

import os
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# Each rests on those before it, so that no step is a long one; what they leave out of the rooms comes after them.
STONES = (
    "findings.values", "source.text", "source.diff", "plan.effects", "live.adapter", "live.loaded", "live.edit", "live.order",
    "live.classes", "live.adapting", "live.resolve", "live.emptied", "live.cycles", "live.handed_objects", "live.leftovers",
    "live.loose", "live.batch", "live.remains", "live.again", "live.bind", "live.define", "live.methods", "live.makers",
    "live.old_defaults", "live.subclassing", "live.whole_class", "live.define_class", "live.stores", "live.grown",
    "live.touched", "live.gathered", "live.unnamed", "live.heard", "live.deletions", "live.run", "live.audit", "live.ahead",
    "live.remove", "live.looked_for", "live.swap", "live.hooks", "live.irrevocable", "live.transaction",
)  # fmt: skip
# Of the standard library, what they import inside of functions: a batch without read-ahead mostly does without.
INSIDE_FUNCTIONS = ("difflib", "hashlib", "linecache", "textwrap", "tokenize", "traceback")
ROOMS = ("findings", "source", "plan", "live")


class Rooms:
    """What is to be imported still."""

    def __init__(self) -> None:
        self._package = __name__.rpartition(".live.")[0]
        self.left = self._stack(STONES)
        self.rest = [*INSIDE_FUNCTIONS[::-1], *self._stack(_all())]  # what few batches need

    def step(self) -> None:
        """Import one module and what it needs; it stays the next one where that fails."""
        left = self.left or self.rest
        import_module(left[-1])
        left.pop()

    def _stack(self, names: Sequence[str]) -> list[str]:
        return [f"{self._package}.{name}" for name in reversed(names)]


def _all() -> list[str]:
    """All modules of the rooms, as far as they are files."""
    top = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found: list[str] = []
    for room in ROOMS:
        try:
            names = sorted(os.listdir(os.path.join(top, room)))
        except OSError:  # in an archive: a batch imports what it needs
            continue
        found += [f"{room}.{name[:-3]}" for name in names if name.endswith(".py") and name != "__init__.py"]
    return found
