"""Code objects that the program keeps beside their functions, in tables of its modules: they are the new ones after a swap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import CodeType

from ..source.codes import CodePair
from .batch import Batch
from .kinds import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MANY = 10_000


def replace_codes(batch: Batch, pairs: Iterable[CodePair]) -> None:
    """Put the new codes where a set, list or dictionary at the top level of a module holds the old ones (`jinja2.debug`)."""
    new_of = {id(p.old): p.new for p in pairs}
    for container in _containers(batch):
        content = _renewed(container, new_of)
        if content is not None:
            batch.journal.replace_content(container, content)


def _containers(batch: Batch) -> Iterator[Any]:
    found: dict[int, Any] = {}
    for module in batch.modules.all():
        for value in list(module.ns.values()):
            if kind_of(value) in (set, list, dict) and 0 < len(value) < _MANY:
                found[id(value)] = value
    yield from found.values()


def _renewed(container: Any, new_of: dict[int, CodeType]) -> Any:
    """What a container is to hold; None where it holds none of the old codes."""
    items = container.values() if kind_of(container) is dict else container
    held = [*items, *container] if kind_of(container) is dict else items
    if not any(kind_of(x) is CodeType and id(x) in new_of for x in held):
        return None
    if kind_of(container) is dict:
        return {new_of.get(id(k), k): new_of.get(id(v), v) for k, v in container.items()}
    return type(container)([new_of.get(id(x), x) for x in container])
