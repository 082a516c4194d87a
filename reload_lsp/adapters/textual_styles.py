"""Textual: style sheets and key bindings are read off a class once."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import ClassEdit
    from ..live.work import Work

READ_ONCE = frozenset(("CSS", "DEFAULT_CSS", "CSS_PATH", "BINDINGS", "COMPONENT_CLASSES", "SCREENS", "MODES"))


class TextualStyles:
    """What of an edited widget or application is not seen by a running application."""

    library = "textual"
    tested = "8.2"

    def redefine(self, work: Work, edit: ClassEdit) -> bool:
        node: Any = getattr(sys.modules.get("textual.dom"), "DOMNode", None)
        read = sorted((edit.dirty_names | edit.removed) & READ_ONCE)
        if node is None or not read or not issubclass(edit.cls, node):
            return False
        app: Any = getattr(sys.modules.get("textual.app"), "App", None)
        if app is not None and any(getattr(a, "_running", True) for a in work.instances(app)):
            work.say(
                "RLD609",
                f"{', '.join(read)} of {edit.cls.__qualname__}: the running application read it when it first used the class, "
                "and goes on with that. Restart it.",
                edit.dirty,
            )
        return False


ADAPTER = TextualStyles()
