"""Django: what of a field is no matter of the table, so that a field which lives can have another: default, choices, texts."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import ClassEdit
    from ..live.work import Work

SOFT = frozenset(
    ("blank", "choices", "default", "editable", "error_messages", "help_text", "validators", "verbose_name")
)
STATE = SOFT - {"validators"} | {"_choices", "_error_messages", "_validators", "_verbose_name"}
CACHED = frozenset(("_get_default", "flatchoices", "validators"))


def follow_fields(work: Work, edit: ClassEdit, names: set[str]) -> set[str]:
    """Give fields of a model what was edited of them; those with which more was done come back."""
    options: Any = getattr(edit.cls, "_meta", None)
    fields: dict[str, Any] = {f.name: f for f in options.local_fields if f.name in names and not options.abstract}
    made = edit.run(set(fields)) if fields else {}
    followed = {n for n, field in fields.items() if n in made and _is_soft(field, made[n])}
    for name in followed:
        _become(work, fields[name], made[name])
    if followed:
        _forms_again(work, edit.cls)
    return names - followed


def _is_soft(field: Any, made: Any) -> bool:
    if type(field) is not type(made) or (field.choices is None) != (made.choices is None):
        return False
    (before, mine), (after, theirs) = [(f.deconstruct()[1:3], f.deconstruct()[3]) for f in (field, made)]
    hard = [{n: v for n, v in kw.items() if n not in SOFT} for kw in (mine, theirs)]
    return before == after and hard[0] == hard[1]


def _become(work: Work, field: Any, made: Any) -> None:
    state = {n: v for n, v in field.__dict__.items() if n not in CACHED}
    state |= {n: v for n, v in made.__dict__.items() if n in STATE}
    if state["verbose_name"] is None:
        state["verbose_name"] = field.name.replace("_", " ")
    work.journal.replace_content(field.__dict__, state)


def _forms_again(work: Work, model: Any) -> None:
    """The forms of a model have made their fields of those of the model."""
    forms: Any = sys.modules.get("django.forms.models")
    stack = list(type.__subclasses__(forms.BaseModelForm)) if forms is not None else []
    while stack:
        form = stack.pop()
        stack += type.__subclasses__(form)
        if getattr(getattr(form, "_meta", None), "model", None) is model and not work.is_copy(form):
            work.rerun(form, f"fields of {model.__name__} changed")
