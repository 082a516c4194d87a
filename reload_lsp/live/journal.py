"""The undo list of a batch: every change to the running program is recorded before it is made."""

from __future__ import annotations

from collections.abc import Callable

from .kinds import is_a

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

MISSING: Final[Any] = object()


class Journal:
    """Changes in the order made; `rollback` takes them back, newest first, and returns what could not be undone."""

    __slots__ = ("_undo",)

    def __init__(self) -> None:
        self._undo = Undo()

    def record(self, undo: Callable[..., object], *args: Any) -> None:
        """Remember how to take back a change that is about to be made."""
        self._undo.append((undo, args))

    def record_last(self, undo: Callable[..., object], *args: Any) -> None:
        """Remember what is to be done when everything else has been taken back. Not between a mark and its rollback."""
        self._undo.insert(0, (undo, args))

    def content_before(self, target: Any) -> Any:
        """A container as it was before the batch filled it anew, else the object itself."""
        return next((args[1] for undo, args in self._undo if undo is fill and args[0] is target), target)

    def mark(self) -> int:
        """A savepoint for `rollback`."""
        return len(self._undo)

    def rollback(self, mark: int = 0) -> list[str]:
        failures: list[str] = []
        while len(self._undo) > mark:
            undo, args = self._undo.pop()
            try:
                undo(*args)
            except Exception as error:  # noqa: BLE001, RUF100 - one failed undo must not keep the others from running
                failures.append(f"{type(error).__name__}: {error}")
        return failures

    # namespaces and dictionaries -------------------------------------------------------------------------------
    def set_item(self, mapping: dict[Any, Any], key: Any, value: Any) -> None:
        self.record(put_back, mapping, key, mapping.get(key, MISSING), value)
        mapping[key] = value

    def del_item(self, mapping: dict[Any, Any], key: Any) -> None:
        if key in mapping:
            self.record(put_back, mapping, key, mapping[key], MISSING)
            del mapping[key]

    # attributes ------------------------------------------------------------------------------------------------
    def set_attr(self, target: Any, name: str, value: Any) -> None:
        """Set an attribute through the ordinary protocol; what the object itself held before is put back."""
        self.record(restore_attr, target, name, own_attr(target, name))
        setattr(target, name, value)

    def set_plain(self, target: Any, name: str, value: Any) -> None:
        """Set an attribute of a function, cell or descriptor, which have no own dictionary entry for it."""
        self.record(setattr, target, name, getattr(target, name))
        setattr(target, name, value)

    def del_attr(self, target: Any, name: str) -> None:
        self.record(restore_attr, target, name, own_attr(target, name))
        delattr(target, name)

    # containers ------------------------------------------------------------------------------------------------
    def replace_content(self, target: Any, content: Any) -> None:
        """Make a dict, list, set, bytearray or deque hold what `content` holds, in place."""
        self.record(fill, target, kept(target))
        fill(target, content)


class Undo(list["tuple[Callable[..., object], tuple[Any, ...]]"]):
    """The undo list itself: no registry either."""


class KeptList(list["Any"]):
    """What a list held before: a kind of its own, for whoever looks for the registries that hold an object."""


class KeptDict(dict["Any", "Any"]):
    """The same of a dictionary."""


def kept(container: Any) -> Any:
    """A copy of a container to put back."""
    if is_a(container, list):
        return KeptList(container)  # pyright: ignore[reportUnknownArgumentType]
    return KeptDict(container) if is_a(container, dict) else container.copy()  # pyright: ignore[reportUnknownArgumentType]


def put_back(mapping: dict[Any, Any], key: Any, before: Any, ours: Any) -> None:
    """Undo of a namespace change; what the program itself wrote there meanwhile stays."""
    if mapping.get(key, MISSING) is not ours:
        return
    if before is MISSING:
        mapping.pop(key, None)
    else:
        mapping[key] = before


def own_attr(target: Any, name: str) -> Any:
    """What `target` itself (not its class or bases) holds under `name`."""
    try:
        return object.__getattribute__(target, "__dict__").get(name, MISSING)
    except AttributeError:
        return getattr(target, name, MISSING)


def restore_attr(target: Any, name: str, before: Any) -> None:
    if before is MISSING:
        delattr(target, name)
    else:
        setattr(target, name, before)


def fill(target: Any, content: Any) -> None:
    """Give a mutable container the content of another one of its type."""
    if is_a(target, list):
        target[:] = content
        return
    target.clear()
    if is_a(target, (dict, set)):
        target.update(content)  # pyright: ignore[reportUnknownMemberType]
    else:
        target.extend(content)
