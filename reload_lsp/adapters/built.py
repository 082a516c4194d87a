"""Windows that stand as `__init__`, and what it calls on `self`, made them: no edit of those reaches them any more."""

from __future__ import annotations

import ast
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FunctionType
    from typing import Any

    from ..live.work import Work


class Built:
    """What the functions that build windows were when the live ones were built; an edit that is taken back is no edit."""

    def __init__(self) -> None:
        self._codes: dict[FunctionType, Any] = {}

    def say(self, work: Work, base: type) -> None:
        """Say which live objects of `base`'s subclasses an edited function has built."""
        for function in work.swapped():
            cls = _owner(function, base)
            if cls is None or function.__name__ not in _builders(work, cls):
                continue
            live = len(work.instances(cls))
            first = self._codes.setdefault(function, work.code_before(function))
            if first == function.__code__ or not live:
                del self._codes[function]
                continue
            work.say(
                "RLD609",
                f"{live} live {cls.__qualname__} {'was' if live == 1 else 'were'} made by the {function.__name__} from before "
                "this edit, and stays so until it is made again. Open its window again, or restart.",
                function,
                count=live,
            )


def _owner(function: FunctionType, base: type) -> Any:
    """The class under `base` whose method a function is."""
    value: Any = sys.modules.get(function.__module__)
    for part in function.__qualname__.split(".")[:-1]:
        value = getattr(value, part, None)
    return value if isinstance(value, type) and issubclass(value, base) else None


def _builders(work: Work, cls: type) -> set[str]:
    """`__init__`, the methods that it calls on `self`, those that these call, and so on."""
    module = work.module(cls.__module__)
    calls = _calls(ast.parse(module.text), cls.__qualname__) if module is not None else {}
    found: set[str] = set()
    waiting = ["__init__"]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(calls.get(name, ()))
    return found


def _calls(tree: ast.Module, qualname: str) -> dict[str, set[str]]:
    """What each method of a class calls on its first argument."""
    body: list[ast.stmt] = tree.body
    for part in qualname.split("."):
        body = [inner for s in body if isinstance(s, ast.ClassDef) and s.name == part for inner in s.body]
    functions = [s for s in body if isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef)) and s.args.args]
    return {f.name: set(_on_self(f, f.args.args[0].arg)) for f in functions}


def _on_self(function: ast.AST, itself: str) -> list[str]:
    calls = [n.func for n in ast.walk(function) if isinstance(n, ast.Call)]
    return [
        f.attr for f in calls if isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) and f.value.id == itself
    ]
