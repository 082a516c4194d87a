"""Which functions started while modules were loading: what never did cannot have made anything that a statement bound.

`sys.monitoring` (PEP 669) tells the first start of each function of the user's modules, and looks away after it: the function
runs as if nobody had looked. Before 3.12, or where other tools have taken the free places, nothing is known of any.
"""

from __future__ import annotations

import sys
from types import CodeType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType
    from typing import Any

_PLACES = (4, 3)  # of the six for tools, those that Python suggests for nobody
_TOOL = "reload-lsp functions"
_FUNCTION = 0x1

LOADING = 0  # a module was loading, or a batch ran statements
LATER = -1  # any other number is the line (from 1) of the script that was executing then


class Started:
    """The functions of watched files that have started, by file and qualified name, with when they first did.

    `loaded` are the names of the modules whose statements matter; `loading` tells whether one is loading in any thread.
    """

    __slots__ = ("_again", "_came", "_files", "_loaded", "_loading", "_place", "batch")

    def __init__(self, loaded: Mapping[Any, object], loading: Callable[[], bool]) -> None:
        self._loaded = loaded
        self._loading = loading
        self._files: dict[str, dict[str, int]] = {}
        self._came: set[str] = set()  # the files that were first watched in the last batch
        self._place: int | None = None
        self._again = False
        self.batch: set[tuple[str, str]] | None = None  # while a batch runs: what first started in it

    def watch(self, code: CodeType) -> None:
        """A module is about to run `code`, or has taken it over: be told when its functions start."""
        if sys.version_info < (3, 12) or not self._has_place():
            return
        assert self._place is not None
        if code.co_filename not in self._files:
            self._files[code.co_filename] = {}
            self._came.update(() if self.batch is None else (code.co_filename,))
        event = sys.monitoring.events.PY_START
        stack = [code]
        while stack:
            inner = [c for c in stack.pop().co_consts if type(c) is CodeType]
            for each in inner:
                if each.co_flags & _FUNCTION:
                    sys.monitoring.set_local_events(self._place, each, event)
            stack += inner

    def look_again(self) -> None:
        """Statements are about to run: what started before, and was noted as later, may start for them."""
        if sys.version_info >= (3, 12) and self._again:
            self._again = False
            sys.monitoring.restart_events()

    def begin_batch(self) -> None:
        """A batch is about to run the program's code."""
        self.batch = set()
        self._came.clear()

    def nothing_is_known_before(self) -> None:
        """A module was loaded that nobody saw: whatever has started may have done so for it."""
        for names in self._files.values():
            names.update(dict.fromkeys(names, LOADING))

    def when(self, code: CodeType) -> int | None:
        """When a function first started: LOADING, LATER, a line of the script; None where it never did.

        LOADING as well where its file is not watched, or came with the batch.
        """
        names = self._files.get(code.co_filename)
        if sys.version_info < (3, 12) or names is None or code.co_filename in self._came:
            return LOADING
        return names.get(code.co_qualname) if self._has_place() else LOADING

    def suppose(self, code: CodeType) -> None:
        """A function ran another code than this, of which nobody told the start: it may have done so for any statement."""
        if sys.version_info >= (3, 12) and code.co_filename in self._files:
            self._files[code.co_filename][code.co_qualname] = LOADING

    def watches(self, code: CodeType) -> bool:
        """Whether the start of just this code is told, or was: not that of a copy which the program made of it."""
        if sys.version_info < (3, 12) or self._place is None:
            return False
        return bool(sys.monitoring.get_local_events(self._place, code) & sys.monitoring.events.PY_START)

    def _has_place(self) -> bool:
        if sys.version_info < (3, 12):
            return False
        if self._place is None:
            self._place = next((p for p in _PLACES if sys.monitoring.get_tool(p) in (None, _TOOL)), None)
            if self._place is None:
                return False
            if sys.monitoring.get_tool(self._place) is None:
                sys.monitoring.use_tool_id(self._place, _TOOL)
            sys.monitoring.register_callback(self._place, sys.monitoring.events.PY_START, self._note)
        return sys.monitoring.get_tool(self._place) == _TOOL

    def _note(self, code: CodeType, _offset: int) -> Any:
        if sys.version_info >= (3, 12):
            try:
                names = self._files.setdefault(code.co_filename, {})
                if self.batch is not None and code.co_qualname not in names:
                    self.batch.add((code.co_filename, code.co_qualname))
                if names.get(code.co_qualname) != LOADING:
                    self._keep(names, code.co_qualname, self._now())
            except Exception:  # noqa: BLE001, S110, RUF100 - a fault of ours must never break the program
                pass
            return sys.monitoring.DISABLE
        return None

    def _keep(self, names: dict[str, int], name: str, now: int) -> None:
        self._again = self._again or now != LOADING
        if now == LOADING or names.get(name, LATER) == LATER:
            names[name] = now

    def _now(self) -> int:
        if self.batch is not None:
            return LOADING
        now = self._above(sys._getframe(3))
        if now == LATER and self._loading():
            return LOADING
        return now if now != LATER or not self._has_script() else self._script()

    def _above(self, frame: FrameType | None) -> int:
        """What is on a stack: a module that is loading, or else the script."""
        line = LATER
        while frame is not None:
            if frame.f_code.co_name == "<module>":
                name = frame.f_globals.get("__name__")
                if name == "__main__":
                    line = frame.f_lineno if self._has_script() else line
                elif name in self._loaded:
                    return LOADING
            frame = frame.f_back
        return line

    def _has_script(self) -> bool:
        """Whether what runs as `__main__` is the user's: a script, or a module (`python -m`)."""
        spec = getattr(sys.modules.get("__main__"), "__spec__", None)
        return "__main__" in self._loaded or getattr(spec, "name", None) in self._loaded

    def _script(self) -> int:
        """The line at which the script is, while other threads work for it."""
        frames = list(sys._current_frames().values())
        try:
            return max(map(self._above, frames), default=LATER)
        finally:  # kept, they would keep everything on their stacks
            frames.clear()
