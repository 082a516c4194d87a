"""The parameters of requests, read strictly: whatever a client sends, the engine sees what it expects."""

from __future__ import annotations

import os

from ..findings.values import Cause
from ..live.requests import Kind, Place, Save
from .safepoint import PLACES, Where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, cast
else:

    def cast(_kind: object, value: object) -> object:
        return value


CAUSES: tuple[Cause, ...] = ("save", "external", "command", "api")
KINDS: tuple[Kind, ...] = ("modified", "created", "deleted")
FILES_LIMIT = 100_000
NAMES_LIMIT = 500
BUDGET_MS = 20.0  # the longest look at the heap that a question may cost


class Refused(Exception):
    """A request is answered with an error: `code` for programs, the text for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def paths_of(params: dict[str, Any]) -> list[str]:
    """`paths`: absolute file names."""
    return [_path(item) for item in _list(params, "paths")]


def saves_of(params: dict[str, Any]) -> list[Save]:
    """`files` of an `apply`."""
    return [_save(item) for item in _list(params, "files")]


def cause_of(params: dict[str, Any]) -> Cause:
    """`cause` of an `apply`."""
    return _one_of(params.get("cause"), CAUSES, "cause")


def profile_of(params: dict[str, Any]) -> dict[str, Any]:
    """`profile` of an `apply`: when the server did its part, by `time.perf_counter_ns`."""
    value = params.get("profile")
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def where_of(params: dict[str, Any]) -> Where:
    """`where` of anything that ends in a report: in which thread it is done; the agent's where nothing is said."""
    return _one_of(params.get("where", "agent"), PLACES, "where")


def names_of(params: dict[str, Any], key: str) -> list[tuple[str, str]]:
    """`key` of a `facts`: pairs of a module's name and a dotted name in it."""
    return [_name(item) for item in _list(params, key, [])[:NAMES_LIMIT]]


def texts_of(params: dict[str, Any], key: str) -> list[str]:
    """`key`, a list of texts."""
    items = _list(params, key)
    if not all(isinstance(item, str) for item in items):
        raise Refused("bad-params", f"`{key}` must be a list of texts")
    return cast("list[str]", items)


def budget_of(params: dict[str, Any]) -> float:
    """`budgetMs` of a `facts`: how long a look at the heap may take, at most `BUDGET_MS`."""
    value = params.get("budgetMs", BUDGET_MS)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Refused("bad-params", f"`budgetMs` must be a number, not {value!r:.200}")
    return min(float(value), BUDGET_MS)


def _name(item: object) -> tuple[str, str]:
    pair = cast("list[object]", item) if isinstance(item, list) else []
    if len(pair) != 2 or not all(isinstance(part, str) for part in pair):
        raise Refused("bad-params", f"a name must be a pair of texts (module, name), not {item!r:.200}")
    return cast("str", pair[0]), cast("str", pair[1])


def places_of(params: dict[str, Any]) -> list[Place]:
    """`statements` of a `rerun`."""
    return [_place(item) for item in _list(params, "statements")]


def migration_of(params: dict[str, Any]) -> tuple[str, str, list[str]]:
    """`path`, `class` (qualified name) and `fields` (attributes) of a `migration`."""
    cls, fields = params.get("class"), _list(params, "fields")
    if not isinstance(cls, str) or not all(isinstance(name, str) and name.isidentifier() for name in fields):
        raise Refused("bad-params", "`class` must be a name and `fields` a list of names")
    return _path(params.get("path")), cls, cast("list[str]", fields[:NAMES_LIMIT])


def _place(item: object) -> Place:
    data = cast("dict[str, Any]", item) if isinstance(item, dict) else {}
    line = data.get("line")
    if not isinstance(line, int) or isinstance(line, bool) or line < 0:
        raise Refused("bad-params", f"`line` must be a whole number from 0, not {line!r:.200}")
    return Place(_path(data.get("path")), line)


def _save(item: object) -> Save:
    if not isinstance(item, dict):
        raise Refused("bad-params", "each of `files` must be an object")
    data = cast("dict[str, Any]", item)
    digest = data.get("sha256")
    if digest is not None and not isinstance(digest, str):
        raise Refused("bad-params", "`sha256` must be a string or null")
    return Save(_path(data.get("path")), _one_of(data.get("kind", "modified"), KINDS, "kind"), digest)


def _path(value: object) -> str:
    if not isinstance(value, str) or not os.path.isabs(value) or "\0" in value:
        raise Refused("bad-params", f"a path must be an absolute file name, not {value!r:.200}")
    return value


def _list(params: dict[str, Any], name: str, default: object = None) -> list[object]:
    value = params.get(name, default)
    if not isinstance(value, list) or len(cast("list[object]", value)) > FILES_LIMIT:
        raise Refused("bad-params", f"`{name}` must be a list of at most {FILES_LIMIT} items")
    return cast("list[object]", value)


def _one_of(value: Any, allowed: tuple[Any, ...], name: str) -> Any:
    if value not in allowed:
        raise Refused("bad-params", f"`{name}` must be one of {', '.join(allowed)}, not {value!r:.200}")
    return value
