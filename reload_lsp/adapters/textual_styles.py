"""Textual: style sheets, key bindings and the children of widgets are made once, when a class or widget is first used."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from .living import living

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FunctionType
    from typing import Any

    from ..live.adapter import ClassEdit
    from ..live.work import Work

READ_ONCE = frozenset(("CSS", "DEFAULT_CSS", "CSS_PATH", "BINDINGS", "COMPONENT_CLASSES", "SCREENS", "MODES"))
BUILDS = frozenset(("__init__", "compose", "on_mount", "_on_mount"))


class TextualStyles:
    """What of an edited widget or application is not seen by a running application; files of styles are read again."""

    library = "textual"
    tested = "8.2, 6.1"

    def __init__(self) -> None:
        self._edits: list[tuple[ClassEdit, set[str]]] = []
        self._read: dict[tuple[type, str], Any] = {}
        self._built: dict[FunctionType, Any] = {}
        self._styles: dict[str, bytes] = {}

    def begin(self, work: Work) -> None:
        self._edits = []

    def redefine(self, work: Work, edit: ClassEdit) -> bool:
        node: Any = getattr(sys.modules.get("textual.dom"), "DOMNode", None)
        read = (edit.dirty_names | edit.removed) & READ_ONCE
        if node is not None and read and issubclass(edit.cls, node):
            for name in read:
                self._read.setdefault((edit.cls, name), vars(edit.cls).get(name))
            self._edits.append((edit, read))
        return False

    def settle(self, work: Work) -> None:
        for edit, names in self._edits:
            self._say_read(work, edit, names)
        self._edits = []
        for function in work.swapped():
            if function.__name__ in BUILDS:
                self._say_built(work, function)
        if work.swapped() or work.functions or work.classes:
            for app in _apps():
                _later(app, _paint, app)

    def _say_read(self, work: Work, edit: ClassEdit, names: set[str]) -> None:
        """Said until the class has again what the application has read."""
        other = sorted(n for n in names if vars(edit.cls).get(n) != self._read[edit.cls, n])
        for name in names.difference(other):
            del self._read[edit.cls, name]
        if other and _on_screen(work, edit.cls):
            work.say(
                "RLD609",
                f"{', '.join(other)} of {edit.cls.__qualname__}: the running application read it when it first used the class, "
                "and goes on with that. Restart it.",
                edit.dirty,
            )

    def _say_built(self, work: Work, function: FunctionType) -> None:
        cls = _owner(function)
        live = _on_screen(work, cls) if cls is not None else []
        if not live or cls is None:
            return
        first = self._built.setdefault(function, work.code_before(function))
        if first == function.__code__:
            del self._built[function]
            return
        work.say(
            "RLD609",
            f"{len(live)} {cls.__qualname__} on the screen {'was' if len(live) == 1 else 'were'} made by the {function.__name__} "
            "from before this edit, and stays so until it is made again. Open its screen again, or restart.",
            function,
            count=len(live),
        )

    # files of styles ---------------------------------------------------------------------------------------------
    def files(self) -> Iterator[tuple[str, bytes | None]]:
        for app in _apps():
            for (path, variable), source in list(getattr(app.stylesheet, "source", {}).items()):
                if not variable:
                    yield path, self._styles.get(path) or source.content.encode()

    def refresh(self, work: Work, path: str) -> None:
        """Read by the application itself, between two of its messages."""
        with open(path, "rb") as file:
            self._styles[path] = file.read()
        for app in _apps():
            _later(app, app._on_css_change)
            _later(app, _paint, app)


def _later(app: Any, function: Any, *arguments: Any) -> None:
    """Between two messages of the application, in its own thread."""
    app._loop.call_soon_threadsafe(app.call_later, function, *arguments)


def _paint(app: Any) -> None:
    """Draw everything anew: what widgets have drawn before is kept by them."""
    for screen in app.screen_stack:
        for widget in screen.walk_children(with_self=True):
            widget.notify_style_update()
            widget.refresh(layout=True)


def _on_screen(work: Work, cls: type) -> list[Any]:
    """The widgets of a class that are mounted; of an application's class, the application that runs."""
    shown = {id(screen) for app in _apps() for screen in app.screen_stack}
    live = [w for w in work.instances(cls) if getattr(w, "_running", False)]
    return [w for w in live if hasattr(w, "screen_stack") or any(id(a) in shown for a in w.ancestors_with_self)]


def _apps() -> Iterator[Any]:
    app: Any = getattr(sys.modules.get("textual.app"), "App", None)
    for value in living(app) if app is not None else ():
        if getattr(value, "_running", False):
            yield value


def _owner(function: FunctionType) -> Any:
    """The widget class whose method a function is."""
    node: Any = getattr(sys.modules.get("textual.dom"), "DOMNode", None)
    value: Any = sys.modules.get(function.__module__)
    for part in function.__qualname__.split(".")[:-1]:
        value = getattr(value, part, None)
    return value if node is not None and isinstance(value, type) and issubclass(value, node) else None


ADAPTER = TextualStyles()
