"""Objects whose class is no longer in its module's text: a fresh start makes none of them."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from weakref import ref

from ..findings.values import Count, Range
from .batch import Batch
from .heap import survey
from .speak import place_of


def say_objects_of_gone(batch: Batch, references: Sequence[ref[type]]) -> None:
    """Say how many objects live of classes that were removed, or whose name stands for something else now."""
    if not references:
        return
    gc.collect()  # of objects that only themselves hold
    classes = [cls for cls in (r() for r in references) if cls is not None]
    if not classes:
        return
    heap = survey((), classes)
    for cls in classes:
        count = sum(type(o) is cls for o in heap.instances.get(cls, ()))
        if count:
            _say(batch, cls, Count(count, heap.exact))


def _say(batch: Batch, cls: type, count: Count) -> None:
    module = batch.modules.named(cls.__module__)
    if module is None or module.ns.get(cls.__qualname__) is cls:  # it is back: the batch failed
        return
    named = [s for s in module.statements() if s.name == cls.__qualname__]
    first = named or module.statements()
    now = "stands for something else now" if cls.__qualname__ in module.ns else "is gone"
    batch.findings.say(
        "RLD206",
        f"{count.n} live object{'s are' if count.n > 1 else ' is'} of the class {cls.__qualname__}, whose name {now}: "
        f"{'they keep' if count.n > 1 else 'it keeps'} what the class was. Make {'them' if count.n > 1 else 'it'} again, "
        "or restart the process.",
        module.path,
        place_of(first[0]) if first else Range.of(0, 0, 0, 1),
        severity="warning",
        count=count,
        data={"class": cls.__qualname__, "fixes": [{"kind": "restart"}]},
    )
