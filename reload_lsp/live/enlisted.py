"""Objects of a class that its decorators make, and put into lists and tables: `ITEMS.append(cls())`.

A class that is made again is merged into the one that lives, and so is its object: the one that stands there already goes on.
Where the decorators are others now, what they made takes its place.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..source.names import chain_of
from .batch import Batch
from .dirty import Dirty
from .kinds import kind_of
from .reach import getattr_raw
from .speak import place_of
from .written import decorators_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Enlisted:
    """The lists and tables within reach of the decorators, before the class statement is executed again."""

    def __init__(self, batch: Batch, dirty: Dirty, live: type, old: ast.ClassDef, new: ast.ClassDef) -> None:
        self.batch = batch
        self.dirty = dirty
        self.live = live
        texts = [[ast.dump(d) for d in node.decorator_list] for node in (old, new)]
        self.other = texts[0] != texts[1] or dirty.reasons != {"edited"}
        values = [v for node in (old, new) for space in _spaces(batch, dirty, node) for v in list(space.values())]
        found = {id(v): v for v in values if kind_of(v) in (list, dict)}
        before: list[tuple[Any, dict[Any, Any]]] = [(c, _content(c)) for c in found.values()]
        self.before = [(c, content) for c, content in before if any(kind_of(v) is live for v in content.values())]

    def settle(self, made: type) -> None:
        """The statement has made `made`, which is not yet merged."""
        for container, before in self.before:
            stood = [k for k, v in before.items() if kind_of(v) is self.live]
            is_table = kind_of(container) is dict
            now = _content(container)
            new = [k for k, v in now.items() if kind_of(v) is made]
            if self.other and len(new) != len(stood):
                self._say()
                continue
            if new:
                content = self._together(before, now, dict(zip(stood, new, strict=False)), set(new))
                self.batch.journal.replace_content(container, content if is_table else list(content.values()))

    def _together(
        self, before: dict[Any, Any], now: dict[Any, Any], taken: dict[Any, Any], new: set[Any]
    ) -> dict[Any, Any]:
        """What a container holds from now on: in the place of an object that stood there, what was made in its stead."""
        content: dict[Any, Any] = {}
        for key, value in now.items():
            if key in taken:
                content[taken[key]] = now[taken[key]] if self.other else before[key]
            elif key not in new or key in before:
                content[key] = value
        return content

    def _say(self) -> None:
        name = self.dirty.statement.name
        self.batch.findings.say(
            "RLD307",
            f"{name} has other decorators now, and an object of it that those from before registered is still there. "
            "Restart the process to be without it.",
            self.dirty.view.module.path,
            place_of(self.dirty.statement),
            verdict="applied-risk",
            data={"fixes": [{"kind": "restart"}]},
        )


def _content(container: Any) -> dict[Any, Any]:
    """What a list or table holds, by its places or keys."""
    items: Any = container.items() if kind_of(container) is dict else enumerate(container)
    return dict(items)


def _spaces(batch: Batch, dirty: Dirty, node: ast.ClassDef) -> Iterator[dict[str, Any]]:
    """Where decorators keep things: among the names of their modules, and in the object whose methods they are."""
    for function in decorators_of(batch, dirty.view.module, node):
        yield function.__globals__
    for decorator in node.decorator_list:
        chain = chain_of(decorator.func if isinstance(decorator, ast.Call) else decorator) or ()
        owner = dirty.view.ns.get(chain[0]) if len(chain) > 1 else None
        for part in chain[1:-1]:
            owner = getattr_raw(owner, part)
        own = owner is not None and batch.modules.named(kind_of(owner).__module__)
        state: Any = getattr_raw(owner, "__dict__") if own else None
        if kind_of(state) is dict:
            yield state
