"""A migration tried out: on copies of the live objects that lack attributes, before it is written into the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..source.migration import HOOK, stub_for
from ..values import dataclass
from .heap import survey
from .kinds import is_a, kind_of
from .loaded import LoadedModule
from .modules import Modules
from .reach import getattr_raw
from .requests import ReloadError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DIFFERENT_FAILURES = 5


@dataclass(frozen=True, slots=True)
class Trial:
    """Of `total` objects that lack something `good` would have it; `failures`: messages and how often each came."""

    total: int
    good: int
    exact: bool
    failures: tuple[tuple[str, int], ...]


def try_out(modules: Modules, path: str, qualname: str, fields: Sequence[str]) -> Trial:
    """Run the migration that `source.migration` writes on a copy of each live object that lacks one of `fields`."""
    modules.refresh()
    for module in modules.at(path):
        cls = _named(module, qualname)
        if cls is not None:
            return _tried(module, cls, fields)
    raise ReloadError(f"the process has no class {qualname} of {path}")


def _named(module: LoadedModule, qualname: str) -> type | None:
    found: Any = module.module
    for name in qualname.split("."):
        found = getattr_raw(found, "__dict__").get(name) if found is not None else None
    return found if is_a(found, type) else None


def _tried(module: LoadedModule, cls: type, fields: Sequence[str]) -> Trial:
    stub = stub_for(module.text, cls.__qualname__, fields)
    if stub is None:
        raise ReloadError(f"class {cls.__qualname__} has a {HOOK} of its own, or no body to put one into")
    scope: dict[str, Any] = {}
    from textwrap import dedent

    exec(compile(dedent(stub.text), module.filename, "exec", dont_inherit=True), module.ns, scope)
    heap = survey((), [cls])
    lacking = [o for o in heap.instances.get(cls, ()) if _lacks(o, fields)]
    failures = Counter(filter(None, (_failure(scope[HOOK], instance, fields) for instance in lacking)))
    good = len(lacking) - sum(failures.values())
    return Trial(len(lacking), good, heap.exact, tuple(failures.most_common(DIFFERENT_FAILURES)))


def _lacks(instance: Any, fields: Sequence[str]) -> bool:
    state = getattr_raw(instance, "__dict__")
    return kind_of(state) is not dict or any(name not in state for name in fields)


def _failure(hook: Any, instance: Any, fields: Sequence[str]) -> str:
    """Why an object cannot be migrated, "" where it can."""
    state = getattr_raw(instance, "__dict__")
    if kind_of(state) is not dict:
        return f"{kind_of(instance).__name__} objects keep their attributes in slots"
    try:
        copy = object.__new__(kind_of(instance))
        object.__getattribute__(copy, "__dict__").update(state)
        hook(copy, dict(state))
        missing = [name for name in fields if name not in object.__getattribute__(copy, "__dict__")]
    except Exception as error:  # noqa: BLE001, RUF100 - whatever the user's code raises is the answer
        return f"{type(error).__name__}: {error}"[:200]
    return f"{missing[0]} is still missing" if missing else ""
