"""Whether a statement that an edit reaches would run; if not, why it would be held."""

from __future__ import annotations

import ast

from ..findings.values import Count
from ..plan.impact import Effect, Impact
from ..source.names import chain_of
from .planner import Dirty, Planner, place_of

_DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_MAKERS = frozenset(("list", "dict", "set", "bytearray"))


def may_run(planner: Planner, dirty: Dirty) -> bool:
    """Would the statement run? If not, its end is written down."""
    if _is_main_guard(dirty):
        _guard(planner, dirty)
        return False
    if _owners_first(planner, dirty):
        return False
    again = planner.markers(dirty).rerun
    if again or dirty.reasons & {"edited", "added", "rebuild"} or dirty.statement.kind == "import":
        return True
    impact = planner.effects.of(dirty.module.node(dirty.index), dirty.module)
    twice = (dirty.names.binds & dirty.names.mutates) - _loop_names(dirty)
    if twice:
        impact = Impact(Effect.GLOBAL, sorted(twice)[0], "RLD307")
    if _allowed(planner, dirty, impact):
        return True
    if dirty.reasons == {"called"} and not _evident(planner, dirty):
        planner.end(dirty, "keep", "an instance follows its class")
        return False
    hold(planner, dirty, impact)
    return False


def _loop_names(dirty: Dirty) -> set[str]:
    """What a loop at the top level binds anew in each turn."""
    node = dirty.module.node(dirty.index)
    targets = ast.walk(node.target) if isinstance(node, ast.For) else ()
    return {n.id for n in targets if isinstance(n, ast.Name)}


def _allowed(planner: Planner, dirty: Dirty, impact: Impact) -> bool:
    if impact.effect <= Effect.STORE and dirty.reasons != {"called"}:
        return True
    if dirty.statement.kind != "bind":
        return impact.effect <= Effect.STORE
    if "input" in dirty.reasons:
        return impact.effect == Effect.UNKNOWN
    return impact.effect <= Effect.STORE and all(_plain(planner, dirty, name) for name in dirty.names.binds)


def _plain(planner: Planner, dirty: Dirty, name: str) -> bool:
    """Is the value data alone? Only the process knows; without one it is taken to be."""
    key = (dirty.module.name, name)
    planner.asked.values.add(key)
    return planner.facts.plain.get(key, True)


def _evident(planner: Planner, dirty: Dirty) -> bool:
    """Whether a changed function is called by name in the statement, not just through a class."""
    found = [planner.after.called(dirty.module, chain) for chain in dirty.names.calls]
    return any(target is not None and not target.is_class for target in found)


def hold(planner: Planner, dirty: Dirty, impact: Impact) -> None:
    """The statement would be left as it is, and that is said on its line."""
    harmless = not impact.what or impact.effect <= Effect.LOCAL
    what = "the object it made is kept" if harmless else f"{impact.what} would happen again"
    planner.say(
        impact.code if impact.effect > Effect.LOCAL else "RLD316",
        f"{dirty.statement.label} is not run again although {dirty.why}: {what}. "
        "Save and choose to run it again, or keep the value with `# reload: keep`.",
        dirty.module,
        place_of(dirty.statement),
        verdict="held",
        count=Count(len(dirty.names.binds) or 1),
        fixes=("keep",),
    )
    planner.end(dirty, "hold", f"{dirty.why}; {what}")


def _is_main_guard(dirty: Dirty) -> bool:
    node = dirty.module.node(dirty.index) if dirty.statement.kind == "block" else None
    if not isinstance(node, ast.If) or node.orelse:
        return False
    both = isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And)
    tests = node.test.values if isinstance(node.test, ast.BoolOp) and both else [node.test]
    return any(isinstance(t, ast.Compare) and chain_of(t.left) == ("__name__",) for t in tests)


def _guard(planner: Planner, dirty: Dirty) -> None:
    if dirty.module.main is not False and "edited" in dirty.reasons:
        planner.say(
            "RLD315",
            'the code under `if __name__ == "__main__"` ran when the program started and does not run again. '
            "Restart the program to run the edited lines.",
            dirty.module,
            place_of(dirty.statement),
        )
    planner.end(dirty, "skip", "the main guard runs once")


def _owners_first(planner: Planner, dirty: Dirty) -> bool:
    """An edited statement that fills a container: the container is built again, this statement after it."""
    names = dirty.names
    if names.binds - names.mutates or not dirty.reasons & {"edited", "input", "called", "derived"}:
        return False
    found = False
    for name in sorted(n for n in names.mutates if n not in names.stores or n in names.keyed):
        for index in dirty.module.binders(name):
            makers = _makers(dirty, index)
            if index < dirty.index and (name in names.binds or _is_built(planner, dirty, makers[-1])):
                for maker in makers:
                    found |= _build_again(planner, dirty, maker)
    if found:
        dirty.reasons.add("rebuild")
        planner.take_up(dirty)
    return found


def _build_again(planner: Planner, dirty: Dirty, index: int) -> bool:
    if (dirty.module.name, index) in planner.steps or (dirty.module.name, index) in planner.pending:
        return False
    planner.mark(dirty.module, index, "rebuild", f"{dirty.statement.label} was edited")
    return True


def _makers(dirty: Dirty, index: int) -> list[int]:
    """A statement, and those that made what it took its object from: `b = a`."""
    found = [index]
    while isinstance(value := getattr(dirty.module.node(found[-1]), "value", None), ast.Name):
        binders = [i for i in dirty.module.binders(value.id) if i < found[-1]]
        if not binders:
            break
        found.append(binders[-1])
    return found


def _is_built(planner: Planner, dirty: Dirty, index: int) -> bool:
    """Whether a statement makes a container, or an object of a library's class (`argparse.ArgumentParser()`)."""
    if _is_container(dirty, index):
        return True
    value = getattr(dirty.module.node(index), "value", None)
    if not isinstance(value, ast.Call) or "edited" not in dirty.reasons:
        return False
    chain = chain_of(value.func)
    target = planner.after.called(dirty.module, chain) if chain else None
    library = target.qualified if target is not None else ""
    return library.rpartition(".")[2][:1].isupper() and planner.effects.of(value, dirty.module).effect <= Effect.LOCAL


def _is_container(dirty: Dirty, index: int) -> bool:
    value = getattr(dirty.module.node(index), "value", None)
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id in _MAKERS
    return isinstance(value, _DISPLAYS)
