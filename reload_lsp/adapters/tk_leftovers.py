"""Tk: what calls did to a widget that stays, and do no more: left out of an edited call, or gone with it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from ..source.names import chain_of
from ..source.statement import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Definition
    from ..live.loaded import LoadedModule
    from ..live.work import Work

# What a geometry manager takes where an option is not given.
PLACED: dict[str, dict[str, Any]] = {
    "pack": {
        "anchor": "center",
        "expand": 0,
        "fill": "none",
        "ipadx": 0,
        "ipady": 0,
        "padx": 0,
        "pady": 0,
        "side": "top",
    },
    "grid": {"columnspan": 1, "rowspan": 1, "sticky": "", "ipadx": 0, "ipady": 0, "padx": 0, "pady": 0},
    "place": {
        "x": 0,
        "y": 0,
        "relx": 0,
        "rely": 0,
        "width": "",
        "height": "",
        "relwidth": "",
        "relheight": "",
        "anchor": "nw",
    },
}
OPTIONS = frozenset(("config", "configure"))


def drop_options(work: Work, definition: Definition) -> None:
    """An edited call no longer gives some options: they are what they are without it."""
    before, after = _call(parse(definition.before)), _call(parse(definition.statement))
    owner = definition.call()
    if before is None or after is None or owner is None or not isinstance(owner.owner, sys.modules["tkinter"].Misc):
        return
    gone = _given(before) - _given(after)
    method = owner.chain[-1].removesuffix("_configure")
    for name in sorted(gone):
        if method in PLACED and name in PLACED[method]:
            _place(work, owner.owner, method, name, PLACED[method][name])
        elif method in OPTIONS:
            _set(work, owner.owner, name, owner.owner.configure(name)[3])


def take_back(work: Work, module: LoadedModule, name: str, widget: Any) -> None:
    """A widget was made again, as a statement that did something to it is gone: what it did goes, or is said to stand."""
    texts = dict(zip((id(m) for m in work.edited), zip(work.old_texts(), work.texts(), strict=True), strict=True))
    old, new = texts.get(id(module), ("", ""))
    kept = list(_calls(new, name))
    same = {ast.dump(call) for call in kept}
    for call in [c for c in _calls(old, name) if ast.dump(c) not in same]:
        _take_back(work, widget, call, kept)


def _take_back(work: Work, widget: Any, call: ast.Call, kept: list[ast.Call]) -> None:
    method = _method(call)
    if method in PLACED:
        if not any(_method(c) in PLACED for c in kept) and widget.winfo_manager():
            work.journal.record(widget.tk.call, method, "configure", widget._w, *_flat(widget, method))
            widget.tk.call(method, "forget", widget._w)
    elif method in OPTIONS:
        given = {name for c in kept if _method(c) in OPTIONS for name in _given(c)}
        for name in sorted(_given(call) - given):
            _set(work, widget, name, widget.configure(name)[3])
    elif method != "bind" or not _rebound(call, kept):
        work.say(
            "RLD307",
            f"`{ast.unparse(call)}` is gone, but what it did when it ran is still in force. Restart the process to be "
            "without it.",
        )


def _rebound(call: ast.Call, kept: list[ast.Call]) -> bool:
    """Whether another binding took the place of this one."""
    event = ast.dump(call.args[0]) if call.args else ""
    return any(_method(c) == "bind" and c.args and ast.dump(c.args[0]) == event for c in kept)


def _calls(text: str, name: str) -> Iterator[ast.Call]:
    """The calls of a widget's methods at the top level of a text."""
    for statement in ast.parse(text).body:
        call = _call(statement)
        chain = chain_of(call.func) if call is not None else None
        if call is not None and chain is not None and chain[0] == name and len(chain) == 2:
            yield call


def _call(statement: ast.AST) -> ast.Call | None:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return value if isinstance(value, ast.Call) else None


def _method(call: ast.Call) -> str:
    return call.func.attr.removesuffix("_configure") if isinstance(call.func, ast.Attribute) else ""


def _given(call: ast.Call) -> set[str]:
    return {k.arg for k in call.keywords if k.arg}


def _flat(widget: Any, method: str) -> list[Any]:
    """Where a widget stands, as Tk's own commands take it."""
    return [word for name, value in getattr(widget, f"{method}_info")().items() for word in (f"-{name}", value)]


def _place(work: Work, widget: Any, method: str, name: str, value: Any) -> None:
    if widget.winfo_manager() == method:
        work.journal.record(widget.tk.call, method, "configure", widget._w, *_flat(widget, method))
        widget.tk.call(method, "configure", widget._w, f"-{name}", value)


def _set(work: Work, widget: Any, name: str, value: Any) -> None:
    work.journal.record(widget.configure, {name: widget.cget(name)})
    widget.configure({name: value})
