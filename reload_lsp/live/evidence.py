"""Whether a statement that makes data runs what was edited: it is executed once more aside, and what it calls is seen.

A way that no name tells may lead anywhere: `d.get("x")` is no reader of an edited `get`. To make such a value again would throw
away what the program has put into it since.
"""

from __future__ import annotations

import sys
from types import CodeType, FrameType, FunctionType

from ..plan.impact import Effect
from ..source.codes import walk
from .dirty import Dirty
from .kinds import is_a, kind_of
from .product import binds_data
from .values import CONTAINERS
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .batch import Batch

_NOTES = frozenset(("__annotations__", "get_type_hints"))


def makes_data_of_it(batch: Batch, view: View, index: int, failing: bool = False) -> bool:
    """Whether a statement makes data alone, leaves no trace, and calls or reads what changed (`failing`: or cannot be tried)."""
    if not binds_data(view, index):
        return False
    return leaves_no_trace(batch, view, index) and _runs_what_changed(batch, view, index, failing)


def may_call_items(batch: Batch, view: View, index: int, container: Any) -> bool:
    """Whether a reader of a table of functions calls them: `{name: 0 for name in HANDLERS}` asks for its keys alone."""
    if kind_of(container) not in CONTAINERS or not leaves_no_trace(batch, view, index):
        return True
    return makes_data_of_it(batch, view, index, failing=True)


def leaves_no_trace(batch: Batch, view: View, index: int) -> bool:
    """Whether a statement can be executed once more without anybody seeing it."""
    return batch.effects.of(view.node(index), view.module).effect <= Effect.LOCAL


def _runs_what_changed(batch: Batch, view: View, index: int, failing: bool) -> bool:
    dirty = Dirty(view, index)
    outer = sys.getprofile()
    if dirty.names.mutates or not (outer is None or is_a(outer, FunctionType)):
        return failing
    code = view.compiled(view.node(index), index)
    ended, seen = _called_by(code, view.ns, outer)
    if failing and not ended:
        return True
    if any(id(c) in batch.own_codes or (c.co_name in batch.loose.called and _is_own(batch, ns)) for c, ns in seen):
        return True
    asked = {name for c in (*walk(code), *(c for c, _ in seen)) for name in c.co_names}
    if "__annotations__" in batch.loose.read and not asked.isdisjoint(_NOTES):
        return True
    values = [view.ns.get(n) for n in dirty.names.binds]
    return not asked.isdisjoint(batch.loose.read) and not any(kind_of(v) in CONTAINERS for v in values)


def _called_by(code: CodeType, ns: dict[str, Any], outer: Any) -> tuple[bool, list[tuple[CodeType, dict[str, Any]]]]:
    ended = False
    seen: dict[CodeType, dict[str, Any]] = {}

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            seen.setdefault(frame.f_code, frame.f_globals)

    sys.setprofile(note)
    try:
        exec(code, ns, {})
        ended = True
    except Exception:  # noqa: BLE001, S110, RUF100  # it is told again, and put back, where the statement runs
        pass
    finally:
        sys.setprofile(outer)
    return ended, list(seen.items())


def _is_own(batch: Batch, ns: dict[str, Any]) -> bool:
    return batch.modules.of_namespace(ns) is not None
