"""Application factories: the value of `app = create_app()`, made once more."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Definition


def made_again(definition: Definition, kind: type) -> Any:
    """Another application of the same class; None where the statement made none, or cannot run twice: it is held then."""
    before = definition.bound()
    if not isinstance(before, kind):
        return None
    try:
        after = definition.evaluate()
    except Exception:  # noqa: BLE001, RUF100 - a factory that runs only once in a process
        return None
    return after if type(after) is type(before) and after is not before else None
