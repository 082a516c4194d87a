"""Classes that cannot become what their text says: taken out of the program for a new one, where no object is theirs."""

from __future__ import annotations

import sys
from weakref import ref

from ..findings.values import Count
from ..plan.impact import Effect
from .batch import Batch
from .dirty import Dirty
from .discard import put_in_place
from .heap import holders, survey
from .mutators import rebuild_after
from .product import Product
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def instances_left(batch: Batch, cls: type) -> Count | None:
    """The objects of `cls` and its subclasses that would stay behind; None where every one is made again with the class."""
    heap = survey((), [cls])
    instances = heap.instances.get(cls, [])
    if not instances or _made_again(batch, instances):
        return None
    return Count(len(instances), heap.exact)


def _made_again(batch: Batch, instances: list[Any]) -> bool:
    """Whether nobody holds the objects but names of modules whose statements run again."""
    named: dict[int, list[tuple[View, str]]] = {id(x): [] for x in instances}
    for module in batch.modules.all():
        for name, value in list(module.ns.items()):
            if id(value) in named:
                named[id(value)].append((batch.view_of(module), name))
    value = None
    return all(
        sys.getrefcount(instances[i]) == len(named[id(instances[i])]) + _OURS
        and all(_runs_again(batch, view, name) for view, name in named[id(instances[i])])
        for i in range(len(instances))
    )


_OURS = 2  # the list they came in, and the argument of getrefcount


def _runs_again(batch: Batch, view: View, name: str) -> bool:
    binders = view.binders(name)
    if len(binders) != 1:
        return False
    if view.statements[binders[0]].kind == "import":
        return True
    impact = batch.effects.of(view.node(binders[0]), view.module)
    return view.statements[binders[0]].kind == "bind" and impact.effect <= Effect.STORE


def replace_class(batch: Batch, dirty: Dirty, old: type, new: type) -> None:
    """Bind `new` in the place of `old`: whoever reads the name runs again, containers that hold `old` get `new`."""
    batch.journal.set_item(dirty.view.ns, new.__name__, new)
    batch.superseded.append((old, new))
    batch.gone_classes.append(ref(old))
    batch.leftovers.superseded(dirty, old)
    batch.made_classes = True
    batch.end(dirty, "ran")
    rebuild_after(batch, dirty, {new.__name__})
    batch.changed(Product(dirty.view.module, new.__name__, "identity"), old, new)


def settle_superseded(batch: Batch) -> None:
    """Put new classes into the containers and objects that still hold the old ones."""
    pairs = list(batch.superseded)
    batch.superseded.clear()
    if not pairs:
        return
    new_of: dict[int, Any] = {id(o): n for o, n in pairs}
    for holder in holders([o for o, _ in pairs], [pairs, *pairs]):
        put_in_place(batch, holder, new_of)
