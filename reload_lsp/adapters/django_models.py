"""Django: a model is not executed again. New fields are added to it, and what needs a migration or a restart is said."""

from __future__ import annotations

import sys
from collections.abc import Callable

from .django_fields import follow_fields
from .members import Added, Stuck, follow_members

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import ClassEdit, Definition
    from ..live.work import Work


STAYS = (
    "The model {cls} still has what was there before: {names} cannot be changed in a running process. "
    "Make a migration where the table has to change, and restart."
)


class DjangoModels:
    """Models, and the admin's registry."""

    library = "django.db.models"
    tested = "5.2, 6.1"

    def __init__(self) -> None:
        self._added = Added()
        self._stuck = Stuck("RLD701", STAYS)

    def begin(self, work: Work) -> None:
        self._added.begin()

    def redefine(self, work: Work, edit: ClassEdit) -> bool:
        models: Any = sys.modules["django.db.models"]
        cls: Any = edit.cls
        if not isinstance(cls, models.base.ModelBase) or not hasattr(cls, "_meta"):
            return False
        if edit.shell:
            self._stuck.say(work, edit, ["its bases"])
            return True
        fields = {f.name for f in (*cls._meta.local_fields, *cls._meta.local_many_to_many)}
        managers = {m.name for m in cls._meta.local_managers}
        new, stuck = follow_members(work, edit, {*fields, *managers, "Meta", "DoesNotExist"}, _contributes)
        for name, value in new.items():
            if _contributes(value) and cls._meta.abstract:
                stuck.add(name)  # every model that inherits it has a copy
            elif _contributes(value):
                self._added.add(edit, name, value)
        stuck -= (changed := stuck & fields & edit.dirty_names)
        stuck |= follow_fields(work, edit, changed)
        if stuck:
            self._stuck.say(work, edit, stuck)
        return True

    def settle(self, work: Work) -> None:
        for edit, name, value in self._added.take():
            cls: Any = edit.cls
            value.contribute_to_class(cls, name)
            cls._meta._expire_cache()
            cls._meta.apps.clear_cache()
            if hasattr(value, "column"):
                work.say(
                    "RLD701",
                    f"{cls.__qualname__} has the field {name} now, and the table {cls._meta.db_table} needs a column for it: "
                    "queries fail until it has one. Run makemigrations and migrate.",
                    edit.dirty,
                )

    def withdraw(self, work: Work, definition: Definition) -> Callable[[], None] | None:
        """`@admin.register(Item)` runs again: the registered object stays, its class follows."""
        admin: Any = sys.modules.get("django.contrib.admin.sites")
        if admin is None or definition.statement.kind != "class":
            return None
        taken: list[tuple[Any, Any, Any]] = []
        for site in work.instances(admin.AdminSite):
            for model, registered in list(site._registry.items()):
                if definition.made(type(registered)):
                    taken.append((site, model, registered))
                    work.journal.del_item(site._registry, model)
        live = definition.bound()
        return None if definition.removed or not isinstance(live, type) else _Back(work, live, taken)


class _Back:
    """Objects that stood in a registry stand there again; one of a class that was merged is of the class that lives."""

    def __init__(self, work: Work, live: type, taken: list[tuple[Any, Any, Any]]) -> None:
        self.work = work
        self.live = live
        self.taken = taken

    def __call__(self) -> None:
        for site, model, registered in self.taken:
            if model in site._registry:
                self.work.journal.set_item(site._registry, model, registered)
        for site in self.work.instances(sys.modules["django.contrib.admin.sites"].AdminSite):
            for made in list(site._registry.values()):
                if not isinstance(made, self.live) and _named(made.__class__) == _named(self.live):
                    made.__class__ = self.live


def _named(cls: type) -> tuple[str, str]:
    return cls.__module__, cls.__qualname__


def _contributes(value: Any) -> bool:
    return hasattr(value, "contribute_to_class") and not isinstance(value, type)


ADAPTER = DjangoModels()
