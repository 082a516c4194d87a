"""Plain data as text, so that two processes can tell by a hash whether they mean the same value."""

from __future__ import annotations

from collections.abc import Iterable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ATOMS: frozenset[type] = frozenset((int, bool, float, complex, str, bytes, range, type(None), type(Ellipsis)))
_SEQUENCES: frozenset[type] = frozenset((tuple, list))
_SETS: frozenset[type] = frozenset((set, frozenset))
DEPTH = 6
ITEMS = 2_000


def kind_of(value: Any) -> type:
    """The exact type of a value."""
    return type(value)  # pyright: ignore[reportUnknownVariableType]


def canonical(value: Any, depth: int = DEPTH) -> str | None:
    """What makes two values of builtin types the same, type-exact and in order; None for what is not data alone, or too big."""
    kind = kind_of(value)
    if kind in _ATOMS:
        return f"{kind.__name__}:{value!r}"
    if depth < 0 or kind not in _SEQUENCES | _SETS | {dict} or len(value) > ITEMS:
        return None
    parts = [value.keys(), value.values()] if kind is dict else [value]
    told = [_joined((canonical(item, depth - 1) for item in part), kind in _SETS) for part in parts]
    return None if None in told else f"{kind.__name__}({told})"


def _joined(items: Iterable[str | None], unordered: bool) -> str | None:
    found = list(items)
    if None in found:
        return None
    texts = [item for item in found if item is not None]
    return ",".join(sorted(texts) if unordered else texts)


def digest(value: Any) -> str | None:
    """A hash of plain data, None for other values."""
    from hashlib import sha256

    text = canonical(value)
    return None if text is None else sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]
