"""Whether an unchanged statement may run again because something it reads changed; if not, it is held and said."""

from __future__ import annotations

import ast
from types import FunctionType

from ..findings.values import Count
from ..plan.impact import Effect, Impact
from ..source.names import Chain, chain_of
from .batch import Batch
from .chosen import choose_again, gives_the_same
from .dirty import Dirty
from .kinds import is_a, kind_of
from .mutators import in_the_middle, owners_first, rebuild_after
from .product import CALLED, Product, binds_data
from .remains import only_tells
from .seed import markers_of
from .speak import place_of
from .values import CONTAINERS, plain
from .view import View
from .wrapped import wrapped_first


def may_run(batch: Batch, dirty: Dirty) -> bool:
    if is_main_guard(dirty):
        return _guard(batch, dirty)
    follows = dirty.reasons & {"edited", "input", "called", "derived"} or in_the_middle(dirty)
    made_of_itself = dirty.names.mutates | dirty.names.rebinds
    asked_for = "edited" in dirty.reasons and dirty.view.edit is None  # then it is built from its beginning
    begins = dirty.statement.kind == "block" and "edited" in dirty.reasons  # with what it was made of
    if follows and not asked_for and not begins and dirty.names.rebinds and not _plain_values(dirty):
        _keep_made_of_itself(batch, dirty)
        return False
    if follows and _is_sort(dirty):
        return True
    if follows and not dirty.reasons & {"edited", "added"} and only_tells(batch, dirty.view, dirty.statement):
        batch.end(dirty, "cut-off", "what it told is over")
        return False
    only_changes = dirty.statement.kind == "block" or not dirty.names.binds - made_of_itself or _takes_out(dirty)
    if follows and only_changes and (owners_first(batch, dirty) or wrapped_first(batch, dirty)):
        batch.mark(dirty.view, dirty.index, "rebuild", dirty.why)
        batch.pending.setdefault(dirty.key, dirty).reasons.add("rebuild")
        return False
    again = markers_of(dirty.view, dirty.index).rerun
    if again or dirty.reasons & {"edited", "added", "rebuild"} or dirty.statement.kind == "import":
        return True
    impact = batch.effects.of(dirty.view.node(dirty.index), dirty.view.module)
    twice = (dirty.names.binds & made_of_itself) - _loop_names(dirty)
    if twice:  # `total += step` alone would add a second time
        impact = Impact(Effect.GLOBAL, sorted(twice)[0], "RLD307")
    if "default" in dirty.reasons and dirty.reasons <= {"default", "called"} and not _plain_values(dirty):
        hold(batch, dirty, Impact(Effect.LOCAL))  # an object is state: it is not made again behind the program's back
        return False
    if _allowed(dirty, impact) or batch.adapting.repeats(dirty, impact):
        dirty.stored = impact.stored
        return not _handed_over(batch, dirty, impact)
    choice = choose_again(batch, dirty, impact) if dirty.reasons == {"called"} and not _plain_values(dirty) else ""
    if choice == "done":
        return False
    if dirty.reasons == {"called"} and gives_the_same(batch, dirty, impact):
        batch.end(dirty, "cut-off", "it gives the same")
        return False
    if choice == "other":
        hold(batch, dirty, Impact(Effect.LOCAL))
        return False
    if dirty.reasons == {"called"} and not _evident(batch, dirty) and not _plain_values(dirty):
        batch.end(dirty, "cut-off", "its value is kept: an instance follows its class")
        return False
    if not _handed_over(batch, dirty, impact):
        hold(batch, dirty, impact)
    return False


def _handed_over(batch: Batch, dirty: Dirty, impact: Impact) -> bool:
    """Whether an application was made again, and became what the one that is served is: nobody has to look at it again."""
    if not batch.adapting.remakes(dirty, impact):
        return False
    batch.end(dirty, "ran")
    _filled_again(batch, dirty)
    return True


def _takes_out(dirty: Dirty) -> bool:
    """`first = items.pop()`: the value comes out of a container, which has one less."""
    return any(kind_of(dirty.view.ns.get(n)) in CONTAINERS for n in dirty.names.mutates)


def _is_sort(dirty: Dirty) -> bool:
    """`items.sort()`: done again it puts the same objects in their order of now."""
    calls = {c for c in dirty.names.calls if len(c) > 1}
    return dirty.statement.kind == "effect" and [c[-1] for c in calls] == ["sort"]


