"""Methods by which a statement changes the object that it calls them on."""

from __future__ import annotations

MUTATORS = frozenset(
    [
        "append",
        "extend",
        "insert",
        "add",
        "update",
        "setdefault",
        "pop",
        "popitem",
        "remove",
        "discard",
        "clear",
        "sort",
        "reverse",
        "appendleft",
        "extendleft",
        "register",
        "connect",
        "subscribe",
    ]
)


# Those of containers alone: also where the method is handed to somebody (`stack.callback(names.append, 1)`).
FILLERS = frozenset(("append", "extend", "insert", "setdefault", "appendleft"))
