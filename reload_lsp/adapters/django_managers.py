"""Django: managers have a method for each of their query set's, from when they were made of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.work import Work


class DjangoManagers:
    """Managers of `QuerySet.as_manager()` and `Manager.from_queryset(...)`."""

    library = "django.db.models.manager"
    tested = "5.2, 6.1"

    def settle(self, work: Work) -> None:
        query_set: Any = sys.modules["django.db.models.query"].QuerySet
        edited = [c for c in work.classes if issubclass(c, query_set)]
        for manager in _below(sys.modules[self.library].BaseManager) if edited else ():
            made_of = manager.__dict__.get("_queryset_class")
            if made_of is not None and any(issubclass(made_of, c) for c in edited):
                _follow(work, manager, made_of)


def _follow(work: Work, manager: Any, query_set: Any) -> None:
    wanted = manager.__mro__[1]._get_queryset_methods(query_set)
    copied = {n for n, v in manager.__dict__.items() if hasattr(v, "__wrapped__")}
    for name in wanted.keys() - manager.__dict__.keys():
        work.journal.set_attr(manager, name, wanted[name])
    for name in copied - wanted.keys():
        work.journal.del_attr(manager, name)


def _below(cls: type) -> Iterator[Any]:
    for sub in type.__subclasses__(cls):
        yield sub
        yield from _below(sub)


ADAPTER = DjangoManagers()
