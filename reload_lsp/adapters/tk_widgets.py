"""Tk: a widget that its statement makes again would be a second one; windows stand as they were built."""

from __future__ import annotations

import ast
import sys

from ..source.names import chain_of
from ..source.statement import parse
from .built import Built
from .tk_leftovers import drop_options, take_back

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Definition
    from ..live.loaded import LoadedModule
    from ..live.work import Work

SETS = frozenset(
    (
        "config", "configure", "title", "geometry", "resizable", "minsize", "maxsize", "protocol", "iconphoto", "attributes",
        "pack", "pack_configure", "grid", "grid_configure", "place", "place_configure", "columnconfigure", "rowconfigure",
        "grid_columnconfigure", "grid_rowconfigure",
    )
)  # fmt: skip


class TkWidgets:
    """Options and bindings at the top level of modules, and what `__init__` of a live widget did."""

    library = "tkinter"
    tested = "Tk 8.6"

    def __init__(self) -> None:
        self._built = Built()
        self._merged: list[tuple[LoadedModule, str, Any]] = []

    def begin(self, work: Work) -> None:
        self._merged = []

    def repeats(self, work: Work, definition: Definition) -> bool:
        """What only sets something leaves nothing behind."""
        call = definition.call() if definition.statement.kind == "effect" else None
        if call is None or not isinstance(call.owner, sys.modules["tkinter"].Misc):
            return False
        return call.chain[-1] in SETS or _binding(definition) is not None

    def withdraw(self, work: Work, definition: Definition) -> None:
        """`window.bind(event, handler)` runs again, for another event perhaps: the earlier binding goes, and options left out."""
        if definition.statement.kind != "effect":
            return
        drop_options(work, definition)
        found = _binding(definition)
        if found is None:
            return
        widget, event = found
        script = widget.tk.call("bind", widget._w, event)
        work.journal.record(widget.tk.call, "bind", widget._w, event, script)
        widget.tk.call("bind", widget._w, event, "")

    def merge(self, work: Work, before: Any, after: Any) -> bool:
        """A widget made again: the one on the screen gets the options that differ, and stays."""
        kinds: Any = sys.modules["tkinter"]
        if type(before) is not type(after) or not isinstance(before, kinds.Widget) or before.master is not after.master:
            return False
        maker = work.maker_of(before)
        if maker is None:
            return False
        for name in _options(work, maker):
            _take_option(work, before, after, name)
        after.destroy()
        self._merged.append((maker.module, maker.name, before))
        return True

    def settle(self, work: Work) -> None:
        for module, name, widget in self._merged:
            take_back(work, module, name, widget)
        self._merged = []
        if work.swapped():
            self._built.say(work, sys.modules["tkinter"].Misc)


def _binding(definition: Definition) -> tuple[Any, str] | None:
    """Widget and event of `widget.bind(event, handler)`, which takes the place of any binding before."""
    call = definition.call()
    if call is None or call.chain[-1] != "bind" or len(call.arguments) != 2 or call.named.get("add"):
        return None
    if not isinstance(call.owner, sys.modules["tkinter"].Misc) or not isinstance(call.arguments[0], str):
        return None
    return call.owner, call.arguments[0]


def _options(work: Work, maker: Definition) -> list[str]:
    """The options that an edited statement gives otherwise than before, or that are made of what changed."""
    before, after = _keywords(parse(maker.before)), _keywords(parse(maker.statement))
    edited = {k for k in before.keys() | after.keys() if _text(before.get(k)) != _text(after.get(k))}
    return sorted(edited | {k for k, value in after.items() if _follows(work, maker, value)})


def _keywords(node: ast.AST) -> dict[str, ast.expr]:
    value = getattr(node, "value", None)
    return {k.arg: k.value for k in value.keywords if k.arg} if isinstance(value, ast.Call) else {}


def _text(node: ast.expr | None) -> str:
    return ast.dump(node) if node is not None else ""


def _follows(work: Work, maker: Definition, value: ast.expr) -> bool:
    """Whether an expression reads a name that changed."""
    for chain in filter(None, (chain_of(n) for n in ast.walk(value) if isinstance(n, (ast.Name, ast.Attribute)))):
        owner: Any = maker.module.ns.get(chain[0])
        inner = owner.__name__ if type(owner) is type(sys) else ""
        if work.changed(maker.module.name, chain[0]) or (len(chain) > 1 and work.changed(inner, chain[1])):
            return True
    return False


def _take_option(work: Work, before: Any, after: Any, name: str) -> None:
    value = after.cget(name)
    work.journal.record(before.configure, {name: before.cget(name)})
    if str(value) in (after._tclCommands or ()):  # a Python function's name in Tk: it goes with its widget
        after._tclCommands.remove(str(value))
        before._tclCommands = [*(before._tclCommands or ()), str(value)]
    before.configure({name: value})


ADAPTER = TkWidgets()
