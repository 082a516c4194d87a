"""What a pydantic model keeps of its validators and computed fields: bound to it, not to a class made on the way."""

from __future__ import annotations

from copy import copy
from types import MethodType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ..live.work import Work

KEPT = "__pydantic_decorators__"
COMPUTED = "__pydantic_computed_fields__"


def bind_again(work: Work, model: Any) -> None:
    """Have what a model validates with know the model itself: it was made with a class that was merged into it."""
    for _, table in _tables(model):
        for key, decorator in list(table.items()):
            made = _bound_to(model, decorator)
            if made is not decorator:
                work.journal.set_item(table, key, made)


def take_over(work: Work, model: Any, origin: Any) -> None:
    """Give `Page[Item]` the validators and computed fields that `Page` has now."""
    mine = dict(_tables(model))
    for name, table in _tables(origin):
        if name in mine:
            work.journal.replace_content(mine[name], {k: _bound_to(model, copy(d)) for k, d in table.items()})
    known = model.__dict__.get(COMPUTED)
    if type(known) is dict:
        made = {k: d.info for k, d in mine.get("computed_fields", {}).items()}
        work.journal.replace_content(known, made)  # pyright: ignore[reportUnknownArgumentType]


def _tables(model: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    infos = model.__dict__.get(KEPT)
    for name in getattr(infos, "__dataclass_fields__", ()):
        table = getattr(infos, name)
        if type(table) is dict:
            yield name, table


def _bound_to(model: Any, decorator: Any) -> Any:
    function = decorator.func
    if type(function) is not MethodType or not isinstance(function.__self__, type) or function.__self__ is model:
        return decorator
    current = getattr(model, decorator.cls_var_name, None)
    bound = copy(decorator)
    bound.func = current if type(current) is MethodType else MethodType(function.__func__, model)
    return bound
