"""What cannot be taken back, or not be done at once, and is said.

Undo after a classic reload, the effects of one that failed, code swaps without the GIL.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ..findings.values import Range, Report
from ..plan.impact import Effect
from ..values import dataclass
from .batch import Batch
from .loaded import LoadedModule
from .speak import Findings

HARMLESS = (Effect.PURE, Effect.LOCAL, Effect.STORE, Effect.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Final:
    """Modules that one of the classic ways has made anew or taken out."""

    paths: tuple[str, ...]
    modules: tuple[str, ...]

    def refusal(self, generation: int) -> Report:
        """What an undo says that would have to take it back."""
        findings = Findings(generation)
        findings.say(
            "RLD902",
            f"{', '.join(self.modules)}: reloaded whole or unloaded, which cannot be taken back, for the objects from before are "
            "no longer theirs. Nothing was changed. Restart the process to run the text before.",
            self.paths[0],
            Range.of(0, 0, 0, 1),
            verdict="refused",
            severity="warning",
            data={"fixes": [{"kind": "restart"}]},
        )
        return Report("refused", "command", generation, findings=tuple(findings.items))


def say_happened(batch: Batch, done: Sequence[LoadedModule], failing: LoadedModule, path: str, place: Range) -> None:
    """The effects of a classic reload that raised: its namespaces are put back, what they did outside is not."""
    happened: list[str] = []
    for module in (*done, failing):
        view = batch.view_of(module)
        for index, statement in enumerate(view.statements):
            if module is failing and (module.path != path or statement.line >= place.start.line):
                continue
            impact = batch.effects.of(view.node(index), module) if view.runs(index) else None
            if impact is not None and impact.effect not in HARMLESS and statement.kind not in ("function", "class"):
                happened.append(f"{impact.what} (line {statement.line + 1} of {module.name})")
    if happened:
        batch.findings.say(
            "RLD902",
            f"Not everything could be put back: {'; '.join(happened)} had happened again before. Restart the process.",
            path,
            place,
            data={"fixes": [{"kind": "restart"}]},
        )


def say_without_gil(batch: Batch) -> None:
    """Once a process: without the GIL other threads may see some functions of a batch new and others old."""
    enabled = getattr(sys, "_is_gil_enabled", None)
    modules = batch.modules
    if enabled is None or enabled() or modules.said_without_gil or len(batch.swapped) < 2:
        return
    modules.said_without_gil = True
    batch.findings.say(
        "RLD809",
        f"This Python runs without the GIL: the {len(batch.swapped)} functions of this edit were changed one after another, "
        "and threads may have run some new ones with some old ones meanwhile. Where that matters, call "
        "`reload_lsp.checkpoint()` while nothing else runs.",
        batch.swapped[0].function.__code__.co_filename,
        Range.of(0, 0, 0, 1),
    )