def _loop_names(dirty: Dirty) -> set[str]:
    """What a loop at the top level binds anew in each turn."""
    node = dirty.view.node(dirty.index)
    targets = ast.walk(node.target) if isinstance(node, ast.For) else ()
    return {n.id for n in targets if isinstance(n, ast.Name)}


def _filled_again(batch: Batch, dirty: Dirty) -> None:
    """An object was made what its call now makes: what later statements gave to it, they give again."""
    module = dirty.view.module
    for name in dirty.names.binds:
        value = module.ns.get(name)
        batch.changed(Product(module, name, "content"), value, value, dirty.index)
    rebuild_after(batch, dirty, set(dirty.names.binds))


def _keep_made_of_itself(batch: Batch, dirty: Dirty) -> None:
    """`app = wrap(app)`: run alone it would wrap what is wrapped already; an instance follows its class by itself."""
    if dirty.reasons == {"called"} and not _evident(batch, dirty):
        batch.end(dirty, "cut-off", "its value is kept: an instance follows its class")
    else:
        hold(batch, dirty, Impact(Effect.GLOBAL, sorted(dirty.names.rebinds)[0], "RLD307"))


def _allowed(dirty: Dirty, impact: Impact) -> bool:
    """Whether an unchanged statement may run again because something it reads changed."""
    if impact.effect <= Effect.STORE and dirty.reasons != {"called"}:
        return True
    if dirty.statement.kind != "bind":
        return impact.effect <= Effect.STORE
    if "input" in dirty.reasons:
        return impact.effect == Effect.UNKNOWN
    return impact.effect <= Effect.STORE and _plain_values(dirty)


def _plain_values(dirty: Dirty) -> bool:
    """Whether a statement made data alone: no object that follows its class by itself."""
    return all(plain(dirty.view.ns.get(n)) for n in dirty.names.binds)


def _evident(batch: Batch, dirty: Dirty) -> bool:
    """Whether a changed function is called by name, not just through a class, or handed on in a block that binds data."""
    module = dirty.view.module
    handed = (
        dirty.names.reads
        if dirty.statement.kind == "block" and binds_data(dirty.view, dirty.index)
        else frozenset[Chain]()
    )
    for chain in dirty.names.calls | handed:
        target = batch.resolver.target_of(module, chain)
        if is_a(target, type) or batch.resolver.called(module, chain) is None:
            continue
        if is_a(target, FunctionType) and id(target.__code__) in batch.own_codes:
            return True
        changes = (c.product for c in batch.changes.values() if c.product.kind in CALLED)
        if any(batch.resolver.means(module, chain, product) for product in changes):
            return True
    return False


def hold(batch: Batch, dirty: Dirty, impact: Impact) -> None:
    """Leave a statement as it is and say so on its line."""
    harmless = not impact.what or impact.effect <= Effect.LOCAL
    what = "the object it made is kept" if harmless else f"{impact.what} would happen again"
    said = batch.findings.say(
        impact.code if impact.effect > Effect.LOCAL else "RLD316",
        f"{dirty.statement.label} was not run again although {dirty.why}: {what}. "
        "Run it again, or keep the value with `# reload: keep`.",
        dirty.view.module.path,
        place_of(dirty.statement),
        count=Count(len(dirty.names.binds) or 1),
        data={
            "statement": {"module": dirty.view.module.name, "line": dirty.statement.line},
            "fixes": [{"kind": "rerun"}, {"kind": "keep"}],
        },
    )
    if said is not None:
        batch.held[dirty.key] = said
    batch.end(dirty, "held")


def is_main_guard(dirty: Dirty) -> bool:
    """`if __name__ == "__main__"`, alone or with further conditions."""
    node = dirty.view.node(dirty.index) if dirty.statement.kind == "block" else None
    if not isinstance(node, ast.If):
        return False
    both = isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And)
    tests = node.test.values if isinstance(node.test, ast.BoolOp) and both else [node.test]
    return any(isinstance(t, ast.Compare) and chain_of(t.left) == ("__name__",) for t in tests) and not node.orelse


def is_main(view: View) -> bool:
    return view.ns.get("__name__") == "__main__"


def _guard(batch: Batch, dirty: Dirty) -> bool:
    if is_main(dirty.view) and "edited" in dirty.reasons:
        batch.findings.say(
            "RLD315",
            'The code under `if __name__ == "__main__"` ran when the program started and does not run again. '
            "Restart the program to run the edited lines.",
            dirty.view.module.path,
            place_of(dirty.statement),
            data={"fixes": [{"kind": "restart"}]},
        )
    batch.end(dirty, "cut-off", "the main guard runs once")
    return False
