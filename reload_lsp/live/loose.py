"""What acts otherwise and may be reached by ways that no name tells: noted while a batch goes on, followed at its end."""

from __future__ import annotations

from .kinds import behind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .acting import Acting
    from .loaded import LoadedModule


class Loose:
    """Members of classes by their names, and functions with the module that knows them; each is handed out once.

    `called` are the names of all that may be called, `read` of what may be read as data.
    """

    __slots__ = ("_functions", "_members", "_seen", "_waves", "called", "read")

    def __init__(self) -> None:
        self._members: dict[str, Acting] = {}
        self._functions: dict[int, tuple[LoadedModule, Any]] = {}
        self._seen: set[object] = set()
        self._waves = 0
        self.called: set[str] = set()
        self.read: set[str] = set()

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return bool(self._members or self._functions)

    def begin(self, limit: int) -> bool:
        """Whether what waits may be followed: not where that was done `limit` times in this batch."""
        self._waves += 1
        return self._waves <= limit

    def note_members(self, names: Iterable[str], acting: Acting) -> None:
        """Something without a name may have been asked for them."""
        names = [*names]
        self.called.update(names)
        self.read.update(() if acting.code else names)
        for name in names:
            if name not in self._seen:
                self._seen.add(name)
                self._members[name] = acting

    def note_function(self, module: LoadedModule, function: Any) -> None:
        """Containers may hold it."""
        if id(function) not in self._seen:
            self._seen.add(id(function))
            self.called.add(str(getattr(behind(function), "__name__", "")))
            self._functions[id(function)] = module, function

    def members(self) -> dict[str, Acting]:
        """Those that were noted since this was asked."""
        found, self._members = self._members, {}
        return found

    def functions(self) -> dict[int, tuple[LoadedModule, Any]]:
        """The same of functions, by id."""
        found, self._functions = self._functions, {}
        return found

    def clear(self) -> None:
        """Let go of everything."""
        self._members, self._functions = {}, {}
